package magic

// The commands around Go.
type (
	// GoVersion is %go version.
	GoVersion struct{}
	// GoVars is %go vars.
	GoVars struct{}
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
func (Reset) command()     {}
func (Time) command()      {}

func goSpecs() []spec {
	return []spec{
		{name: "%go version", about: "the Go that compiles cells",
			build: func(input) (Command, error) { return GoVersion{}, nil }},
		{name: "%go vars", about: "the variables of the notebook, with types and values",
			build: func(input) (Command, error) { return GoVars{}, nil }},
		{name: "%reset", about: "forget all Go variables, functions and types; the Spark session stays",
			build: func(input) (Command, error) { return Reset{}, nil }},
		{name: "%time", about: "how long one line takes", raw: true, args: []argument{{name: "CODE"}},
			examples: []example{{"%time sort.Ints(numbers)", ""}, {"%time %sql SELECT count(*) FROM flights", ""}},
			build:    buildTime},
		{name: "%%time", about: "how long the cell takes", raw: true, args: []argument{{name: "CODE", optional: true}},
			body: "Go, or another magic", examples: []example{{"%%time\n%%sql\nSELECT count(*) FROM flights", ""}},
			build: buildTime},
	}
}

func buildTime(in input) (Command, error) {
	text, line := in.body()
	return Time{Text: text, Line: line}, nil
}
