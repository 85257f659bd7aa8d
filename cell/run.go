package cell

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/sync/errgroup"

	"gospark/cell/frame"
	"gospark/cell/source"
	"gospark/cell/toolchain"
)

// Run runs one cell. The worker is started, and made, where that has not
// happened yet. A cancelled ctx interrupts the cell; what it did so far is kept,
// and the error is the context's.
//
// Several cells may run at once. They are compiled and loaded one after the other,
// also while others run. What a cell declares is live for later ones from then on,
// before its first statement has run.
//
// Errors: *source.CompileError (nothing has changed), *PanicError, *ExitError,
// *CellError, *WorkerDied, *MissingTool, ErrStopped, and what the toolchain says.
func (r *Runtime) Run(ctx context.Context, req Request, out Output) (Result, error) {
	var result Result
	p, entry, unit, err := r.ready(ctx, req, out, &result)
	if err == nil {
		if err = r.execute(ctx, p, entry, req, out, &result); err != nil {
			r.live().Failed(unit, failedAt(err, req.Number))
		}
		p.runs.release()
	}
	if errors.Is(err, errEnded) {
		err = r.ended(ctx, p)
	}
	return result, err
}

// ready compiles and loads a cell. Where there is no error the worker is held.
func (r *Runtime) ready(ctx context.Context, req Request, out Output, result *Result) (p *process, entry string, unit *source.Unit, err error) {
	if err := r.take(ctx); err != nil {
		return nil, "", nil, err
	}
	defer r.give()
	progress := func(step string) { out.Stderr(step + "\n") }
	if err := r.prepare(ctx, progress); err != nil {
		return nil, "", nil, err
	}
	if r.worker != nil && !r.worker.alive() {
		return r.worker, "", nil, errEnded
	}
	if err := r.provide(ctx, req, out); err != nil {
		return nil, "", nil, err
	}
	if unit, err = r.compile(req); err != nil {
		return nil, "", nil, err
	}
	entry, err = r.load(ctx, unit, result, out)
	if err == nil {
		r.notices(unit, result)
		r.worker.runs.hold()
	}
	return r.worker, entry, unit, err
}

// mentioned are the packages that the calls of the prelude's methods mean.
func (r *Runtime) mentioned(code string) []string {
	var paths []string
	for method, target := range r.opts.Prelude.Methods {
		call := method[strings.LastIndex(method, "."):] + "("
		if strings.Contains(code, call) {
			paths = append(paths, target[:strings.LastIndex(target, ".")])
		}
	}
	return paths
}

// compile turns the cell into a unit whose number is its serial: execution
// counts may repeat, symbols must not.
func (r *Runtime) compile(req Request) (*source.Unit, error) {
	serial := r.serial + 1
	r.numbers = append(r.numbers[:r.serial], req.Number)
	in := source.Cell{Code: req.Code, Number: serial, Shown: req.Number, Place: req.Place, Run: req.ID}
	if req.Aside {
		in.Shown = 0
	}
	unit, err := r.live().Compile(in)
	var failed *source.CompileError
	if errors.As(err, &failed) {
		failed.Number = req.Number
		for i, d := range failed.Diagnostics {
			failed.Diagnostics[i].Msg = r.label(d.Msg)
		}
	}
	return unit, err
}

// place is how generated source names a cell.
var place = regexp.MustCompile(`\bcell\[(\d+)\]`)

// label replaces serials by execution counts.
func (r *Runtime) label(s string) string {
	return place.ReplaceAllStringFunc(s, func(name string) string {
		serial, err := strconv.Atoi(name[len("cell[") : len(name)-1])
		if err != nil || serial < 1 || serial > len(r.numbers) {
			return name
		}
		return fmt.Sprintf("cell[%d]", r.numbers[serial-1])
	})
}

// load brings the unit into the worker, unless the same one is there already.
// The worker starts while the cell is built. The state changes only when the
// unit is loaded.
func (r *Runtime) load(ctx context.Context, unit *source.Unit, result *Result, out Output) (entry string, err error) {
	if entry, ok := r.loaded[unit.Key]; ok && r.worker != nil {
		result.Reused = true
		r.live().Commit(unit)
		return entry, nil
	}
	var plugin toolchain.Plugin
	progress := func(step string) { out.Stderr(step + "\n") }
	group, building := errgroup.WithContext(ctx)
	group.Go(func() error {
		_, err := r.process(building, out)
		return err
	})
	group.Go(func() (err error) {
		plugin, err = r.build(building, unit, progress)
		return err
	})
	if err := group.Wait(); err != nil {
		return "", err
	}
	return r.open(ctx, unit, plugin, result, progress)
}

// build makes the unit's plugin.
func (r *Runtime) build(ctx context.Context, unit *source.Unit, progress func(string)) (toolchain.Plugin, error) {
	if err := r.available(ctx, unit.Imports, false, progress); err != nil {
		return toolchain.Plugin{}, err
	}
	plugin, err := r.workspace.Build(ctx, toolchain.Cell{
		Name:    "cell" + strconv.Itoa(unit.Number),
		Source:  []byte(r.label(string(unit.Source))),
		Imports: unit.Imports,
	})
	var failed *toolchain.CompileError
	if errors.As(err, &failed) {
		for i, line := range failed.Lines {
			failed.Lines[i] = r.live().Original(line)
		}
	}
	return plugin, err
}

// open loads a plugin and, before it, the packages that it needs.
func (r *Runtime) open(ctx context.Context, unit *source.Unit, plugin toolchain.Plugin, result *Result, progress func(string)) (entry string, err error) {
	defer plugin.Remove()
	symbols, err := r.guard(plugin.Path)
	if err != nil {
		return "", err
	}
	if err := r.bring(ctx, unit.Imports, progress); err != nil {
		return "", err
	}
	r.log.Debug("cell built", "number", unit.Number, "compile", plugin.Compile, "link", plugin.Link, "whole", plugin.Whole)
	r.serial = unit.Number // taken, also if loading fails half-way
	took, err := r.worker.ask(frame.Load{Path: plugin.Path, Entry: unit.Entry})
	if err != nil {
		return "", fmt.Errorf("load the cell: %w", err)
	}
	for name, symbol := range symbols {
		r.symbols[name] = symbol
	}
	result.Compile, result.Link, result.Load = plugin.Compile, plugin.Link, took
	r.loaded[unit.Key] = unit.Entry
	r.live().Commit(unit)
	return unit.Entry, nil
}

// guard compares what the plugin exports with what is loaded.
func (r *Runtime) guard(path string) (map[string]toolchain.Symbol, error) {
	symbols, err := toolchain.Symbols(path)
	if err != nil {
		return nil, err
	}
	for name, symbol := range symbols {
		if first, ok := r.symbols[name]; ok && first != symbol {
			return nil, &ClashError{Symbol: r.live().Original(name)}
		}
	}
	return symbols, nil
}

// notices tells what else the cell changed.
func (r *Runtime) notices(unit *source.Unit, result *Result) {
	result.Notices = append(result.Notices, r.stale(unit)...)
	for _, name := range unit.Dropped {
		result.Notices = append(result.Notices, name+" is gone: its type has changed")
	}
	for _, name := range unit.Broken {
		result.Notices = append(result.Notices, name+" is gone: it does not compile with what this cell redefines")
	}
}

// execute calls the loaded cell.
func (r *Runtime) execute(ctx context.Context, p *process, entry string, req Request, out Output, result *Result) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	run := frame.Run{Cell: req.ID, Number: req.Number, Entry: entry, Meta: req.Meta, Background: req.Background}
	done, err := p.run(ctx, run, out)
	if err != nil {
		return err
	}
	result.Exec = done.Took
	result.Value = done.Value
	switch {
	case done.Interrupted && ctx.Err() == nil && p.runs.stopping():
		return ErrStopped
	case done.Interrupted:
		if done.Abandoned {
			out.Stderr("the cell did not stop; it goes on in the background\n")
		}
		return cause(ctx)
	case done.Panic != nil:
		return r.panicked(done.Panic)
	case done.Exit != nil:
		return &ExitError{Code: *done.Exit}
	case done.Failed != nil && done.Failed.Canceled && ctx.Err() != nil:
		return cause(ctx)
	case done.Failed != nil:
		return failed(done.Failed)
	}
	return nil
}

// cause is why the cell was interrupted.
func cause(ctx context.Context) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return context.Canceled
}

func (r *Runtime) panicked(p *frame.Panic) error {
	e := &PanicError{Value: r.live().Original(p.Value)}
	for _, f := range p.Frames {
		e.Frames = append(e.Frames, Frame{Func: r.live().Original(f.Func), File: f.File, Line: f.Line})
	}
	return e
}

func failed(f *frame.Failed) error {
	return &CellError{Msg: f.Message, Type: f.Type, Causes: f.Causes, Bundle: f.Value}
}
