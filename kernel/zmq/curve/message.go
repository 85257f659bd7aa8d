package curve

import (
	"bytes"
	"encoding/binary"

	"golang.org/x/crypto/nacl/box"
)

// Flags of a message's frame, inside its box.
const (
	More    = 1
	Command = 2
)

const messageName = "\x07MESSAGE"

// Overhead is how much longer than its payload a MESSAGE is.
const Overhead = len(messageName) + nonceLen + box.Overhead + 1

// Open takes a MESSAGE and returns the flags and the payload of its frame.
func (s *Server) Open(b []byte) (flags byte, payload []byte, err error) {
	flags, payload, err = s.open(b)
	return flags, payload, s.step(open, open, err)
}

func (s *Server) open(b []byte) (byte, []byte, error) {
	rest, ok := bytes.CutPrefix(b, []byte(messageName))
	if !ok || len(b) < Overhead || s.state != open {
		return 0, nil, ErrCommand
	}
	nonce := rest[:nonceLen]
	plain, err := unseal(rest[nonceLen:], "CurveZMQMESSAGEC", nonce, &s.shared)
	if err != nil {
		return 0, nil, err
	}
	return plain[0], plain[1:], s.follow(nonce)
}

// Seal appends the MESSAGE for a frame to dst.
func (s *Server) Seal(dst []byte, flags byte, payload []byte) []byte {
	plain := append(append(make([]byte, 0, 1+len(payload)), flags), payload...)
	return s.seal(append(dst, messageName...), "CurveZMQMESSAGES", plain)
}

// seal appends the next nonce and the box to a command's name.
func (s *Server) seal(dst []byte, prefix string, plain []byte) []byte {
	s.sent++
	var nonce [nonceLen]byte
	binary.BigEndian.PutUint64(nonce[:], s.sent)
	dst = append(dst, nonce[:]...)
	return box.SealAfterPrecomputation(dst, plain, nonceOf(prefix, nonce[:]), &s.shared)
}
