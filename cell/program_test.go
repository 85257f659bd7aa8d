package cell

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A program keeps what ran of cells that failed, and is built without the notebook:
// with the notebook's module, its replacements and its packages.
func TestProgramOfModules(t *testing.T) {
	b, folder := inFolder(t, localModule)
	b.ok("import \"example.test/book/tools\"\nimport \"example.test/shapes\"\nvar s shapes.Set[string]\ntools.Greet(\"Gopher\")")
	if _, _, err := b.run("s.Add(\"a\")\nfirst := s.Len()\npanic(\"here\")\nfirst = 9"); err == nil {
		t.Error("no panic")
	}
	if _, _, err := b.run("os.Exit(3)"); err == nil {
		t.Error("no exit")
	}
	if _, _, err := b.run("second := first + 1\nerrors.New(\"a result that is an error\")"); err == nil {
		t.Error("no error")
	}
	if _, _, err := b.run("undefined + 1"); err == nil {
		t.Error("no compile error")
	}
	if _, err := b.r.Run(t.Context(), Request{ID: "aside", Number: 9, Code: "first + 5", Aside: true}, &output{changed: make(chan struct{}, 1)}); err != nil {
		t.Error(err)
	}
	b.ok("first, second")
	p, err := b.r.Program()
	if err != nil {
		t.Fatal(err)
	}
	left := []string{
		"cell [2] failed in line 3: the rest of it is left out",
		"cell [3] failed: its statements are left out",
		"cell [4] failed in line 2: the rest of it is left out",
	}
	if !slices.Equal(p.Left, left) {
		t.Errorf("left out: %q", p.Left)
	}
	for _, dir := range []string{folder, t.TempDir()} {
		path := filepath.Join(dir, "program", "main.go")
		write(t, dir, "-- program/main.go --\n"+string(p.Source))
		file, complete, err := b.r.ModuleFor(t.Context(), p, path)
		want := filepath.Join(dir, "go.mod")
		if dir != folder {
			want = filepath.Join(dir, "program", "go.mod")
		}
		if err != nil || file != want || !complete {
			t.Errorf("%s, complete %v: %v", file, complete, err)
		}
		run := exec.Command("go", "run", "main.go")
		run.Dir, run.Env = filepath.Dir(path), append(os.Environ(), "GOFLAGS=-mod=readonly", "GOPROXY=off", "GOWORK=off")
		out, err := run.CombinedOutput()
		if err != nil || string(out) != "Hello, Gopher\n1 2\n" {
			t.Errorf("%v\n%s\n%s", err, out, p.Source)
		}
	}
	if _, complete, err := b.r.ModuleFor(t.Context(), p, filepath.Join(folder, "shapes", "main.go")); err != nil || complete {
		t.Error("another module's go.mod is not complete", err)
	}
	if data, err := os.ReadFile(filepath.Join(folder, "go.mod")); err != nil || !strings.HasPrefix("\n-- go.mod --\n"+string(data), localModule[:strings.Index(localModule, "-- tools")]) {
		t.Errorf("the notebook's go.mod was changed: %s", data)
	}
}
