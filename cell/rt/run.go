package rt

import (
	"context"
	"errors"
	"io"
	"runtime"
	"sync"
	"sync/atomic"

	"gospark/cell/look"
)

// This file holds what only the worker calls.

// Stopped is what a goroutine panics with whose cell was interrupted.
var Stopped = errors.New("the cell was interrupted")

var (
	foreground atomic.Pointer[Run]
	runs       labelled
	former     kept
)

// Info describes a run to come.
type Info struct {
	// ID and Number name the cell; rt only keeps them.
	ID     uint64
	Number int
	// Background keeps the run from becoming the foreground run.
	Background bool
	// Label gives the calling goroutine a profiler label that no other run has
	// (pprof.SetGoroutineLabels with a fresh context); the goroutines that the
	// cell starts inherit it. Without it every goroutine counts as the
	// foreground run's.
	Label func()
	// Panic is told of a panic in a goroutine of the cell other than its first.
	// It is called on that goroutine, also after the cell returned.
	Panic func(Outcome)
	// Gone is told when no goroutine carries the run's label any more and
	// nothing can start one. That is found out by the collector, so it may come
	// late; it must not block.
	Gone func()
	// Write and Read are the run's standard streams, for what the source of
	// cells prints and reads. They are used by several goroutines at once.
	Write func(s Stream, p []byte) (int, error)
	Read  func(p []byte) (int, error)
	// Replaced is what user code has put in the place of the process's own
	// stream ("os.Stdout = f"); nil, the function or its answer, for nothing.
	Replaced func(s Stream) io.ReadWriter
}

// Run is one execution of a cell. Its goroutines: the one that Call starts, and
// those that the cell's code starts; Stop asks all of them to end, and nobody
// waits for those that do not.
type Run struct {
	info   Info
	ctx    context.Context
	cancel context.CancelCauseFunc

	std       [3]runStream
	label     atomic.Uintptr // of its goroutines, 0 when none carries it
	stopped   atomic.Bool
	done      chan Outcome  // the first goroutine's end; buffered
	exited    chan struct{} // closed by exit
	abandoned chan struct{} // closed by Abandon

	// mu guards the fields below.
	mu        sync.Mutex
	live      int  // goroutines
	counted   bool // by package look, as long as it is being stopped and has goroutines
	hasExited bool
	gaveUp    bool
	code      int
	vals      []any
	err       error
	keeps     bool // the value is for later cells
}

// How says how a cell ended.
type How int

// The ends of a cell.
const (
	Returned    How = iota
	Panicked        // Value and Frames are set
	Exited          // os.Exit or log.Fatal; Code is set
	Interrupted     // stopped by Stop
	Abandoned       // Abandon was called; the cell's goroutine may still be running
)

// Outcome is the end of a cell or of one of its goroutines.
type Outcome struct {
	How    How
	Value  any
	Frames []Frame // innermost first, the runtime's own included
	Code   int
}

// Frame is one call of a panic's trace. File and Line are as the generated
// code's line directives say ("cell[7]" at the end of File).
type Frame struct {
	Func string
	File string
	Line int
}

// Begin makes a run, and unless info says otherwise the foreground run. ctx is
// the parent of the cell's context.
func Begin(ctx context.Context, info Info) *Run {
	ctx, cancel := context.WithCancelCause(ctx)
	r := &Run{
		info: info, ctx: ctx, cancel: cancel,
		done: make(chan Outcome, 1), exited: make(chan struct{}), abandoned: make(chan struct{}),
	}
	for s := range r.std {
		r.std[s] = runStream{r, Stream(s)}
	}
	if !info.Background {
		runs.mu.Lock()
		defer runs.mu.Unlock()
		foreground.Store(r)
		look.Rest(false)
	}
	return r
}

// Info is what the run began with.
func (r *Run) Info() Info { return r.info }

// Context is the cell's context.
func (r *Run) Context() context.Context { return r.ctx }

// Call runs f, a cell's entry, on a goroutine of its own and waits until it
// ends, exits or is abandoned. It is called once.
func (r *Run) Call(f func()) Outcome {
	go r.first(f)
	select {
	case o := <-r.done:
		return o
	case <-r.exited:
		return Outcome{How: Exited, Code: r.code}
	case <-r.abandoned:
		return Outcome{How: Abandoned}
	}
}

func (r *Run) first(f func()) {
	if r.info.Label != nil {
		r.info.Label()
		runs.add(look.Label(), r)
	}
	r.enter()
	out := Outcome{}
	defer func() {
		if v := Recovered(recover()); v != nil {
			out = panicked(v)
		}
		if r.stopped.Load() && (out.How == Returned || out.Value == Stopped) {
			out = Outcome{How: Interrupted}
		}
		r.mu.Lock()
		if r.hasExited {
			out = Outcome{How: Exited, Code: r.code}
		}
		r.mu.Unlock()
		r.leave()
		r.done <- out
	}()
	f()
}

// Values are the values of the cell's last expressions, and its error when the
// last of them is a non-nil error. The run keeps them no longer.
func (r *Run) Values() (vals []any, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	vals, err = r.vals, r.err
	r.vals, r.err = nil, nil
	return vals, err
}

// Stop interrupts the run: its context ends and its goroutines panic with
// [Stopped] at their next [Look].
func (r *Run) Stop() {
	r.mu.Lock()
	r.stopped.Store(true)
	if r.live > 0 {
		r.halt()
	}
	r.mu.Unlock()
	r.cancel(Stopped)
}

// halt makes the run's goroutines stop at their next look. mu is held.
func (r *Run) halt() {
	if r.counted {
		return
	}
	r.counted = true
	if l := r.label.Load(); l != 0 {
		look.Stop(l)
	}
	runs.mu.Lock()
	if foreground.Load() == r {
		look.Rest(true)
	}
	runs.mu.Unlock()
	look.Close()
}

// Abandon makes Call return although the cell's goroutine goes on.
func (r *Run) Abandon() {
	r.Stop()
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.gaveUp {
		r.gaveUp = true
		close(r.abandoned)
	}
}

// Live is the number of the run's goroutines that have not ended.
func (r *Run) Live() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.live
}

func (r *Run) exit(code int) {
	r.mu.Lock()
	if !r.hasExited {
		r.hasExited, r.code = true, code
		close(r.exited)
	}
	r.mu.Unlock()
	r.Stop()
}

func (r *Run) result(vals []any, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.vals, r.err = vals, err
	if r.keeps && len(vals) == 1 {
		former.keep(r.info.Number, vals[0])
	}
}

// enter brings a retired run back: a goroutine may first run after the cell's
// other goroutines have gone.
func (r *Run) enter() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.live++; r.live > 1 {
		return
	}
	if r.stopped.Load() {
		r.halt()
	}
}

// leave retires the run with its last goroutine, so that the loops of other
// cells take the short way again.
func (r *Run) leave() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.live--; r.live > 0 {
		return
	}
	if r.counted {
		r.counted = false
		look.Open()
	}
}

func panicked(v any) Outcome {
	pcs := make([]uintptr, 128)
	pcs = pcs[:runtime.Callers(3, pcs)]
	out := Outcome{How: Panicked, Value: v}
	frames := runtime.CallersFrames(pcs)
	for {
		f, more := frames.Next()
		if f.Function != "" {
			out.Frames = append(out.Frames, Frame{f.Function, f.File, f.Line})
		}
		if !more {
			return out
		}
	}
}
