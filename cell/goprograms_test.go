package cell

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"go/build"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// notCells are programs of the Go distribution that no cell can be, each with the
// reason; the measure leaves them out.
var notCells = map[string]string{
	"fixedbugs/bug347.go":            "it looks for its own file, package path or main.main in a trace or a type's name",
	"fixedbugs/bug348.go":            "it looks for its own file, package path or main.main in a trace or a type's name",
	"fixedbugs/issue21879.go":        "it looks for its own file, package path or main.main in a trace or a type's name",
	"fixedbugs/issue27201.go":        "it looks for its own file, package path or main.main in a trace or a type's name",
	"fixedbugs/issue7690.go":         "it looks for its own file, package path or main.main in a trace or a type's name",
	"fixedbugs/issue10332.go":        "it looks for its own file, package path or main.main in a trace or a type's name",
	"fixedbugs/issue19040.go":        "it looks for its own file, package path or main.main in a trace or a type's name",
	"fixedbugs/issue10607.go":        "it runs the go command on other files",
	"fixedbugs/issue21317.go":        "it runs the go command on other files",
	"fixedbugs/issue9110.go":         "it counts the objects of the whole process",
	"fixedbugs/bug369.go":            "it runs the go command on other files",
	"fixedbugs/issue9355.go":         "it runs the go command on other files",
	"fixedbugs/issue9862_run.go":     "it runs the go command on other files",
	"linkobj.go":                     "it runs the go command on other files",
	"typeparam/nested.go":            "it looks for its own file, package path or main.main in a trace or a type's name",
	"typeparam/issue49547.go":        "it looks for its own file, package path or main.main in a trace or a type's name",
	"typeparam/issue54456.go":        "it looks for its own file, package path or main.main in a trace or a type's name",
	"fixedbugs/issue58300.go":        "it looks for its own file, package path or main.main in a trace or a type's name",
	"fixedbugs/issue58300b.go":       "it looks for its own file, package path or main.main in a trace or a type's name",
	"fixedbugs/issue5856.go":         "it looks for its own file, package path or main.main in a trace or a type's name",
	"fixedbugs/issue4562.go":         "it looks for its own file, package path or main.main in a trace or a type's name",
	"fixedbugs/issue22662.go":        "it looks for its own file, package path or main.main in a trace or a type's name",
	"fixedbugs/issue18149.go":        "it looks for its own file, package path or main.main in a trace or a type's name",
	"fixedbugs/issue22083.go":        "it looks for its own file, package path or main.main in a trace or a type's name",
	"fixedbugs/issue17381.go":        "it looks for its own file, package path or main.main in a trace or a type's name",
	"fixedbugs/issue29504.go":        "it looks for its own file, package path or main.main in a trace or a type's name",
	"heapsampling.go":                "it looks for its own file, package path or main.main in a trace or a type's name",
	"devirtualization_nil_panics.go": "it looks for its own file, package path or main.main in a trace or a type's name",
	"nilptr.go":                      "it wants a variable in the first 256 MB of memory",
	"fixedbugs/issue56990.go":        "it ends the process by package testing",
}

// programs are the single-file programs of the Go distribution's test folder that
// begin with "// run" and are built on this machine.
func programs(t *testing.T, pattern string) (root string, names []string) {
	t.Helper()
	out, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	root = filepath.Join(strings.TrimSpace(string(out)), "test")
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && strings.HasSuffix(path, ".dir") {
			return cmpOr(err, fs.SkipDir)
		}
		name, _ := filepath.Rel(root, path)
		if d.IsDir() || filepath.Ext(path) != ".go" || !matches(pattern, name) {
			return nil
		}
		code, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		first, _, _ := bytes.Cut(code, []byte("\n"))
		here, err := build.Default.MatchFile(filepath.Dir(path), filepath.Base(path))
		if err == nil && here && string(bytes.TrimSpace(first)) == "// run" {
			names = append(names, name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return root, names
}

func cmpOr(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

func matches(pattern, name string) bool {
	if pattern == "*" {
		return true
	}
	ok, _ := filepath.Match(pattern, strings.TrimSuffix(name, ".go"))
	return ok
}

// TestGoPrograms turns Go's own test programs into cells: all declarations in the
// first one, a call of main in the second. It is asked for by name:
//
//	GOSPARK_GO_PROGRAMS='*' go test ./cell -run GoPrograms -timeout 2h
//	GOSPARK_GO_PROGRAMS='typeparam/*' …
func TestGoPrograms(t *testing.T) {
	pattern := os.Getenv("GOSPARK_GO_PROGRAMS")
	if pattern == "" {
		t.Skip("set GOSPARK_GO_PROGRAMS to a file pattern, * for all")
	}
	root, names := programs(t, pattern)
	var mu sync.Mutex
	var failed []string
	left := 0
	t.Run("programs", func(t *testing.T) {
		for _, name := range names {
			if why := notCells[name]; why != "" {
				left++
				continue
			}
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				if !asCells(t, filepath.Join(root, name)) {
					mu.Lock()
					defer mu.Unlock()
					failed = append(failed, name)
				}
			})
		}
	})
	slices.Sort(failed)
	n := len(names) - left
	t.Logf("%d programs, %d left out, %d of %d pass (%.1f %%); not: %s", len(names), left,
		n-len(failed), n, 100*float64(n-len(failed))/float64(max(n, 1)), strings.Join(failed, " "))
}

// asCells runs one program and reports whether it does what it should: write its
// .out file, or nothing, and end well.
func asCells(t *testing.T, file string) bool {
	code, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want, _ := os.ReadFile(strings.TrimSuffix(file, ".go") + ".out")
	b := bookOf(t, Options{Dir: filepath.Dir(file)}) // others run beside it: what it leaves is not looked at
	defer func() {
		if err := b.r.Close(context.Background()); err != nil {
			t.Error(err)
		}
	}()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	out := &output{changed: make(chan struct{}, 1)}
	_, _, err = b.runUnder(ctx, string(code)+"\n_ = 0 // a statement: main is not called by itself\n", out)
	if err == nil {
		_, _, err = b.runUnder(ctx, "main()", out)
	}
	var exit *ExitError
	if errors.As(err, &exit) && exit.Code == 0 {
		err = nil
	}
	if got := out.String(); err != nil || got != string(want) {
		t.Errorf("%v", firstLines(fmt.Sprintf("%v\n%s", err, got)))
		return false
	}
	return true
}

func firstLines(s string) string {
	if len(s) > 1200 {
		return s[:1200] + "…"
	}
	return s
}
