package source

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// TestProgram runs notebooks for real, saves them, and builds and runs what was saved
// with the stock go command: it must print what the cells printed. An archive's files
// are the cells in order ("3", "3 a" for a run of the notebook's cell a, "3 failed 2"
// for one that fails in line 2), "main.go", and, where the program is not to print the same, "main.out".
func TestProgram(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and loads cells")
	}
	getTools(t)
	files, err := filepath.Glob("testdata/programs/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no programs", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			saveProgram(t, file)
		})
	}
}

func saveProgram(t *testing.T, file string) {
	ar, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	s := newSession(t, Options{Prelude: preludeForTests()})
	s.run(preludeForTests().Source, 0)
	want := map[string]string{}
	var printed strings.Builder
	var out []txtar.File
	for _, f := range ar.Files {
		name, place, _ := strings.Cut(f.Name, " ")
		n, err := strconv.Atoi(name)
		if err != nil {
			want[f.Name] = string(f.Data)
			continue
		}
		out = append(out, f)
		line, failed := strings.CutPrefix(place, "failed ")
		if failed {
			place = ""
		}
		for shown := range strings.Lines(s.runAt(string(f.Data), n, place)) {
			if result, ok := strings.CutPrefix(shown, "=> "); ok {
				shown = strings.ReplaceAll(result, ", ", " ")
			}
			printed.WriteString(shown)
		}
		if until, err := strconv.Atoi(line); failed && err == nil {
			s.nb.Failed(s.last, until)
		}
	}
	p, err := s.nb.Program()
	if err != nil {
		t.Fatal(err)
	}
	if got := string(p.Source); got != want["main.go"] && !*update {
		t.Errorf("got:\n%s\nwant:\n%s", got, want["main.go"])
	}
	out = append(out, txtar.File{Name: "main.go", Data: p.Source})
	expected, own := want["main.out"]
	if !own {
		expected = printed.String()
	}
	got := runProgram(t, p.Source)
	if own && *update {
		expected = got
	}
	if got != expected {
		t.Errorf("the program prints\n%s\nwant\n%s", got, expected)
	}
	if own {
		out = append(out, txtar.File{Name: "main.out", Data: []byte(expected)})
	}
	if *update {
		ar.Files = out
		if err := os.WriteFile(file, txtar.Format(ar), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// runProgram builds a file as anybody does, and runs it.
func runProgram(t *testing.T, code []byte) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "main.go"), code, 0o600); err != nil {
		t.Fatal(err)
	}
	build := exec.Command("go", "build", "-o", "program", "main.go")
	build.Dir, build.Env = dir, append(os.Environ(), "GOFLAGS=")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s\n%s", err, out, code)
	}
	out, err := exec.Command(filepath.Join(dir, "program")).Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return string(out)
}

func TestNoProgram(t *testing.T) {
	nb := assisted(t)
	nb.Reset()
	if _, err := nb.Program(); !errors.Is(err, ErrNoProgram) {
		t.Error(err)
	}
}
