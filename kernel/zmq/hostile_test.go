package zmq_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"net"
	"strings"
	"testing"
	"time"

	"gospark/kernel/kerneltest"
	"gospark/kernel/wire"
	"gospark/kernel/zmq"
)

// limits small enough for a test to reach.
func limits() zmq.Limits {
	return zmq.Limits{Handshakes: 8, HandshakeTime: time.Minute, Peers: 64, Message: 1 << 20, Queue: 1 << 20}
}

// plain connects without a handshake and writes.
func plain(t *testing.T, s *zmq.Sockets, ch wire.Channel, b []byte) net.Conn {
	t.Helper()
	network, address := where(s, ch)
	c, err := net.Dial(network, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	if _, err := c.Write(b); err != nil {
		t.Fatal(err)
	}
	return c
}

// long is a frame that announces size bytes and brings none.
func long(flags byte, size uint64) []byte {
	return binary.BigEndian.AppendUint64([]byte{flags | 2}, size)
}

// Whatever other peers do, an honest one is served.
func TestHostilePeers(t *testing.T) {
	honest := append(kerneltest.Greeting(), kerneltest.Ready("DEALER", "")...)
	join := func(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
	for name, bytes := range map[string][]byte{
		"says nothing":             {},
		"half a greeting":          kerneltest.Greeting()[:10],
		"no READY":                 kerneltest.Greeting(),
		"HTTP":                     []byte("GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
		"malformed READY":          join(kerneltest.Greeting(), []byte("\x04\x08\x05READY\xff\xff")),
		"READY of another type":    join(kerneltest.Greeting(), kerneltest.Ready("TEAPOT", "")),
		"READY of 2^62":            join(kerneltest.Greeting(), long(4, 1<<62)),
		"frame of 2^62":            join(honest, long(0, 1<<62)),
		"frame of 2^45":            join(honest, long(0, 1<<45)),
		"frame of the limit":       join(honest, long(0, 1<<20)),
		"message over the limit":   join(honest, long(1, 1<<19), make([]byte, 1<<19), long(0, 1<<20)),
		"command of 2^62":          join(honest, long(4, 1<<62)),
		"unknown flags":            join(honest, []byte{0xff, 0xff}),
		"stray PING":               join(honest, []byte("\x04\x07\x04PING\x00\x0a"), []byte("\x04\x02\x04P")),
		"endless small frames":     join(honest, repeat([]byte{1, 0}, 10_000)),
		"empty message":            join(honest, []byte{0, 0}),
		"message without envelope": join(honest, []byte{1, 1, 'x', 0, 1, 'y'}),
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, tcp(), zmq.Options{Limits: limits()})
			before := dial(t, s, wire.Shell, "DEALER", "before")
			for range 20 { // more than handshakes may be under way
				for _, ch := range []wire.Channel{wire.Shell, wire.IOPub, wire.Heartbeat} {
					plain(t, s, ch, bytes)
				}
			}
			echoed(t, before, "hello")
			echoed(t, dial(t, s, wire.Shell, "DEALER", "after"), "hello")
			echoed(t, dial(t, s, wire.Heartbeat, "REQ", ""), "")
			subscribed(t, s)
		})
	}
}

func repeat(b []byte, n int) []byte { return bytes.Repeat(b, n) }

// subscribed is a subscriber that has been welcomed.
func subscribed(t *testing.T, s *zmq.Sockets) *kerneltest.Conn {
	t.Helper()
	c := dial(t, s, wire.IOPub, "SUB", "")
	if err := c.Send([]byte{1}); err != nil {
		t.Fatal(err)
	}
	if f, _, err := c.Recv(); err != nil || len(f) != 2 || string(f[1]) != "welcome" {
		t.Fatalf("%q, %v", f, err)
	}
	return c
}

// A subscriber that never reads is dropped; the others get everything, and the
// end does not wait for it.
func TestSubscriberThatNeverReads(t *testing.T) {
	const n = 400
	l := new(logged)
	s := open(t, tcp(), zmq.Options{Limits: limits(), Log: l.logger()})
	for range 3 {
		subscribed(t, s)
	}
	good := subscribed(t, s)
	body := make([]byte, 64<<10)
	for i := range n {
		binary.BigEndian.PutUint32(body, uint32(i))
		if err := s.Send(wire.IOPub, [][]byte{[]byte("topic"), bytes.Clone(body)}); err != nil {
			t.Fatal(err)
		}
		f, _, err := good.Recv()
		if err != nil || binary.BigEndian.Uint32(f[1]) != uint32(i) {
			t.Fatalf("message %d: %v", i, err)
		}
	}
	if told := strings.Count(l.String(), "it does not read, and its queue is full"); told != 3 {
		t.Errorf("told %d times of 3 peers: %s", told, l)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := s.Close(ctx); err != nil || ctx.Err() != nil {
		t.Error(err, ctx.Err())
	}
}

// A DEALER that sends and never reads its answers starves nobody.
func TestDealerThatNeverReads(t *testing.T) {
	s := open(t, tcp(), zmq.Options{Limits: limits()})
	bad := dial(t, s, wire.Shell, "DEALER", "bad")
	sent := make(chan struct{})
	go func() { // ends when the kernel drops it
		defer close(sent)
		for bad.Send(make([]byte, 64<<10)) == nil {
		}
	}()
	good := dial(t, s, wire.Shell, "DEALER", "good")
	for range 50 {
		echoed(t, good, "hello")
	}
	<-sent
	echoed(t, good, "hello")
}

func TestPingIsAnswered(t *testing.T) {
	s := open(t, tcp(), zmq.Options{})
	for ch, typ := range map[wire.Channel]string{wire.Shell: "DEALER", wire.IOPub: "SUB", wire.Heartbeat: "REQ"} {
		c := dial(t, s, ch, typ, "")
		if _, err := c.Write([]byte("\x04\x09\x04PING\x00\x0ahi")); err != nil {
			t.Fatal(err)
		}
		if f, command, err := c.Recv(); err != nil || !command || string(f[0]) != "\x04PONGhi" {
			t.Errorf("%s: %q, %v", ch, f, err)
		}
	}
}

// A peer that announces how long it may be silent is dropped after that, and not
// before.
func TestTimeToLive(t *testing.T) {
	l := new(logged)
	s := open(t, tcp(), zmq.Options{Log: l.logger()})
	c, lasting := dial(t, s, wire.Shell, "DEALER", "mortal"), dial(t, s, wire.Shell, "DEALER", "lasting")
	for range 3 {
		if err := c.Command([]byte("\x04PING\x00\x03")); err != nil { // 0.3 s
			t.Fatal(err)
		}
		if _, command, err := c.Recv(); err != nil || !command {
			t.Fatal(err)
		}
		echoed(t, c, "alive")
	}
	for _, ttl := range []string{"\x00\x01", "\x00\x00"} { // takes it back
		if err := lasting.Command([]byte("\x04PING" + ttl)); err != nil {
			t.Fatal(err)
		}
		if _, _, err := lasting.Recv(); err != nil {
			t.Fatal(err)
		}
	}
	if f, _, err := c.Recv(); err == nil {
		t.Errorf("lives for ever: %q", f)
	}
	l.says(t, "fell silent")
	echoed(t, lasting, "hello")
}

// A newcomer takes the place of the peer that was silent for longest, but of none
// that the kernel has answered.
func TestTooManyPeers(t *testing.T) {
	l := limits()
	l.Peers = 2
	s := open(t, tcp(), zmq.Options{Limits: l})
	a := dial(t, s, wire.Shell, "DEALER", "a")
	echoed(t, a, "hello")
	silent := dial(t, s, wire.Shell, "DEALER", "silent")
	b := dial(t, s, wire.Shell, "DEALER", "b")
	echoed(t, b, "hello")
	if _, _, err := silent.Recv(); err == nil {
		t.Error("the silent one stayed")
	}
	network, address := where(s, wire.Shell)
	if c, err := kerneltest.Dial(network, address, "DEALER", "c"); err == nil {
		_ = c.Close()
		t.Error("a third peer in good standing")
	}
	echoed(t, a, "hello")
	echoed(t, b, "hello")
}

// A front end that reads slowly keeps up with a fast program, because the
// program is paced: nothing is lost though far more is sent than its queue
// holds.
func TestPace(t *testing.T) {
	const n = 1000
	l := limits()
	l.Queue = 6 << 20
	s := open(t, tcp(), zmq.Options{Limits: l})
	subscribed(t, s) // one that does not read at all is not waited for, in the end
	good := subscribed(t, s)
	go func() { // ends with the last message
		for i := range n {
			body := binary.BigEndian.AppendUint32(make([]byte, 0, 64<<10), uint32(i))
			_ = s.Send(wire.IOPub, [][]byte{[]byte("topic"), body[:cap(body)]})
			_ = s.Pace(context.Background())
		}
	}()
	for i := range n {
		f, _, err := good.Recv()
		if err != nil || binary.BigEndian.Uint32(f[1]) != uint32(i) {
			t.Fatalf("message %d: %v", i, err)
		}
		bytes.Count(bytes.Repeat(f[1], 2), []byte("x")) // takes longer than to send it
	}
}
