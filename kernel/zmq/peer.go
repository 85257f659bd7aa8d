package zmq

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/go-zeromq/zmq4"

	"gospark/kernel/zmq/curve"
)

// maxFrames bounds the frames of one message.
const maxFrames = 8192

// peer is the connection of one front end as zmq4 sees it: what zmq4 reads has
// been checked, what it writes is queued.
//
// Two goroutines belong to it: zmq4's reader (started by zmq4 when the guard
// hands the peer over; ends when Read fails) and the writer (guard.open starts
// it; ends when the outbox closes or the connection fails).
type peer struct {
	net.Conn
	g        *guard
	identity string
	br       *bufio.Reader // of listener
	curve    *curve.Server // nil: not encrypted
	out      *outbox
	eof      chan struct{} // closed when zmq4 has seen the end of the input

	steps    atomic.Int32  // of its handshake that it has passed
	standing atomic.Bool   // subscribed, or the kernel has sent it something
	heard    atomic.Int64  // when it last sent something: nanoseconds since 1970
	reading  atomic.Bool   // zmq4's reader waits for it, not for the kernel
	probe    sync.Mutex    // held by who asks whether it lives
	pulse    chan struct{} // it has sent something

	// Used by zmq4's reader only.
	in     []byte // checked bytes for zmq4
	body   []byte // and those that follow them
	ttl    time.Duration
	size   uint64 // bytes of the current message so far
	frames int    // and its frames
	subs   subscriptions

	split splitter // used by zmq4's writers, which zmq4 locks out from each other
	close sync.Once
	ended sync.Once
	told  sync.Once
}

func newPeer(c net.Conn, g *guard) *peer {
	p := &peer{
		Conn: c, g: g, out: newOutbox(g.limits.Queue, g.store, plain), split: newSplitter(),
		eof: make(chan struct{}), pulse: make(chan struct{}, 1),
	}
	p.br = bufio.NewReaderSize(listener{p}, 32<<10)
	p.heard.Store(time.Now().UnixNano())
	return p
}

// listener reads what the peer sends and notes when that was.
type listener struct{ p *peer }

func (l listener) Read(b []byte) (int, error) {
	n, err := l.p.Conn.Read(b)
	if n > 0 {
		l.p.heard.Store(time.Now().UnixNano())
		select {
		case l.p.pulse <- struct{}{}:
		default:
		}
	}
	return n, err
}

// gone is the error after which zmq4 forgets a connection: a net.Error that is
// no timeout.
func gone(err error) error { return &net.OpError{Op: "zmq", Err: err} }

// Write takes what zmq4 sends. It never waits for the peer.
func (p *peer) Write(b []byte) (int, error) {
	if whole := p.split.write(b); len(whole) > 0 {
		if err := p.queue(p.out.put(whole)); err != nil {
			return 0, gone(err)
		}
	}
	return len(b), nil
}

// send queues a message for the peer, past zmq4.
func (p *peer) send(frames [][]byte) error { return p.queue(p.out.putMessage(frames)) }

// queue does what follows from having queued something: the peer may have to go,
// or another one.
func (p *peer) queue(err error) error {
	if err != nil {
		p.fail(err)
		return err
	}
	if p.g.store.total.Load() > p.g.store.limit {
		p.g.store.relieve()
	}
	return nil
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

// fail ends the connection and tells why, once, unless the peer just left.
func (p *peer) fail(err error) {
	if !left(err) && !p.g.stopping() {
		p.told.Do(func() {
			p.g.log.Warn("zmq: peer dropped", "channel", p.g.channel, "peer", p.RemoteAddr().String(),
				"error", err, "unread", p.out.waiting())
		})
	}
	_ = p.Close()
}

// left reports whether an error only says that the connection has ended.
func left(err error) bool {
	for _, end := range [...]error{io.EOF, io.ErrUnexpectedEOF, net.ErrClosed, io.ErrClosedPipe, syscall.ECONNRESET, syscall.EPIPE} {
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
		p.g.places.forget(p)
		err = p.Conn.Close()
		p.out.close()
		p.g.store.leave(p)
		p.g.intake.leave(p)
	})
	return err
}

// Patience with peers at the end.
const (
	stallPatience = 300 * time.Millisecond // with one that takes nothing more
	leavePatience = 250 * time.Millisecond // with one that does not close its side
)

// depart sends the rest and ends the connection so that the peer receives it:
// it says that nothing more comes and gives the peer a moment to say the same.
// Closing at once would lose it where the peer's own bytes are still unread.
func (p *peer) depart(ctx context.Context) {
	p.out.drain(ctx, stallPatience)
	if c, ok := p.Conn.(interface{ CloseWrite() error }); ok {
		_ = c.CloseWrite()
	}
	_ = p.SetReadDeadline(time.Now().Add(leavePatience))
	select {
	case <-p.eof:
	case <-time.After(2 * leavePatience): // its own TTL may have moved the deadline
	case <-ctx.Done():
	}
	_ = p.Close()
}

// header waits for the next frame.
func (p *peer) header() (frameHeader, error) {
	if p.ttl > 0 && !p.g.stopping() {
		_ = p.SetReadDeadline(time.Now().Add(p.ttl))
	}
	p.reading.Store(true)
	h, err := readHeader(p.br)
	p.reading.Store(false)
	if p.ttl > 0 && err == nil && !p.g.stopping() {
		_ = p.SetReadDeadline(time.Time{}) // what follows may take its time
	}
	if errors.Is(err, os.ErrDeadlineExceeded) && !p.g.stopping() {
		err = errSilent
	}
	return h, err
}

// fill reads frames until there is something for zmq4.
func (p *peer) fill() error {
	for len(p.in) == 0 {
		h, body, err := p.next()
		if err != nil {
			return err
		}
		switch {
		case h.command:
			err = p.command(body)
		case p.g.typ == zmq4.Pub:
			err = p.subscription(body)
		default:
			p.frame(h, body)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// next reads a frame, decrypts it, and keeps it within its bounds.
func (p *peer) next() (frameHeader, []byte, error) {
	h, err := p.header()
	if err != nil {
		return h, nil, err
	}
	if p.curve != nil {
		return p.nextSealed(h)
	}
	if err := p.bound(h); err != nil {
		return h, nil, err
	}
	body, err := readBody(p.br, h.size, p.room(h))
	return h, body, err
}

// nextSealed reads a frame that holds another one. What kind that is, is not
// known before.
func (p *peer) nextSealed(outer frameHeader) (h frameHeader, body []byte, err error) {
	wrapped := frameHeader{size: max(outer.size, uint64(curve.Overhead)) - uint64(curve.Overhead)}
	if outer.more {
		return h, nil, errFlags
	}
	if err := p.bound(wrapped); err != nil {
		return h, nil, err
	}
	sealed, err := readBody(p.br, outer.size, p.room(wrapped))
	if err != nil {
		return h, nil, err
	}
	flags, body, err := p.curve.Open(sealed)
	if err != nil {
		return h, nil, err
	}
	h = frameHeader{more: flags&curve.More != 0, command: flags&curve.Command != 0, size: uint64(len(body))}
	excess := uint64(curve.Overhead)
	if h.command {
		excess += h.size + frameCost
	}
	if p.g.typ != zmq4.Pub {
		p.g.intake.giveBack(p, excess)
	}
	return h, body, p.bound(h)
}

// bound refuses a frame that is longer than its kind may be.
func (p *peer) bound(h frameHeader) error {
	limit := uint64(p.g.limits.Message)
	switch {
	case h.command:
		if h.size > maxCommand {
			return errTooLong
		}
	case p.g.typ == zmq4.Pub:
		if h.size > maxSubscription || h.more {
			return errTooLong
		}
	case h.size > limit || p.size+h.size > limit || p.frames >= maxFrames:
		return errTooLong
	}
	return nil
}

// room is where the bytes of a frame are accounted for; small things that go no
// further are not.
func (p *peer) room(h frameHeader) func(uint64) error {
	if h.command || p.g.typ == zmq4.Pub {
		return nil
	}
	return func(n uint64) error { return p.g.intake.take(p, n) }
}

// frame passes on a frame of a message.
func (p *peer) frame(h frameHeader, body []byte) {
	p.size, p.frames = p.size+h.size, p.frames+1
	flags := byte(flagMore)
	if !h.more {
		p.size, p.frames, flags = 0, 0, 0
		p.g.intake.complete(p)
	}
	p.in, p.body = appendHeader(nil, flags, len(body)), body
}
