package magic

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// The commands around Go.
type (
	// GoVersion is %go version.
	GoVersion struct{}
	// GoVars is %go vars.
	GoVars struct{}
	// Save is %save [-f] FILE.
	Save struct {
		Path  string
		Force bool
	}
	// Reset is %reset.
	Reset struct{}
	// Time is %time and %%time: the time that a cell text takes, which may
	// hold magics itself.
	Time struct {
		Text string
		Line int // number of Text's first line in the cell
	}
)

func (GoVersion) command() {}
func (GoVars) command()    {}
func (Save) command()      {}
func (Reset) command()     {}
func (Time) command()      {}

func goSpecs() []spec {
	return slices.Concat([]spec{
		{name: "%go version", about: "the Go that compiles cells",
			build: func(input) (Command, error) { return GoVersion{}, nil }},
		{name: "%go vars", about: "the variables of the notebook, with types and values",
			build: func(input) (Command, error) { return GoVars{}, nil }},
	}, moduleSpecs(), checkSpecs(), []spec{
		{name: "%save", about: "write the notebook's live Go code as one program",
			detail: "Declarations in their last version, the statements of the cells that ran in one `main`, results printed. A cell that was run again " +
				"counts once. What does not compile with what later cells declare is left out, with a comment. Where modules are needed and the " +
				"folder has no `go.mod`, one is written beside it.",
			options:  []option{{long: "force", short: "f", about: "replace a file that is there"}},
			args:     []argument{{name: "FILE", dynamic: Files}},
			examples: []example{{"%save main.go", "then `!go run main.go`"}, {"%save -f report/main.go", ""}},
			build:    buildSave},
		{name: "%reset", about: "forget all Go variables, functions and types; the Spark session stays",
			build: func(input) (Command, error) { return Reset{}, nil }},
		{name: "%time", about: "how long one line takes", raw: true, args: []argument{{name: "CODE"}},
			examples: []example{{"%time sort.Ints(numbers)", ""}, {"%time %sql SELECT count(*) FROM flights", ""}},
			build:    buildTime},
		{name: "%%time", about: "how long the cell takes", raw: true, args: []argument{{name: "CODE", optional: true}},
			body: "Go, or another magic", examples: []example{{"%%time\n%%sql\nSELECT count(*) FROM flights", ""}},
			build: buildTime},
	})
}

func buildSave(in input) (Command, error) {
	name := filepath.Base(in.arg(0))
	if filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
		return nil, in.spec.wrong(fmt.Sprintf("%q is no name for a Go program: it ends in .go", name), "")
	}
	return Save{Path: in.arg(0), Force: in.on("-f")}, nil
}

func buildTime(in input) (Command, error) {
	text, line := in.body()
	return Time{Text: text, Line: line}, nil
}
