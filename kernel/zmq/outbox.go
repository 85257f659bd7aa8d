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
var errBudget = errors.New("the peer does not read: its queue is full")

// outbox queues what goes to one peer. zmq4 and the guard put whole messages
// in and never wait; the peer's writer goroutine (run) takes them out.
type outbox struct {
	budget int

	// mu guards the fields below.
	mu       sync.Mutex
	buf      []byte // not yet taken by the writer
	spare    []byte // the writer's last buffer, for reuse
	queued   int    // bytes not yet written, those that the writer has included
	held     bool   // the writer takes nothing until the welcome is there
	closed   bool
	progress time.Time // when the peer last took something, or had nothing to take
	changed  *sync.Cond
}

func newOutbox(budget int) *outbox {
	o := &outbox{budget: budget, progress: time.Now()}
	o.changed = sync.NewCond(&o.mu)
	return o
}

// put queues whole messages. A queue that is empty takes one of any length.
func (o *outbox) put(b []byte) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case o.closed:
		return io.ErrClosedPipe
	case o.queued > 0 && o.queued+len(b) > o.budget:
		return errBudget
	case o.queued == 0:
		o.progress = time.Now()
	}
	o.buf = append(o.buf, b...)
	o.queued += len(b)
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
	o.changed.Broadcast()
}

// close wakes everybody who waits; what is queued is lost.
func (o *outbox) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.closed, o.buf, o.spare, o.queued = true, nil, nil, 0
	o.changed.Broadcast()
}

// drain waits until at most rest bytes are queued or the box is closed. It gives
// up on a peer that has taken nothing for as long as patience: false.
func (o *outbox) drain(ctx context.Context, rest int, patience time.Duration) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	done := func() bool { return o.queued <= rest || o.closed }
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

// run writes to w until the box is closed or w fails; it is the body of the
// peer's writer goroutine.
func (o *outbox) run(w io.Writer) error {
	for {
		b := o.take()
		if b == nil {
			return nil
		}
		for rest := b; len(rest) > 0; {
			n, err := w.Write(rest[:min(len(rest), writeChunk)])
			rest = rest[n:]
			o.wrote(n)
			if err != nil {
				return err
			}
		}
		o.giveBack(b)
	}
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
	if n > 0 && !o.closed {
		o.queued -= n
		o.progress = time.Now()
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
