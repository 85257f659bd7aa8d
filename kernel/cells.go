package kernel

import (
	"context"
	"sync"
	"time"

	"gospark/kernel/wire"
)

// cells is the state of the one cell queue.
type cells struct {
	queue queue

	// mu guards the fields below.
	mu       sync.Mutex
	changed  *sync.Cond
	count    int       // execution count
	shown    int       // the number of the last cell that started
	order    uint64    // of the cell that came last
	arrived  time.Time // when it came
	aborted  uint64    // cells up to this one are not run
	left     int       // cells that came and are not yet answered
	running  *request  // the cell that runs, or nil
	stopCell context.CancelFunc
}

func (c *cells) init() {
	c.queue.init()
	c.changed = sync.NewCond(&c.mu)
}

// push queues a cell.
func (c *cells) push(t task) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.order++
	c.left++
	t.request.order, c.arrived = c.order, time.Now()
	c.queue.push(t)
}

// abort keeps every cell that has come so far from starting.
func (c *cells) abort() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.aborted = c.order
}

// interrupt ends the running cell and aborts those that wait.
func (c *cells) interrupt() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.aborted = c.order
	if c.stopCell != nil {
		c.stopCell()
	}
}

// begin makes r the running cell, unless it was aborted. end must follow.
func (c *cells) begin(ctx context.Context, r *request) (run context.Context, end func()) {
	ctx, cancel := context.WithCancel(ctx)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.running, c.stopCell = r, cancel
	if r.order <= c.aborted {
		cancel()
	}
	return ctx, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		cancel()
		c.running, c.stopCell = nil, nil
	}
}

// isAborted reports whether a cell must not start.
func (c *cells) isAborted(r *request) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return r.order <= c.aborted
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

// whileRunning calls f with the running cell, if there is one. The cell cannot
// end before f returns.
func (c *cells) whileRunning(f func(*request)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.running != nil {
		f(c.running)
	}
}

// number is that of the last cell that started.
func (c *cells) number() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.shown
}

// nextNumber is the number of a cell that starts; one that is not kept in
// history shows it and leaves it to the next.
func (c *cells) nextNumber(keep bool) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.shown = c.count + 1
	if keep {
		c.count = c.shown
	}
	return c.shown
}

// settleTime is how long a front end that sends several cells at once may take
// between two of them.
const settleTime = 10 * time.Millisecond

// settle waits until no cell has come for settleTime. A cell that fails sooner
// than the front end can send those behind it must abort these too. Nobody is
// hurt: nothing can answer the failure before it is told.
func (c *cells) settle(ctx context.Context) {
	for {
		c.mu.Lock()
		wait := time.Until(c.arrived.Add(settleTime))
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

// runCells is the goroutine that runs cells, one after the other.
func (k *kernel) runCells(ctx context.Context) error {
	for {
		t, ok := k.cells.queue.take(ctx)
		if !ok {
			return nil
		}
		h := t.handler
		if ctx.Err() != nil || k.cells.isAborted(t.request) {
			h = k.abortCell()
		}
		k.handle(ctx, t.request, h)
		k.cells.answered()
	}
}

// abortCell is the handler of cells that are not run.
func (k *kernel) abortCell() handler {
	return handler{lane: cell, run: func(context.Context, *request) (wire.Content, error) {
		n := k.cells.number()
		return wire.ErrorReply{
			Type: wire.ExecuteReply{}.MsgType(), Status: wire.Aborted, Name: "Aborted",
			Value: "the cell was not run", Traceback: []string{}, ExecutionCount: &n,
		}, nil
	}}
}
