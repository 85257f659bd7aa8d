package zmq

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-zeromq/zmq4"

	"gospark/kernel/wire"
)

func TestParseHeader(t *testing.T) {
	for _, tt := range []struct {
		in   []byte
		want frameHeader
		err  error
	}{
		{[]byte{0, 5}, frameHeader{size: 5}, nil},
		{[]byte{1, 0}, frameHeader{more: true}, nil},
		{[]byte{4, 9}, frameHeader{command: true, size: 9}, nil},
		{[]byte{2, 0, 0, 0, 0, 0, 0, 1, 0}, frameHeader{size: 256}, nil},
		{[]byte{2, 255, 255, 255, 255, 255, 255, 255, 255}, frameHeader{size: 1<<64 - 1}, nil},
		{[]byte{5, 0}, frameHeader{more: true, command: true}, errFlags},
		{[]byte{8, 0}, frameHeader{}, errFlags},
	} {
		got, err := parseHeader(tt.in)
		if got != tt.want || !errors.Is(err, tt.err) {
			t.Errorf("%v: %+v, %v", tt.in, got, err)
		}
	}
}

// stream is what zmq4 writes: its greeting, READY, and messages.
func stream(messages ...[][]byte) []byte {
	b := append(greeting(zmq4.NullSecurity), ready(hello{socketType: "PUB"})...)
	for _, m := range messages {
		b = appendMessage(b, m)
	}
	return b
}

func TestSplitter(t *testing.T) {
	long := bytes.Repeat([]byte("x"), 300)
	messages := [][][]byte{{[]byte("a")}, {[]byte("b"), {}, long}, {{}}, {long, long}}
	b := stream(messages...)
	want := b[len(stream()):]
	for _, size := range []int{1, 2, 7, 64, 100, len(b)} {
		s, got := newSplitter(), []byte(nil)
		for part := range slices.Chunk(b, size) {
			got = append(got, s.write(part)...)
		}
		if !bytes.Equal(got, want) || s.count != len(messages) {
			t.Errorf("parts of %d: %d messages, %q", size, s.count, got)
		}
	}
	s := newSplitter()
	if got := s.write(b[:len(b)-1]); len(got) >= len(want) || s.count != len(messages)-1 {
		t.Errorf("an incomplete message came out: %q", got)
	}
}

// fed makes a peer that reads b.
func fed(ch wire.Channel, b []byte) *peer {
	g := lone(ch, Limits{Message: 1 << 16, Queue: 1 << 16})
	p := newPeer(nowhere{sends: bytes.NewReader(b)}, g)
	g.intake.enter(p)
	return p
}

// lone is a guard without a listener.
func lone(ch wire.Channel, l Limits) *guard {
	l = l.orDefaults()
	o := Options{Limits: l, Log: slog.New(slog.DiscardHandler)}
	return newGuard(ch, nil, o, newIntake(l.Received, l.Peers*int(wire.Channels)), newStore(l.Queued))
}

// nowhere is a connection of which only the ends matter.
type nowhere struct {
	net.Conn
	sends io.Reader
}

func (n nowhere) Read(b []byte) (int, error)    { return n.sends.Read(b) }
func (nowhere) Write(b []byte) (int, error)     { return len(b), nil }
func (nowhere) Close() error                    { return nil }
func (nowhere) RemoteAddr() net.Addr            { return &net.UnixAddr{} }
func (nowhere) SetReadDeadline(time.Time) error { return nil }

// pass is what zmq4 gets to read.
func pass(p *peer) (out []byte, err error) {
	for {
		p.welcome()
		if err := p.fill(); err != nil {
			return out, err
		}
		out = append(append(out, p.in...), p.body...)
		p.in, p.body = nil, nil
	}
}

func TestPeerPasses(t *testing.T) {
	frame := func(flags byte, body string) string { return string(appendFrame(nil, flags, []byte(body))) }
	big := strings.Repeat("x", 1<<15)
	for _, tt := range []struct {
		name    string
		ch      wire.Channel
		in, out string
		err     error
	}{
		{"a message", wire.Shell, frame(1, "a") + frame(0, "b"), frame(1, "a") + frame(0, "b"), io.EOF},
		{"a stray command", wire.Shell, frame(4, "\x04WHAT") + frame(0, "b"), frame(0, "b"), io.EOF},
		{"a PONG", wire.Shell, frame(4, "\x04PONG"), "", io.EOF},
		{"an empty command", wire.Shell, frame(4, ""), "", errCommand},
		{"a command without its name", wire.Shell, frame(4, "\x09PING"), "", errCommand},
		{"a PING without a time to live", wire.Shell, frame(4, "\x04PING\x00"), "", errCommand},
		{"a PING with much to repeat", wire.Shell, frame(4, "\x04PING\x00\x0012345678901234567"), "", errCommand},
		{"READY again", wire.Shell, string(ready(hello{"DEALER", ""})) + frame(0, "b"), frame(0, "b"), io.EOF},
		{"a long command", wire.Shell, frame(4, big), "", errTooLong},
		{"a command with more", wire.Shell, frame(5, "x"), "", errFlags},
		{"a giant frame", wire.Shell, "\x02\x40\x00\x00\x00\x00\x00\x00\x00", "", errTooLong},
		{"an overflowing frame", wire.Shell, frame(1, "a") + "\x02\xff\xff\xff\xff\xff\xff\xff\xff", frame(1, "a"), errTooLong},
		{"a message of large frames", wire.Shell, frame(1, big) + frame(1, big) + frame(0, "x"), frame(1, big) + frame(1, big), errTooLong},
		{"half a frame", wire.Shell, frame(0, "abc")[:4], "", io.ErrUnexpectedEOF},
		{"half a header", wire.Shell, "\x02\x00", "", io.EOF},
		{"a subscription", wire.IOPub, frame(0, "\x01a") + frame(0, "\x00a"), frame(0, "\x01a") + frame(0, "\x00a"), io.EOF},
		{"subscription commands", wire.IOPub, frame(4, "\x09SUBSCRIBEa") + frame(4, "\x06CANCELa"), frame(0, "\x01a") + frame(0, "\x00a"), io.EOF},
		{"a message to iopub", wire.IOPub, frame(0, "") + frame(0, "hello"), "", io.EOF},
		{"frames to iopub", wire.IOPub, frame(1, "a") + frame(0, "b"), "", errTooLong},
	} {
		out, err := pass(fed(tt.ch, []byte(tt.in)))
		if string(out) != tt.out || !errors.Is(err, tt.err) {
			t.Errorf("%s: %q, %v", tt.name, out, err)
		}
	}
}

func TestPeerFrames(t *testing.T) {
	in := bytes.Repeat([]byte{1, 0}, maxFrames+1)
	if _, err := pass(fed(wire.Shell, in)); !errors.Is(err, errTooLong) {
		t.Error(err)
	}
}

func TestPing(t *testing.T) {
	p := fed(wire.Shell, appendFrame(nil, flagCommand, []byte("\x04PING\x00\x0acontext")))
	if _, err := pass(p); !errors.Is(err, io.EOF) {
		t.Error(err)
	}
	if want := appendFrame(nil, flagCommand, []byte("\x04PONGcontext")); !bytes.Equal(p.out.buf, want) {
		t.Errorf("%q", p.out.buf)
	}
}

func FuzzFrames(f *testing.F) {
	f.Add(true, stream([][]byte{[]byte("a"), []byte("b")}))
	f.Add(false, appendFrame(nil, 0, []byte("\x01topic")))
	f.Add(true, appendFrame(nil, flagCommand, []byte("\x04PING\x00\x0acontext")))
	f.Fuzz(func(t *testing.T, router bool, b []byte) {
		ch := wire.IOPub
		if router {
			ch = wire.Shell
		}
		out, _ := pass(fed(ch, b))
		// What came through is well-formed and no longer than what went in,
		// short lengths written long excepted.
		s := splitter{}
		s.write(out)
		if rest := len(s.buf) - s.pos; rest != 0 || len(out) > len(b)+10 {
			t.Errorf("%d bytes of no frame in %q", rest, out)
		}
	})
}
