package cell

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"

	"gospark/cell/source"
	"gospark/cell/toolchain"
)

// Runtime runs the Go cells of one notebook. Its methods may be called from any
// goroutine. It starts a worker process at the first cell and again after the
// worker has died (see process for the goroutines).
type Runtime struct {
	opts Options
	log  *slog.Logger
	tc   *toolchain.Toolchain

	// turn holds one token: who has it may prepare, build and load, and begin or
	// end a worker.
	turn chan struct{}

	// The fields below are used by who has the turn.
	workspace *toolchain.Workspace // nil until prepared
	packages  *packages            // that notebook reads
	prelude   prelude
	worker    *process          // nil until started
	loaded    map[string]string // entries by source.Unit.Key
	symbols   map[string]toolchain.Symbol
	serial    int             // of the last cell that was loaded or tried
	numbers   []int           // execution counts by serial
	told      map[string]bool // packages that were said to have changed
	closed    bool

	auto atomic.Bool // whether imports get unknown modules

	// mu guards the fields below. It is never held while waiting.
	mu       sync.Mutex
	notebook *source.Notebook // its own methods are safe for concurrent use
	dir      string
	env      []string
	shared   *process // worker, for who has not the turn
}

// New makes a Runtime; nothing runs and no file is written before Prepare.
func New(o Options) *Runtime {
	log := o.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	r := &Runtime{
		opts: o, log: log,
		tc: toolchain.New(toolchain.Options{
			CacheDir: o.CacheDir, Source: o.Source, Worker: o.Worker, Prefixes: o.Prefixes,
			Light: append([]string{"gospark/cell/rt", source.MeasurePath}, o.Light...),
		}),
		turn: make(chan struct{}, 1),
		dir:  o.Dir, env: o.Env,
	}
	r.auto.Store(o.AutoGet)
	r.forget()
	r.notebook = r.blank(source.Options{Importer: newPackages(unprepared)})
	return r
}

// errUnprepared is the importer's answer while packages are not there yet.
var errUnprepared = errors.New("the Go toolchain is not ready yet")

// blank is a notebook without cells.
func (r *Runtime) blank(o source.Options) *source.Notebook {
	o.Prelude = r.opts.Prelude
	return source.New(o)
}

func unprepared(string) (io.ReadCloser, error) { return nil, errUnprepared }

// empty begins with an empty notebook, whose packages are read anew.
func (r *Runtime) empty() {
	w := r.workspace
	r.packages = newPackages(w.Lookup)
	r.setNotebook(r.blank(source.Options{Importer: r.packages, Std: w.Std(), Packages: w.Packages, Doc: w.Doc}))
}

// take waits for the turn.
func (r *Runtime) take(ctx context.Context) error {
	select {
	case r.turn <- struct{}{}:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	if r.closed {
		<-r.turn
		return errors.New("the cells are closed")
	}
	return nil
}

func (r *Runtime) give() { <-r.turn }

// Prepare gets ready what cells need: Go and a linker are found, the worker and
// the packages for cells are built, or found in the cache. progress is told of
// what takes long. It may be called again and is quick then.
func (r *Runtime) Prepare(ctx context.Context, progress func(step string)) error {
	if err := r.take(ctx); err != nil {
		return err
	}
	defer r.give()
	return r.prepare(ctx, progress)
}

func (r *Runtime) prepare(ctx context.Context, progress func(string)) error {
	if r.workspace != nil {
		return nil
	}
	if err := r.tc.Prepare(ctx, progress); err != nil {
		return err
	}
	w, err := r.tc.Open()
	if err != nil {
		return err
	}
	r.workspace = w
	r.empty()
	return r.preparePrelude(ctx, progress)
}

func (r *Runtime) setNotebook(n *source.Notebook) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.notebook = n
}

func (r *Runtime) live() *source.Notebook {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.notebook
}

// forget drops all that the worker held.
func (r *Runtime) forget() {
	r.loaded = map[string]string{}
	r.symbols = map[string]toolchain.Symbol{}
	r.told = map[string]bool{}
}

// use makes p the worker; nil for none.
func (r *Runtime) use(p *process) {
	r.worker = p
	r.mu.Lock()
	defer r.mu.Unlock()
	r.shared = p
}

// ended says why a worker is no more to a cell that ran in it, and forgets its
// state, unless another cell has done that.
func (r *Runtime) ended(ctx context.Context, p *process) error {
	if p.runs.stopping() {
		return ErrStopped
	}
	gone := r.died(p)
	if err := r.take(ctx); err != nil {
		return gone // the next cell forgets
	}
	defer r.give()
	if r.worker == p {
		r.reset()
	}
	return gone
}

// died ends what is left of a worker and says what is lost: the same to all its
// cells, and before the state is forgotten.
func (r *Runtime) died(p *process) *WorkerDied {
	p.obituary.Do(func() {
		p.close()
		gone := &WorkerDied{}
		gone.Reason, gone.Frames = p.reason()
		for i, f := range gone.Frames {
			gone.Frames[i].Func = r.live().Original(f.Func)
		}
		for _, v := range r.live().Vars() {
			if !slices.Contains(r.prelude.vars, v) {
				gone.Lost = append(gone.Lost, v.Name)
			}
		}
		p.death = gone
		r.log.Warn("the cell worker died", "reason", gone.Reason)
	})
	return p.death
}

// reset ends the worker and begins with an empty notebook.
func (r *Runtime) reset() {
	if r.worker != nil {
		r.worker.close()
		r.use(nil)
	}
	r.forget()
	r.live().Reset()
	if r.workspace != nil {
		r.workspace.Reset()
	}
}

// Reset ends the worker: all variables, types and functions are gone. Cells that
// run are interrupted and end with ErrStopped; the end of ctx kills them.
func (r *Runtime) Reset(ctx context.Context) error {
	if err := r.take(ctx); err != nil {
		return err
	}
	defer r.give()
	r.stop(ctx)
	r.reset()
	return nil
}

// stop interrupts the cells that run and waits for them, until ctx ends.
func (r *Runtime) stop(ctx context.Context) {
	if r.worker == nil {
		return
	}
	select {
	case <-r.worker.runs.stop():
	case <-ctx.Done():
	}
}

// Close ends the worker and everything that it started, and removes this
// runtime's files. Cells that run are interrupted and end with ErrStopped; the end
// of ctx kills them.
func (r *Runtime) Close(ctx context.Context) error {
	select {
	case r.turn <- struct{}{}:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	defer r.give()
	if r.closed {
		return nil
	}
	r.closed = true
	r.stop(ctx)
	if r.worker != nil {
		r.worker.close()
	}
	if r.workspace != nil {
		return r.workspace.Close()
	}
	return nil
}

// Complete lists what could replace code[start:end]; cursor is a byte offset.
// It may be called while a cell runs.
func (r *Runtime) Complete(code string, cursor int) (c []source.Candidate, start, end int) {
	return r.live().Complete(code, cursor)
}

// Inspect describes what stands at cursor; detail 1 adds the source.
func (r *Runtime) Inspect(code string, cursor, detail int) (source.Doc, bool) {
	return r.live().Inspect(code, cursor, detail)
}

// IsComplete says whether code is "complete", "incomplete" (and how the next
// line is indented) or "invalid".
func (r *Runtime) IsComplete(code string) (status, indent string) {
	return r.live().IsComplete(code)
}

// Vars lists the live variables.
func (r *Runtime) Vars() []source.Var { return r.live().Vars() }
