package zmq

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"slices"
)

// Flags of a ZMTP frame (RFC 23, "Framing").
const (
	flagMore    = 1
	flagLong    = 2
	flagCommand = 4
	flagUnknown = ^byte(flagMore | flagLong | flagCommand)
)

// The lengths of frame headers: flags and one byte, or flags and eight.
const (
	shortHeader = 2
	longHeader  = 9
)

var (
	errFlags   = errors.New("unknown flags in a frame")
	errTooLong = errors.New("frame or message over the limit")
)

// frameHeader is what stands before a frame's body.
type frameHeader struct {
	more, command bool
	size          uint64
}

// headerLen is the length of the header that starts with flags.
func headerLen(flags byte) int {
	if flags&flagLong != 0 {
		return longHeader
	}
	return shortHeader
}

// parseHeader reads a whole header: headerLen(b[0]) bytes.
func parseHeader(b []byte) (frameHeader, error) {
	h := frameHeader{more: b[0]&flagMore != 0, command: b[0]&flagCommand != 0}
	if b[0]&flagUnknown != 0 || h.more && h.command {
		return h, errFlags
	}
	if b[0]&flagLong != 0 {
		h.size = binary.BigEndian.Uint64(b[1:longHeader])
	} else {
		h.size = uint64(b[1])
	}
	return h, nil
}

// appendHeader appends a frame's header, long or short as its body needs.
func appendHeader(b []byte, flags byte, size int) []byte {
	if size > 255 {
		return binary.BigEndian.AppendUint64(append(b, flags|flagLong), uint64(size))
	}
	return append(b, flags, byte(size))
}

// appendFrame appends a frame.
func appendFrame(b []byte, flags byte, body []byte) []byte {
	return append(appendHeader(b, flags, len(body)), body...)
}

// appendMessage appends the frames of one message.
func appendMessage(b []byte, frames [][]byte) []byte {
	for i, f := range frames {
		flags := byte(flagMore)
		if i == len(frames)-1 {
			flags = 0
		}
		b = appendFrame(b, flags, f)
	}
	return b
}

// messageLen is how long appendMessage makes a message.
func messageLen(frames [][]byte) int {
	n := 0
	for _, f := range frames {
		n += longHeader + len(f)
		if len(f) <= 255 {
			n -= longHeader - shortHeader
		}
	}
	return n
}

// splitter finds the ends of messages in what zmq4 writes to one connection. It
// leaves out zmq4's greeting and commands, because the guard has already
// greeted the peer itself.
type splitter struct {
	skip  int    // bytes of greeting still to leave out
	buf   []byte // whole messages up to done, then the beginning of one
	done  int
	pos   int // start of the first frame that is not whole yet
	count int // messages seen
}

func newSplitter() splitter { return splitter{skip: greetingLen} }

// write takes the next bytes and returns the messages that are whole now, or
// nothing. The result is valid until the next call.
func (s *splitter) write(p []byte) []byte {
	s.forget()
	n := min(s.skip, len(p))
	s.skip -= n
	s.buf = append(s.buf, p[n:]...)
	for s.frame() {
	}
	return s.buf[:s.done]
}

// frame advances over one frame, if it is there as a whole.
func (s *splitter) frame() bool {
	rest := s.buf[s.pos:]
	if len(rest) == 0 || len(rest) < headerLen(rest[0]) {
		return false
	}
	h, _ := parseHeader(rest) // zmq4 writes it
	n := headerLen(rest[0])
	if uint64(len(rest)-n) < h.size {
		return false
	}
	n += int(h.size)
	switch {
	case h.command:
		s.buf = append(s.buf[:s.pos], rest[n:]...)
	default:
		s.pos += n
		if !h.more {
			s.done = s.pos
			s.count++
		}
	}
	return true
}

// forget drops the messages that the last write returned.
func (s *splitter) forget() {
	rest := copy(s.buf, s.buf[s.done:])
	s.buf = s.buf[:rest]
	s.pos -= s.done
	s.done = 0
	if rest == 0 && cap(s.buf) > keepBuffer {
		s.buf = nil
	}
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

// readStep is how much of a body is read, and made room for, at a time.
const readStep = 1 << 20

// readBody reads size bytes, which the caller has bounded. Memory grows with
// what really arrives, not with what the peer announced; room, if there is one,
// is asked for it, and for the frame, before it is used.
func readBody(br *bufio.Reader, size uint64, room func(uint64) error) ([]byte, error) {
	var b []byte
	cost := uint64(frameCost)
	for first := true; first || uint64(len(b)) < size; first = false {
		n := min(size-uint64(len(b)), readStep)
		if room != nil {
			if err := room(n + cost); err != nil {
				return nil, err
			}
			cost = 0
		}
		b = slices.Grow(b, int(n))[:len(b)+int(n)]
		if _, err := io.ReadFull(br, b[len(b)-int(n):]); err != nil {
			return nil, err
		}
	}
	return b, nil
}
