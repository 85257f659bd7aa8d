package rules

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"
)

const (
	maxFile       = 500 // lines
	maxFunc       = 60
	maxMedianFile = 150
	maxMedianFunc = 12
	sizeWhy       = "what fits on a screen can be read and changed without fear"
	sizeInstead   = "split it where its parts have names of their own"
)

func TestFunctionSizes(t *testing.T) {
	var lengths []int
	eachFile(t, func(p *packages.Package, file *ast.File, name string) {
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			start, end := p.Fset.Position(f.Pos()).Line, p.Fset.Position(f.End()).Line
			n := end - start + 1
			lengths = append(lengths, n)
			if n > maxFunc {
				t.Errorf("%s:%d: %s has %d lines, %d at most.\n  Why: %s; %s.",
					name, start, funcName(f), n, maxFunc, sizeWhy, sizeInstead)
			}
		}
	})
	checkMedian(t, "function", lengths, maxMedianFunc)
}

func TestFileSizes(t *testing.T) {
	var lengths []int
	for name, n := range goFiles(t) {
		if n > maxFile {
			t.Errorf("%s has %d lines, %d at most.\n  Why: %s; %s.", name, n, maxFile, sizeWhy, sizeInstead)
		}
		if !strings.HasSuffix(name, "_test.go") {
			lengths = append(lengths, n)
		}
	}
	checkMedian(t, "file", lengths, maxMedianFile)
}

func checkMedian(t *testing.T, what string, lengths []int, most int) {
	t.Helper()
	if len(lengths) == 0 {
		t.Fatalf("found no %s at all", what)
	}
	slices.Sort(lengths)
	n := lengths[len(lengths)/2]
	t.Logf("%d %ss, median %d lines, longest %d", len(lengths), what, n, lengths[len(lengths)-1])
	if n > most {
		t.Errorf("the median %s has %d lines, %d at most.\n  Why: %s.", what, n, most, sizeWhy)
	}
}

// goFiles returns the hand-written Go files of the repository, tests
// included, with their number of lines.
func goFiles(t *testing.T) map[string]int {
	t.Helper()
	files, fset := make(map[string]int), token.NewFileSet()
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, _ := filepath.Rel("../..", path)
		if d.IsDir() && skipped(name) {
			return filepath.SkipDir
		}
		if d.IsDir() || filepath.Ext(path) != ".go" {
			return nil
		}
		file, err := parser.ParseFile(fset, path, nil, parser.ParseComments|parser.PackageClauseOnly)
		if err == nil && !ast.IsGenerated(file) {
			files[name] = fset.File(file.Pos()).LineCount()
		}
		return nil // what does not parse is the compiler's to say
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func skipped(folder string) bool {
	base := filepath.Base(folder)
	return base == "testdata" || base == "node_modules" || folder == "build" ||
		strings.HasPrefix(base, ".") && base != "." && base != ".."
}
