package zmq_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"gospark/kernel/kerneltest"
	"gospark/kernel/wire"
	"gospark/kernel/zmq"
)

// patience bounds what a test waits for.
const patience = 20 * time.Second

// open starts sockets which echo what comes on shell and control.
func open(t *testing.T, c wire.Connection, o zmq.Options) *zmq.Sockets {
	t.Helper()
	kerneltest.NoLeaks(t)
	s, err := zmq.Listen(t.Context(), c, o)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Start(func(topic []byte) [][]byte { return [][]byte{topic, []byte("welcome")} }); err != nil {
		t.Fatal(err)
	}
	kerneltest.Serving(t, func(ctx context.Context) error {
		for {
			f, err := s.Recv(ctx, wire.Shell)
			if err != nil {
				break
			}
			published(s, f)
			_ = s.Send(wire.Shell, f)
		}
		end, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		return s.Close(end)
	})
	return s
}

func tcp() wire.Connection { return wire.Connection{Transport: "tcp", IP: "127.0.0.1"} }

// dial connects to a channel.
func dial(t *testing.T, s *zmq.Sockets, ch wire.Channel, typ, identity string) *kerneltest.Conn {
	t.Helper()
	network, address := where(s, ch)
	c, err := kerneltest.Dial(network, address, typ, identity)
	if err != nil {
		t.Fatal(err)
	}
	_ = c.SetDeadline(time.Now().Add(patience))
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func where(s *zmq.Sockets, ch wire.Channel) (network, address string) {
	c := s.Connection()
	if c.Transport == "ipc" {
		return "unix", c.IP + "-" + strconv.Itoa(*c.Port(ch))
	}
	if c.IP == "*" {
		c.IP = "127.0.0.1"
	}
	return "tcp", net.JoinHostPort(c.IP, strconv.Itoa(*c.Port(ch)))
}

// echoed sends a message and wants it back.
func echoed(t *testing.T, c *kerneltest.Conn, text string) {
	t.Helper()
	if err := c.Send([]byte(text), nil, []byte("end")); err != nil {
		t.Fatal(err)
	}
	f, _, err := c.Recv()
	if err != nil || len(f) != 3 || string(f[0]) != text {
		t.Fatalf("%q, %v", f, err)
	}
}

func TestEveryTransport(t *testing.T) {
	for name, c := range map[string]wire.Connection{
		"tcp": tcp(), "tcp6": {Transport: "tcp", IP: "::1"},
		"ipc": {Transport: "ipc", IP: filepath.Join(t.TempDir(), "k")},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, c, zmq.Options{})
			echoed(t, dial(t, s, wire.Shell, "DEALER", "me"), "hello")
			echoed(t, dial(t, s, wire.Shell, "REQ", ""), "")
			hb := dial(t, s, wire.Heartbeat, "REQ", "")
			for range 3 {
				echoed(t, hb, "")
			}
		})
	}
}

func TestPortsAreHonoured(t *testing.T) {
	first := open(t, tcp(), zmq.Options{})
	if _, err := zmq.Listen(t.Context(), first.Connection(), zmq.Options{}); err == nil {
		t.Error("listened twice on the same ports")
	}
}

func TestIPCFiles(t *testing.T) {
	base := filepath.Join(t.TempDir(), "k")
	stale, err := net.Listen("unix", base+"-1")
	if err != nil {
		t.Fatal(err)
	}
	stale.(*net.UnixListener).SetUnlinkOnClose(false)
	_ = stale.Close()
	c := wire.Connection{Transport: "ipc", IP: base, ShellPort: 1, ControlPort: 2, IOPubPort: 3, StdinPort: 4}
	s, err := zmq.Listen(t.Context(), c, zmq.Options{})
	if err != nil {
		t.Fatal(err)
	}
	c = s.Connection()
	if c.HBPort != 5 {
		t.Errorf("%+v", c)
	}
	for ch := range wire.Channels {
		_, path := where(s, ch)
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%v, %v", info, err)
		}
	}
	if _, err := zmq.Listen(t.Context(), c, zmq.Options{}); err == nil {
		t.Error("replaced a live socket")
	}
	if err := s.Close(t.Context()); err != nil {
		t.Error(err)
	}
	if left, _ := filepath.Glob(base + "*"); len(left) > 0 {
		t.Errorf("left %v", left)
	}
	if err := os.WriteFile(base+"-1", []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := zmq.Listen(t.Context(), c, zmq.Options{}); err == nil {
		t.Error("replaced a file")
	}
}

// An identity belongs to who has it, as long as he lives.
func TestIdentities(t *testing.T) {
	s := open(t, tcp(), zmq.Options{})
	first := dial(t, s, wire.Shell, "DEALER", "same")
	came := make(chan string, 10)
	go func() { // reads, and so answers PING, until the end of the connection
		defer close(came)
		for {
			f, _, err := first.Recv()
			if err != nil {
				return
			}
			came <- string(f[0])
		}
	}()
	network, address := where(s, wire.Shell)
	if c, err := kerneltest.Dial(network, address, "DEALER", "same"); err == nil {
		_ = c.Close()
		t.Error("two peers with one identity")
	}
	if err := first.Send([]byte("still here")); err != nil {
		t.Fatal(err)
	}
	if got := <-came; got != "still here" {
		t.Error(got)
	}
	_ = first.Close()
	<-came
	again := dial(t, s, wire.Shell, "DEALER", "same")
	echoed(t, again, "back")

	// Its connection is dead and nobody has noticed: it does not answer.
	echoed(t, dial(t, s, wire.Shell, "DEALER", "same"), "back again")
	if _, _, err := again.Recv(); err == nil {
		t.Error("two peers with one identity")
	}
	if err := s.Send(wire.Stdin, [][]byte{[]byte("nobody"), []byte("x")}); !errors.Is(err, zmq.ErrNoPeer) {
		t.Error(err)
	}
}

// Every subscriber gets the welcome first, and then everything, in order, up to
// what was sent just before the end.
func TestPublish(t *testing.T) {
	const n = 5000
	s := open(t, tcp(), zmq.Options{})
	var subs []*kerneltest.Conn
	for range 3 {
		c := dial(t, s, wire.IOPub, "SUB", "")
		if err := c.Send([]byte{1}); err != nil {
			t.Fatal(err)
		}
		if f, _, err := c.Recv(); err != nil || fmt.Sprintf("%s", f) != "[ welcome]" {
			t.Fatalf("%q, %v", f, err)
		}
		subs = append(subs, c)
	}
	for i := range n {
		if err := s.Send(wire.IOPub, [][]byte{[]byte("topic"), []byte(strconv.Itoa(i))}); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	closed := make(chan error, 1)
	go func() { closed <- s.Close(ctx) }()
	for _, c := range subs {
		for i := range n {
			f, _, err := c.Recv()
			if err != nil || len(f) != 2 || string(f[1]) != strconv.Itoa(i) {
				t.Fatalf("message %d: %q, %v", i, f, err)
			}
		}
		_ = c.Close()
	}
	if err := <-closed; err != nil {
		t.Error(err)
	}
}

func TestTopics(t *testing.T) {
	s := open(t, tcp(), zmq.Options{})
	c := dial(t, s, wire.IOPub, "SUB", "")
	for _, topic := range []string{"a", "b"} {
		if err := c.Send([]byte("\x01" + topic)); err != nil {
			t.Fatal(err)
		}
		if f, _, err := c.Recv(); err != nil || string(f[0]) != topic {
			t.Fatalf("%q, %v", f, err)
		}
	}
	for _, topic := range []string{"c", "b1", "a1"} {
		if err := s.Send(wire.IOPub, [][]byte{[]byte(topic), nil}); err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []string{"b1", "a1"} {
		if f, _, err := c.Recv(); err != nil || string(f[0]) != want {
			t.Errorf("%q, %v", f, err)
		}
	}
}

func TestSendAfterClose(t *testing.T) {
	s := open(t, tcp(), zmq.Options{})
	if err := s.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.Send(wire.IOPub, [][]byte{nil}); !errors.Is(err, net.ErrClosed) {
		t.Error(err)
	}
}
