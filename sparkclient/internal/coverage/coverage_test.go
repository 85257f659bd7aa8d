package coverage

import (
	"go/ast"
	"go/types"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/go/packages"
)

const (
	root   = "../../.."
	module = "gospark/sparkclient"
	least  = 97.0 // percent of each area
)

func names(t *testing.T) []Name {
	t.Helper()
	list, err := Table()
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// TestNamesOfPySpark asks PySpark itself for its names.
func TestNamesOfPySpark(t *testing.T) {
	if testing.Short() {
		t.Skip("needs PySpark: not in short mode")
	}
	python, err := filepath.Abs(root + "/.venv/bin/python")
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), python, "names.py").Output()
	if err != nil {
		t.Fatalf("names.py: %v (run make venv)", err)
	}
	theirs := map[string]bool{}
	for line := range strings.Lines(string(out)) {
		theirs[strings.TrimRight(line, "\n")] = true
	}
	if len(theirs) < 1000 {
		t.Fatalf("PySpark has %d names", len(theirs))
	}
	for _, n := range names(t) {
		key := n.Area + "\t" + n.Python
		if !theirs[key] {
			t.Errorf("pyspark.tsv has %s, which PySpark has not", key)
		}
		delete(theirs, key)
	}
	for key := range theirs {
		t.Errorf("pyspark.tsv lacks %s: say what it is in Go, or why it is left out", key)
	}
}

func TestEnoughIsCovered(t *testing.T) {
	for _, c := range Counts(names(t)) {
		t.Logf("%-24s %4d names, %5.1f %%, %d of Python only", c.Area, c.Names, c.Percent(), c.Python)
		if c.Percent() < least {
			t.Errorf("%s: %.1f %% of the names", c.Area, c.Percent())
		}
	}
}

func TestPage(t *testing.T) {
	got, err := os.ReadFile(root + "/docs/spark-coverage.md")
	if err != nil || string(got) != Page(names(t)) {
		t.Errorf("docs/spark-coverage.md is not what pyspark.tsv says (%v): make generate", err)
	}
}

// loaded are the packages with their tests.
var loaded = sync.OnceValues(func() ([]*packages.Package, error) {
	return packages.Load(&packages.Config{
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedImports | packages.NeedSyntax | packages.NeedTypes |
			packages.NeedTypesInfo,
		Tests: true, Dir: root,
	}, "./sparkclient", "./sparkclient/functions", "./sparkclient/window", "./sparkclient/connect", "./sparkclient/apache")
})

// place is where something is declared, which is the same in all variants of a
// package.
func place(p *packages.Package, obj types.Object) string { return p.Fset.Position(obj.Pos()).String() }

// symbols finds the declarations of Go names as the table writes them.
type symbols map[string]*packages.Package // by the prefix of names

func load(t *testing.T) ([]*packages.Package, symbols) {
	t.Helper()
	pkgs, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	found := symbols{}
	for _, p := range pkgs {
		for _, e := range p.Errors {
			t.Fatalf("%s: %v", p.PkgPath, e)
		}
		for prefix, folder := range map[string]string{"": "", "F": "/functions", "window": "/window", "connect": "/connect"} {
			if p.ID == module+folder {
				found[prefix] = p
			}
		}
	}
	return pkgs, found
}

func (s symbols) find(name string) (string, bool) {
	parts := strings.Split(name, ".")
	p := s[""]
	if other := s[parts[0]]; len(parts) > 1 && other != nil {
		p, parts = other, parts[1:]
	}
	obj := p.Types.Scope().Lookup(parts[0])
	if obj == nil || !obj.Exported() {
		return "", false
	}
	if len(parts) > 1 {
		if obj, _, _ = types.LookupFieldOrMethod(obj.Type(), true, p.Types, parts[1]); obj == nil || !obj.Exported() {
			return "", false
		}
	}
	return place(p, obj), true
}

func TestGoNamesExist(t *testing.T) {
	_, s := load(t)
	for _, n := range names(t) {
		if n.Left() {
			continue
		}
		if _, ok := s.find(n.Go); !ok {
			t.Errorf("%s: there is no %s", n.Python, n.Go)
		}
	}
}

// TestEveryNameIsTested finds a use of each Go name in a test that works on a
// real server: one that opens a session there, or is handed one.
func TestEveryNameIsTested(t *testing.T) {
	pkgs, s := load(t)
	used := map[string]bool{}
	for _, p := range pkgs {
		for _, file := range p.Syntax {
			if strings.HasSuffix(p.Fset.Position(file.Pos()).Filename, "_test.go") {
				uses(p, file, used)
			}
		}
	}
	reported := map[string]bool{}
	for _, n := range names(t) {
		if where, ok := s.find(n.Go); ok && !n.Left() && !used[where] && !reported[n.Go] {
			reported[n.Go] = true
			t.Errorf("%s (%s): no test on a real server uses it", n.Go, n.Python)
		}
	}
}

func uses(p *packages.Package, file *ast.File, used map[string]bool) {
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Body == nil || !reachesServer(p, f) {
			continue
		}
		ast.Inspect(f.Body, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && p.TypesInfo.Uses[id] != nil {
				used[place(p, p.TypesInfo.Uses[id])] = true
			}
			return true
		})
	}
}

// reachesServer reports whether a function gets a session or opens one with its
// package's open or notebook.
func reachesServer(p *packages.Package, f *ast.FuncDecl) bool {
	for _, field := range f.Type.Params.List {
		if strings.HasSuffix(types.TypeString(p.TypesInfo.TypeOf(field.Type), nil), module+".Session") {
			return true
		}
	}
	opens := false
	ast.Inspect(f.Body, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if ok && slices.Contains([]string{"open", "notebook", "session"}, id.Name) {
			_, function := p.TypesInfo.Uses[id].(*types.Func)
			opens = opens || function
		}
		return true
	})
	return opens
}
