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
	progress time.Time     // when the peer last took something, or had nothing to take
	changed  chan struct{} // closed at the next change; nil when nobody waits
}

func newOutbox(budget int) *outbox {
	return &outbox{budget: budget, progress: time.Now()}
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
	o.notify()
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
	o.buf = append(append([]byte(nil), first...), o.buf...)
	o.queued += len(first)
	o.notify()
}

// close wakes everybody who waits; what is queued is lost.
func (o *outbox) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.closed, o.buf, o.spare, o.queued = true, nil, nil, 0
	o.notify()
}

// notify tells those who wait; o.mu is held.
func (o *outbox) notify() {
	if o.changed != nil {
		close(o.changed)
		o.changed = nil
	}
}

// await returns when ok, which is asked under o.mu, holds; with ctx's error
// otherwise.
func (o *outbox) await(ctx context.Context, ok func() bool) error {
	for {
		o.mu.Lock()
		if ok() {
			o.mu.Unlock()
			return nil
		}
		if o.changed == nil {
			o.changed = make(chan struct{})
		}
		changed := o.changed
		o.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// drain waits until at most rest bytes are queued or the box is closed. It gives
// up on a peer that has taken nothing for as long as patience: false.
func (o *outbox) drain(ctx context.Context, rest int, patience time.Duration) bool {
	for {
		o.mu.Lock()
		ok, since := o.queued <= rest || o.closed, o.progress
		o.mu.Unlock()
		left := time.Until(since.Add(patience))
		if ok || left <= 0 || ctx.Err() != nil {
			return ok
		}
		wait, cancel := context.WithTimeout(ctx, left)
		_ = o.await(wait, func() bool { return o.queued <= rest || o.closed })
		cancel()
	}
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
func (o *outbox) take() (b []byte) {
	_ = o.await(context.Background(), func() bool {
		if o.closed {
			return true
		}
		if o.held || len(o.buf) == 0 {
			return false
		}
		b, o.buf, o.spare = o.buf, o.spare[:0], nil
		return true
	})
	return b
}

func (o *outbox) wrote(n int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if n > 0 && !o.closed {
		o.queued -= n
		o.progress = time.Now()
		o.notify()
	}
}

func (o *outbox) giveBack(b []byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if cap(b) <= keepBuffer && !o.closed {
		o.spare = b
	}
}
