package cell

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
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
// Errors: *source.CompileError (nothing has changed), *PanicError, *ExitError,
// *CellError, *WorkerDied, *MissingTool, and what the toolchain says.
func (r *Runtime) Run(ctx context.Context, req Request, out Output) (Result, error) {
	if err := r.take(ctx); err != nil {
		return Result{}, err
	}
	defer r.give()
	progress := func(step string) { out.Stderr(step + "\n") }
	if err := r.prepare(ctx, progress); err != nil {
		return Result{}, err
	}
	if r.worker != nil && !r.worker.alive() {
		return Result{}, r.died()
	}
	var result Result
	if err := r.workspace.Available(ctx, r.mentioned(req.Code), progress); err != nil {
		return result, err
	}
	unit, err := r.compile(req)
	if err != nil {
		return result, err
	}
	entry, err := r.load(ctx, unit, &result, out)
	if err == nil {
		r.notices(unit, &result)
		err = r.execute(ctx, entry, req, out, &result)
	}
	if errors.Is(err, errEnded) {
		err = r.died()
	}
	return result, err
}

// quoted is what may be the import of a package of gospark's own.
var quoted = regexp.MustCompile(`"gospark/([\w/]+)"`)

// mentioned are the packages of gospark's own module that the code may import.
// Their export data must be there before it is type-checked.
func (r *Runtime) mentioned(code string) []string {
	var paths []string
	for _, m := range quoted.FindAllStringSubmatch(code, -1) {
		if info, err := fs.Stat(r.opts.Source, m[1]); err == nil && info.IsDir() {
			paths = append(paths, "gospark/"+m[1])
		}
	}
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
	unit, err := r.live().Compile(req.Code, serial)
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
	if err := r.workspace.Available(ctx, unit.Imports, progress); err != nil {
		return toolchain.Plugin{}, err
	}
	plugin, err := r.workspace.Build(ctx, toolchain.Cell{
		Name:   "cell" + strconv.Itoa(unit.Number),
		Source: []byte(r.label(string(unit.Source))),
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

// bring loads the packages that the worker has not got, with imports plugins.
// gospark's own come first: most often they bring the rest with them.
func (r *Runtime) bring(ctx context.Context, imports []string, progress func(string)) error {
	own, _ := r.workspace.Missing(imports)
	if err := r.bringAll(ctx, own, progress); err != nil {
		return err
	}
	_, others := r.workspace.Missing(imports)
	return r.bringAll(ctx, others, progress)
}

func (r *Runtime) bringAll(ctx context.Context, missing []string, progress func(string)) error {
	if len(missing) == 0 {
		return nil
	}
	path, loaded, err := r.workspace.Imports(ctx, missing, progress)
	if err != nil {
		return err
	}
	if _, err := r.worker.ask(frame.Load{Path: path}); err != nil {
		return fmt.Errorf("load %v: %w", missing, err)
	}
	loaded()
	return nil
}

// notices tells what else the cell changed.
func (r *Runtime) notices(unit *source.Unit, result *Result) {
	for _, name := range unit.Dropped {
		result.Notices = append(result.Notices, name+" is gone: its type has changed")
	}
	for _, name := range unit.Broken {
		result.Notices = append(result.Notices, name+" is gone: it does not compile with what this cell redefines")
	}
}

// execute calls the loaded cell.
func (r *Runtime) execute(ctx context.Context, entry string, req Request, out Output, result *Result) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	done, err := r.worker.run(ctx, frame.Run{Cell: req.ID, Number: req.Number, Entry: entry, Meta: req.Meta}, out)
	if err != nil {
		return err
	}
	result.Exec = done.Took
	result.Value = done.Value
	switch {
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
