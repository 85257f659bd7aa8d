package zmq

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/go-zeromq/zmq4"

	"gospark/kernel/wire"
	"gospark/kernel/zmq/curve"
)

func TestCheckGreeting(t *testing.T) {
	change := func(at int, b byte) []byte {
		g := greeting(zmq4.NullSecurity)
		g[at] = b
		return g
	}
	for _, tt := range []struct {
		name string
		in   []byte
		ok   bool
	}{
		{"ours", greeting(zmq4.NullSecurity), true},
		{"3.1", change(11, 1), true},
		{"of a server", change(32, 1), true},
		{"2.0", change(10, 2), false},
		{"no signature", change(0, 0), false},
		{"half a signature", change(9, 0), false},
		{"PLAIN", append(append(append([]byte{}, greeting(zmq4.NullSecurity)[:12]...), "PLAIN"...), make([]byte, 47)...), false},
		{"short", greeting(zmq4.NullSecurity)[:63], false},
	} {
		if err := checkGreeting(tt.in, zmq4.NullSecurity); (err == nil) != tt.ok {
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

// shaken is what a guard makes of a peer's handshake.
func shaken(ch wire.Channel, b []byte) (hello, error) {
	g := lone(ch, Limits{})
	return g.shake(newPeer(nowhere{sends: bytes.NewReader(b)}, g), time.Now())
}

func TestShake(t *testing.T) {
	honest := func(typ string) []byte { return append(greeting(zmq4.NullSecurity), ready(hello{typ, ""})...) }
	for _, tt := range []struct {
		name string
		own  wire.Channel
		in   []byte
		ok   bool
	}{
		{"DEALER to ROUTER", wire.Shell, honest("DEALER"), true},
		{"REQ to ROUTER", wire.Shell, honest("REQ"), true},
		{"SUB to PUB", wire.IOPub, honest("SUB"), true},
		{"SUB to ROUTER", wire.Shell, honest("SUB"), false},
		{"DEALER to PUB", wire.IOPub, honest("DEALER"), false},
		{"unknown type", wire.Shell, honest("TEAPOT"), false},
		{"a message first", wire.Shell, append(greeting(zmq4.NullSecurity), 0, 1, 'x'), false},
		{"giant READY", wire.Shell, append(greeting(zmq4.NullSecurity), 6, 0x40, 0, 0, 0, 0, 0, 0, 0), false},
		{"silence", wire.Shell, nil, false},
		{"ERROR", wire.Shell, append(greeting(zmq4.NullSecurity), appendFrame(nil, flagCommand, []byte("\x05ERROR\x02no"))...), false},
		{"CURVE", wire.Shell, greeting(zmq4.CurveSecurity), false},
		{"HTTP", wire.Shell, []byte("GET / HTTP/1.1\r\n\r\n"), false},
	} {
		_, err := shaken(tt.own, tt.in)
		if (err == nil) != tt.ok {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

// With encryption nothing but an honest client gets through, and no fuzzer is
// one (curve.FuzzServer goes deeper); without, what zmq4 is told is well-formed.
func FuzzHandshake(f *testing.F) {
	keys, err := curve.ParseKeys("Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID", "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(false, append(greeting(zmq4.NullSecurity), ready(hello{"DEALER", "me"})...))
	f.Add(false, append(greeting(zmq4.NullSecurity), 6, 0x40, 0, 0, 0, 0, 0, 0, 0))
	f.Add(true, append(greeting(zmq4.CurveSecurity), appendFrame(nil, flagCommand, append([]byte("\x05HELLO\x01"), make([]byte, 193)...))...))
	f.Fuzz(func(t *testing.T, encrypted bool, b []byte) {
		g := lone(wire.Shell, Limits{})
		if encrypted {
			g.keys = keys
		}
		h, err := g.shake(newPeer(nowhere{sends: bytes.NewReader(b)}, g), time.Now())
		if err != nil {
			return
		}
		again, err := parseReady(ready(h)[headerLen(ready(h)[0]):])
		if err != nil || again != h || encrypted {
			t.Errorf("%+v became %+v, %v", h, again, err)
		}
	})
}

func FuzzGreeting(f *testing.F) {
	f.Add(greeting(zmq4.NullSecurity))
	f.Fuzz(func(t *testing.T, g []byte) {
		if err := checkGreeting(g, zmq4.NullSecurity); err == nil && (len(g) != greetingLen || !bytes.HasPrefix(g[12:], []byte("NULL"))) {
			t.Errorf("accepted %q", g)
		} else if errors.Is(err, io.EOF) {
			t.Error(err)
		}
	})
}
