package rules

import (
	"go/ast"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/go/packages"
)

const module = "gospark"

// loaded type-checks the whole module once for all rules.
var loaded = sync.OnceValues(func() ([]*packages.Package, error) {
	return packages.Load(&packages.Config{
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedImports | packages.NeedSyntax |
			packages.NeedTypes | packages.NeedTypesInfo,
		Dir: "../..",
	}, "./...")
})

func TestModuleCompiles(t *testing.T) {
	pkgs, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pkgs {
		for _, e := range p.Errors {
			t.Errorf("%s: %v", p.PkgPath, e)
		}
	}
}

// sources returns the packages of the module without the tests' own.
func sources(t *testing.T) []*packages.Package {
	t.Helper()
	pkgs, err := loaded()
	if err != nil {
		t.Fatalf("load the module: %v", err)
	}
	return slices.DeleteFunc(slices.Clone(pkgs), func(p *packages.Package) bool {
		return strings.HasPrefix(p.PkgPath, module+"/test/")
	})
}

// short is a package's path inside the module: "kernel/wire".
func short(path string) string {
	return strings.TrimPrefix(strings.TrimPrefix(path, module), "/")
}

// under reports whether path is one of the folders in dirs or below one.
// "." stands for the module's root package.
func under(path string, dirs ...string) bool {
	for _, d := range dirs {
		if path == d || strings.HasPrefix(path, d+"/") || (d == "." && path == "") {
			return true
		}
	}
	return false
}

// eachFile calls f for every hand-written file of the module (tests are not
// loaded; generated files are left out).
func eachFile(t *testing.T, f func(p *packages.Package, file *ast.File, name string)) {
	t.Helper()
	for _, p := range sources(t) {
		for _, file := range p.Syntax {
			if ast.IsGenerated(file) {
				continue
			}
			full := p.Fset.Position(file.Pos()).Filename
			name := filepath.Join(short(p.PkgPath), filepath.Base(full))
			f(p, file, filepath.ToSlash(name))
		}
	}
}

// forTests reports whether a package only serves tests, as kerneltest does.
func forTests(p *packages.Package) bool { return strings.HasSuffix(p.Name, "test") }

// funcName is "Name", "(T).Name" or "(*T).Name".
func funcName(d *ast.FuncDecl) string {
	if d.Recv == nil || len(d.Recv.List) == 0 {
		return d.Name.Name
	}
	typ, star := d.Recv.List[0].Type, ""
	if p, ok := typ.(*ast.StarExpr); ok {
		typ, star = p.X, "*"
	}
	if g, ok := typ.(*ast.IndexExpr); ok {
		typ = g.X
	}
	if g, ok := typ.(*ast.IndexListExpr); ok {
		typ = g.X
	}
	if id, ok := typ.(*ast.Ident); ok {
		return "(" + star + id.Name + ")." + d.Name.Name
	}
	return d.Name.Name
}
