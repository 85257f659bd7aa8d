package toolchain

import (
	"bytes"
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

// clashError means that packages differ from those of the build's worker.
type clashError struct{ packages []string }

func (e *clashError) Error() string {
	return "the worker holds another version of " + strings.Join(e.packages, ", ")
}

// RestartError means that packages cannot be loaded into the worker as it is: it
// holds others of that name. A new one takes them.
type RestartError struct {
	Packages []string // sorted
	// Local tells that the user changed the files of all of them.
	Local bool

	w *Workspace
	b *build
}

func (e *RestartError) Error() string {
	return "the Go process holds another version of " + strings.Join(e.Packages, ", ")
}

// Use makes the next worker one that can load the packages. The caller has ended
// the one that ran.
func (e *RestartError) Use() error {
	w := e.w
	if e.b != w.b {
		used, err := e.b.use()
		if err != nil {
			return err
		}
		_ = w.used.Close()
		w.used, w.b = used, e.b
	}
	w.Reset()
	return nil
}

// combined is the module's graph with gospark's requirements in it: each module
// in the highest version that either wants. It is written to the cache.
func (t *Toolchain) combined(ctx context.Context, b *build, m Module) (graph, error) {
	sum := sha256.Sum256([]byte(m.key + b.Source))
	dir := filepath.Join(t.opts.CacheDir, "modules", hex.EncodeToString(sum[:])[:hashLength])
	file := filepath.Join(dir, "go.mod")
	env := m.graph.env.without("GOWORK")
	flags := strings.Fields(env.get("GOFLAGS"))
	flags = slices.DeleteFunc(flags, func(flag string) bool { return strings.HasPrefix(flag, "-mod=") })
	g := graph{
		dir: m.Dir, env: append(env, "GOWORK=off", "GOFLAGS="+strings.Join(flags, " ")),
		flags: []string{"-mod=mod", "-modfile=" + file},
	}
	if _, err := os.Stat(file); err == nil {
		return g, nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return g, diskFull(err)
	}
	return g, t.writeCombined(ctx, b, m, dir)
}

func (t *Toolchain) writeCombined(ctx context.Context, b *build, m Module, dir string) error {
	text, err := os.ReadFile(m.File)
	if err != nil {
		return err
	}
	sums, err := m.sums(b)
	if err != nil {
		return err
	}
	draft := filepath.Join(dir, "draft.mod")
	if err := errors.Join(writeFile(draft, text), writeFile(filepath.Join(dir, "go.sum"), sums)); err != nil {
		return err
	}
	edit := []string{b.golang.Command, "mod", "edit", "-require=gospark@v0.0.0", "-replace=gospark=" + b.source}
	used, err := t.workFolders(ctx, b, m)
	if err != nil {
		return err
	}
	for path, folder := range used {
		edit = append(edit, "-require="+path+"@v0.0.0", "-replace="+path+"="+folder)
	}
	if _, err := (command{doing: "combine the requirements", dir: dir, env: t.goEnv(b), argv: append(edit, draft)}).run(ctx); err != nil {
		return err
	}
	return os.Rename(draft, filepath.Join(dir, "go.mod"))
}

// sums are the checksums of the module and of gospark.
func (m Module) sums(b *build) (sums []byte, err error) {
	for _, file := range []string{filepath.Join(filepath.Dir(m.File), "go.sum"), m.Work + ".sum", filepath.Join(b.source, "go.sum")} {
		part, err := os.ReadFile(file)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, err
		}
		sums = append(bytes.TrimRight(append(sums, part...), "\n"), '\n')
	}
	return sums, nil
}

// workFolders are the modules of the go.work in use, beside the main one.
func (t *Toolchain) workFolders(ctx context.Context, b *build, m Module) (map[string]string, error) {
	if m.Work == "" {
		return nil, nil
	}
	out, err := command{
		doing: "read " + m.Work, dir: m.Dir, env: m.graph.env,
		argv: []string{b.golang.Command, "list", "-m", "-json=Path,Dir,GoMod"},
	}.run(ctx)
	if err != nil {
		return nil, err
	}
	used := map[string]string{}
	for dec := json.NewDecoder(bytes.NewReader(out)); dec.More(); {
		var module struct{ Path, Dir, GoMod string }
		if err := dec.Decode(&module); err != nil {
			return nil, fmt.Errorf("read %s: %w", m.Work, err)
		}
		if module.GoMod != m.File {
			used[module.Path] = module.Dir
		}
	}
	return used, nil
}

// buildFor is the build whose worker has the versions of a combined graph.
func (t *Toolchain) buildFor(ctx context.Context, base *build, r request, progress func(string)) (*build, error) {
	sum := sha256.Sum256([]byte(r.key + base.Source + t.key(base.Source, base.golang)))
	b := &build{
		dir:    filepath.Join(t.opts.CacheDir, "build", hex.EncodeToString(sum[:])[:hashLength]),
		source: base.source, golang: base.golang, graph: r.graph,
	}
	if !b.read() {
		if err := t.make(ctx, b, progress); err != nil {
			return nil, err
		}
	}
	return b, nil
}
