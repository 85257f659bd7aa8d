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
	"time"
)

// archive is a compiled package that an imports plugin brings.
type archive struct {
	File    string `json:"file"`
	ID      string `json:"id"`  // what it holds, by name
	Dir     string `json:"dir"` // its source
	Module  string `json:"module,omitempty"`
	Version string `json:"version,omitempty"`
	Local   bool   `json:"local,omitempty"` // the user may be working on it
}

// imported is one imports plugin as the cache keeps it: a plugin that holds
// packages and nothing else. Loading it runs their initialisation, which loading
// a cell does not.
type imported struct {
	Plugin   string             `json:"plugin"`
	Archives map[string]archive `json:"archives"` // beyond the build's
	Packages []string           `json:"packages"` // in the plugin, with all they import
	IDs      map[string]string  `json:"ids"`      // of Packages
	Watch    []string           `json:"watch"`    // files that make other packages of these
	Stamp    string             `json:"stamp"`    // their state when they were compiled
}

// request asks for packages of one graph; key names all that their versions
// depend on.
type request struct {
	graph graph
	key   string
	paths []string // sorted
}

// name names the files of the request.
func (r request) name(more string) string {
	sum := sha256.Sum256([]byte(r.key + "\n" + strings.Join(r.paths, "\n") + "\n" + more))
	return "imports-" + hex.EncodeToString(sum[:])[:hashLength]
}

// Imports gives a plugin that brings the first of the packages, and perhaps
// others, into the worker: they were made available before. The caller loads it
// and then calls loaded.
func (w *Workspace) Imports(path string) (plugin string, loaded func(), err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	o, ok := w.origin[path]
	if !ok {
		return "", nil, fmt.Errorf("package %s is not available in cells", path)
	}
	return o.Plugin, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.plugins = append(w.plugins, o.Plugin)
		for _, path := range o.Packages {
			w.linked[path] = true
		}
	}, nil
}

// learn makes the packages of an imports plugin known to the compiler and the
// linker.
func (w *Workspace) learn(r request, imp imported) error {
	used, err := use(filepath.Dir(imp.Plugin), filepath.Base(imp.Plugin))
	if err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.held = append(w.held, used)
	for path, a := range imp.Archives {
		w.extra[path] = a
	}
	for _, path := range r.paths {
		w.origin[path] = origin{imp, r.key}
	}
	name := filepath.Join(w.dir, "importcfg")
	if err := w.b.writeImportcfg(name, w.extra); err != nil {
		return err
	}
	w.importcfg = name
	return nil
}

// imports builds an imports plugin, or finds it in the cache: one that was built
// for the same versions, and whose local packages have not changed since.
func (w *Workspace) imports(ctx context.Context, r request, progress func(string)) (imported, error) {
	index := w.b.file(r.name("") + ".json")
	if imp, ok := readImported(index); ok {
		return imp, nil
	}
	what := "building " + strings.Join(r.paths, ", ") + " for cells"
	unlock, err := lock(ctx, index+".lock", func() { progress("waiting for another kernel: " + what) })
	if err != nil {
		return imported{}, err
	}
	defer unlock()
	if imp, ok := readImported(index); ok {
		return imp, nil
	}
	progress(what)
	imp, err := w.buildImports(ctx, r)
	if err != nil {
		return imp, err
	}
	w.b.pruneImports()
	data, err := json.Marshal(imp)
	if err != nil {
		return imp, err
	}
	return imp, writeFile(index, data)
}

// readImported reads the description of a plugin that is still right.
func readImported(index string) (imported, bool) {
	var imp imported
	data, err := os.ReadFile(index)
	if err != nil || json.Unmarshal(data, &imp) != nil {
		return imp, false
	}
	if _, err := os.Stat(imp.Plugin); err != nil {
		return imp, false
	}
	return imp, len(imp.Watch) == 0 || imp.Stamp != "" && imp.Stamp == stamp(imp.Watch, time.Now())
}

// buildImports compiles the packages and links the plugin. Its main package has
// another path than any other, which names its initialisation for the run-time.
func (w *Workspace) buildImports(ctx context.Context, r request) (imported, error) {
	b, began := w.b, time.Now()
	all, err := b.list(ctx, r.graph, "compile "+strings.Join(r.paths, ", "), r.paths...)
	if err != nil {
		return imported{}, moduleError(err)
	}
	imp := imported{Archives: map[string]archive{}, IDs: map[string]string{}, Watch: watch(all)}
	imp.Stamp = stamp(imp.Watch, began)
	var content strings.Builder
	for _, p := range all {
		imp.Packages = append(imp.Packages, p.ImportPath)
		imp.IDs[p.ImportPath] = p.id()
		fmt.Fprintln(&content, p.ImportPath, p.id())
	}
	if clashes := b.clashes(imp.IDs); len(clashes) > 0 {
		return imp, &clashError{clashes}
	}
	name := r.name(content.String())
	dir := b.file(name)
	imp.Plugin = filepath.Join(dir, name+".so")
	_, err = os.Stat(imp.Plugin)
	there := err == nil
	if !there {
		if err := errors.Join(os.RemoveAll(dir), os.MkdirAll(dir, 0o700)); err != nil {
			return imp, diskFull(err)
		}
	}
	if err := imp.keep(b, all, dir, there); err != nil || there {
		return imp, err
	}
	return imp, w.linkImports(ctx, name, dir, r.paths, imp.Archives)
}

// keep keeps the archives in dir, unless they are there.
func (imp *imported) keep(b *build, all []listed, dir string, there bool) error {
	for i, p := range all {
		if _, base := b.Archives[p.ImportPath]; base || p.Export == "" {
			continue
		}
		a := archive{File: filepath.Join(dir, fmt.Sprintf("%d.a", i)), ID: p.id(), Dir: p.Dir, Local: p.local()}
		if m := p.Module; m != nil {
			a.Module, a.Version = m.Path, m.version()
		}
		if !there {
			if err := keep(p.Export, a.File); err != nil {
				return err
			}
		}
		imp.Archives[p.ImportPath] = a
	}
	if there {
		return nil
	}
	return b.writeImportcfg(filepath.Join(dir, "importcfg"), imp.Archives)
}

// version is a module's version as people say it.
func (m *listedModule) version() string {
	switch {
	case m.Replace != nil && m.Replace.Version == "":
		return "=> " + m.Replace.Path
	case m.Replace != nil:
		return "=> " + m.Replace.Path + " " + m.Replace.Version
	case m.Main:
		return "(this folder)"
	}
	return m.Version
}

// clashes are the packages that the build's worker holds otherwise.
func (b *build) clashes(ids map[string]string) []string {
	var out []string
	for path, id := range ids {
		if held, ok := b.IDs[path]; ok && held != id {
			out = append(out, path)
		}
	}
	slices.Sort(out)
	return out
}

// linkImports makes the plugin. What else cells may call is in it as well, where
// that can be linked, so that they need not bring it.
func (w *Workspace) linkImports(ctx context.Context, name, dir string, paths []string, extra map[string]archive) error {
	var source strings.Builder
	source.WriteString("package main\n\n")
	for _, path := range paths {
		fmt.Fprintf(&source, "import _ %q\n", path)
	}
	source.WriteString("\nfunc main() {}\n")
	api, err := w.b.apiSource(paths, extra)
	if err == nil {
		if err = w.linkMain(ctx, name, dir, source.String(), api); err == nil || ctx.Err() != nil {
			return err
		}
	}
	return w.linkMain(ctx, name, dir, source.String())
}

// linkMain links a plugin of a package main in the files.
func (w *Workspace) linkMain(ctx context.Context, name, dir string, texts ...string) error {
	b := w.b
	env, config := b.toolEnv(w.t, dir), filepath.Join(dir, "importcfg")
	file := func(ext string) string { return filepath.Join(dir, name+ext) }
	argv := append([]string{b.golang.tool("compile"), "-dynlink", "-p", name, "-pack", "-importcfg", config, "-o", file(".a")}, codeFlags...)
	for i, text := range texts {
		source := file(fmt.Sprintf("-%d.go", i))
		if err := os.WriteFile(source, []byte(text), 0o600); err != nil {
			return diskFull(err)
		}
		argv = append(argv, source)
	}
	if _, err := (command{doing: "compile the imports", dir: dir, env: env, argv: argv}).run(ctx); err != nil {
		return err
	}
	link := command{doing: "link the imports", dir: dir, env: env, argv: []string{
		b.golang.tool("link"), "-s", "-w", "-compressdwarf=false", "-buildmode=plugin", "-pluginpath", name,
		"-importcfg", config, "-extld", quote(b.file("extld")), "-o", file(".tmp"), file(".a")}}
	if _, err := link.run(ctx); err != nil {
		return err
	}
	return os.Rename(file(".tmp"), file(".so"))
}
