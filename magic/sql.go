package magic

import (
	"fmt"
	"go/token"
	"strings"
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
}

func (SQL) command() {}

func sqlSpecs() []spec {
	options := []option{
		{long: "output", short: "o", value: "VAR", dynamic: Variables, about: "keep the result as a DataFrame in a Go variable"},
		{long: "view", short: "v", value: "VIEW", dynamic: Views, about: "keep the result as a temporary view"},
		{long: "rows", short: "n", value: "ROWS", about: "how many rows to show"},
		{long: "quiet", short: "q", about: "show nothing"},
		{long: "explain", value: "MODE", alone: "simple", choices: []string{"simple", "extended", "codegen", "cost", "formatted"},
			about: "show the plan instead of running it"},
	}
	query := []argument{{name: "QUERY"}}
	return []spec{
		{name: "%%sql", about: "run SQL, and show the result as a table",
			detail:  "Several statements, each ended by `;`, run in order; the options are for the last one.",
			options: options, args: []argument{{name: "QUERY", optional: true}}, raw: true, body: "SQL",
			examples: []example{
				{"%%sql\nSELECT carrier, count(*) AS n FROM flights GROUP BY carrier ORDER BY n DESC", ""},
				{"%%sql -o late -n 20\nSELECT * FROM flights WHERE dep_delay > 60", "keep it as the DataFrame `late`"},
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
	c := SQL{Rows: rows, Var: in.text("-o"), View: in.text("-v"), Quiet: in.on("-q"), Explain: in.text("--explain")}
	if c.Var != "" && (!token.IsIdentifier(c.Var) || c.Var == "_") {
		return nil, in.spec.wrong(fmt.Sprintf("-o wants the name of a Go variable, not %q", c.Var), "")
	}
	c.Query, c.Line = in.body()
	if strings.TrimSpace(c.Query) == "" {
		return nil, in.spec.wrong("there is no SQL in this cell", "")
	}
	return c, nil
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
