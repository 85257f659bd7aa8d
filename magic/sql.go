package magic

import (
	"fmt"
	"go/token"
	"strings"
	"time"
)

// SQL is %%sql and %sql.
type SQL struct {
	Query   string // one or more statements; see sqltext.Split
	Line    int    // number of Query's first line in the cell
	Var     string // -o: Go variable that gets the last statement's DataFrame
	View    string // -v: temporary view that it becomes
	Rows    int    // -n: rows to show; 0 is the default
	Quiet   bool   // -q: show nothing
	Explain string // --explain: "", or the mode ("simple" by default)
	Schema  bool   // --schema: the columns instead of the rows
	Count   bool   // --count: how many rows instead of the rows
	Profile bool   // --profile: a summary of every column instead of the rows
	Timeout time.Duration
	Plot    Plot // --plot: a chart instead of a table; the zero value is none
}

// Plot says how the result of a query is drawn.
type Plot struct {
	Kind  string   // one of PlotKinds
	X     string   // column; may be empty: the first that fits
	Y     []string // columns; may be empty
	Color string   // column that parts the rows by colour; may be empty
	Agg   string   // one of PlotAggregates; empty: as the kind has it
}

// PlotKinds are the kinds of charts.
func PlotKinds() []string { return strings.Fields("bar line area point hist box heat pie") }

// PlotAggregates are the ways to make one y of the rows of one x.
func PlotAggregates() []string { return strings.Fields("sum avg min max count median") }

func (SQL) command() {}

func sqlSpecs() []spec {
	options := []option{
		{long: "output", short: "o", value: "VAR", dynamic: Variables, about: "keep the result as a DataFrame in a Go variable"},
		{long: "view", short: "v", value: "VIEW", dynamic: Views, about: "keep the result as a temporary view"},
		{long: "rows", short: "n", value: "ROWS", about: "how many rows to show"},
		{long: "quiet", short: "q", about: "show nothing"},
		{long: "explain", value: "MODE", alone: "simple", choices: []string{"simple", "extended", "codegen", "cost", "formatted"},
			about: "show the plan instead of running it"},
		{long: "schema", about: "show the columns and their types instead of running it"},
		{long: "count", about: "show only how many rows there are"},
		{long: "profile", about: "sum up every column: nulls, distinct values, range, mean, quantiles, a histogram"},
		{long: "timeout", short: "t", value: "TIME", about: "stop it on the server after a time: `30s`, `5m`"},
		{long: "plot", value: "KIND", choices: PlotKinds(), more: "[X [Y…]]", about: "draw the result; on one line: `--plot KIND,X,Y`"},
		{long: "color", value: "COLUMN", about: "of a chart: one colour for each value of a column"},
		{long: "agg", value: "HOW", choices: PlotAggregates(), about: "of a chart: how the rows of one x become one y"},
	}
	query := []argument{{name: "QUERY"}}
	return []spec{
		{name: "%%sql", about: "run SQL, and show the result as a table",
			detail: "Several statements, each ended by `;`, run in order; the options are for the last one, " +
				"but for `--timeout`, which is for all together. `:name` is the value of the Go variable `name`, handed over as a value and never as text; " +
				"a slice is an `ARRAY`: `WHERE array_contains(:names, carrier)`.",
			options: options, args: []argument{{name: "QUERY", optional: true}}, raw: true, body: "SQL",
			examples: []example{
				{"%%sql\nSELECT carrier, count(*) AS n FROM flights GROUP BY carrier ORDER BY n DESC", ""},
				{"%%sql -o late -n 20\nSELECT * FROM flights WHERE dep_delay > 60", "keep it as the DataFrame `late`"},
				{"%%sql\nSELECT * FROM flights WHERE dep_delay > :low", "with the Go variable `low`"},
				{"%%sql --plot bar carrier dep_delay --agg avg\nSELECT * FROM flights", "draw it, summed up by Spark"},
				{"%%sql --explain=formatted\nSELECT * FROM flights JOIN planes USING (tailnum)", ""}},
			build: buildSQL},
		{name: "%sql", about: "one line of SQL", detail: "More about the options, and several lines: `%help %%sql`.", options: options, args: query, raw: true,
			examples: []example{{"%sql -n 5 SELECT * FROM flights", ""}},
			build:    buildSQL},
	}
}

func buildSQL(in input) (Command, error) {
	rows, err := in.number("-n")
	if err != nil {
		return nil, err
	}
	c := SQL{Rows: rows, Var: in.text("-o"), View: in.text("-v"), Quiet: in.on("-q"), Explain: in.text("--explain"),
		Schema: in.on("--schema"), Count: in.on("--count"), Profile: in.on("--profile")}
	if c.Timeout, err = in.duration("-t"); err != nil {
		return nil, err
	}
	if c.Plot, err = buildPlot(in); err != nil {
		return nil, err
	}
	if err := in.exclusive("--explain", "--schema", "--count", "--profile", "--plot", "-q"); err != nil {
		return nil, err
	}
	if c.Var != "" && (!token.IsIdentifier(c.Var) || c.Var == "_") {
		return nil, in.spec.wrong(fmt.Sprintf("-o wants the name of a Go variable, not %q", c.Var), "")
	}
	c.Query, c.Line = in.body()
	if strings.TrimSpace(c.Query) == "" {
		return nil, in.spec.wrong("there is no SQL in this cell", "")
	}
	return c, nil
}

func buildPlot(in input) (Plot, error) {
	p := Plot{Color: in.text("--color"), Agg: in.text("--agg")}
	words := in.values["--plot"]
	switch {
	case len(words) == 0 && p.Color+p.Agg != "":
		return p, in.spec.wrong("--color and --agg are for --plot", "--plot")
	case len(words) == 0:
		return p, nil
	case len(words) == 1:
		words = strings.Split(words[0], ",")
	}
	p.Kind = words[0]
	if len(words) > 1 {
		p.X, p.Y = words[1], words[2:]
	}
	return p, nil
}

// body is a raw magic's text and the line in the cell where it begins: what
// follows the options on the first line, and the lines below.
func (in input) body() (text string, line int) {
	if strings.TrimSpace(in.rest) == "" {
		return in.seg.Body, in.seg.BodyLine
	}
	line = in.seg.Line + strings.Count(in.seg.Args[:in.restAt-in.seg.argsAt], "\n")
	if in.seg.Body == "" {
		return in.rest, line
	}
	return in.rest + "\n" + in.seg.Body, line
}
