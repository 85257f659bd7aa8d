package cell

import (
	"context"
	"errors"
	"go/importer"
	"go/token"
	"go/types"
	"io"
	"log/slog"
	"slices"
	"sync"

	"gospark/cell/source"
	"gospark/cell/toolchain"
)

// Runtime runs the Go cells of one notebook. Its methods may be called from any
// goroutine; cells run one at a time. It starts a worker process at the first
// cell and again after the worker has died (see process for the goroutines).
type Runtime struct {
	opts Options
	log  *slog.Logger
	tc   *toolchain.Toolchain

	// turn holds one token: who has it may prepare, build, load and run.
	turn chan struct{}

	// The fields below are used by who has the turn.
	workspace *toolchain.Workspace // nil until prepared
	prelude   prelude
	worker    *process          // nil until started
	loaded    map[string]string // entries by source.Unit.Key
	symbols   map[string]toolchain.Symbol
	serial    int   // of the last cell that was loaded or tried
	numbers   []int // execution counts by serial
	closed    bool

	// mu guards the fields below. It is never held while waiting.
	mu       sync.Mutex
	notebook *source.Notebook // its own methods are safe for concurrent use
	dir      string
	env      []string
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
			CacheDir: o.CacheDir, Source: o.Source, Worker: o.Worker,
			Light: append([]string{"gospark/cell/rt"}, o.Light...),
		}),
		turn: make(chan struct{}, 1),
		dir:  o.Dir, env: o.Env,
	}
	r.forget()
	r.notebook = r.blank(unprepared, nil, nil)
	return r
}

// errUnprepared is the importer's answer while packages are not there yet.
var errUnprepared = errors.New("the Go toolchain is not ready yet")

// blank is a notebook without cells.
func (r *Runtime) blank(lookup func(string) (io.ReadCloser, error), std []string, doc func(path, symbol string) string) *source.Notebook {
	imp := &packages{imp: importer.ForCompiler(token.NewFileSet(), "gc", lookup)}
	return source.New(source.Options{Importer: imp, Std: std, Prelude: r.opts.Prelude, Doc: doc})
}

func unprepared(string) (io.ReadCloser, error) { return nil, errUnprepared }

// packages makes an importer safe for concurrent use: a completion may ask while
// a cell is compiled.
type packages struct {
	mu  sync.Mutex
	imp types.Importer // mu guards it
}

func (p *packages) Import(path string) (*types.Package, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.imp.Import(path)
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
	r.setNotebook(r.blank(w.Lookup, w.Std(), w.Doc))
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
}

// died ends what is left of the worker and forgets its state.
func (r *Runtime) died() *WorkerDied {
	p := r.worker
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
	r.reset()
	r.log.Warn("the cell worker died", "reason", gone.Reason)
	return gone
}

// reset ends the worker and begins with an empty notebook.
func (r *Runtime) reset() {
	if r.worker != nil {
		r.worker.close()
		r.worker = nil
	}
	r.forget()
	r.live().Reset()
	if r.workspace != nil {
		r.workspace.Reset()
	}
}

// Reset ends the worker: all variables, types and functions are gone.
func (r *Runtime) Reset(ctx context.Context) error {
	if err := r.take(ctx); err != nil {
		return err
	}
	defer r.give()
	r.reset()
	return nil
}

// Close ends the worker and everything that it started, and removes this
// runtime's files. A cell that runs should be interrupted before; Close ends it
// when ctx does.
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
