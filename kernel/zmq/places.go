package zmq

import (
	"encoding/binary"
	"errors"
	"net"
	"sync"
)

var (
	errIdentity = errors.New("another peer has that identity, and lives")
	errReplaced = errors.New("it did not answer when another peer came with its identity")
	errPeers    = errors.New("too many peers")
	errPlace    = errors.New("it said nothing for longest, and another peer needed its place")
)

// places are the admitted peers of one channel.
//
// A newcomer takes the place of the one that has said nothing for longest, but
// of none in good standing: a subscriber that has subscribed, a peer that the
// kernel has sent something, as it does for signed requests only. Where all are,
// the address with the most places has to give way to one with fewer.
type places struct {
	named bool // identities are unique
	most  int

	// mu guards the fields below.
	mu    sync.Mutex
	peers map[*peer]struct{}
	byID  map[string]*peer
	next  uint32 // numbers peers without an identity
}

func newPlaces(named bool, most int) *places {
	return &places{named: named, most: most, peers: make(map[*peer]struct{}), byID: make(map[string]*peer)}
}

// admit gives a peer its place, and an identity when it has none. rival is the
// peer that has the same identity; then nothing has happened. loser has lost its
// place.
func (s *places) admit(p *peer) (rival, loser *peer, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p.identity == "" {
		s.next++
		p.identity = string(binary.BigEndian.AppendUint32([]byte{0}, s.next))
	}
	if rival := s.byID[p.identity]; s.named && rival != nil {
		return rival, nil, nil
	}
	if len(s.peers) >= s.most {
		if loser = s.weakest(p.origin()); loser == nil {
			return nil, nil, errPeers
		}
		s.remove(loser)
	}
	s.peers[p] = struct{}{}
	s.byID[p.identity] = p
	return nil, loser, nil
}

// weakest is the peer that has to go for a newcomer from origin, or nil.
func (s *places) weakest(origin string) *peer {
	count := make(map[string]int)
	for p := range s.peers {
		count[p.origin()]++
	}
	most := origin
	for from, n := range count {
		if n > count[most] {
			most = from
		}
	}
	crowded := count[most] > count[origin]+1
	var idle, other *peer
	for p := range s.peers {
		if !p.standing.Load() && p.silentFor(idle) {
			idle = p
		}
		if crowded && p.origin() == most && p.silentFor(other) {
			other = p
		}
	}
	if idle != nil {
		return idle
	}
	return other
}

func (s *places) forget(p *peer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.remove(p)
}

func (s *places) remove(p *peer) {
	delete(s.peers, p)
	if s.byID[p.identity] == p {
		delete(s.byID, p.identity)
	}
}

// find is the peer with an identity, or nil.
func (s *places) find(identity []byte) *peer {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.byID[string(identity)]
}

// all lists the admitted peers.
func (s *places) all() []*peer {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]*peer, 0, len(s.peers))
	for p := range s.peers {
		out = append(out, p)
	}
	return out
}

// origin is the address that a peer connects from; "" on this machine's unix
// sockets.
func (p *peer) origin() string {
	host, _, _ := net.SplitHostPort(p.RemoteAddr().String())
	return host
}

// silentFor reports whether p has been silent for longer than q, which may be
// nil.
func (p *peer) silentFor(q *peer) bool { return q == nil || p.heard.Load() < q.heard.Load() }
