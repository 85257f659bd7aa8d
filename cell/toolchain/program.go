package toolchain

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
)

// ModuleFor sees to the go.mod that a program needs for its imports, which the cells in
// folder have: it is written beside the program where no module is there. It returns the file,
// "" where the standard library is enough, and whether it is complete: that of another
// module is left as it is.
func (w *Workspace) ModuleFor(ctx context.Context, folder, program string, imports []string) (file string, complete bool, err error) {
	foreign := slices.DeleteFunc(slices.Clone(imports), func(path string) bool {
		return path == "unsafe" || slices.Contains(w.b.Std, path)
	})
	if len(foreign) == 0 {
		return "", true, nil
	}
	m, err := w.module(ctx, folder)
	if err != nil {
		return "", false, err
	}
	there, _, err := w.goModule(ctx, filepath.Dir(program))
	if err != nil {
		return "", false, err
	}
	ours := slices.ContainsFunc(foreign, w.b.own)
	if there.GOMOD != "" {
		return there.GOMOD, there.GOMOD == m.File && !ours, nil
	}
	return filepath.Join(filepath.Dir(program), "go.mod"), true, w.writeModule(ctx, m, ours, program)
}

// writeModule writes a program's go.mod with the versions of m, and with m itself and its
// workspace; with gospark's own source, as it is on this machine, where it is used.
func (w *Workspace) writeModule(ctx context.Context, m Module, ours bool, program string) error {
	text, err := os.ReadFile(m.File)
	if err != nil {
		return err
	}
	mod, err := modfile.Parse(m.File, text, nil)
	if err != nil {
		return err
	}
	local, err := w.t.workFolders(ctx, w.b, m)
	if err != nil {
		return err
	}
	folders := map[string]string{}
	for path, folder := range local {
		folders[path] = folder
	}
	if !m.Private && mod.Module != nil {
		folders[mod.Module.Mod.Path] = filepath.Dir(m.File)
	}
	if ours {
		folders["gospark"] = w.b.source
	}
	for _, r := range slices.Clone(mod.Replace) {
		if strings.HasPrefix(r.New.Path, ".") {
			if err := mod.AddReplace(r.Old.Path, r.Old.Version, filepath.Join(filepath.Dir(m.File), r.New.Path), ""); err != nil {
				return err
			}
		}
	}
	for path, folder := range folders {
		if err := mod.AddRequire(path, "v0.0.0"); err != nil {
			return err
		}
		if err := mod.AddReplace(path, "", folder, ""); err != nil {
			return err
		}
	}
	if err := mod.AddModuleStmt("program"); err != nil {
		return err
	}
	return w.settle(ctx, m, mod, program)
}

// settle writes the files of a module and lets the go command add what they lack.
func (w *Workspace) settle(ctx context.Context, m Module, mod *modfile.File, program string) error {
	mod.Cleanup()
	mod.SortBlocks()
	text, err := mod.Format()
	if err != nil {
		return err
	}
	sums, err := m.sums(w.b)
	if err != nil {
		return err
	}
	dir := filepath.Dir(program)
	for name, data := range map[string][]byte{"go.mod": text, "go.sum": sums} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			return err
		}
	}
	_, err = command{
		doing: "resolve the modules of " + program, dir: dir, env: append(m.graph.env, "GOWORK=off", "GOFLAGS="),
		argv: []string{w.b.golang.Command, "list", "-mod=mod", "-deps", "-f", "{{with .Error}}{{.}}{{end}}", filepath.Base(program)},
	}.run(ctx)
	return err
}
