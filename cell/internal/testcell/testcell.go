// Package testcell gives tests what a real gospark has: the module's source as a
// file system, and a cache that outlives one test run.
package testcell

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Worker is the import path of the test worker.
const Worker = "gospark/cell/internal/testworker"

// folders are what the test worker and its cells need of the module.
var folders = []string{"cell", "display"}

// Source is the part of the module that cells and the test worker need.
func Source(t testing.TB) fs.FS {
	t.Helper()
	return part{os.DirFS(root(t))}
}

// Cache is a folder that is kept between test runs: the first run compiles the
// standard library, which takes a minute.
func Cache(t testing.TB) string {
	t.Helper()
	dir := filepath.Join(root(t), ".cache", "cell-test")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}

func root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	for err == nil && dir != "/" {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		dir = filepath.Dir(dir)
	}
	t.Fatal(errors.Join(errors.New("the tests run outside of the module"), err))
	return ""
}

// part shows only the top-level entries that are needed, and no tests.
type part struct{ fs.FS }

func (p part) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(p.FS, name)
	return slices.DeleteFunc(entries, func(e fs.DirEntry) bool {
		if name == "." {
			return !slices.Contains(append([]string{"go.mod", "go.sum"}, folders...), e.Name())
		}
		return strings.HasSuffix(e.Name(), "_test.go") || e.Name() == "testdata"
	}), err
}
