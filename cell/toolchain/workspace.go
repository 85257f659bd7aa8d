package toolchain

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sys/unix"
)

// Workspace is one running kernel's use of a prepared toolchain: the folder of
// its cells, and the packages that it has added to those of the build.
type Workspace struct {
	t    *Toolchain
	b    *build
	dir  string
	lock *os.File // held while the folder is in use
	used *os.File // the same for the build's

	// mu guards the fields below.
	mu        sync.Mutex
	extra     map[string]archive // by import path, from imports plugins
	origin    map[string]origin  // of the packages that cells import from modules
	linked    map[string]bool    // packages in the worker, by link or plugin
	plugins   []string           // imports plugins in the worker, as they were loaded
	importcfg string
	got       []string   // packages of the modules that were got
	held      []*os.File // marks imports plugins as used
}

// Open makes a workspace. Folders that dead kernels left are removed.
func (t *Toolchain) Open() (*Workspace, error) {
	b, err := t.ready()
	if err != nil {
		return nil, err
	}
	parent := filepath.Join(t.opts.CacheDir, "run")
	if err := os.MkdirAll(parent, 0o700); err != nil {
		return nil, diskFull(err)
	}
	sweep(parent)
	w := &Workspace{t: t, b: b}
	if w.used, err = b.use(); err != nil {
		return nil, err
	}
	if w.dir, err = os.MkdirTemp(parent, "*"); err != nil {
		return nil, errors.Join(diskFull(err), w.used.Close())
	}
	if err := w.hold(); err != nil {
		return nil, errors.Join(diskFull(err), w.Close())
	}
	w.Reset()
	return w, nil
}

// hold marks the folder as in use. The lock has its name only when it is held, so that
// no other kernel's sweep takes it, and the folder, in between.
func (w *Workspace) hold() (err error) {
	name := filepath.Join(w.dir, "lock")
	if w.lock, err = os.OpenFile(name+".new", os.O_RDWR|os.O_CREATE, 0o600); err != nil {
		return err
	}
	if err := unix.Flock(int(w.lock.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		return err
	}
	return os.Rename(name+".new", name)
}

// sweep removes the folders whose lock nobody holds. One without a lock file is
// just being made.
func sweep(parent string) {
	locks, _ := filepath.Glob(filepath.Join(parent, "*", "lock"))
	for _, path := range locks {
		file, err := os.OpenFile(path, os.O_RDWR, 0)
		if err != nil {
			continue
		}
		if unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB) == nil {
			_ = os.RemoveAll(filepath.Dir(path))
		}
		_ = file.Close()
	}
}

// Reset forgets the packages that imports plugins added: a new worker has none.
func (w *Workspace) Reset() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.extra = map[string]archive{}
	w.origin = map[string]origin{}
	w.linked = map[string]bool{}
	w.plugins = nil
	for _, path := range w.b.Linked {
		w.linked[path] = true
	}
	w.importcfg = w.b.file("importcfg")
	for _, file := range w.held {
		_ = file.Close()
	}
	w.held = nil
}

// Close removes the workspace's folder.
func (w *Workspace) Close() error {
	w.Reset()
	err := errors.Join(os.RemoveAll(w.dir), w.used.Close())
	if w.lock != nil {
		err = errors.Join(err, w.lock.Close())
	}
	return err
}

// Dir is the workspace's folder.
func (w *Workspace) Dir() string { return w.dir }

// Worker is the worker program.
func (w *Workspace) Worker() string { return w.b.file("worker") }

// Std lists the standard packages that cells may import.
func (w *Workspace) Std() []string { return w.b.Std }

// Packages lists packages of modules that cells may import, as far as they were
// seen: those that were got, and those that came with others.
func (w *Workspace) Packages() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := slices.Clone(w.got)
	for path := range w.extra {
		if importable(path) && !w.b.own(path) {
			out = append(out, path)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Build compiles and links a cell. The caller removes the plugin's file when it
// is loaded.
func (w *Workspace) Build(ctx context.Context, c Cell) (Plugin, error) {
	w.mu.Lock()
	c.importcfg = w.importcfg
	w.mu.Unlock()
	c.provided = w.provide(c.Imports)
	return w.t.buildCell(ctx, w.b, w.dir, c)
}

// BuildShared is Build for a cell that is the same in every kernel, such as the
// prelude: its plugin is kept in the cache and must not be removed.
func (w *Workspace) BuildShared(ctx context.Context, c Cell) (Plugin, error) {
	sum := sha256.Sum256(append([]byte(c.Name+"\x00"), c.Source...))
	kept := w.b.file("shared-" + hex.EncodeToString(sum[:])[:hashLength] + ".so")
	if _, err := os.Stat(kept); err == nil {
		return Plugin{Path: kept, shared: true}, nil
	}
	p, err := w.Build(ctx, c)
	if err != nil {
		return p, err
	}
	if err := os.Rename(p.Path, kept); err != nil {
		return p, diskFull(err)
	}
	p.Path, p.shared = kept, true
	return p, nil
}

// Lookup opens the export data of a package for go/importer. Packages of
// gospark's own module that the worker has not loaded are built when asked for.
func (w *Workspace) Lookup(path string) (io.ReadCloser, error) {
	if name, ok := w.b.Archives[path]; ok {
		return os.Open(w.b.file(name))
	}
	w.mu.Lock()
	a, ok := w.extra[path]
	w.mu.Unlock()
	if ok {
		return os.Open(a.File)
	}
	return nil, fmt.Errorf("package %s is not available in cells", path)
}

// Missing are those of the paths that the worker has not got: imports plugins
// must bring them.
func (w *Workspace) Missing(paths []string) []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(paths), func(path string) bool { return w.linked[path] })
}

// own reports whether a package belongs to gospark's module, which the unpacked
// source can build.
func (b *build) own(path string) bool { return strings.HasPrefix(path, "gospark/") }
