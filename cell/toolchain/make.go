package toolchain

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// manifestFormat changes when old build folders can no longer be used.
const manifestFormat = 8

// manifest is what a finished build folder says about itself; it is written
// last.
type manifest struct {
	Source   string            `json:"source"` // name of the folder in src
	CC       []string          `json:"cc"`
	Linker   string            `json:"linker"`   // empty: the C compiler links
	Binds    bool              `json:"binds"`    // cells can be bound to the worker
	Archives map[string]string `json:"archives"` // import path → file in the folder
	IDs      map[string]string `json:"ids"`      // import path → what its archive holds, by name
	Linked   []string          `json:"linked"`   // packages in the worker, sorted
	Std      []string          `json:"std"`      // importable standard packages, sorted
}

func (b *build) file(name string) string { return filepath.Join(b.dir, name) }

// read loads the manifest; false when the folder is not there or not finished.
func (b *build) read() bool {
	data, err := os.ReadFile(b.file("manifest.json"))
	return err == nil && json.Unmarshal(data, &b.manifest) == nil && b.exists()
}

// exists reports whether nobody has emptied the cache.
func (b *build) exists() bool {
	for _, name := range []string{"manifest.json", "worker", "importcfg"} {
		if _, err := os.Stat(b.file(name)); err != nil {
			return false
		}
	}
	return true
}

// make fills the build folder. One process does, the others wait.
func (t *Toolchain) make(ctx context.Context, b *build, progress func(string)) error {
	cc, err := findCC(t.env, b.golang.CC, t.opts.Prefixes)
	if err != nil {
		return err
	}
	unlock, err := lock(ctx, b.dir+".lock", func() { progress("waiting for another kernel that builds the cell worker") })
	if err != nil {
		return err
	}
	defer unlock()
	if b.read() {
		return nil
	}
	if err := errors.Join(os.RemoveAll(b.dir), os.MkdirAll(b.file("pkg"), 0o700)); err != nil {
		return diskFull(err)
	}
	b.CC, b.Source = cc, filepath.Base(b.source)
	if err := unpack(t.opts.Source, b.source); err != nil {
		return err
	}
	compiling := "compiling the packages of the cell worker in this notebook's versions (once)"
	if b.graph.dir == "" {
		b.graph = graph{dir: b.source, env: t.goEnv(b)}
		compiling = "compiling the Go standard library for cells (once per Go version, about a minute)"
	}
	for _, step := range []struct {
		name string
		do   func(context.Context, *build) error
	}{
		{compiling, t.makeArchives},
		{"linking the cell worker", t.makeWorker},
		{"trying the C linker", t.makeLinker},
	} {
		progress(step.name)
		if err := step.do(ctx, b); err != nil {
			return err
		}
	}
	data, err := json.Marshal(b.manifest)
	if err != nil {
		return err
	}
	if err := writeFile(b.file("manifest.json"), data); err != nil {
		return err
	}
	t.prune()
	return nil
}

// listed is a package as `go list` shows it.
type listed struct {
	ImportPath string
	Dir        string
	Name       string
	Export     string
	BuildID    string
	Standard   bool
	GoFiles    []string
	CgoFiles   []string
	EmbedFiles []string
	Deps       []string
	Module     *listedModule
}

type listedModule struct {
	Path, Version string
	Main          bool
	Replace       *listedModule
}

// id names what the package's archive holds: the part of the build id that does
// not depend on how it was made.
func (p listed) id() string { return p.BuildID[strings.LastIndexByte(p.BuildID, '/')+1:] }

// codeFlags are the compiler's for all code, beside those of plugins. Without what
// only debuggers read, archives have three quarters of the size; traces with lines
// need none of it. -linkshared has symbols of other packages referred to by name,
// so that a cell can be linked without their archives (see bind).
var codeFlags = []string{"-dwarf=false", "-linkshared"}

// list compiles packages of a graph, and all they import, in the form for plugins.
func (b *build) list(ctx context.Context, g graph, doing string, args ...string) ([]listed, error) {
	argv := slices.Concat([]string{b.golang.Command, "list", "-export", "-deps", "-buildmode=plugin", "-gcflags=all=" + strings.Join(codeFlags, " "),
		"-json=ImportPath,Dir,Name,Export,BuildID,Standard,GoFiles,CgoFiles,EmbedFiles,Deps,Module"}, g.flags, args)
	out, err := command{doing: doing, dir: g.dir, env: g.env, argv: argv}.run(ctx)
	if err != nil {
		return nil, err
	}
	var all []listed
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		err := dec.Decode(&p)
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", doing, err)
		}
		all = append(all, p)
	}
}

// goEnv is the environment of the go command.
func (t *Toolchain) goEnv(b *build) environ {
	return t.env.build(t.opts.CacheDir).with("CC", strings.Join(b.CC, " "))
}

// makeArchives compiles the standard library, the light packages and the
// worker's own, and keeps them: the go command's cache forgets.
func (t *Toolchain) makeArchives(ctx context.Context, b *build) error {
	args := append([]string{"std", repairPackage, t.opts.Worker}, t.opts.Light...)
	all, err := b.list(ctx, b.graph, "compile the packages for Go cells", args...)
	if err != nil {
		return err
	}
	b.Archives, b.IDs = map[string]string{}, map[string]string{}
	for i, p := range all {
		switch {
		case p.ImportPath == t.opts.Worker:
			b.Linked = slices.Concat(p.Deps, []string{"unsafe", repairPackage})
			slices.Sort(b.Linked)
			if err := b.compileWorker(ctx, t, p); err != nil {
				return err
			}
			continue
		case p.Standard && importable(p.ImportPath):
			b.Std = append(b.Std, p.ImportPath)
		}
		if p.Export == "" {
			continue
		}
		name := filepath.Join("pkg", strconv.Itoa(i)+".a")
		if err := keep(p.Export, b.file(name)); err != nil {
			return err
		}
		b.Archives[p.ImportPath], b.IDs[p.ImportPath] = name, p.id()
	}
	slices.Sort(b.Std)
	return b.writeImportcfg(b.file("importcfg"), nil)
}

// importable reports whether user code may import a standard package.
func importable(path string) bool {
	parts := strings.Split(path, "/")
	return parts[0] != "vendor" && !slices.Contains(parts, "internal")
}

// keep puts the file at to: a hard link where the file system can.
func keep(from, to string) error {
	if os.Link(from, to) == nil {
		return nil
	}
	dir, name := filepath.Split(from)
	if err := copyFile(os.DirFS(dir), name, to); err != nil {
		return fmt.Errorf("keep a compiled package: %w", diskFull(err))
	}
	return nil
}

// writeImportcfg writes where the compiler and the linker find packages.
func (b *build) writeImportcfg(path string, extra map[string]archive) error {
	var lines []string
	for pkg, name := range b.Archives {
		lines = append(lines, "packagefile "+pkg+"="+b.file(name))
	}
	for pkg, a := range extra {
		if _, ok := b.Archives[pkg]; !ok {
			lines = append(lines, "packagefile "+pkg+"="+a.File)
		}
	}
	slices.Sort(lines)
	return writeFile(path, []byte(strings.Join(lines, "\n")+"\n"))
}

// writeFile writes a file whole or not at all.
func writeFile(path string, data []byte) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return diskFull(err)
	}
	_, err = tmp.Write(data)
	err = errors.Join(err, tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		return errors.Join(diskFull(err), os.Remove(tmp.Name()))
	}
	return nil
}
