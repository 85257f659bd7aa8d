package zmq

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"
)

// keepBuffer is the size up to which an empty buffer is kept for the next use.
const keepBuffer = 1 << 20

// writeChunk is the most that one write to a peer takes, so that a slow peer
// that reads on is seen to do so.
const writeChunk = 256 << 10

// errBudget is why a peer that does not read loses its connection.
var errBudget = errors.New("it does not read, and its queue is full")

// outbox queues what goes to one peer. zmq4 and the guard put whole messages
// in and never wait; the peer's writer goroutine (run) takes them out.
type outbox struct {
	budget int
	store  *store
	seal   sealer // what the writer does to frames; only run uses it

	// mu guards the fields below.
	mu       sync.Mutex
	buf      []byte // not yet taken by the writer
	spare    []byte // the writer's last buffer, for reuse
	queued   int    // bytes not yet written, those that the writer has included
	held     bool   // the writer takes nothing until the welcome is there
	closed   bool
	progress time.Time // when the peer last took something, or had nothing to take
	written  int       // bytes taken by the peer in all
	waited   time.Duration
	changed  *sync.Cond
}

// sealer turns the first frames of what is queued into what is sent, and says
// how many bytes of the queue that was.
type sealer func(frames []byte) (sent []byte, n int)

// plain sends frames as they are.
func plain(frames []byte) ([]byte, int) {
	n := min(len(frames), writeChunk)
	return frames[:n], n
}

func newOutbox(budget int, s *store, seal sealer) *outbox {
	o := &outbox{budget: budget, store: s, seal: seal, progress: time.Now()}
	o.changed = sync.NewCond(&o.mu)
	return o
}

// put queues whole messages. A queue that is empty takes one of any length.
func (o *outbox) put(b []byte) error {
	return o.add(len(b), func(buf []byte) []byte { return append(buf, b...) })
}

// putMessage queues the frames of one message.
func (o *outbox) putMessage(frames [][]byte) error {
	return o.add(messageLen(frames), func(buf []byte) []byte { return appendMessage(buf, frames) })
}

func (o *outbox) add(size int, to func([]byte) []byte) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case o.closed:
		return io.ErrClosedPipe
	case o.queued > 0 && o.queued+size > o.budget:
		return errBudget
	case o.queued == 0:
		o.progress = time.Now()
	}
	o.buf = to(o.buf)
	o.queued += size
	o.store.add(size)
	o.changed.Broadcast()
	return nil
}

// hold keeps everything back until release.
func (o *outbox) hold() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.held = true
}

// release sends first, and then what was held back.
func (o *outbox) release(first []byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.held = false
	if o.closed {
		return
	}
	o.buf = append(append([]byte(nil), first...), o.buf...)
	o.queued += len(first)
	o.store.add(len(first))
	o.changed.Broadcast()
}

// close wakes everybody who waits; what is queued is lost.
func (o *outbox) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.store.add(-o.queued)
	o.closed, o.buf, o.spare, o.queued = true, nil, nil, 0
	o.changed.Broadcast()
}

// waiting is how many bytes the peer has still to take.
func (o *outbox) waiting() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.queued
}

// movedSince reports whether the peer has taken something since t.
func (o *outbox) movedSince(t time.Time) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.queued > 0 && o.progress.After(t)
}

// drain waits until nothing is queued or the box is closed. It gives up on a
// peer that has taken nothing for as long as patience: false.
func (o *outbox) drain(ctx context.Context, patience time.Duration) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	done := func() bool { return o.queued == 0 || o.closed }
	for !done() && ctx.Err() == nil {
		left := time.Until(o.progress.Add(patience))
		if left <= 0 {
			break
		}
		wait, cancel := context.WithTimeout(ctx, left)
		_ = await(wait, o.changed, done)
		cancel()
	}
	return done()
}

// How much may stand in an outbox before who publishes is made to wait, and how
// fast a peer has to take it for that.
const (
	paceBytes = 4 << 20
	paceRate  = 2 << 20 // bytes a second
	paceGrace = 100 * time.Millisecond
)

// pace waits until little is queued, but no longer, in all, than a peer needs
// that takes paceRate: one that is slower, or does not read at all, may fall
// behind by itself.
func (o *outbox) pace(ctx context.Context) {
	o.mu.Lock()
	defer o.mu.Unlock()
	done := func() bool { return o.queued <= paceBytes || o.closed }
	left := time.Duration(o.written/(paceRate/1000))*time.Millisecond + paceGrace - o.waited
	if done() || left <= 0 {
		return
	}
	wait, cancel := context.WithTimeout(ctx, left)
	defer cancel()
	start := time.Now()
	_ = await(wait, o.changed, done)
	o.waited += time.Since(start)
}

// run writes to w until the box is closed or w fails; it is the body of the
// peer's writer goroutine.
func (o *outbox) run(w io.Writer) error {
	for {
		b := o.take()
		if b == nil {
			return nil
		}
		for rest := b; len(rest) > 0; {
			sent, n := o.seal(rest)
			if err := o.write(w, sent); err != nil {
				return err
			}
			rest = rest[n:]
			o.wrote(n)
		}
		o.giveBack(b)
	}
}

// write writes in chunks, each of which is progress.
func (o *outbox) write(w io.Writer, b []byte) error {
	for len(b) > 0 {
		n, err := w.Write(b[:min(len(b), writeChunk)])
		if err != nil {
			return err
		}
		b = b[n:]
		o.wrote(0)
	}
	return nil
}

// take waits for something to write; nil means that the box is closed.
func (o *outbox) take() []byte {
	o.mu.Lock()
	defer o.mu.Unlock()
	for !o.closed && (o.held || len(o.buf) == 0) {
		o.changed.Wait()
	}
	b := o.buf
	o.buf, o.spare = o.spare[:0], nil
	return b
}

func (o *outbox) wrote(n int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed {
		return
	}
	o.queued -= n
	o.written += n
	o.store.add(-n)
	o.progress = time.Now()
	if n > 0 {
		o.changed.Broadcast()
	}
}

func (o *outbox) giveBack(b []byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if cap(b) <= keepBuffer && !o.closed {
		o.spare = b
	}
}
