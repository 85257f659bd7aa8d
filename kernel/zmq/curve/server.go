package curve

import (
	"bytes"
	"crypto/rand"
	"crypto/subtle"
	"encoding/binary"
	"errors"
	"fmt"

	"golang.org/x/crypto/curve25519"
	"golang.org/x/crypto/nacl/box"
	"golang.org/x/crypto/nacl/secretbox"
)

// Lengths of commands, and of their parts.
const (
	helloLen     = 200
	welcomeLen   = 168
	initiateLen  = 257 // without metadata
	maxMetadata  = 2048
	cookieLen    = 16 + 80
	vouchLen     = 16 + 80
	nonceLen     = 8
	MaxHandshake = initiateLen + maxMetadata // bytes of the longest command of a handshake
)

// The reasons for which a peer is refused.
var (
	ErrVersion   = errors.New("curve: not version 1.0")
	ErrCommand   = errors.New("curve: not the command that was expected, or malformed")
	ErrServerKey = errors.New("curve: the peer does not know the connection file's public key")
	ErrClientKey = errors.New("curve: the peer's key is not the connection file's")
	ErrBox       = errors.New("curve: damaged or forged")
	ErrNonce     = errors.New("curve: replayed or out of order")
)

// Server is the server's end of one connection. Hello and Initiate come first,
// in this order; then Open belongs to the reader and Ready and Seal to the
// writer, which may be another goroutine.
type Server struct {
	keys   *Keys
	anyone bool

	cookie Key // key of the cookie; forgotten at INITIATE
	shared Key // of S' and C', from INITIATE on
	got    uint64
	sent   uint64
	state  state
}

// state says which command may come.
type state int

const (
	wantHello state = iota
	wantInitiate
	open
	failed
)

// NewServer is one connection's server. Only a peer with the same key pair is
// admitted; with anyone, every peer that knows the public key is.
func NewServer(keys *Keys, anyone bool) *Server { return &Server{keys: keys, anyone: anyone} }

// step moves to the next state, or fails for good.
func (s *Server) step(from, to state, err error) error {
	if err == nil && s.state != from {
		err = ErrCommand
	}
	if s.state = to; err != nil {
		s.state = failed
	}
	return err
}

// Hello takes the peer's HELLO and returns our WELCOME.
func (s *Server) Hello(b []byte) ([]byte, error) {
	client, shared, err := s.hello(b)
	var welcome []byte
	if err == nil {
		welcome, err = s.welcome(client, shared)
	}
	return welcome, s.step(wantHello, wantInitiate, err)
}

// hello checks a HELLO and returns C' and the key shared with its owner.
func (s *Server) hello(b []byte) (client, shared *Key, err error) {
	rest, ok := bytes.CutPrefix(b, []byte("\x05HELLO"))
	if !ok || len(b) != helloLen {
		return nil, nil, ErrCommand
	}
	if rest[0] != 1 || rest[1] != 0 {
		return nil, nil, ErrVersion
	}
	client = (*Key)(bytes.Clone(b[80:112]))
	nonce, sealed := b[112:120], b[120:]
	if shared, err = agree(client, &s.keys.Secret); err != nil {
		return nil, nil, err
	}
	zeros, err := unseal(sealed, "CurveZMQHELLO---", nonce, shared)
	if err != nil || subtle.ConstantTimeCompare(zeros, make([]byte, 64)) != 1 {
		return nil, nil, ErrServerKey
	}
	return client, shared, s.follow(nonce)
}

// welcome makes the connection's key pair (S', s') and hides it, with C', in the
// cookie that the peer has to bring back.
func (s *Server) welcome(client, shared *Key) ([]byte, error) {
	public, secret, err := box.GenerateKey(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make a key pair: %w", err)
	}
	_, _ = rand.Read(s.cookie[:]) // never fails
	random := make([]byte, 16)
	_, _ = rand.Read(random)
	cookie := secretbox.Seal(random, append(client[:], secret[:]...), nonceOf("COOKIE--", random), &s.cookie)
	fresh := make([]byte, 16)
	_, _ = rand.Read(fresh)
	out := append([]byte("\x07WELCOME"), fresh...)
	return box.SealAfterPrecomputation(out, append(public[:], cookie...), nonceOf("WELCOME-", fresh), shared), nil
}

// Initiate takes the peer's INITIATE, checks who it is, and returns its metadata.
func (s *Server) Initiate(b []byte) ([]byte, error) {
	metadata, err := s.initiate(b)
	s.cookie = Key{}
	return metadata, s.step(wantInitiate, open, err)
}

func (s *Server) initiate(b []byte) ([]byte, error) {
	rest, ok := bytes.CutPrefix(b, []byte("\x08INITIATE"))
	if !ok || len(b) < initiateLen || len(b) > MaxHandshake || s.state != wantInitiate {
		return nil, ErrCommand
	}
	cookie, nonce, sealed := rest[:cookieLen], rest[cookieLen:cookieLen+nonceLen], rest[cookieLen+nonceLen:]
	pair, ok := secretbox.Open(nil, cookie[16:], nonceOf("COOKIE--", cookie[:16]), &s.cookie)
	if !ok {
		return nil, ErrBox
	}
	client, secret := Key(pair[:32]), Key(pair[32:])
	shared, err := agree(&client, &secret)
	if err != nil {
		return nil, err
	}
	plain, err := unseal(sealed, "CurveZMQINITIATE", nonce, shared)
	if err != nil {
		return nil, err
	}
	if err := s.vouched(plain[:32], plain[32:32+vouchLen], &client, &secret); err != nil {
		return nil, err
	}
	s.shared = *shared
	return plain[32+vouchLen:], s.follow(nonce)
}

// vouched checks that the owner of the long-term key C has made the short-term
// key C', for this server, and may connect.
func (s *Server) vouched(long, vouch []byte, client, secret *Key) error {
	public := Key(long)
	shared, err := agree(&public, secret)
	if err != nil {
		return err
	}
	plain, err := unseal(vouch[16:], "VOUCH---", vouch[:16], shared)
	if err != nil {
		return err
	}
	if subtle.ConstantTimeCompare(plain, append(client[:], s.keys.Public[:]...)) != 1 {
		return ErrBox
	}
	if !s.anyone && subtle.ConstantTimeCompare(long, s.keys.Public[:]) != 1 {
		return ErrClientKey
	}
	return nil
}

// Ready is our READY, with our metadata.
func (s *Server) Ready(metadata []byte) []byte {
	return s.seal([]byte("\x05READY"), "CurveZMQREADY---", metadata)
}

// follow notes a nonce of the peer; each is greater than the one before.
func (s *Server) follow(nonce []byte) error {
	n := binary.BigEndian.Uint64(nonce)
	if n <= s.got {
		return ErrNonce
	}
	s.got = n
	return nil
}

// agree is the key that a and the owner of b share. It refuses the public keys
// with which everybody would share the same.
func agree(public, secret *Key) (*Key, error) {
	if _, err := curve25519.X25519(secret[:], public[:]); err != nil {
		return nil, ErrBox
	}
	var shared Key
	box.Precompute(&shared, public, secret)
	return &shared, nil
}

// nonceOf is a whole nonce: what it is for, and the part that is sent.
func nonceOf(prefix string, sent []byte) *[24]byte {
	var n [24]byte
	copy(n[copy(n[:], prefix):], sent)
	return &n
}

func unseal(sealed []byte, prefix string, nonce []byte, shared *Key) ([]byte, error) {
	plain, ok := box.OpenAfterPrecomputation(nil, sealed, nonceOf(prefix, nonce), shared)
	if !ok {
		return nil, ErrBox
	}
	return plain, nil
}
