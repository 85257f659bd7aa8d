package toolchain

import (
	"context"
	"errors"
	"slices"
	"time"
)

// origin is the imports plugin that a package came with.
type origin struct {
	imported
	key string // of the module's state
}

// Available makes packages known to Lookup, so that a cell that imports them can
// be type-checked: those of gospark's own module, and those of the module of the
// folder. They are compiled where the cache has not got them.
//
// Packages that are known already are looked at again when refresh is set, as an
// import line asks for: the versions may have changed, or the files of a local
// package. The paths of those that are others now are returned.
//
// Errors: *ModuleError, *RestartError, *CommandError.
func (w *Workspace) Available(ctx context.Context, folder string, paths []string, refresh bool, progress func(string)) (changed []string, err error) {
	own, others := w.unknown(paths, refresh)
	if len(own) > 0 {
		r := request{graph: w.b.graph, paths: own}
		imp, err := w.imports(ctx, r, progress)
		if err == nil {
			err = w.learn(r, imp)
		}
		if err != nil {
			return nil, err
		}
	}
	if len(others) == 0 {
		return nil, nil
	}
	m, err := w.module(ctx, folder)
	if err != nil {
		return nil, err
	}
	if others = slices.DeleteFunc(others, func(path string) bool { return w.current(path, m.key) }); len(others) == 0 {
		return nil, nil
	}
	if err := m.allowed(folder, others); err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(others, func(path string) bool { return !w.knows(path) }) {
		progress = func(string) {} // a package that the user works on is built again and again
	}
	return w.fromModule(ctx, m, others, progress)
}

// unknown sorts out what is to do: packages of gospark's module and standard ones
// that the worker has not got, and others.
func (w *Workspace) unknown(paths []string, refresh bool) (own, others []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	paths = slices.Compact(slices.Sorted(slices.Values(paths)))
	for _, path := range paths {
		_, base := w.b.Archives[path]
		_, known := w.origin[path]
		switch {
		case path == "unsafe" || path == "C":
		case w.b.own(path) || base && slices.Contains(w.b.Std, path):
			if !known && (!base || !w.linked[path]) {
				own = append(own, path)
			}
		case !known || refresh:
			others = append(others, path)
		}
	}
	return own, others
}

func (w *Workspace) knows(path string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	_, known := w.origin[path]
	return known
}

// current reports whether a known package is the one that the module means now.
func (w *Workspace) current(path, key string) bool {
	w.mu.Lock()
	o, known := w.origin[path]
	w.mu.Unlock()
	return known && o.key == key && o.fresh()
}

// fresh reports whether the local packages of the plugin are as they were.
func (imp imported) fresh() bool {
	return len(imp.Watch) == 0 || imp.Stamp != "" && imp.Stamp == stamp(imp.Watch, time.Now())
}

// fromModule brings packages of the module. Where the versions of packages that
// it shares with the worker differ, gospark's requirements join those of the
// module, as they would in a program that imports both.
func (w *Workspace) fromModule(ctx context.Context, m Module, paths []string, progress func(string)) ([]string, error) {
	r := request{graph: m.graph, key: m.key, paths: paths}
	imp, err := w.imports(ctx, r, progress)
	var clash *clashError
	if errors.As(err, &clash) {
		if m.vendored() {
			return nil, &ModuleError{Kind: VendorClash, Package: clash.packages[0], Detail: m.File}
		}
		if r.graph, err = w.t.combined(ctx, w.b, m); err != nil {
			return nil, err
		}
		imp, err = w.imports(ctx, r, func(string) {})
	}
	if errors.As(err, &clash) {
		return nil, w.anotherWorker(ctx, r, clash, progress)
	}
	if err != nil {
		return nil, err
	}
	changed, loaded := w.differing(imp)
	if len(loaded) > 0 {
		return nil, &RestartError{Packages: loaded, Local: w.allLocal(loaded), w: w, b: w.b}
	}
	return changed, w.learn(r, imp)
}

// differing are the packages that were known otherwise, and those of them that
// the worker has loaded.
func (w *Workspace) differing(imp imported) (changed, loaded []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for path, a := range imp.Archives {
		before, known := w.extra[path]
		if !known || before.ID == a.ID {
			continue
		}
		changed = append(changed, path)
		if w.linked[path] {
			loaded = append(loaded, path)
		}
	}
	slices.Sort(changed)
	slices.Sort(loaded)
	return changed, loaded
}

func (w *Workspace) allLocal(paths []string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return !slices.ContainsFunc(paths, func(path string) bool { return !w.extra[path].Local })
}

// Changed are those of the packages that the worker has loaded and whose files
// the user has changed since.
func (w *Workspace) Changed(paths []string) []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(paths), func(path string) bool {
		o, known := w.origin[path]
		return !known || !w.linked[path] || o.fresh()
	})
}

// anotherWorker builds the worker that can load what clashes with this one.
func (w *Workspace) anotherWorker(ctx context.Context, r request, clash *clashError, progress func(string)) error {
	b, err := w.t.buildFor(ctx, w.b, r, progress)
	var failed *CommandError
	if errors.As(err, &failed) && !errors.Is(err, ErrDiskFull) {
		return &ModuleError{Kind: WorkerClash, Package: clash.packages[0], Detail: failed.Output}
	}
	if err != nil {
		return err
	}
	return &RestartError{Packages: clash.packages, w: w, b: b}
}
