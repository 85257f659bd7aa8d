package zmq

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/go-zeromq/zmq4"
)

func TestCheckGreeting(t *testing.T) {
	change := func(at int, b byte) []byte {
		g := greeting()
		g[at] = b
		return g
	}
	for _, tt := range []struct {
		name string
		in   []byte
		ok   bool
	}{
		{"ours", greeting(), true},
		{"3.1", change(11, 1), true},
		{"of a server", change(32, 1), true},
		{"2.0", change(10, 2), false},
		{"no signature", change(0, 0), false},
		{"half a signature", change(9, 0), false},
		{"PLAIN", append(append(append([]byte{}, greeting()[:12]...), "PLAIN"...), make([]byte, 47)...), false},
		{"short", greeting()[:63], false},
	} {
		if err := checkGreeting(tt.in); (err == nil) != tt.ok {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

// readyBody is the body of a READY frame.
func readyBody(h hello) string { return string(ready(h)[2:]) }

func TestParseReady(t *testing.T) {
	dealer := hello{"DEALER", "me"}
	for _, tt := range []struct {
		name, in string
		want     hello
		ok       bool
	}{
		{"ours", readyBody(dealer), dealer, true},
		{"no identity", "\x05READY\x0bSocket-Type\x00\x00\x00\x03REQ", hello{"REQ", ""}, true},
		{"other case", strings.Replace(readyBody(dealer), "Socket-Type", "socket-TYPE", 1), dealer, true},
		{"more properties", readyBody(dealer) + "\x01x\x00\x00\x00\x00", dealer, true},
		{"nothing", "", hello{}, false},
		{"no properties", "\x05READY", hello{}, true},
		{"ERROR", "\x05ERROR", hello{}, false},
		{"no name", "\x05READY\x00\x00\x00\x00\x00", hello{}, false},
		{"name cut off", "\x05READY\x0bSocket", hello{}, false},
		{"length cut off", "\x05READY\x01x\x00\x00", hello{}, false},
		{"value cut off", "\x05READY\x01x\x00\x00\x00\x05a", hello{}, false},
		{"value of 4 GB", "\x05READY\x01x\xff\xff\xff\xff", hello{}, false},
		{"reserved identity", readyBody(hello{"DEALER", "\x00a"}), hello{}, false},
		{"long identity", readyBody(hello{"DEALER", strings.Repeat("x", 201)})[7:], hello{}, false},
	} {
		got, err := parseReady([]byte(tt.in))
		if (err == nil) != tt.ok || tt.ok && got != tt.want {
			t.Errorf("%s: %+v, %v", tt.name, got, err)
		}
	}
}

func TestShake(t *testing.T) {
	honest := func(typ string) []byte { return append(greeting(), ready(hello{typ, ""})...) }
	for _, tt := range []struct {
		name string
		own  zmq4.SocketType
		in   []byte
		ok   bool
	}{
		{"DEALER to ROUTER", zmq4.Router, honest("DEALER"), true},
		{"REQ to ROUTER", zmq4.Router, honest("REQ"), true},
		{"SUB to PUB", zmq4.Pub, honest("SUB"), true},
		{"SUB to ROUTER", zmq4.Router, honest("SUB"), false},
		{"DEALER to PUB", zmq4.Pub, honest("DEALER"), false},
		{"unknown type", zmq4.Router, honest("TEAPOT"), false},
		{"a message first", zmq4.Router, append(greeting(), 0, 1, 'x'), false},
		{"giant READY", zmq4.Router, append(greeting(), 6, 0x40, 0, 0, 0, 0, 0, 0, 0), false},
		{"silence", zmq4.Router, nil, false},
		{"HTTP", zmq4.Router, []byte("GET / HTTP/1.1\r\n\r\n"), false},
	} {
		_, err := shake(io.Discard, bufio.NewReader(bytes.NewReader(tt.in)), tt.own)
		if (err == nil) != tt.ok {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

func FuzzHandshake(f *testing.F) {
	f.Add(append(greeting(), ready(hello{"DEALER", "me"})...))
	f.Add(append(greeting(), 6, 0x40, 0, 0, 0, 0, 0, 0, 0))
	f.Fuzz(func(t *testing.T, b []byte) {
		h, err := shake(io.Discard, bufio.NewReader(bytes.NewReader(b)), zmq4.Router)
		if err != nil {
			return
		}
		// What zmq4 is told of this peer is well-formed.
		again, err := parseReady(ready(h)[headerLen(ready(h)[0]):])
		if err != nil || again != h {
			t.Errorf("%+v became %+v, %v", h, again, err)
		}
	})
}

func FuzzGreeting(f *testing.F) {
	f.Add(greeting())
	f.Fuzz(func(t *testing.T, g []byte) {
		if err := checkGreeting(g); err == nil && (len(g) != greetingLen || !bytes.HasPrefix(g[12:], []byte("NULL"))) {
			t.Errorf("accepted %q", g)
		} else if errors.Is(err, io.EOF) {
			t.Error(err)
		}
	})
}
