package kerneltest

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"errors"

	"golang.org/x/crypto/nacl/box"
)

// CurveClient is the client's end of CurveZMQ, written from RFC 26 without a line
// of the kernel's. Tests change what it makes before they send it.
type CurveClient struct {
	Server         [32]byte // S
	Public, Secret [32]byte // C and c

	short, shortSecret, shared *[32]byte
	sent                       uint64
}

func curveNonce(prefix string, rest []byte) *[24]byte {
	var n [24]byte
	copy(n[:], prefix)
	copy(n[len(prefix):], rest)
	return &n
}

func (c *CurveClient) next() []byte {
	c.sent++
	return binary.BigEndian.AppendUint64(nil, c.sent)
}

// Hello makes HELLO.
func (c *CurveClient) Hello() []byte {
	c.short, c.shortSecret, _ = box.GenerateKey(rand.Reader)
	n := c.next()
	b := append([]byte("\x05HELLO\x01\x00"), make([]byte, 72)...)
	b = append(append(b, c.short[:]...), n...)
	return box.Seal(b, make([]byte, 64), curveNonce("CurveZMQHELLO---", n), &c.Server, c.shortSecret)
}

// Initiate answers WELCOME.
func (c *CurveClient) Initiate(welcome, metadata []byte) ([]byte, error) {
	if len(welcome) != 168 || !bytes.HasPrefix(welcome, []byte("\x07WELCOME")) {
		return nil, errors.New("no WELCOME")
	}
	plain, ok := box.Open(nil, welcome[24:], curveNonce("WELCOME-", welcome[8:24]), &c.Server, c.shortSecret)
	if !ok {
		return nil, errors.New("cannot open WELCOME")
	}
	server, cookie := [32]byte(plain), plain[32:]
	c.shared = new([32]byte)
	box.Precompute(c.shared, &server, c.shortSecret)
	random := make([]byte, 16)
	_, _ = rand.Read(random)
	inner := append(append([]byte(nil), c.Public[:]...), random...)
	inner = box.Seal(inner, append(c.short[:], c.Server[:]...), curveNonce("VOUCH---", random), &server, &c.Secret)
	n := c.next()
	b := append(append([]byte("\x08INITIATE"), cookie...), n...)
	return box.SealAfterPrecomputation(b, append(inner, metadata...), curveNonce("CurveZMQINITIATE", n), c.shared), nil
}

// Ready opens READY and returns the server's metadata.
func (c *CurveClient) Ready(b []byte) ([]byte, error) {
	return c.open(b, "\x05READY", "CurveZMQREADY---")
}

// Open opens a MESSAGE: flags and payload.
func (c *CurveClient) Open(b []byte) ([]byte, error) {
	return c.open(b, "\x07MESSAGE", "CurveZMQMESSAGES")
}

func (c *CurveClient) open(b []byte, name, prefix string) ([]byte, error) {
	rest, ok := bytes.CutPrefix(b, []byte(name))
	if !ok || len(rest) < 8 {
		return nil, errors.New("no " + name[1:])
	}
	plain, ok := box.OpenAfterPrecomputation(nil, rest[8:], curveNonce(prefix, rest[:8]), c.shared)
	if !ok {
		return nil, errors.New("cannot open " + name[1:])
	}
	return plain, nil
}

// Seal makes a MESSAGE.
func (c *CurveClient) Seal(flags byte, payload []byte) []byte {
	n := c.next()
	return box.SealAfterPrecomputation(append([]byte("\x07MESSAGE"), n...), append([]byte{flags}, payload...),
		curveNonce("CurveZMQMESSAGEC", n), c.shared)
}
