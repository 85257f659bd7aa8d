package magic

import (
	"fmt"
	"regexp"
	"strings"
)

// The commands that measure, check and keep Go code.
type (
	// Bench is %%bench: Text is the body of the loop, which begins at Line.
	Bench struct {
		Text string
		Line int
	}
	// Test is %%test: Go with functions TestXxx, run where Run matches.
	Test struct {
		Text string
		Line int
		Run  string
	}
	// GoFmt is %go fmt: the Go of the cell is formatted and not run.
	GoFmt struct{}
)

func (Bench) command() {}
func (Test) command()  {}
func (GoFmt) command() {}

func checkSpecs() []spec {
	return []spec{
		{name: "%go fmt", about: "format the Go of this cell, as `gofmt` does, instead of running it",
			build: func(input) (Command, error) { return GoFmt{}, nil }},
		{name: "%%bench", about: "how long a piece of Go takes, by a benchmark of package `testing`",
			detail: "The cell is the body of a `for b.Loop()`; `b` is the `*testing.B`. What needs no measuring belongs into a cell before.",
			body:   "Go statements", examples: []example{{"%%bench\nsort.Ints(slices.Clone(numbers))", ""}}, build: buildBench},
		{name: "%%test", about: "run the functions TestXxx of the cell",
			detail:  "They are declared as by any cell and may use all that is live.",
			options: []option{{long: "run", value: "REGEXP", about: "only tests, and subtests, whose names match"}},
			body:    "Go", examples: []example{{"%%test\nfunc TestDouble(t *testing.T) {\n\tif double(2) != 4 {\n\t\tt.Error(double(2))\n\t}\n}", ""}}, build: buildTest},
	}
}

func buildBench(in input) (Command, error) {
	if strings.TrimSpace(in.seg.Body) == "" {
		return nil, in.spec.wrong("there is nothing to measure in this cell", "")
	}
	return Bench{Text: in.seg.Body, Line: in.seg.BodyLine}, nil
}

func buildTest(in input) (Command, error) {
	run := in.text("--run")
	if _, err := regexp.Compile(run); err != nil {
		return nil, in.spec.wrong(fmt.Sprintf("%q is no regular expression", run), "")
	}
	return Test{Text: in.seg.Body, Line: in.seg.BodyLine, Run: run}, nil
}
