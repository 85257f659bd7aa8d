package toolchain

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
)

// Required is a module that the notebook's module requires.
type Required struct {
	Path, Version string
	Indirect      bool // for another one only, or nothing in the folder imports it
	Loaded        bool // packages of it are in the worker
}

// Get runs go get for modules or packages ("M", "M@V") in the module of the
// folder; say is told of each line that it writes. It returns the packages that
// they hold.
func (w *Workspace) Get(ctx context.Context, folder string, wanted []string, say func(line string)) ([]string, error) {
	m, err := w.module(ctx, folder)
	if err != nil {
		return nil, err
	}
	get := command{
		doing: "get " + strings.Join(wanted, ", "), dir: m.Dir, env: m.graph.env, say: say,
		argv: append([]string{w.b.golang.Command, "get", "--"}, wanted...),
	}
	if _, err := get.run(ctx); err != nil {
		return nil, moduleError(err)
	}
	packages, err := w.list(ctx, m, wanted)
	if err != nil {
		return nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.got = append(w.got, packages...)
	return packages, nil
}

// list lists what cells can import of what was got.
func (w *Workspace) list(ctx context.Context, m Module, wanted []string) ([]string, error) {
	argv := []string{w.b.golang.Command, "list", "-e", "-find", "-f", `{{if and .GoFiles (ne .Name "main")}}{{.ImportPath}}{{end}}`}
	for _, name := range wanted {
		name, _, _ = strings.Cut(name, "@")
		argv = append(argv, name+"/...")
	}
	out, err := command{doing: "list the packages of " + strings.Join(wanted, ", "), dir: m.Dir, env: m.graph.env, argv: argv}.run(ctx)
	if err != nil {
		return nil, moduleError(err)
	}
	return slices.DeleteFunc(strings.Fields(string(out)), func(path string) bool { return !importable(path) }), nil
}

// Modules lists what the module of the folder requires, in the versions that are
// taken.
func (w *Workspace) Modules(ctx context.Context, folder string) ([]Required, Module, error) {
	m, err := w.module(ctx, folder)
	if err != nil {
		return nil, m, err
	}
	text, err := os.ReadFile(m.File)
	if err != nil {
		return nil, m, err
	}
	file, err := modfile.ParseLax(m.File, text, nil)
	if err != nil {
		return nil, m, fmt.Errorf("read the requirements: %w", err)
	}
	var all []Required
	for _, r := range file.Require {
		all = append(all, Required{Path: r.Mod.Path, Version: r.Mod.Version, Indirect: r.Indirect})
	}
	if len(all) == 0 {
		return nil, m, nil
	}
	return all, m, w.selected(ctx, m, all)
}

// selected fills in the versions that are taken and what is loaded.
func (w *Workspace) selected(ctx context.Context, m Module, all []Required) error {
	argv := []string{w.b.golang.Command, "list", "-m", "-json=Path,Version,Main,Replace"}
	for _, r := range all {
		argv = append(argv, r.Path)
	}
	if m.vendored() {
		argv = slices.Insert(argv, 2, "-mod=mod") // a vendor folder knows no versions to list
	}
	out, err := command{doing: "list the modules", dir: m.Dir, env: m.graph.env, argv: argv}.run(ctx)
	if err != nil {
		return moduleError(err)
	}
	dec := json.NewDecoder(bytes.NewReader(out))
	for i := range all {
		var module listedModule
		if err := dec.Decode(&module); err != nil {
			return fmt.Errorf("list the modules: %w", err)
		}
		all[i].Version = module.version()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for path, a := range w.extra {
		for i := range all {
			all[i].Loaded = all[i].Loaded || w.linked[path] && a.Module == all[i].Path
		}
	}
	return nil
}

// ErrHasModule means that the folder has a go.mod already, or one above it.
var ErrHasModule = errors.New("this folder has a go.mod already")

// moduleLine is the line of a go.mod that names it.
var moduleLine = regexp.MustCompile(`(?m)^module .*$`)

// InitModule writes the module of a folder that has none beside the notebook, with
// what was got so far; path is its module path, by default the folder's name.
func (w *Workspace) InitModule(ctx context.Context, folder, path string) (Module, error) {
	m, err := w.module(ctx, folder)
	if err != nil {
		return m, err
	}
	if !m.Private {
		return m, ErrHasModule
	}
	if path == "" {
		path = strings.Join(strings.Fields(strings.ToLower(filepath.Base(folder))), "-")
	}
	text, err := os.ReadFile(m.File)
	if err != nil {
		return m, err
	}
	text = moduleLine.ReplaceAll(text, []byte("module "+modfile.AutoQuote(path)))
	if _, err := modfile.Parse("go.mod", text, nil); err != nil {
		return m, &ModuleError{Kind: NotFound, Package: path, Detail: fmt.Sprintf("%q is no module path", path)}
	}
	if err := writeShared(filepath.Join(folder, "go.mod"), text); err != nil {
		return m, err
	}
	sums, err := os.ReadFile(filepath.Join(m.Dir, "go.sum"))
	if err == nil {
		err = writeShared(filepath.Join(folder, "go.sum"), sums)
	}
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return m, err
	}
	return w.module(ctx, folder)
}

// writeShared writes a file of the user's, readable by others as his umask allows.
func writeShared(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Close())
}
