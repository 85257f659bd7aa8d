package zmq

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/go-zeromq/zmq4"
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
	b := append(greeting(), ready(hello{socketType: "PUB"})...)
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
func fed(typ zmq4.SocketType, b []byte) *peer {
	g := newGuard(0, typ, nil, Options{Limits: Limits{Message: 1 << 16}.orDefaults()})
	return &peer{g: g, br: bufio.NewReader(bytes.NewReader(b)), out: newOutbox(1 << 16)}
}

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
		typ     zmq4.SocketType
		in, out string
		err     error
	}{
		{"a message", zmq4.Router, frame(1, "a") + frame(0, "b"), frame(1, "a") + frame(0, "b"), io.EOF},
		{"a stray command", zmq4.Router, frame(4, "\x04WHAT") + frame(0, "b"), frame(0, "b"), io.EOF},
		{"a PONG", zmq4.Router, frame(4, "\x04PONG"), "", io.EOF},
		{"an empty command", zmq4.Router, frame(4, ""), "", io.EOF},
		{"a long command", zmq4.Router, frame(4, big), "", errTooLong},
		{"a command with more", zmq4.Router, frame(5, "x"), "", errFlags},
		{"a giant frame", zmq4.Router, "\x02\x40\x00\x00\x00\x00\x00\x00\x00", "", errTooLong},
		{"an overflowing frame", zmq4.Router, frame(1, "a") + "\x02\xff\xff\xff\xff\xff\xff\xff\xff", frame(1, "a"), errTooLong},
		{"a message of large frames", zmq4.Router, frame(1, big) + frame(1, big) + frame(0, "x"), frame(1, big) + frame(1, big), errTooLong},
		{"half a frame", zmq4.Router, frame(0, "abc")[:4], "", io.EOF},
		{"half a header", zmq4.Router, "\x02\x00", "", io.EOF},
		{"a subscription", zmq4.Pub, frame(0, "\x01a") + frame(0, "\x00a"), frame(0, "\x01a") + frame(0, "\x00a"), io.EOF},
		{"subscription commands", zmq4.Pub, frame(4, "\x09SUBSCRIBEa") + frame(4, "\x06CANCELa"), frame(0, "\x01a") + frame(0, "\x00a"), io.EOF},
		{"a message to iopub", zmq4.Pub, frame(0, "") + frame(0, "hello"), "", io.EOF},
		{"frames to iopub", zmq4.Pub, frame(1, "a") + frame(0, "b"), "", errTooLong},
	} {
		out, err := pass(fed(tt.typ, []byte(tt.in)))
		if string(out) != tt.out || !errors.Is(err, tt.err) {
			t.Errorf("%s: %q, %v", tt.name, out, err)
		}
	}
}

func TestPeerFrames(t *testing.T) {
	in := bytes.Repeat([]byte{1, 0}, maxFrames+1)
	if _, err := pass(fed(zmq4.Router, in)); !errors.Is(err, errTooLong) {
		t.Error(err)
	}
}

func TestPing(t *testing.T) {
	p := fed(zmq4.Router, appendFrame(nil, flagCommand, []byte("\x04PING\x00\x0acontext")))
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
		typ := zmq4.Pub
		if router {
			typ = zmq4.Router
		}
		out, _ := pass(fed(typ, b))
		// What came through is well-formed and no longer than what went in,
		// short lengths written long excepted.
		s := splitter{}
		s.write(out)
		if rest := len(s.buf) - s.pos; rest != 0 || len(out) > len(b)+10 {
			t.Errorf("%d bytes of no frame in %q", rest, out)
		}
	})
}
