package toolchain

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"go/version"
	"os"
	pathpkg "path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
)

// Module is the Go module in which the imports of cells are looked up, beside
// the standard library and gospark's own packages: the one that the go command
// finds for the notebook's folder, or one made for that folder in the cache.
type Module struct {
	Dir  string // where the go command runs
	File string // its go.mod
	Work string // the go.work in use; empty for none
	// Private tells that the folder has none: this one is in the cache, so that
	// nothing is written beside the notebook unasked.
	Private bool

	graph graph
	key   string // names all that its versions depend on
}

// graph is a main module as the go command sees it: where it runs and how.
type graph struct {
	dir   string
	env   environ
	flags []string // for go list
}

// keptFlags are those of the user's GOFLAGS that choose modules. Others, such as
// -race, would make packages that the worker cannot load.
var keptFlags = []string{"-mod=", "-modcacherw", "-tags="}

// module finds the module of a folder. It is asked for by cells that import
// packages from outside, and asks the go command: some 15 ms.
func (w *Workspace) module(ctx context.Context, folder string) (Module, error) {
	found, user, err := w.goModule(ctx, folder)
	if err != nil {
		return Module{}, err
	}
	flags := slices.DeleteFunc(strings.Fields(found.GOFLAGS), func(flag string) bool {
		return !slices.ContainsFunc(keptFlags, func(kept string) bool { return strings.HasPrefix(flag, kept) })
	})
	m := Module{Dir: filepath.Dir(found.GOMOD), File: found.GOMOD, Work: found.GOWORK}
	if m.File == "" {
		m.Private, m.Work = true, "off"
		if m.Dir, err = w.privateModule(folder); err != nil {
			return m, err
		}
		m.File = filepath.Join(m.Dir, "go.mod")
	}
	if m.Work == "off" {
		m.Work, user = "", append(user, "GOWORK=off")
	}
	flags = append([]string{"-buildvcs=false"}, flags...)
	m.graph = graph{dir: m.Dir, env: append(user, "GOFLAGS="+strings.Join(flags, " "))}
	m.key = m.hash(flags)
	return m, nil
}

// goModule is what the go command says of a folder, and the environment in which it
// is asked; GOMOD is empty where there is no module.
func (w *Workspace) goModule(ctx context.Context, folder string) (found struct{ GOMOD, GOWORK, GOFLAGS string }, user environ, err error) {
	user = w.t.environ().without("GO111MODULE", "GOTOOLCHAIN", "GOOS", "GOARCH", "CGO_ENABLED", "CC", "GOROOT", "PWD")
	user = append(user, "GO111MODULE=on", "GOTOOLCHAIN=local", "CGO_ENABLED=1").with("CC", strings.Join(w.b.CC, " "))
	out, err := command{
		doing: "find the Go module of " + folder, dir: folder, env: user,
		argv: []string{w.b.golang.Command, "env", "-json", "GOMOD", "GOWORK", "GOFLAGS"},
	}.run(ctx)
	if err != nil {
		return found, nil, err
	}
	if err := json.Unmarshal(out, &found); err != nil {
		return found, nil, fmt.Errorf("find the Go module of %s: %w", folder, err)
	}
	if found.GOMOD == os.DevNull {
		found.GOMOD = ""
	}
	return found, user, nil
}

// privateModule makes the module of a folder that has none.
func (w *Workspace) privateModule(folder string) (string, error) {
	sum := sha256.Sum256([]byte(folder))
	dir := filepath.Join(w.t.opts.CacheDir, "modules", hex.EncodeToString(sum[:])[:hashLength])
	if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
		return dir, nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", diskFull(err)
	}
	text := "module notebook\n\ngo " + strings.TrimPrefix(version.Lang(w.b.golang.Version), "go") + "\n"
	return dir, writeFile(filepath.Join(dir, "go.mod"), []byte(text))
}

// vendored tells that packages come from a vendor folder.
func (m Module) vendored() bool {
	flags := m.graph.env.get("GOFLAGS")
	_, err := os.Stat(filepath.Join(filepath.Dir(m.File), "vendor", "modules.txt"))
	return strings.Contains(flags, "-mod=vendor") || err == nil && !strings.Contains(flags, "-mod=")
}

// hash names what decides which versions are taken.
func (m Module) hash(flags []string) string {
	sum := sha256.New()
	fmt.Fprintln(sum, m.Dir, m.File, m.Work, flags)
	for _, name := range []string{"GOMODCACHE", "GOPATH", "CGO_CFLAGS", "CGO_CPPFLAGS", "CGO_LDFLAGS"} {
		fmt.Fprintln(sum, m.graph.env.get(name))
	}
	folder := filepath.Dir(m.File)
	for _, file := range []string{m.File, filepath.Join(folder, "go.sum"), m.Work, m.Work + ".sum", filepath.Join(folder, "vendor", "modules.txt")} {
		text, _ := os.ReadFile(file) // not there is a state too
		fmt.Fprintf(sum, "%d\x00%s", len(text), text)
	}
	return hex.EncodeToString(sum.Sum(nil))[:hashLength]
}

// environ is the environment of commands that follow the user's settings: the
// kernel's as it is now, since %env changes it.
func (t *Toolchain) environ() environ {
	if t.opts.Environ != nil {
		return t.env
	}
	return os.Environ()
}

// allowed checks Go's rule for internal packages: they are for the code below
// the folder that holds them.
func (m Module) allowed(folder string, paths []string) error {
	for _, path := range paths {
		parent, internal := cutInternal(path)
		if !internal {
			continue
		}
		text, err := os.ReadFile(m.File)
		if err != nil {
			return err
		}
		here := modfile.ModulePath(text)
		if rel, err := filepath.Rel(m.Dir, folder); err == nil && !m.Private {
			here = pathpkg.Join(here, filepath.ToSlash(rel))
		}
		if here != parent && !strings.HasPrefix(here, parent+"/") {
			return &ModuleError{Kind: NotAllowed, Package: path}
		}
	}
	return nil
}

// cutInternal is what stands before the last element "internal" of a path.
func cutInternal(path string) (parent string, found bool) {
	elements := strings.Split(path, "/")
	for i, e := range slices.Backward(elements) {
		if e == "internal" {
			return strings.Join(elements[:i], "/"), true
		}
	}
	return path, false
}
