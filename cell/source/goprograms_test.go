package source

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestGoPrograms turns the single-file programs of the Go distribution's test
// folder into cells: those that start with "// run" and have no arguments. It is
// asked for by name, with GOSPARK_GO_PROGRAMS=pattern ("*" for all).
func TestGoPrograms(t *testing.T) {
	pattern := os.Getenv("GOSPARK_GO_PROGRAMS")
	if pattern == "" {
		t.Skip("set GOSPARK_GO_PROGRAMS to a file pattern")
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(root)), "test", pattern+".go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		code, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if first, _, _ := bytes.Cut(code, []byte("\n")); string(bytes.TrimSpace(first)) != "// run" {
			continue
		}
		want, _ := os.ReadFile(strings.TrimSuffix(file, ".go") + ".out")
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			got := newSession(t, Options{}).run(string(code), 1)
			if got = strings.TrimSuffix(got, "exit: 0\n"); got != string(want) {
				t.Errorf("got:\n%s", got[:min(len(got), 1500)])
			}
		})
	}
}
