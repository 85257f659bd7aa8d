package cell

import (
	"context"
	"errors"
	"fmt"
	"os"

	"gospark/cell/frame"
	"gospark/cell/source"
	"gospark/cell/toolchain"
)

// prelude is cell 0, built once and run at the start of each worker.
type prelude struct {
	unit   *source.Unit // nil for none
	plugin toolchain.Plugin
	vars   []source.Var
}

// preparePrelude compiles the prelude; its plugin is the same in all kernels and
// is found in the cache.
func (r *Runtime) preparePrelude(ctx context.Context, progress func(string)) error {
	if r.opts.Prelude.Source == "" {
		return nil
	}
	unit, err := r.live().Compile(r.opts.Prelude.Source, 0)
	if err != nil {
		return fmt.Errorf("the prelude: %w", err)
	}
	if err := r.workspace.Available(ctx, unit.Imports, progress); err != nil {
		return err
	}
	plugin, err := r.workspace.BuildShared(ctx, toolchain.Cell{Name: "cell0", Source: unit.Source})
	if err != nil {
		return fmt.Errorf("the prelude: %w", err)
	}
	r.live().Commit(unit)
	r.prelude = prelude{unit, plugin, r.live().Vars()}
	return nil
}

// process is the running worker; one is started where there is none.
func (r *Runtime) process(ctx context.Context, out Output) (*process, error) {
	if r.worker != nil {
		return r.worker, nil
	}
	r.mu.Lock()
	dir, env := r.dir, r.env
	r.mu.Unlock()
	p, err := start(ctx, command{
		worker: r.workspace.Worker(), dir: dir, env: append(os.Environ(), env...),
		calls: r.opts.Calls, name: func(s string) string { return r.live().Original(s) },
	})
	if err != nil {
		return nil, err
	}
	r.worker = p
	err = r.begin(ctx, out)
	if err != nil && !errors.Is(err, errEnded) {
		r.worker = nil
		p.close()
	}
	return p, err
}

// begin runs the prelude in a new worker.
func (r *Runtime) begin(ctx context.Context, out Output) error {
	unit := r.prelude.unit
	if unit == nil {
		return nil
	}
	symbols, err := toolchain.Symbols(r.prelude.plugin.Path)
	if err != nil {
		return err
	}
	if err := r.bring(ctx, unit.Imports, func(step string) { out.Stderr(step + "\n") }); err != nil {
		return err
	}
	if _, err := r.worker.ask(frame.Load{Path: r.prelude.plugin.Path, Entry: unit.Entry}); err != nil {
		return fmt.Errorf("load the prelude: %w", err)
	}
	r.symbols = symbols
	if err := r.execute(ctx, unit.Entry, Request{ID: "prelude"}, out, &Result{}); err != nil {
		return fmt.Errorf("the prelude: %w", err)
	}
	return nil
}

// Chdir changes the working folder of the cells.
func (r *Runtime) Chdir(ctx context.Context, dir string) error {
	return r.setup(ctx, frame.Setup{Dir: dir}, func() { r.dir = dir })
}

// Setenv changes the environment of the cells.
func (r *Runtime) Setenv(ctx context.Context, name, value string) error {
	return r.setup(ctx, frame.Setup{Env: map[string]string{name: value}}, func() {
		r.env = append(r.env[:len(r.env):len(r.env)], name+"="+value)
	})
}

// setup tells the worker, where there is one, and remembers for the next one.
func (r *Runtime) setup(ctx context.Context, m frame.Setup, remember func()) error {
	if err := r.take(ctx); err != nil {
		return err
	}
	defer r.give()
	if r.worker != nil {
		if _, err := r.worker.ask(m); errors.Is(err, errEnded) {
			return r.died()
		} else if err != nil {
			return err
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	remember()
	return nil
}

// GoVersion is the version of the Go that builds the cells, such as "go1.26.8".
func (r *Runtime) GoVersion(ctx context.Context) (string, error) {
	if err := r.take(ctx); err != nil {
		return "", err
	}
	defer r.give()
	if err := r.prepare(ctx, func(string) {}); err != nil {
		return "", err
	}
	return r.workspace.GoVersion(), nil
}
