package wire

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"sync"
)

// remembered is how many signatures a Signer knows again.
const remembered = 1 << 16

// mark is what is remembered of a signature: enough that no two are alike, and
// half of its memory.
type mark [sha256.Size / 2]byte

// Signer signs and checks messages with a connection file's key (HMAC-SHA256;
// specification: "The Wire Protocol"). It knows the last 65,536 signatures that
// it accepted and refuses to accept one again. An empty key switches both off.
// It is safe for concurrent use.
type Signer struct {
	key []byte

	// mu guards the fields below.
	mu   sync.Mutex
	seen map[mark]struct{}
	ring []mark // the same, in the order of arrival
	next int    // place in ring of the oldest, once it is full
}

// NewSigner returns a signer for a key.
func NewSigner(key []byte) *Signer {
	return &Signer{key: key, seen: make(map[mark]struct{})}
}

func (s *Signer) digest(parts [][]byte) (d [sha256.Size]byte) {
	mac := hmac.New(sha256.New, s.key)
	for _, p := range parts {
		mac.Write(p)
	}
	mac.Sum(d[:0])
	return d
}

// sign returns the hexadecimal signature, empty without a key.
func (s *Signer) sign(parts [][]byte) []byte {
	if len(s.key) == 0 {
		return nil
	}
	d := s.digest(parts)
	return hex.AppendEncode(nil, d[:])
}

// check compares in constant time, and remembers a signature only once it fits:
// otherwise anybody could make the signer forget, or refuse, honest messages.
func (s *Signer) check(signature []byte, parts [][]byte) error {
	if len(s.key) == 0 {
		return nil
	}
	var got [sha256.Size]byte
	if len(signature) != hex.EncodedLen(len(got)) {
		return ErrSignature
	}
	if _, err := hex.Decode(got[:], signature); err != nil {
		return ErrSignature
	}
	want := s.digest(parts)
	if !hmac.Equal(got[:], want[:]) {
		return ErrSignature
	}
	if !s.remember(mark(want[:len(mark{})])) {
		return ErrReplayed
	}
	return nil
}

// remember reports whether d is new.
func (s *Signer) remember(d mark) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, dup := s.seen[d]; dup {
		return false
	}
	s.seen[d] = struct{}{}
	if len(s.ring) < remembered {
		s.ring = append(s.ring, d)
		return true
	}
	delete(s.seen, s.ring[s.next])
	s.ring[s.next] = d
	s.next = (s.next + 1) % remembered
	return true
}
