package zmq

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/go-zeromq/zmq4"
)

// greetingLen is the length of a ZMTP 3 greeting.
const greetingLen = 64

// Bounds of a READY command.
const (
	maxReady    = 2048
	maxIdentity = 200
)

var (
	errGreeting = errors.New("not the greeting of ZMTP 3")
	errReady    = errors.New("not a well-formed READY")
)

// accepted says which types of socket may connect to one of ours.
func accepted(own zmq4.SocketType) []string {
	if own == zmq4.Pub {
		return []string{string(zmq4.Sub), string(zmq4.XSub)}
	}
	return []string{string(zmq4.Dealer), string(zmq4.Req), string(zmq4.Router)}
}

// greeting is what both ends send first: version 3.0 (so that subscriptions come
// as messages), mechanism NULL.
func greeting() []byte {
	g := make([]byte, greetingLen)
	g[0], g[9], g[10] = 0xff, 0x7f, 3
	copy(g[12:], zmq4.NullSecurity)
	return g
}

// checkGreeting checks a peer's.
func checkGreeting(g []byte) error {
	if len(g) != greetingLen || g[0] != 0xff || g[9] != 0x7f || g[10] < 3 {
		return errGreeting
	}
	if m := string(bytes.TrimRight(g[12:32], "\x00")); m != string(zmq4.NullSecurity) {
		return fmt.Errorf("security mechanism %q instead of NULL", m)
	}
	return nil
}

// hello is what a peer says of itself in READY.
type hello struct {
	socketType string
	identity   string
}

// parseReady reads the body of a READY command (RFC 23, "The NULL mechanism").
func parseReady(b []byte) (hello, error) {
	var h hello
	b, ok := bytes.CutPrefix(b, []byte("\x05READY"))
	if !ok {
		return h, errReady
	}
	for len(b) > 0 {
		key, rest, ok := cutSized(b, int(b[0]), 1)
		if !ok || len(key) == 0 || len(rest) < 4 {
			return h, errReady
		}
		size := binary.BigEndian.Uint32(rest)
		if size > maxReady {
			return h, errReady
		}
		value, rest, ok := cutSized(rest, int(size), 4)
		if !ok {
			return h, errReady
		}
		switch strings.ToLower(string(key)) {
		case "socket-type":
			h.socketType = string(value)
		case "identity":
			h.identity = string(value)
		}
		b = rest
	}
	return h, h.check()
}

// cutSized cuts size bytes that stand after skip bytes.
func cutSized(b []byte, size, skip int) (value, rest []byte, ok bool) {
	if len(b) < skip+size {
		return nil, nil, false
	}
	return b[skip : skip+size], b[skip+size:], true
}

// check refuses identities that are reserved (a leading zero is ours) or too long.
func (h hello) check() error {
	if len(h.identity) > maxIdentity || strings.HasPrefix(h.identity, "\x00") {
		return errReady
	}
	return nil
}

// ready is the READY command of a socket, as a frame.
func ready(h hello) []byte {
	body := []byte("\x05READY")
	for _, p := range [...][2]string{{"Socket-Type", h.socketType}, {"Identity", h.identity}} {
		body = append(append(body, byte(len(p[0]))), p[0]...)
		body = binary.BigEndian.AppendUint32(body, uint32(len(p[1])))
		body = append(body, p[1]...)
	}
	return appendFrame(nil, flagCommand, body)
}

// shake greets a peer and reads what it says of itself. The caller answers with
// our READY once the peer is admitted: until then no honest peer sends anything
// that a refusal could lose.
func shake(rw io.Writer, br *bufio.Reader, own zmq4.SocketType) (hello, error) {
	if _, err := rw.Write(greeting()); err != nil {
		return hello{}, err
	}
	var g [greetingLen]byte
	if _, err := io.ReadFull(br, g[:]); err != nil {
		return hello{}, fmt.Errorf("read greeting: %w", err)
	}
	if err := checkGreeting(g[:]); err != nil {
		return hello{}, err
	}
	head, err := readHeader(br)
	if err != nil {
		return hello{}, fmt.Errorf("read READY: %w", err)
	}
	if !head.command || head.size > maxReady {
		return hello{}, errReady
	}
	body, err := readBody(br, head.size)
	if err != nil {
		return hello{}, fmt.Errorf("read READY: %w", err)
	}
	h, err := parseReady(body)
	if err == nil && !slices.Contains(accepted(own), h.socketType) {
		err = fmt.Errorf("a %q socket cannot talk to %s", h.socketType, own)
	}
	return h, err
}

// readHeader reads a frame's header.
func readHeader(br *bufio.Reader) (frameHeader, error) {
	var b [longHeader]byte
	if _, err := io.ReadFull(br, b[:shortHeader]); err != nil {
		return frameHeader{}, err
	}
	if n := headerLen(b[0]); n > shortHeader {
		if _, err := io.ReadFull(br, b[shortHeader:n]); err != nil {
			return frameHeader{}, err
		}
	}
	return parseHeader(b[:])
}

// readBody reads size bytes, which the caller has bounded. Memory grows with
// what really arrives, not with what the peer announced.
func readBody(br *bufio.Reader, size uint64) ([]byte, error) {
	var b bytes.Buffer
	if size <= keepBuffer {
		b.Grow(int(size))
	}
	if _, err := io.CopyN(&b, br, int64(size)); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
