package rules

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"
)

func TestPackagesAreDocumented(t *testing.T) {
	for _, p := range sources(t) {
		if allGenerated(p) {
			continue
		}
		doc := packageDoc(p)
		want := "Package " + p.Name + " "
		if p.Name == "main" {
			want = "Command "
		}
		if !strings.HasPrefix(doc, want) {
			t.Errorf("%s: the package comment should start with %q.\n"+
				"  Why: a stranger finds things by it. Say what the package does, what it refuses to know,\n"+
				"  and the one thing that a reader must understand.", p.PkgPath, want)
		}
	}
}

func allGenerated(p *packages.Package) bool {
	return !slices.ContainsFunc(p.Syntax, func(f *ast.File) bool { return !ast.IsGenerated(f) })
}

func packageDoc(p *packages.Package) string {
	for _, f := range p.Syntax {
		if f.Doc != nil {
			return f.Doc.Text()
		}
	}
	return ""
}

func TestExportedNamesAreDocumented(t *testing.T) {
	contracts := interfaceMethods(t)
	eachFile(t, func(p *packages.Package, file *ast.File, name string) {
		if p.Name == "main" {
			return
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv != nil && contracts[f.Name.Name] {
				continue
			}
			for _, id := range undocumented(d) {
				t.Errorf("%s:%d: %s has no comment.\n"+
					"  Why: exported names are the API; say shapes, units and errors.",
					name, p.Fset.Position(id.Pos()).Line, id.Name)
			}
		}
	})
}

// interfaceMethods are the methods that an interface documents: those of this
// module's interfaces and the ones that every Go programmer knows.
func interfaceMethods(t *testing.T) map[string]bool {
	names := map[string]bool{
		"Error": true, "Unwrap": true, "Is": true, "As": true, "String": true, "GoString": true,
		"MarshalJSON": true, "UnmarshalJSON": true, "Read": true, "Write": true, "Close": true,
	}
	for _, p := range sources(t) {
		for _, name := range p.Types.Scope().Names() {
			i, ok := p.Types.Scope().Lookup(name).Type().Underlying().(*types.Interface)
			for n := 0; ok && n < i.NumMethods(); n++ {
				names[i.Method(n).Name()] = true
			}
		}
	}
	return names
}

// undocumented returns the exported names that d declares without a comment.
func undocumented(d ast.Decl) []*ast.Ident {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Doc == nil && d.Name.IsExported() && exportedReceiver(d) {
			return []*ast.Ident{d.Name}
		}
	case *ast.GenDecl:
		var ids []*ast.Ident
		for _, s := range d.Specs {
			ids = append(ids, undocumentedSpec(d, s)...)
		}
		return ids
	}
	return nil
}

func undocumentedSpec(d *ast.GenDecl, s ast.Spec) []*ast.Ident {
	switch s := s.(type) {
	case *ast.TypeSpec:
		if s.Name.IsExported() && s.Doc == nil && d.Doc == nil {
			return []*ast.Ident{s.Name}
		}
	case *ast.ValueSpec:
		if s.Doc != nil || s.Comment != nil || d.Doc != nil {
			return nil
		}
		for _, id := range s.Names {
			if id.IsExported() {
				return []*ast.Ident{id}
			}
		}
	}
	return nil
}

func exportedReceiver(d *ast.FuncDecl) bool {
	name := funcName(d)
	if !strings.HasPrefix(name, "(") {
		return true
	}
	return ast.IsExported(strings.TrimLeft(name, "(*"))
}
