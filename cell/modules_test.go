package cell

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/goproxytest"
	"golang.org/x/tools/txtar"

	"gospark/cell/source"
	"gospark/cell/toolchain"
)

// inFolder is a notebook in a folder with the files of a txtar archive.
func inFolder(t *testing.T, files string) (b *book, folder string) {
	t.Helper()
	folder = t.TempDir()
	write(t, folder, files)
	return newBookWith(t, Options{Dir: folder}), folder
}

// write writes the files of a txtar archive.
func write(t *testing.T, folder, files string) {
	t.Helper()
	for _, f := range txtar.Parse([]byte(files)).Files {
		path := filepath.Join(folder, f.Name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

const localModule = `
-- go.mod --
module example.test/book

go 1.26

require example.test/shapes v1.2.3

replace example.test/shapes => ./shapes
-- tools/tools.go --
package tools

import "example.test/book/internal/deep"

// Greet greets.
func Greet(name string) string { return deep.Hello() + ", " + name }
-- internal/deep/deep.go --
package deep

var greeting = make(map[string]string)

func init() { greeting["en"] = "Hello" }

func Hello() string { return greeting["en"] }
-- shapes/go.mod --
module example.test/shapes

go 1.26
-- shapes/shapes.go --
package shapes

type Set[T comparable] struct{ m map[T]bool }

func (s *Set[T]) Add(v T) *Set[T] {
	if s.m == nil {
		s.m = map[T]bool{}
	}
	s.m[v] = true
	return s
}

func (s *Set[T]) Len() int { return len(s.m) }
`

func TestLocalModule(t *testing.T) {
	b, _ := inFolder(t, localModule)
	b.ok("import \"example.test/book/tools\"\nimport \"example.test/book/internal/deep\"")
	b.want(`tools.Greet("Gopher"), deep.Hello()`, "=> Hello, Gopher Hello")
	b.ok("import \"example.test/shapes\"\nvar s shapes.Set[string]\ns.Add(\"a\")")
	b.want(`s.Add("b").Len()`, "=> 2")
	b.want("func size[T comparable](s *shapes.Set[T]) int { return s.Len() }\nsize(&s)", "=> 2")
	if c, _, _ := b.r.Complete("tools.Gr", 8); len(c) != 1 || c[0].Text != "Greet" {
		t.Errorf("completion: %v", c)
	}
	if d, ok := b.r.Inspect("tools.Greet", 8, 0); !ok || d.Text != "Greet greets." {
		t.Errorf("inspection: %v %+v", ok, d)
	}
}

func TestChangedPackage(t *testing.T) {
	b, folder := inFolder(t, localModule)
	const imports = "import \"example.test/book/tools\"\n"
	if e := fail[*source.CompileError](b, imports+"tools.Shout(\"x\")"); !strings.Contains(e.Error(), "Shout") {
		t.Error(e)
	}
	b.want("x := 1", "")
	// Not loaded yet: the new one takes its place and nothing is lost.
	write(t, folder, "-- tools/tools.go --\npackage tools\n\nimport \"strings\"\n\nfunc Shout(s string) string { return strings.ToUpper(s) }\n")
	b.want(imports+"tools.Shout(\"x\"), x", "=> X 1")
	// Loaded: a notice, and a new worker when the import line runs again.
	write(t, folder, "-- tools/tools.go --\npackage tools\n\nfunc Shout(s string) string { return s + \"!\" }\n")
	_, result, err := b.run(`tools.Shout("x")`)
	if err != nil || len(result.Notices) != 1 || !strings.Contains(result.Notices[0], "changed on disk") {
		t.Errorf("got %v, %v", result.Notices, err)
	}
	if _, result, _ := b.run(`tools.Shout("y")`); len(result.Notices) != 0 {
		t.Errorf("told twice: %v", result.Notices)
	}
	got := b.ok(imports + "tools.Shout(\"x\")")
	if !strings.Contains(got, "lost: x\n") || !strings.HasSuffix(got, "=> x!") {
		t.Errorf("got %q", got)
	}
	// A package that does not compile changes nothing.
	b.want("y := 2", "")
	write(t, folder, "-- tools/tools.go --\npackage tools\n\nfunc Shout(s string) string { return 1 }\n")
	if _, _, err := b.run(imports); err == nil || !strings.Contains(err.Error(), "tools.go:3") {
		t.Errorf("got %v", err)
	}
	b.want("y", "=> 2")
}

func TestUnknownPackages(t *testing.T) {
	b, _ := inFolder(t, localModule)
	for _, c := range []struct {
		code string
		kind toolchain.ModuleKind
		get  string
	}{
		{`import "example.test/other/pkg"`, toolchain.NotRequired, "example.test/other/pkg"},
		{`import "example.test/shapes/internal/x"`, toolchain.NotAllowed, ""},
	} {
		if e := fail[*ModuleError](b, c.code); e.Kind != c.kind || e.Get != c.get {
			t.Errorf("%s: got %+v", c.code, e)
		}
	}
	fail[*source.CompileError](b, `import "fmtt"`)
}

// proxy serves modules of a txtar archive, named M@V/file, as a module proxy
// does, and makes the environment use it and nothing else.
func proxy(t *testing.T, modules string) {
	t.Helper()
	folder := t.TempDir()
	byModule := map[string]*txtar.Archive{}
	for _, f := range txtar.Parse([]byte(modules)).Files {
		at := strings.Index(f.Name, "@")
		slash := at + strings.IndexByte(f.Name[at:], '/')
		name := strings.ReplaceAll(f.Name[:at], "/", "_") + "_" + f.Name[at+1:slash]
		a := byModule[name]
		if a == nil {
			a = &txtar.Archive{Files: []txtar.File{
				{Name: ".mod", Data: []byte("module " + f.Name[:at] + "\n")},
				{Name: ".info", Data: []byte(`{"Version":"` + f.Name[at+1:slash] + `"}`)},
			}}
			byModule[name] = a
		}
		if file := f.Name[slash+1:]; file == "go.mod" {
			a.Files[0].Data = f.Data
		} else {
			a.Files = append(a.Files, txtar.File{Name: file, Data: f.Data})
		}
	}
	for name, a := range byModule {
		a.Files = append(a.Files, txtar.File{Name: "go.mod", Data: a.Files[0].Data})
		if err := os.WriteFile(filepath.Join(folder, name+".txtar"), txtar.Format(a), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	server, err := goproxytest.NewServer(folder, "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	t.Setenv("GOPROXY", server.URL)
	t.Setenv("GOSUMDB", "off")
	t.Setenv("GOFLAGS", "-modcacherw")
	t.Setenv("GOMODCACHE", t.TempDir())
}

const published = `
-- example.test/shapes@v1.0.0/go.mod --
module example.test/shapes

go 1.26
-- example.test/shapes@v1.0.0/shapes.go --
package shapes

const Version = "v1.0.0"

func Sides() int { return 3 }
-- example.test/shapes@v1.0.0/solid/solid.go --
package solid

func Faces() int { return 6 }
-- example.test/shapes@v1.1.0/go.mod --
module example.test/shapes

go 1.26
-- example.test/shapes@v1.1.0/shapes.go --
package shapes

const Version = "v1.1.0"

func Sides() int { return 4 }
-- example.test/future@v1.0.0/go.mod --
module example.test/future

go 1.99
-- example.test/future@v1.0.0/future.go --
package future
`

func TestGet(t *testing.T) {
	b, folder := inFolder(t, "")
	proxy(t, published)
	get := func(wanted ...string) ([]string, error) {
		return b.r.Get(t.Context(), wanted, func(line string) { t.Log(line) })
	}
	packages, err := get("example.test/shapes@v1.0.0")
	if want := "example.test/shapes example.test/shapes/solid"; err != nil || strings.Join(packages, " ") != want {
		t.Fatalf("got %v, %v", packages, err)
	}
	if c, _, _ := b.r.Complete(`import "example.test/sh`, 23); len(c) != 2 || c[1].Text != "example.test/shapes/solid" {
		t.Errorf("completion: %v", c)
	}
	b.ok("import \"example.test/shapes\"")
	b.want("x := shapes.Sides()\nx, shapes.Version", "=> 3 v1.0.0")
	if left, _ := os.ReadDir(folder); len(left) != 0 {
		t.Errorf("written beside the notebook: %v", left)
	}
	// Another version of what is loaded would cost the variables: it says so.
	_, err = get("example.test/shapes@latest")
	var conflict *ConflictError
	if !errors.As(err, &conflict) || strings.Join(conflict.Lost, " ") != "x" || conflict.Packages[0] != "example.test/shapes" {
		t.Fatalf("got %v", err)
	}
	b.want("shapes.Sides() + x", "=> 6")
	fail[*ConflictError](b, "import \"example.test/shapes\"")
	if err := b.r.Reset(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.want("import \"example.test/shapes\"\nshapes.Sides(), shapes.Version", "=> 4 v1.1.0")
	required, module, err := b.r.Modules(t.Context())
	if err != nil || !module.Private || len(required) != 1 || required[0] != (Required{Path: "example.test/shapes", Version: "v1.1.0", Indirect: true, Loaded: true}) {
		t.Errorf("got %v, %+v, %v", required, module, err)
	}
	// The module moves beside the notebook when asked.
	if module, err = b.r.InitModule(t.Context(), "example.test/mine"); err != nil || module.Private {
		t.Errorf("got %+v, %v", module, err)
	}
	if text, err := os.ReadFile(filepath.Join(folder, "go.mod")); err != nil || !strings.Contains(string(text), "module example.test/mine") || !strings.Contains(string(text), "shapes v1.1.0") {
		t.Errorf("got %s, %v", text, err)
	}
	b.want("import \"example.test/shapes\"\nshapes.Version", "=> v1.1.0")
}

func TestGetFails(t *testing.T) {
	b, _ := inFolder(t, "")
	proxy(t, published)
	for wanted, kind := range map[string]toolchain.ModuleKind{
		"example.test/nothing":            toolchain.NotFound,
		"example.test/shapes@v9.9.9":      toolchain.NoVersion,
		"example.test/shapes@>v2":         toolchain.NoVersion,
		"example.test/shapes/flat@v1.0.0": toolchain.NoPackage,
		"example.test/future":             toolchain.NeedsGo,
		"nothing":                         toolchain.NotFound,
	} {
		_, err := b.r.Get(t.Context(), []string{wanted}, func(string) {})
		var failed *ModuleError
		if !errors.As(err, &failed) || failed.Kind != kind {
			t.Errorf("%s: got %T %v", wanted, err, err)
		}
	}
	t.Setenv("GOPROXY", "off")
	_, err := b.r.Get(t.Context(), []string{"example.test/other"}, func(string) {})
	var failed *ModuleError
	if !errors.As(err, &failed) || failed.Kind != toolchain.NoNetwork {
		t.Errorf("no network: got %T %v", err, err)
	}
}

func TestAutoGet(t *testing.T) {
	b, _ := inFolder(t, "")
	proxy(t, published)
	if e := fail[*ModuleError](b, "import \"example.test/shapes\""); e.Get != "example.test/shapes" {
		t.Errorf("got %+v", e)
	}
	b.r.AutoGet(true)
	b.ok("import \"example.test/shapes\"")
	b.want("shapes.Version", "=> v1.1.0")
}

func TestVendor(t *testing.T) {
	t.Setenv("GOPROXY", "off")
	b, _ := inFolder(t, `
-- go.mod --
module example.test/book

go 1.26

require example.test/shapes v1.0.0
-- vendor/modules.txt --
# example.test/shapes v1.0.0
## explicit; go 1.26
example.test/shapes
-- vendor/example.test/shapes/shapes.go --
package shapes

const Version = "vendored"
`)
	b.ok("import \"example.test/shapes\"")
	b.want("shapes.Version", "=> vendored")
	if e := fail[*ModuleError](b, "import \"example.test/other\""); e.Kind != toolchain.NotRequired {
		t.Errorf("got %+v", e)
	}
}

// A module that the worker holds too is taken from the module of the notebook: a
// worker with its version is built.
func TestSharedModule(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a worker")
	}
	b, folder := inFolder(t, `
-- go.mod --
module example.test/book

go 1.26

require golang.org/x/sys v0.1.0

replace golang.org/x/sys => ./sys
-- sys/go.mod --
module golang.org/x/sys

go 1.26
-- sys/unix/mine.go --
package unix

const Mine = true
`)
	if e := fail[*ModuleError](b, `import "golang.org/x/sys/unix"`); e.Kind != toolchain.WorkerClash {
		t.Errorf("got %+v", e)
	}
	real, err := exec.Command("go", "list", "-f", "{{.Dir}}", "golang.org/x/sys/unix").Output()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(filepath.Join(folder, "sys", "unix"), os.DirFS(strings.TrimSpace(string(real)))); err != nil {
		t.Fatal(err)
	}
	b.ok("x := 1")
	if e := fail[*ConflictError](b, `import "golang.org/x/sys/unix"`); !slices.Contains(e.Packages, "golang.org/x/sys/unix") || e.Lost[0] != "x" {
		t.Errorf("got %+v", e)
	}
	b.want("x", "=> 1")
	if err := b.r.Reset(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.ok(`import "golang.org/x/sys/unix"`)
	b.want("unix.Mine, unix.Getpid() == os.Getpid()", "=> true true")
}

// Modules of the public proxy: a lower version of what the worker holds is raised
// to the worker's, as in a program that imports both.
func TestPublicModules(t *testing.T) {
	if testing.Short() {
		t.Skip("fetches modules")
	}
	b, _ := inFolder(t, `
-- go.mod --
module example.test/book

go 1.26

require golang.org/x/sys v0.45.0
-- go.sum --
golang.org/x/sys v0.45.0 h1:dO4czNzziLiiXplLQgBCEpCvXQ3dnkn0SdaZSYdQ+FY=
golang.org/x/sys v0.45.0/go.mod h1:4GL1E5IUh+htKOUEOaiffhrAeqysfVGipDYzABqnCmw=
`)
	b.ok("import \"golang.org/x/sys/unix\"")
	b.want("x := unix.Getpid() == os.Getpid()\nx", "=> true")
	if _, err := b.r.Get(t.Context(), []string{"gonum.org/v1/gonum/mat@v0.17.0", "github.com/google/go-cmp/cmp@v0.7.0"}, func(line string) { t.Log(line) }); err != nil {
		t.Fatal(err)
	}
	b.ok("import (\n\"gonum.org/v1/gonum/mat\"\n\"github.com/google/go-cmp/cmp\"\n)")
	b.ok("m := mat.NewDense(2, 2, []float64{1, 2, 3, 4})")
	b.want("mat.Det(m), x", "=> -2 true")
	b.want("type pair struct{ A, B int }\ncmp.Equal(pair{1, 2}, pair{1, 2})", "=> true")
	b.want(`import "gonum.org/v1/gonum/stat"
stat.Mean(m.RawMatrix().Data, nil)`, "building gonum.org/v1/gonum/stat for cells\n=> 2.5")
}

func TestCgoPackage(t *testing.T) {
	b, _ := inFolder(t, `
-- go.mod --
module example.test/book

go 1.26
-- sum/sum.go --
package sum

// #cgo LDFLAGS: -lm
// #include <math.h>
// static int add(int a, int b) { return a + b; }
import "C"

func Add(a, b int) int { return int(C.add(C.int(a), C.int(b))) }

func Cos(x float64) float64 { return float64(C.cos(C.double(x))) }
-- crash/crash.go --
package crash

// static int read(int *p) { return *p; }
import "C"

func Read() int { return int(C.read(nil)) }
`)
	b.ok(`import "example.test/book/sum"`)
	b.want("sum.Add(1, 2), sum.Cos(0)", "=> 3 1")

	// A crash in C ends the worker only.
	b.ok("x := 1")
	if e := fail[*WorkerDied](b, "import \"example.test/book/crash\"\ncrash.Read()"); !strings.HasPrefix(e.Reason, "SIGSEGV: ") {
		t.Errorf("a crash in C: %+v", e)
	}
	b.want("import \"example.test/book/sum\"\nsum.Add(2, 2)", "=> 4")
}

func TestWorkspaceModule(t *testing.T) {
	b, _ := inFolder(t, `
-- go.work --
go 1.26

use ./a
use ./b
-- a/go.mod --
module example.test/a

go 1.26
-- b/go.mod --
module example.test/b

go 1.26
-- b/b.go --
package b

const B = 7
`)
	if err := b.r.Chdir(t.Context(), filepath.Join(b.r.dir, "a")); err != nil {
		t.Fatal(err)
	}
	b.ok(`import "example.test/b"`)
	b.want("b.B", "=> 7")
}
