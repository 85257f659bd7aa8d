package zmq

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"github.com/go-zeromq/zmq4"
)

// The lengths of a ZMTP 3 greeting, and of its beginning up to the version.
const (
	greetingLen = 64
	versionLen  = 12
)

// Bounds of a READY command.
const (
	maxReady    = 2048
	maxIdentity = 200
)

var (
	errGreeting = errors.New("not the greeting of ZMTP 3")
	errReady    = errors.New("not the well-formed command that a handshake needs")
	errPlain    = errors.New("one that does not encrypt cannot connect: the connection file has CURVE keys")
	errNoKeys   = errors.New("one that encrypts cannot connect: the connection file has no CURVE keys (curve_publickey, curve_secretkey)")
)

// greeting is what both ends send first: version 3.1 and the mechanism, of which
// we are the server.
func greeting(mechanism zmq4.SecurityType) []byte {
	g := make([]byte, greetingLen)
	g[0], g[9], g[10], g[11] = 0xff, 0x7f, 3, 1
	copy(g[12:32], mechanism)
	if mechanism == zmq4.CurveSecurity {
		g[32] = 1
	}
	return g
}

// checkGreeting checks a peer's.
func checkGreeting(g []byte, mechanism zmq4.SecurityType) error {
	if len(g) != greetingLen || g[0] != 0xff || g[9] != 0x7f || g[10] < 3 {
		return errGreeting
	}
	theirs := zmq4.SecurityType(bytes.TrimRight(g[12:32], "\x00"))
	switch {
	case theirs == mechanism:
		return nil
	case theirs == zmq4.NullSecurity:
		return errPlain
	case theirs == zmq4.CurveSecurity:
		return errNoKeys
	}
	return fmt.Errorf("security mechanism %q instead of %s", theirs, mechanism)
}

// hello is what a peer says of itself.
type hello struct {
	socketType string
	identity   string
}

// parseReady reads the body of a READY command (RFC 23, "The NULL mechanism").
func parseReady(b []byte) (hello, error) {
	name, rest, ok := cutName(b)
	if !ok || name != "READY" {
		return hello{}, errReady
	}
	return parseProperties(rest)
}

// parseProperties reads a peer's metadata.
func parseProperties(b []byte) (hello, error) {
	var h hello
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

// cutName cuts the name off a command.
func cutName(b []byte) (name string, rest []byte, ok bool) {
	if len(b) == 0 || b[0] == 0 {
		return "", nil, false
	}
	value, rest, ok := cutSized(b, int(b[0]), 1)
	return string(value), rest, ok
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

// properties are the metadata of a socket.
func properties(h hello) []byte {
	var b []byte
	for _, p := range [...][2]string{{"Socket-Type", h.socketType}, {"Identity", h.identity}} {
		b = append(append(b, byte(len(p[0]))), p[0]...)
		b = binary.BigEndian.AppendUint32(b, uint32(len(p[1])))
		b = append(b, p[1]...)
	}
	return b
}

// ready is the READY command of a socket, as a frame.
func ready(h hello) []byte {
	return appendFrame(nil, flagCommand, append([]byte("\x05READY"), properties(h)...))
}

// refusal is the body of our ERROR command. Its reason is RFC 27's "not
// allowed", which libzmq shows to who watches its socket.
func refusal() []byte { return []byte("\x05ERROR\x03400") }
