package toolchain

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// imported is one imports plugin as the cache keeps it: a plugin that holds
// packages and nothing else. Loading it runs their initialisation, which loading
// a cell does not.
type imported struct {
	Plugin   string            `json:"plugin"`
	Archives map[string]string `json:"archives"` // import path → file
	Packages []string          `json:"packages"` // in the plugin, with all they import
}

// Available makes packages of gospark's own module known to Lookup, so that a
// cell that imports them can be type-checked. It is quick when they are known.
func (w *Workspace) Available(ctx context.Context, paths []string, progress func(string)) error {
	unknown := slices.DeleteFunc(slices.Clone(paths), w.known)
	if len(unknown) == 0 {
		return nil
	}
	imp, err := w.imports(ctx, unknown, progress)
	if err != nil {
		return err
	}
	return w.learn(imp.Archives)
}

func (w *Workspace) known(path string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	_, base := w.b.Archives[path]
	_, extra := w.extra[path]
	return base || extra || path == "unsafe" || path == "C" || !w.b.own(path)
}

// learn adds archives to what the compiler and the linker see.
func (w *Workspace) learn(archives map[string]string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	for path, file := range archives {
		w.extra[path] = file
	}
	name := filepath.Join(w.dir, "importcfg")
	if err := w.b.writeImportcfg(name, w.extra); err != nil {
		return err
	}
	w.importcfg = name
	return nil
}

// Imports gives the plugin that brings the missing packages into the worker. The
// caller loads it and then calls loaded.
func (w *Workspace) Imports(ctx context.Context, paths []string, progress func(string)) (plugin string, loaded func(), err error) {
	imp, err := w.imports(ctx, paths, progress)
	if err != nil {
		return "", nil, err
	}
	return imp.Plugin, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		for _, path := range imp.Packages {
			w.linked[path] = true
		}
	}, w.learn(imp.Archives)
}

// imports builds an imports plugin, or finds it in the cache.
func (w *Workspace) imports(ctx context.Context, paths []string, progress func(string)) (imported, error) {
	paths = slices.Compact(slices.Sorted(slices.Values(paths)))
	sum := sha256.Sum256([]byte(strings.Join(paths, "\n")))
	name := "imports-" + hex.EncodeToString(sum[:])[:hashLength]
	dir := w.b.file(name)
	if imp, ok := readImported(dir); ok {
		return imp, nil
	}
	what := "building " + strings.Join(paths, ", ") + " for cells (once)"
	unlock, err := lock(ctx, dir+".lock", func() { progress("waiting for another kernel: " + what) })
	if err != nil {
		return imported{}, err
	}
	defer unlock()
	if imp, ok := readImported(dir); ok {
		return imp, nil
	}
	progress(what)
	imp, err := w.buildImports(ctx, name, dir, paths)
	if err != nil {
		return imp, err
	}
	data, err := json.Marshal(imp)
	if err != nil {
		return imp, err
	}
	return imp, writeFile(filepath.Join(dir, "imported.json"), data)
}

func readImported(dir string) (imported, bool) {
	var imp imported
	data, err := os.ReadFile(filepath.Join(dir, "imported.json"))
	return imp, err == nil && json.Unmarshal(data, &imp) == nil
}

// buildImports compiles the packages and links the plugin. Its main package has
// another path than any other, which names its initialisation for the run-time.
func (w *Workspace) buildImports(ctx context.Context, name, dir string, paths []string) (imported, error) {
	t, b := w.t, w.b
	if err := errors.Join(os.RemoveAll(dir), os.MkdirAll(dir, 0o700)); err != nil {
		return imported{}, diskFull(err)
	}
	all, err := t.list(ctx, b, "compile "+strings.Join(paths, ", "), paths...)
	if err != nil {
		return imported{}, err
	}
	imp := imported{Plugin: filepath.Join(dir, name+".so"), Archives: map[string]string{}}
	for i, p := range all {
		imp.Packages = append(imp.Packages, p.ImportPath)
		if _, base := b.Archives[p.ImportPath]; base || p.Export == "" {
			continue
		}
		to := filepath.Join(dir, fmt.Sprintf("%d.a", i))
		if err := keep(p.Export, to); err != nil {
			return imp, err
		}
		imp.Archives[p.ImportPath] = to
	}
	if err := b.writeImportcfg(filepath.Join(dir, "importcfg"), imp.Archives); err != nil {
		return imp, err
	}
	return imp, w.linkImports(ctx, name, dir, paths)
}

func (w *Workspace) linkImports(ctx context.Context, name, dir string, paths []string) error {
	b := w.b
	env := b.toolEnv(w.t, dir)
	var source strings.Builder
	source.WriteString("package main\n\n")
	for _, path := range paths {
		fmt.Fprintf(&source, "import _ %q\n", path)
	}
	source.WriteString("\nfunc main() {}\n")
	file := func(ext string) string { return filepath.Join(dir, name+ext) }
	if err := os.WriteFile(file(".go"), []byte(source.String()), 0o600); err != nil {
		return diskFull(err)
	}
	config := filepath.Join(dir, "importcfg")
	compile := command{doing: "compile the imports", dir: dir, env: env, argv: []string{
		b.golang.tool("compile"), "-dynlink", "-p", name, "-pack", "-importcfg", config, "-o", file(".a"), file(".go")}}
	if _, err := compile.run(ctx); err != nil {
		return err
	}
	link := command{doing: "link the imports", dir: dir, env: env, argv: []string{
		b.golang.tool("link"), "-s", "-w", "-compressdwarf=false", "-buildmode=plugin", "-pluginpath", name,
		"-importcfg", config, "-extld", quote(b.file("extld")), "-o", file(".so"), file(".a")}}
	_, err := link.run(ctx)
	return err
}
