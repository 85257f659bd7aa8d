package toolchain

import (
	"fmt"
	"go/importer"
	"go/token"
	"go/types"
	"io"
	"os"
	"strings"
)

// bindSource goes into each cell beside its own file: the linker takes the run-time
// from what a program imports or, where it does not, from any version.
const bindSource = "package main\n\nimport (\n\t_ \"runtime\"\n\t_ \"runtime/cgo\"\n)\n"

// bindAssembly goes into each cell that is bound. addmoduledata is what the linker
// wants in every plugin. The first function is there to be first: the run-time takes
// the one whose name comes first in its table for one without a name.
const bindAssembly = `#include "textflag.h"

TEXT gospark∕cell∕bind·first(SB), NOSPLIT|NOFRAME, $0-0
	JMP gospark∕cell∕repair·addmoduledata(SB)

TEXT runtime·addmoduledata(SB), NOSPLIT|NOFRAME, $0-0
	JMP gospark∕cell∕repair·addmoduledata(SB)
`

// bindFirst is that first function, from which the linker begins.
const bindFirst = "gospark/cell/bind.first"

// apiSource is a file of the main package of the worker, or of an imports plugin,
// that mentions all that cells can use of the packages, so that the linker keeps
// it: functions, types with their methods, variables. What is generic is compiled
// in the cell, where it may use any function of its package, and so may what the
// compiler makes of the language with package runtime: of these, all functions are
// mentioned. extra are archives beside the build's.
func (b *build) apiSource(paths []string, extra map[string]archive) (string, error) {
	file := func(path string) string {
		if name, ok := b.Archives[path]; ok {
			return b.file(name)
		}
		return extra[path].File
	}
	from := importer.ForCompiler(token.NewFileSet(), "gc", func(path string) (io.ReadCloser, error) { return os.Open(file(path)) })
	var a api
	for i, path := range paths {
		if path == "unsafe" {
			continue
		}
		pkg, err := from.Import(path)
		if err != nil {
			return "", fmt.Errorf("read what %s exports: %w", path, err)
		}
		if generic := a.mention(pkg, fmt.Sprintf("p%d", i)); !generic && path != "runtime" {
			continue
		}
		archive, err := os.ReadFile(file(path))
		if err != nil {
			return "", err
		}
		o, err := readObject(archive)
		if err != nil {
			return "", fmt.Errorf("read what %s holds: %w", path, err)
		}
		a.link(o.functions)
	}
	return a.String(), nil
}

// api collects the parts of that file.
type api struct {
	imports, decls, pointers strings.Builder
	count                    int
}

func (a *api) String() string {
	return "package main\n\nimport (\n\t\"unsafe\"\n" + a.imports.String() + ")\n\n" + a.decls.String() +
		"\nvar apiAll = [...]unsafe.Pointer{\n" + a.pointers.String() + "}\n\nvar apiKept []unsafe.Pointer\n\nfunc init() { apiKept = apiAll[:] }\n"
}

// link mentions functions by the linker's names, as far as they can be written so.
func (a *api) link(names []string) {
	for _, name := range names {
		if strings.ContainsAny(name, " [\"·") || strings.Contains(name, ".init") {
			continue
		}
		a.count++
		fmt.Fprintf(&a.decls, "//go:linkname link%d %s\nfunc link%[1]d()\n", a.count, name)
		a.variable(fmt.Sprintf(" = link%d", a.count))
	}
}

// mention mentions what a package exports, and reports whether some is generic.
func (a *api) mention(pkg *types.Package, as string) (generic bool) {
	before := a.pointers.Len()
	for _, name := range pkg.Scope().Names() {
		o := pkg.Scope().Lookup(name)
		if !o.Exported() {
			continue
		}
		switch o := o.(type) {
		case *types.Func:
			if o.Signature().TypeParams().Len() == 0 {
				a.variable(" = " + as + "." + name)
			} else {
				generic = true
			}
		case *types.TypeName:
			if isConcrete(o) {
				a.variable(" any = (*" + as + "." + name + ")(nil)")
			} else if t, ok := o.Type().(*types.Named); ok && t.TypeParams().Len() > 0 {
				generic = true
			}
		case *types.Var:
			fmt.Fprintf(&a.pointers, "\tunsafe.Pointer(&%s.%s),\n", as, name)
		}
	}
	if a.pointers.Len() > before {
		fmt.Fprintf(&a.imports, "\t%s %q\n", as, pkg.Path())
	}
	return generic
}

// variable declares a variable whose value needs no code to run.
func (a *api) variable(value string) {
	a.count++
	fmt.Fprintf(&a.decls, "var api%d%s\n", a.count, value)
	fmt.Fprintf(&a.pointers, "\tunsafe.Pointer(&api%d),\n", a.count)
}

// isConcrete reports whether values can have the type.
func isConcrete(o *types.TypeName) bool {
	t, ok := o.Type().(*types.Named)
	if o.IsAlias() || !ok || t.TypeParams().Len() > 0 {
		return false
	}
	i, ok := t.Underlying().(*types.Interface)
	return !ok || i.IsMethodSet()
}
