package zmq

import (
	"errors"
	"sync"
	"sync/atomic"
)

var errStore = errors.New("it does not read, and the queues of all peers are full together")

// store bounds what is queued for all peers of a kernel together. Who makes it
// overflow is not at fault: the peer with the longest queue is, and loses its
// connection.
type store struct {
	limit int64
	total atomic.Int64 // bytes queued

	// mu guards the field below.
	mu    sync.Mutex
	peers map[*peer]struct{}
}

func newStore(limit int) *store {
	return &store{limit: int64(limit), peers: make(map[*peer]struct{})}
}

func (s *store) add(n int) { s.total.Add(int64(n)) }

func (s *store) enter(p *peer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.peers[p] = struct{}{}
}

func (s *store) leave(p *peer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.peers, p)
}

// relieve ends the peers with the longest queues until the rest fits.
func (s *store) relieve() {
	for s.total.Load() > s.limit {
		p := s.longest()
		if p == nil {
			return
		}
		p.fail(errStore)
	}
}

func (s *store) longest() *peer {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found *peer
	most := 0
	for p := range s.peers {
		if n := p.out.waiting(); n > most {
			found, most = p, n
		}
	}
	return found
}
