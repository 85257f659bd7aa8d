package zmq

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net"
	"sync"
	"syscall"
	"time"

	"github.com/go-zeromq/zmq4"
)

// Bounds of what peers send besides messages.
const (
	maxCommand      = 1024
	maxSubscription = 4096
	maxFrames       = 8192 // frames of one message
	maxPingContext  = 16   // RFC 37: a PING carries at most so much to repeat
)

// peer is the connection of one front end as zmq4 sees it: what zmq4 reads has
// been checked, what it writes is queued.
//
// Two goroutines belong to it: zmq4's reader (started by zmq4 when the guard
// hands the peer over; ends when Read fails) and the writer (guard.admit starts
// it; ends when the outbox closes or the connection fails).
type peer struct {
	net.Conn
	g        *guard
	identity string
	br       *bufio.Reader
	out      *outbox
	eof      chan struct{} // closed when zmq4 has seen the end of the input

	// Used by zmq4's reader only.
	in         []byte // checked bytes for zmq4
	body       []byte // and those that follow them
	subscribed []byte // topic that zmq4 is about to note, to be welcomed
	pending    bool   // subscribed is set
	welcomed   bool
	size       uint64 // bytes of the current message so far
	frames     int    // and its frames

	split splitter // used by zmq4's writers, which zmq4 locks out from each other
	close sync.Once
	ended sync.Once
}

// gone is the error after which zmq4 forgets a connection: a net.Error that is
// no timeout.
func gone(err error) error { return &net.OpError{Op: "zmq", Err: err} }

// Write takes what zmq4 sends. It never waits for the peer.
func (p *peer) Write(b []byte) (int, error) {
	if whole := p.split.write(b); len(whole) > 0 {
		if err := p.out.put(whole); err != nil {
			p.fail(err)
			return 0, gone(err)
		}
	}
	return len(b), nil
}

// Read gives zmq4 the next checked bytes. Every end looks like io.EOF, which is
// what zmq4 takes for one.
func (p *peer) Read(b []byte) (int, error) {
	if len(p.in) == 0 {
		p.welcome()
		if err := p.fill(); err != nil {
			p.fail(err)
			p.end()
			return 0, io.EOF
		}
	}
	n := copy(b, p.in)
	p.in = p.in[n:]
	if len(p.in) == 0 {
		p.in, p.body = p.body, nil
	}
	return n, nil
}

// end notes that zmq4 reads no more.
func (p *peer) end() { p.ended.Do(func() { close(p.eof) }) }

// fail ends the connection and tells why, unless the peer just left.
func (p *peer) fail(err error) {
	if !left(err) && !p.g.stopping() {
		p.g.log.Warn("zmq: peer dropped", "channel", p.g.channel, "peer", p.RemoteAddr().String(), "error", err)
	}
	_ = p.Close()
}

// left reports whether an error only says that the connection has ended.
func left(err error) bool {
	for _, end := range [...]error{io.EOF, net.ErrClosed, io.ErrClosedPipe, syscall.ECONNRESET, syscall.EPIPE} {
		if errors.Is(err, end) {
			return true
		}
	}
	return false
}

// Close ends the connection; what is queued is lost.
func (p *peer) Close() error {
	var err error
	p.close.Do(func() {
		p.g.forget(p)
		err = p.Conn.Close()
		p.out.close()
	})
	return err
}

// leave ends the connection so that the peer receives what was written: it says
// that nothing more comes and gives the peer a moment to say the same. Closing
// at once would lose it where the peer's own bytes are still unread.
func (p *peer) leave(moment time.Duration) {
	if c, ok := p.Conn.(interface{ CloseWrite() error }); ok {
		_ = c.CloseWrite()
	}
	_ = p.SetReadDeadline(time.Now().Add(moment))
}

// fill reads frames until there is something for zmq4.
func (p *peer) fill() error {
	for len(p.in) == 0 {
		h, err := readHeader(p.br)
		if err != nil {
			return err
		}
		switch {
		case h.command:
			err = p.command(h)
		case p.g.typ == zmq4.Pub:
			err = p.subscription(h)
		default:
			err = p.frame(h)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// frame passes on a frame of a message.
func (p *peer) frame(h frameHeader) error {
	if h.size > uint64(p.g.limits.Message) || p.size+h.size > uint64(p.g.limits.Message) || p.frames >= maxFrames {
		return errTooLong
	}
	body, err := readBody(p.br, h.size)
	if err != nil {
		return err
	}
	p.size, p.frames = p.size+h.size, p.frames+1
	flags := byte(flagMore)
	if !h.more {
		p.size, p.frames, flags = 0, 0, 0
	}
	p.in, p.body = appendHeader(nil, flags, len(body)), body
	return nil
}

// command answers PING and turns the subscription commands of ZMTP 3.1 into the
// messages that zmq4 knows. Other commands mean nothing to a kernel.
func (p *peer) command(h frameHeader) error {
	if h.size > maxCommand {
		return errTooLong
	}
	body, err := readBody(p.br, h.size)
	if err != nil {
		return err
	}
	if rest, ok := bytes.CutPrefix(body, []byte("\x04PING")); ok && len(rest) >= 2 && len(rest) <= 2+maxPingContext {
		return p.out.put(appendFrame(nil, flagCommand, append([]byte("\x04PONG"), rest[2:]...)))
	}
	if p.g.typ != zmq4.Pub {
		return nil
	}
	if topic, ok := bytes.CutPrefix(body, []byte("\x09SUBSCRIBE")); ok {
		p.subscribe(append([]byte{1}, topic...))
	} else if topic, ok := bytes.CutPrefix(body, []byte("\x06CANCEL")); ok {
		p.subscribe(append([]byte{0}, topic...))
	}
	return nil
}

// subscription passes on what a subscriber may send: 1 or 0, and a topic.
func (p *peer) subscription(h frameHeader) error {
	if h.size > maxSubscription || h.more {
		return errTooLong
	}
	body, err := readBody(p.br, h.size)
	if err != nil {
		return err
	}
	if len(body) > 0 && body[0] <= 1 {
		p.subscribe(body)
	}
	return nil
}

// subscribe gives zmq4 a subscription. What zmq4 sends on it is held back until
// the welcome stands before it.
func (p *peer) subscribe(body []byte) {
	p.in = appendFrame(nil, 0, body)
	if body[0] != 1 {
		return
	}
	p.subscribed, p.pending = body[1:], true
	if !p.welcomed {
		p.out.hold()
	}
}

// welcome greets the last subscription. zmq4 has noted it by now: it does so
// before it reads on.
func (p *peer) welcome() {
	if !p.pending {
		return
	}
	p.pending = false
	var b []byte
	if f := p.g.welcome; f != nil {
		b = appendMessage(nil, f(p.subscribed))
	}
	if p.welcomed {
		_ = p.out.put(b)
		return
	}
	p.welcomed = true
	p.out.release(b)
}
