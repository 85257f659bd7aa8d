package source

import (
	"flag"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "bless the output as it is")

// TestScenarios runs notebooks for real. An archive's files are the cells in
// order ("1", "2", …), each followed by what it shows ("1.out").
func TestScenarios(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and loads cells")
	}
	getTools(t)
	files, err := filepath.Glob("testdata/scenarios/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no scenarios", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			runScenario(t, file)
		})
	}
}

func runScenario(t *testing.T, file string) {
	ar, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	s := newSession(t, Options{})
	want := map[string]string{}
	for _, f := range ar.Files {
		want[f.Name] = string(f.Data)
	}
	var out []txtar.File
	for _, f := range ar.Files {
		n, err := strconv.Atoi(f.Name)
		if err != nil {
			continue
		}
		got := s.run(string(f.Data), n)
		if got != "" && !strings.HasSuffix(got, "\n") {
			got += "\n"
		}
		if got != want[f.Name+".out"] && !*update {
			t.Errorf("cell %s:\n%s\ngot:\n%s\nwant:\n%s", f.Name, f.Data, got, want[f.Name+".out"])
		}
		out = append(out, f, txtar.File{Name: f.Name + ".out", Data: []byte(got)})
	}
	if *update {
		ar.Files = out
		if err := os.WriteFile(file, txtar.Format(ar), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
