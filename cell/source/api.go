package source

import (
	"fmt"
	"go/types"
	"strings"
)

// Options configures a [Notebook].
type Options struct {
	// Importer reads packages, from export data, and remembers them: as long as
	// something live mentions a package it must be the same one.
	Importer types.Importer
	// Std lists the packages that cells may use without an import line.
	Std []string
	// Packages lists what else an import line may name, for completion; it may
	// be nil.
	Packages func() []string
	// Prelude is there before the first cell.
	Prelude Prelude
	// Doc finds documentation: symbol is "" for the package, "Println",
	// "Builder" or "Builder.String". It may be nil and is called while the
	// user waits.
	Doc func(path, symbol string) string
}

// Prelude is what every notebook starts with.
type Prelude struct {
	// Imports maps a package name to the path it means without an import line.
	Imports map[string]string
	// Source is a Go cell that is number 0. A variable "ctx" of type
	// context.Context in it stands for the context of the cell that reads it,
	// or of the cell that started the reading goroutine, until the user
	// declares a ctx of another type. Who assigns to it has it changed to the
	// end of that cell, or of that function.
	Source string
	// Methods adds methods that live in packages too heavy for every cell:
	// "spark.Apache" → "gospark/sparkclient/apache.Session" makes X.Apache(…)
	// the call apache.Session(X, …) where X has no such method and its type is
	// that of the prelude's variable spark. Instead of a variable the key may
	// name a type: "Session.Apache", "sparkclient.Session.Apache".
	Methods map[string]string
	// Saved says what declares the prelude's variables in a program of its own,
	// by their names. What uses one that is not here cannot be saved.
	Saved map[string]Saved
}

// Saved is what a program has in the place of a variable of the prelude.
type Saved struct {
	Imports map[string]string // name → path, of what Source uses
	Source  string            // Go declarations
}

// Cell is what [Notebook.Compile] takes.
type Cell struct {
	Code string
	// Number tells the symbols of cells apart: no two that are loaded have the
	// same.
	Number int
	// Shown is the cell's number for people, under which later cells find its
	// result (_3); 0 keeps no result, and the cell out of [Notebook.Program].
	Shown int
	// Place names the cell in its notebook, where that is known: of the runs of
	// one place the last is the program's. Run tells runs apart.
	Place, Run string
}

// Unit is a compiled cell: a file to be built with
// `compile -p repl`, linked with `-buildmode=plugin -pluginpath cell<Number>`.
type Unit struct {
	Number int
	Source []byte
	// Entry is the function to look up ("Cell7"), a func().
	Entry string
	// Imports are the paths that Source imports, sorted.
	Imports []string
	// Key is equal for two units that do the same: the function loaded for the
	// earlier one may be called again, and nothing has to be built. Its panics
	// then name the earlier cell's number.
	Key string
	// Dropped are variables that Commit loses because their type changed.
	Dropped []string
	// Broken are functions and types of earlier cells that Commit loses because
	// they do not compile with what this cell redefines.
	Broken []string
	// Results are the static types of the result values; the last one is
	// "error" when the cell's error value is decided by it.
	Results []string

	next   *state
	record *record
}

// Diagnostic is one fault of a cell. Line and Col (in bytes) count from 1.
type Diagnostic struct {
	Line, Col int
	Msg       string
}

// CompileError is a cell that is not Go, or does not type-check.
type CompileError struct {
	Number      int
	Diagnostics []Diagnostic
}

func (e *CompileError) Error() string {
	var b strings.Builder
	for i, d := range e.Diagnostics {
		if i > 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "cell[%d]:%d:%d: %s", e.Number, d.Line, d.Col, d.Msg)
	}
	return b.String()
}

// Var is a live variable.
type Var struct {
	Name string
	Type string
	// Symbol is the variable's name in generated code.
	Symbol string
}

// Candidate is one completion. Kind is a word of JupyterLab's completer:
// function, variable, type, constant, module, keyword, field, method.
type Candidate struct {
	Text, Kind, Detail string
}

// Doc describes a symbol.
type Doc struct {
	Name      string
	Kind      string // as in Candidate
	Signature string // Go source, one line or a whole type
	Text      string // doc comment, plain
	Path      string // package path, empty for the session's own
	Source    string // declaration of a session's symbol
}
