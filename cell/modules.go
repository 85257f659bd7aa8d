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

// ModuleError is a package or module that cannot be had.
type ModuleError = toolchain.ModuleError

// Module is the Go module in which imports are looked up.
type Module = toolchain.Module

// Required is a module that it requires.
type Required = toolchain.Required

// ConflictError is an import of packages that the worker holds in another
// version. A new worker could load them; all variables would be lost.
type ConflictError struct {
	Packages []string
	Lost     []string // the variables that Reset loses
}

func (e *ConflictError) Error() string {
	return "other versions of these packages are loaded: " + strings.Join(e.Packages, ", ")
}

// provide makes the packages that the cell imports known, before it is
// type-checked. Its import lines are looked up anew: where a local package that
// is loaded has changed, a new worker begins with it.
func (r *Runtime) provide(ctx context.Context, req Request, out Output) error {
	progress := func(step string) { out.Stderr(step + "\n") }
	if err := r.available(ctx, r.mentioned(req.Code), false, progress); err != nil {
		return err
	}
	paths := source.Imports(req.Code)
	err := r.available(ctx, paths, true, progress)
	var missing *ModuleError
	if errors.As(err, &missing) {
		switch {
		case missing.Kind == toolchain.NotStandard:
			return nil // the type-checker says where, and which was meant
		case missing.Kind == toolchain.NotRequired && missing.Get != "" && r.auto.Load():
			if _, err := r.get(ctx, []string{missing.Get}, progress); err != nil {
				return err
			}
			err = r.available(ctx, paths, true, progress)
		}
	}
	var restart *toolchain.RestartError
	if !errors.As(err, &restart) {
		return err
	}
	lost := r.userVars()
	if len(lost) > 0 && !restart.Local {
		return &ConflictError{Packages: restart.Packages, Lost: lost}
	}
	if err := r.renew(ctx, restart.Use, progress); err != nil {
		return err
	}
	if restart.Local {
		progress(restarted(restart.Packages, lost))
	}
	return r.available(ctx, paths, true, progress)
}

// restarted tells that a new worker has begun.
func restarted(packages, lost []string) string {
	text := strings.Join(packages, ", ") + " has changed: a new Go process begins with it"
	if len(lost) > 0 {
		text += "; lost: " + strings.Join(lost, ", ")
	}
	return text
}

// available makes packages known to the type-checker and the compiler.
func (r *Runtime) available(ctx context.Context, paths []string, refresh bool, progress func(string)) error {
	if len(paths) == 0 {
		return nil
	}
	changed, err := r.workspace.Available(ctx, r.folder(), paths, refresh, progress)
	if len(changed) > 0 {
		r.packages.forget(changed)
	}
	return err
}

// folder is where the cells run.
func (r *Runtime) folder() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.dir == "" {
		return workDir()
	}
	return r.dir
}

func workDir() string {
	dir, err := os.Getwd()
	if err != nil {
		return "."
	}
	return dir
}

// userVars are the names of the variables that cells declared.
func (r *Runtime) userVars() []string {
	var names []string
	for _, v := range r.live().Vars() {
		if !slices.Contains(r.prelude.vars, v) {
			names = append(names, v.Name)
		}
	}
	return names
}

// renew ends the worker, with the cells that run in it, and begins with an empty
// notebook. change is called while there is no worker.
func (r *Runtime) renew(ctx context.Context, change func() error, progress func(string)) error {
	r.stop(ctx)
	r.reset()
	if err := change(); err != nil {
		return err
	}
	r.empty()
	return r.preparePrelude(ctx, progress)
}

// bring loads the packages that the worker has not got, with imports plugins.
func (r *Runtime) bring(ctx context.Context, imports []string, progress func(string)) error {
	for {
		missing := r.workspace.Missing(imports)
		if len(missing) == 0 {
			return nil
		}
		if err := r.available(ctx, missing[:1], false, progress); err != nil {
			return err
		}
		if err := r.loadPackages(missing[0]); err != nil {
			return err
		}
	}
}

func (r *Runtime) loadPackages(path string) error {
	plugin, loaded, err := r.workspace.Imports(path)
	if err != nil {
		return err
	}
	if _, err := r.worker.ask(frame.Load{Path: plugin}); err != nil {
		return fmt.Errorf("load %s: %w", path, err)
	}
	loaded()
	return nil
}

// stale are notices of loaded packages whose files were changed since.
func (r *Runtime) stale(unit *source.Unit) []string {
	var notices []string
	for _, path := range r.workspace.Changed(unit.Imports) {
		if !r.told[path] {
			r.told[path] = true
			notices = append(notices, fmt.Sprintf("%s has changed on disk; run its import line again to use it (a new Go process begins then)", path))
		}
	}
	return notices
}

// Get is go get in the module of the cells' folder: modules or packages, each with
// a version if one is wanted ("M@V"). say is told what happens. Packages that were
// named are built at once; all that cells can import of what was got is returned.
//
// Errors: *ModuleError, *ConflictError (got, but the worker cannot load it), and
// what the toolchain says.
func (r *Runtime) Get(ctx context.Context, wanted []string, say func(string)) ([]string, error) {
	if err := r.take(ctx); err != nil {
		return nil, err
	}
	defer r.give()
	if err := r.prepare(ctx, say); err != nil {
		return nil, err
	}
	return r.get(ctx, wanted, say)
}

func (r *Runtime) get(ctx context.Context, wanted []string, say func(string)) ([]string, error) {
	packages, err := r.workspace.Get(ctx, r.folder(), wanted, say)
	if err != nil {
		return nil, err
	}
	var named []string
	for _, name := range wanted {
		name, _, _ = strings.Cut(name, "@")
		if slices.Contains(packages, name) {
			named = append(named, name)
		}
	}
	err = r.available(ctx, named, true, say)
	var restart *toolchain.RestartError
	if errors.As(err, &restart) {
		if lost := r.userVars(); len(lost) > 0 {
			return packages, &ConflictError{Packages: restart.Packages, Lost: lost}
		}
		if err := r.renew(ctx, restart.Use, say); err != nil {
			return packages, err
		}
		err = r.available(ctx, named, true, say)
	}
	return packages, err
}

// AutoGet makes an import of an unknown module get it, in its latest version.
func (r *Runtime) AutoGet(on bool) { r.auto.Store(on) }

// Modules lists what the module of the cells' folder requires.
func (r *Runtime) Modules(ctx context.Context) ([]Required, Module, error) {
	if err := r.take(ctx); err != nil {
		return nil, Module{}, err
	}
	defer r.give()
	if err := r.prepare(ctx, func(string) {}); err != nil {
		return nil, Module{}, err
	}
	return r.workspace.Modules(ctx, r.folder())
}

// InitModule writes a go.mod beside the notebook, with what was got so far.
func (r *Runtime) InitModule(ctx context.Context, path string) (Module, error) {
	if err := r.take(ctx); err != nil {
		return Module{}, err
	}
	defer r.give()
	if err := r.prepare(ctx, func(string) {}); err != nil {
		return Module{}, err
	}
	return r.workspace.InitModule(ctx, r.folder(), path)
}
