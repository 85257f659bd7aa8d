package notebook

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"gospark/cell"
	"gospark/cell/toolchain"
	"gospark/display"
	"gospark/kernel/wire"
	"gospark/magic"
	"gospark/render"
)

// goGet is %go get: what the go command says while it works is shown as it comes.
func (n *Notebook) goGet(ctx context.Context, r *run, c magic.GoGet) (*display.Bundle, error) {
	if c.Auto != "" {
		n.cells.AutoGet(c.Auto == "on")
	}
	if len(c.Modules) == 0 {
		if c.Auto == "on" {
			return text("imports of unknown modules get them from now on"), nil
		}
		return text("imports of unknown modules name the command that gets them"), nil
	}
	if err := n.prepared.await(ctx, r); err != nil {
		return nil, err
	}
	packages, err := n.cells.Get(ctx, c.Modules, func(line string) { r.out.Stream(wire.Stderr, line+"\n") })
	if err != nil {
		return nil, err
	}
	return text(importLines(packages)), nil
}

// importLines say how what was got is used; a module may have many packages.
func importLines(packages []string) string {
	const most = 20
	var b strings.Builder
	for i, path := range packages {
		if i == most {
			fmt.Fprintf(&b, "… and %d more", len(packages)-most)
			break
		}
		fmt.Fprintf(&b, "import %q\n", path)
	}
	return strings.TrimRight(b.String(), "\n")
}

// goMod is %go mod.
func (n *Notebook) goMod(ctx context.Context, c magic.GoMod) (*display.Bundle, error) {
	if c.Init {
		m, err := n.cells.InitModule(ctx, c.Path)
		if err != nil {
			return nil, err
		}
		return text("wrote " + m.File), nil
	}
	_, m, err := n.cells.Modules(ctx)
	if err != nil {
		return nil, err
	}
	data, err := os.ReadFile(m.File)
	if err != nil {
		return nil, err
	}
	head := "// " + m.File
	if m.Private {
		head += "\n// This folder has no go.mod: this one is gospark's own for it. `%go mod init` writes it beside the notebook."
	}
	if m.Work != "" {
		head += "\n// with " + m.Work
	}
	return text(head + "\n" + string(data)), nil
}

// goList is %go list.
func (n *Notebook) goList(ctx context.Context) (*display.Bundle, error) {
	required, m, err := n.cells.Modules(ctx)
	if err != nil {
		return nil, err
	}
	var rows [][]any
	for _, r := range required {
		if r.Indirect && !r.Loaded && !m.Private {
			continue
		}
		state := "not loaded"
		if r.Loaded {
			state = "loaded"
		}
		rows = append(rows, []any{r.Path, r.Version, state})
	}
	if len(rows) == 0 {
		return text("no modules yet; `%go get MODULE` gets one"), nil
	}
	table := render.Table([]render.Column{{Name: "module"}, {Name: "version"}, {Name: "state"}}, rows, render.TableOptions{})
	return &table, nil
}

// moduleWords are for imports and %go get.
func moduleWords(r *run, err error) (render.Failure, bool) {
	var module *cell.ModuleError
	var conflict *cell.ConflictError
	switch {
	case errors.As(err, &module):
		f := moduleFailure(module)
		f.Where = importAt(r, module.Package)
		if f.Details == "" && module.Detail != f.Message {
			f.Details = module.Detail
		}
		return f, true
	case errors.As(err, &conflict):
		return render.Failure{Name: "other version loaded",
			Message: "the Go process has loaded another version of " + strings.Join(conflict.Packages, ", "),
			Advice:  []string{"`%reset` starts a new one, which takes the version that is wanted now", "lost then: `" + strings.Join(conflict.Lost, "`, `") + "`"}}, true
	case errors.Is(err, toolchain.ErrHasModule):
		return render.Failure{Name: "go.mod is there", Message: err.Error(), Advice: []string{"`%go mod` shows it"}}, true
	}
	return render.Failure{}, false
}

// moduleFailure finds the words for one kind of error.
func moduleFailure(e *cell.ModuleError) render.Failure {
	name := e.Package
	switch e.Kind {
	case toolchain.NotRequired:
		return render.Failure{Name: "package not found", Message: "no module of this notebook has the package " + name, Advice: nonEmpty(
			getLine(e.Get), "`%go get --auto` lets an import get what is missing")}
	case toolchain.NotFound:
		return render.Failure{Name: "module not found", Message: "there is no module " + name + " where Go looks for it", Advice: []string{
			"check the spelling; a private module needs `%env GOPRIVATE=…`", "a folder of yours is used with a `replace` line in `go.mod` (`%go mod`)"}}
	case toolchain.NoVersion:
		return render.Failure{Name: "version not found", Message: name + " has no such version", Advice: []string{
			"`%go get " + name + "@latest` takes the newest", "`!go list -m -versions " + name + "` lists them"}}
	case toolchain.NoPackage:
		return render.Failure{Name: "package not found", Message: "the module is there, but has no package " + name}
	case toolchain.NoNetwork:
		return render.Failure{Name: "no network", Message: name + " could not be fetched", Advice: []string{
			"`%env GOPROXY=…` names a proxy that can be reached; `!go env GOPROXY` shows the one in use"}}
	case toolchain.BadChecksum:
		return render.Failure{Name: "checksum mismatch", Message: name + " is not what it was when it was first seen: it was changed, or something on the way changes it"}
	case toolchain.NotStandard:
		return render.Failure{Name: "package not found", Message: "the standard library has no package " + name}
	case toolchain.NotAllowed:
		return render.Failure{Name: "internal package", Message: name + " is internal: only code of its own module may import it"}
	case toolchain.NotImportable:
		return render.Failure{Name: "not importable", Message: name + " is a program, or has no Go files for this machine"}
	case toolchain.NeedsGo:
		return render.Failure{Name: "newer Go needed", Message: name + " needs a newer Go than the one that compiles cells (%go version)", Advice: []string{
			"an older version of it may do: `%go get " + cutVersion(name) + "@VERSION`"}}
	case toolchain.VendorClash:
		return render.Failure{Name: "vendored version", Message: "gospark uses " + name + " too, and the vendor folder of " + filepath.Dir(e.Detail) + " has another version",
			Advice: []string{"`%env GOFLAGS=-mod=mod` takes modules from the module cache instead of the vendor folder"}}
	case toolchain.WorkerClash:
		return render.Failure{Name: "version does not fit", Message: "gospark uses " + name + " too, and does not build with the version that this notebook's go.mod takes"}
	}
	return render.Failure{Name: "module error", Message: e.Error()}
}

// getLine is the command that gets a package.
func getLine(what string) string {
	if what == "" {
		return ""
	}
	return "`%go get " + what + "` gets it"
}

func cutVersion(name string) string {
	name, _, _ = strings.Cut(name, "@")
	return name
}

// importAt marks a package's import line; nil where the cell has none.
func importAt(r *run, path string) *render.Snippet {
	at := strings.Index(r.cell.Code, `"`+path+`"`)
	if path == "" || at < 0 {
		return nil
	}
	before := r.cell.Code[:at]
	line := strings.Count(before, "\n") + 1
	s := snippetAt(r, line, at-strings.LastIndexByte(before, '\n'))
	if s != nil {
		s.Stop = s.Start + len(path) + 2
	}
	return s
}
