package source

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"runtime"
	"strings"
)

// check type-checks a program. It reports whether it learned something that makes
// another one worth a try; an error is what cannot be mended.
func (p *program) check(f *programFile) (learned bool, err error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "main.go", f.String(), parser.SkipObjectResolution)
	if err != nil {
		return false, fmt.Errorf("the program cannot be written: %w", err)
	}
	var unused, others []types.Error
	conf := types.Config{Importer: packageImporter{p.nb}, Sizes: types.SizesFor("gc", runtime.GOARCH), Error: func(err error) {
		var e types.Error
		if !errors.As(err, &e) || strings.HasPrefix(e.Msg, "\t") {
			return
		}
		if unusedName(e.Msg) != "" || strings.HasSuffix(e.Msg, "imported and not used") {
			unused = append(unused, e)
		} else {
			others = append(others, e)
		}
	}}
	// The errors were all given to conf.Error.
	_, _ = conf.Check("main", fset, []*ast.File{file}, nil)
	if len(others) > 0 {
		return true, p.leaveOut(fset, f, others)
	}
	for _, e := range unused {
		if err := p.learnUnused(fset, f, e); err != nil {
			return false, err
		}
	}
	return len(unused) > 0, nil
}

// packageImporter reads packages as cells do.
type packageImporter struct{ nb *Notebook }

func (i packageImporter) Import(path string) (*types.Package, error) { return i.nb.importPackage(path) }

// partAt is the cell of a place in the program, nil for none.
func (f *programFile) partAt(off int) *record {
	for _, part := range f.parts {
		if part.start <= off && off < part.end {
			return part.record
		}
	}
	return nil
}

// leaveOut leaves out the cells that do not compile.
func (p *program) leaveOut(fset *token.FileSet, f *programFile, errs []types.Error) error {
	found := false
	for _, e := range errs {
		if r := f.partAt(fset.Position(e.Pos).Offset); r != nil {
			found = true
			if p.left[r] == "" {
				p.left[r] = "it does not compile with what later cells declare: " + e.Msg
			}
		}
	}
	if !found {
		return fmt.Errorf("the program does not compile: line %d: %s", fset.Position(errs[0].Pos).Line, errs[0].Msg)
	}
	return nil
}

// learnUnused remembers a variable or an import that the program does not use.
func (p *program) learnUnused(fset *token.FileSet, f *programFile, e types.Error) error {
	off := fset.Position(e.Pos).Offset
	name := unusedName(e.Msg)
	if name == "" {
		line, _, _ := strings.Cut(f.String()[off:], "\n")
		if start := strings.LastIndexByte(f.String()[:off], '\n') + 1; start < off {
			line = f.String()[start:off] + line
		}
		p.dropped[strings.TrimSpace(line)] = true
		return nil
	}
	r := f.partAt(off)
	if r == nil {
		return fmt.Errorf("the program does not compile: %s", e.Msg)
	}
	for _, d := range r.defs {
		for _, v := range d.vars {
			if p.name(v) == name && !p.unused[v] {
				p.unused[v] = true
				return nil
			}
		}
	}
	p.left[r] = "it does not compile with what later cells declare: " + e.Msg
	return nil
}
