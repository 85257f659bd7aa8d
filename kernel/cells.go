package kernel

import (
	"context"
	"sync"
	"time"

	"gospark/kernel/wire"
)

// cells is what all subshells share: the execution count, and the lock that
// orders what is said about running cells.
type cells struct {
	// mu guards the fields below, and those of every subshell that say so.
	mu      sync.Mutex
	changed *sync.Cond
	count   int         // execution count
	left    int         // cells that came and are not yet answered
	open    []*subshell // in the order of their creation, the parent subshell first
}

func (c *cells) init() { c.changed = sync.NewCond(&c.mu) }

// push queues a cell in the subshell that its header names.
func (c *cells) push(t task) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	s, err := c.find(t.request.Header.SubshellID)
	if err != nil {
		return err
	}
	s.order++
	c.left++
	t.request.shell, t.request.order, s.arrived = s, s.order, time.Now()
	s.queue.push(t)
	return nil
}

// abort keeps every cell that has come to a subshell so far from starting.
func (c *cells) abort(s *subshell) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s.aborted = s.order
}

// interrupt ends the running cells and aborts those that wait, in all subshells:
// an interrupt is the kernel's (JEP 91).
func (c *cells) interrupt() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range c.open {
		s.aborted = s.order
		if s.stopCell != nil {
			s.stopCell()
		}
	}
}

// begin makes r the running cell of its subshell, unless it was aborted. end
// must follow.
func (c *cells) begin(ctx context.Context, r *request) (run context.Context, end func()) {
	ctx, cancel := context.WithCancel(ctx)
	c.mu.Lock()
	defer c.mu.Unlock()
	r.shell.running, r.shell.stopCell = r, cancel
	if r.order <= r.shell.aborted {
		cancel()
	}
	return ctx, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		cancel()
		r.shell.running, r.shell.stopCell = nil, nil
	}
}

// isAborted reports whether a cell must not start.
func (c *cells) isAborted(r *request) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return r.order <= r.shell.aborted
}

// answered notes that one more cell has had its idle.
func (c *cells) answered() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.left--
	c.changed.Broadcast()
}

// settled waits until every cell is answered or ctx ends.
func (c *cells) settled(ctx context.Context) {
	wake := context.AfterFunc(ctx, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.changed.Broadcast()
	})
	defer wake()
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.left > 0 && ctx.Err() == nil {
		c.changed.Wait()
	}
}

// whileRunning calls f with a running cell, if there is one: that of the oldest
// subshell. The cell cannot end before f returns.
func (c *cells) whileRunning(f func(*request)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range c.open {
		if s.running != nil {
			f(s.running)
			return
		}
	}
}

// number is the execution count: that of the last cell that is kept in history.
func (c *cells) number() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.count
}

// nextNumber is what a cell that starts shows, and what its reply says. One that
// is not kept in history shows the next number and leaves it to the next cell;
// its reply has the count as it is (specification: "Execution counter").
func (c *cells) nextNumber(keep bool) (shown, replied int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if keep {
		c.count++
		return c.count, c.count
	}
	return c.count + 1, c.count
}

// settleTime is how long a front end that sends several cells at once may take
// between two of them.
const settleTime = 10 * time.Millisecond

// settle waits until no cell has come to a subshell for settleTime. A cell that
// fails sooner than the front end can send those behind it must abort these too.
// Nobody is hurt: nothing can answer the failure before it is told.
func (c *cells) settle(ctx context.Context, s *subshell) {
	for {
		c.mu.Lock()
		wait := time.Until(s.arrived.Add(settleTime))
		c.mu.Unlock()
		if wait <= 0 {
			return
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return
		}
	}
}

// runCells is the goroutine of a subshell: it runs cells, one after the other.
func (k *kernel) runCells(ctx context.Context, s *subshell) error {
	defer close(s.done)
	for {
		t, ok := s.queue.take(ctx)
		if !ok {
			return nil
		}
		h := t.handler
		if ctx.Err() != nil || k.cells.isAborted(t.request) {
			h.run = abortCell
		}
		k.handle(ctx, t.request, h)
		k.cells.answered()
	}
}

// abortCell answers cells that are not run.
func abortCell(context.Context, *request) (wire.Content, error) {
	return wire.AbortedReply{Type: wire.ExecuteReply{}.MsgType(), Status: wire.Aborted}, nil
}
