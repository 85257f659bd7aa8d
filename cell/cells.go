package cell

import (
	"context"
	"errors"
	"sync"
	"time"

	"gospark/cell/frame"
)

// runs are the cells that a worker runs, and those of which something may be
// left that writes.
type runs struct {
	// mu guards the fields below.
	mu     sync.Mutex
	last   frame.RunID
	known  map[frame.RunID]*cellRun
	front  *cellRun // the foreground cell that runs, else the last one
	active int      // calls of hold without a release
	ending bool     // no cell shall go on
	end    chan struct{}
	idle   chan struct{} // closed when ending is set and none is active
}

// cellRun is one execution of a cell in the worker.
type cellRun struct {
	id   frame.RunID
	cell string // the request's id
	out  Output
	ctx  context.Context // of its questions: it ends with the cell
	done chan frame.Done // its end; has room for it

	// The fields below are guarded by runs.mu.
	over bool // done was told
	late bool // all that it wrote to the process's own streams was handed on
}

func (r *runs) init() {
	r.known = map[frame.RunID]*cellRun{}
	r.end, r.idle = make(chan struct{}), make(chan struct{})
}

// begin notes a cell that is about to run. It is the foreground cell unless it is
// meant for the background, or another one runs there.
func (r *runs) begin(ctx context.Context, m *frame.Run, out Output) *cellRun {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.last++
	m.ID = r.last
	run := &cellRun{id: m.ID, cell: m.Cell, out: out, ctx: ctx, done: make(chan frame.Done, 1)}
	r.known[m.ID] = run
	m.Background = m.Background || r.front != nil && !r.front.over
	if !m.Background {
		r.front = run
	}
	run.late = m.Background
	return run
}

// find is the run of that id; of an unknown one, where libraries print.
func (r *runs) find(id frame.RunID) *cellRun {
	r.mu.Lock()
	defer r.mu.Unlock()
	if run := r.known[id]; run != nil {
		return run
	}
	return r.front
}

// owner is the run whose output is what the worker's own streams bring, nil before
// the first one.
func (r *runs) owner() *cellRun {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.front
}

// settle reports whether the caller, who is about to hand on something of the run
// that did not come through the process's own streams, must drain these first.
func (r *runs) settle(run *cellRun) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	was := run.late
	run.late = true
	return !was
}

// finish tells how a run ended, and forgets those of which nothing is left.
func (r *runs) finish(d frame.Done) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if run := r.known[d.Run]; run != nil && !run.over {
		run.over = true
		run.done <- d
	}
	for _, id := range d.Gone {
		delete(r.known, id)
	}
}

// hold keeps the worker until release, unless it is to end: then the cell does
// not run.
func (r *runs) hold() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.active++
}

func (r *runs) release() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.active--
	r.rest()
}

// stop interrupts all cells; idle is closed when none is left.
func (r *runs) stop() (idle <-chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.ending {
		r.ending = true
		close(r.end)
		r.rest()
	}
	return r.idle
}

// rest closes idle when it is time; mu is held.
func (r *runs) rest() {
	if r.ending && r.active == 0 {
		close(r.idle)
	}
}

// stopping reports whether stop was called.
func (r *runs) stopping() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.ending
}

// stuckAfter is how long an interrupted worker may stay silent: it gives up a
// cell itself long before, unless its own goroutines no longer run.
const stuckAfter = 10 * time.Second

// ErrStopped is the end of a cell that ran while the worker was reset or closed.
var ErrStopped = errors.New("the Go process was ended while the cell ran")

// run runs a loaded cell to its end. A cancelled ctx interrupts it, as do the end
// and the reset of the worker.
func (p *process) run(ctx context.Context, m frame.Run, out Output) (frame.Done, error) {
	// What the cell asks ends with it, and in an interrupt not before the worker knows:
	// else the answer that there is none could let the cell go on.
	asking, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	p.drain() // what an earlier cell's goroutines wrote belongs to it
	r := p.runs.begin(asking, &m, out)
	if err := p.conn.Send(m); err != nil {
		<-p.done
		return frame.Done{}, errEnded
	}
	select {
	case done := <-r.done:
		return done, nil
	case <-p.ended:
	case <-ctx.Done():
		return p.interrupt(r, stop)
	case <-p.runs.end:
		return p.interrupt(r, stop)
	}
	<-p.done
	return r.lastWord()
}

// interrupt stops a running cell and what it asks, and waits for its end.
func (p *process) interrupt(r *cellRun, stop context.CancelFunc) (frame.Done, error) {
	err := p.conn.Send(frame.Interrupt{Run: r.id})
	stop()
	if err == nil {
		stuck := time.NewTimer(stuckAfter)
		defer stuck.Stop()
		select {
		case done := <-r.done:
			return done, nil
		case <-p.ended:
		case <-stuck.C:
			p.kill()
		}
	}
	<-p.done
	return r.lastWord()
}

// lastWord is the end that a worker may have told before its own.
func (r *cellRun) lastWord() (frame.Done, error) {
	select {
	case done := <-r.done:
		return done, nil
	default:
		return frame.Done{}, errEnded
	}
}
