package cell

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

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
	unit, err := r.live().Compile(source.Cell{Code: r.opts.Prelude.Source})
	if err != nil {
		return fmt.Errorf("the prelude: %w", err)
	}
	if err := r.available(ctx, unit.Imports, false, progress); err != nil {
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
	r.use(p)
	err = r.begin(ctx, out)
	if err != nil && !errors.Is(err, errEnded) {
		r.use(nil)
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
	if err := r.execute(ctx, r.worker, unit.Entry, Request{ID: "prelude"}, out, &Result{}); err != nil {
		return fmt.Errorf("the prelude: %w", err)
	}
	return nil
}

// Chdir changes the working folder of the cells.
func (r *Runtime) Chdir(ctx context.Context, dir string) error {
	return r.setup(ctx, func(p *process) error {
		_, err := p.ask(frame.Chdir{Dir: dir})
		return err
	}, func() { r.dir = dir })
}

// Setenv changes the environment of the cells, as the caller has changed its own
// already. It does not wait for the worker.
func (r *Runtime) Setenv(ctx context.Context, name, value string) error {
	return r.setup(ctx, func(p *process) error {
		if p.conn.Send(frame.Setenv{Name: name, Value: value}) != nil {
			return errEnded
		}
		return nil
	}, func() {
		former := func(pair string) bool { return strings.HasPrefix(pair, name+"=") }
		r.env = slices.Concat(slices.DeleteFunc(slices.Clone(r.env), former), []string{name + "=" + value})
	})
}

// setup tells the worker, where there is one, and remembers for the next one.
func (r *Runtime) setup(ctx context.Context, tell func(*process) error, remember func()) error {
	if err := r.take(ctx); err != nil {
		return err
	}
	defer r.give()
	if p := r.worker; p != nil {
		if err := tell(p); errors.Is(err, errEnded) {
			gone := r.died(p)
			r.reset()
			return gone
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
// It builds nothing. The error is a *MissingTool also where the linker lacks.
func (r *Runtime) GoVersion(ctx context.Context) (string, error) { return r.tc.GoVersion(ctx) }
