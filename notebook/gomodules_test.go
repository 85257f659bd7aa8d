package notebook

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"gospark/cell"
	"gospark/cell/toolchain"
	"gospark/kernel"
)

// What is said of modules, kind by kind.
func TestWordsForModules(t *testing.T) {
	b := open(t, Options{})
	var files []txtar.File
	for _, f := range []struct {
		what string
		err  error
	}{
		{"not required", &cell.ModuleError{Kind: toolchain.NotRequired, Package: "example.com/a/b", Get: "example.com/a/b", Detail: "go: no required module"}},
		{"not found", &cell.ModuleError{Kind: toolchain.NotFound, Package: "example.com/a"}},
		{"no version", &cell.ModuleError{Kind: toolchain.NoVersion, Package: "example.com/a"}},
		{"no package", &cell.ModuleError{Kind: toolchain.NoPackage, Package: "example.com/a/c"}},
		{"no network", &cell.ModuleError{Kind: toolchain.NoNetwork, Package: "example.com/a"}},
		{"checksum", &cell.ModuleError{Kind: toolchain.BadChecksum, Package: "example.com/a@v1.0.0"}},
		{"not standard", &cell.ModuleError{Kind: toolchain.NotStandard, Package: "fmtt"}},
		{"internal", &cell.ModuleError{Kind: toolchain.NotAllowed, Package: "example.com/a/internal/b"}},
		{"program", &cell.ModuleError{Kind: toolchain.NotImportable, Package: "example.com/a/cmd"}},
		{"newer Go", &cell.ModuleError{Kind: toolchain.NeedsGo, Package: "example.com/a@v1.0.0"}},
		{"vendored", &cell.ModuleError{Kind: toolchain.VendorClash, Package: "golang.org/x/sys/unix", Detail: "/home/me/go.mod"}},
		{"the worker's", &cell.ModuleError{Kind: toolchain.WorkerClash, Package: "golang.org/x/sys/unix"}},
		{"other version loaded", &cell.ConflictError{Packages: []string{"example.com/a"}, Lost: []string{"x", "y"}}},
		{"go.mod is there", toolchain.ErrHasModule},
	} {
		r := &run{cell: kernel.Cell{ID: "x", Number: 3, Code: "import (\n\t\"example.com/a/b\"\n)\n"}, out: &screen{}}
		files = append(files, txtar.File{Name: f.what, Data: []byte(plain(b.explain(t.Context(), r, f.err)) + "\n")})
	}
	golden(t, "modules", "What is said of modules, as a console shows it.", files)
}

func TestModulesOfANotebook(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the worker")
	}
	o := withGo(t, Options{Lazy: true})
	folder := t.TempDir()
	t.Chdir(folder)
	b := open(t, o)
	holds(t, b.good("%go list"), "no modules yet", "%go get MODULE")
	holds(t, b.good("%go mod"), "This folder has no go.mod", "module notebook")
	holds(t, b.bad("import \"example.test/nowhere\"").trace(), "no module of this notebook has the package example.test/nowhere", "^^^", "%go get example.test/nowhere gets it")
	holds(t, b.good("%go get --auto=off"), "name the command")
	holds(t, b.good("%go mod init example.test/mine"), "wrote", "go.mod")
	holds(t, b.bad("%go mod init").trace(), "this folder has a go.mod already")
	if err := os.Mkdir(filepath.Join(folder, "tool"), 0o700); err != nil {
		t.Fatal(err)
	}
	b.good("%%writefile tool/tool.go\npackage tool\n\nfunc Twice(n int) int { return 2 * n }\n")
	holds(t, b.good("import \"example.test/mine/tool\"\ntool.Twice(21)"), "42")
}
