// Package coverage compares this client with PySpark's Connect API, name by
// name: the table pyspark.tsv says for each public name of PySpark what it is in
// Go, or why it is left out.
//
// The package's tests hold the table against PySpark itself, against the Go
// packages, and against the tests that run on a real server. It knows nothing of
// how anything works.
package coverage

import (
	_ "embed" // for the table
	"fmt"
	"strings"
)

//go:embed pyspark.tsv
var table string

// Name is a line of the table.
type Name struct {
	Area   string // of PySpark's documentation, more or less: DataFrame, Catalog, …
	Python string // Class.name, or the name of a function or type
	Go     string // Type.Name, F.Name for functions, window.Name or connect.Name; empty: left out
	Note   string // why it is left out, or what differs
}

// Left says whether the name is left out.
func (n Name) Left() bool { return n.Go == "" }

// Table reads the table.
func Table() ([]Name, error) {
	var list []Name
	for line := range strings.Lines(table) {
		line = strings.TrimRight(line, "\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		cells := strings.Split(line, "\t")
		if len(cells) < 3 || len(cells) > 4 {
			return nil, fmt.Errorf("pyspark.tsv: %q has not three or four cells", line)
		}
		n := Name{Area: cells[0], Python: cells[1], Go: cells[2]}
		if len(cells) > 3 {
			n.Note = cells[3]
		}
		if n.Go == "-" {
			n.Go = ""
		}
		if n.Left() && n.Note == "" {
			return nil, fmt.Errorf("pyspark.tsv: %s is left out without a reason", n.Python)
		}
		list = append(list, n)
	}
	return list, nil
}

// pythonOnly is how the reasons begin that say that a name has no meaning
// outside Python; such names do not count.
const pythonOnly = "Python only: "

// Count is what an area has.
type Count struct {
	Area    string
	Names   int // that count: all but those of Python only
	Covered int
	Python  int // only
}

// Percent is how much of an area is covered.
func (c Count) Percent() float64 {
	if c.Names == 0 {
		return 100
	}
	return 100 * float64(c.Covered) / float64(c.Names)
}

// Counts sums up the areas in the order of the table.
func Counts(names []Name) []Count {
	var counts []Count
	for _, n := range names {
		if len(counts) == 0 || counts[len(counts)-1].Area != n.Area {
			counts = append(counts, Count{Area: n.Area})
		}
		c := &counts[len(counts)-1]
		switch {
		case !n.Left():
			c.Names++
			c.Covered++
		case strings.HasPrefix(n.Note, pythonOnly):
			c.Python++
		default:
			c.Names++
		}
	}
	return counts
}

// Page is the table as a page of documentation, in Markdown.
func Page(names []Name) string {
	var b strings.Builder
	b.WriteString("# PySpark and Go, name by name\n\n")
	b.WriteString("Generated from `sparkclient/internal/coverage/pyspark.tsv` by `make generate`; its tests compare it with PySpark 4.3's\n")
	b.WriteString("Connect API, check that each Go name exists and that a test uses it on a real server. In Go, `Type.Name` is a name of\n")
	b.WriteString("package `sparkclient`, `F.Name` of its `functions`, `window.Name` and `connect.Name` of those packages. Names that mean\n")
	b.WriteString("something in Python alone do not count. How to use them: [spark.md](spark.md).\n\n")
	b.WriteString("| area | names | in Go | | Python only |\n|---|---|---|---|---|\n")
	counts := Counts(names)
	for _, c := range counts {
		fmt.Fprintf(&b, "| [%s](#%s) | %d | %d | %.0f %% | %d |\n", c.Area, anchor(c.Area), c.Names, c.Covered, c.Percent(), c.Python)
	}
	area := ""
	for _, n := range names {
		if n.Area != area {
			area = n.Area
			fmt.Fprintf(&b, "\n## %s\n\n| PySpark | Go | |\n|---|---|---|\n", area)
		}
		symbol := "–"
		if !n.Left() {
			symbol = "`" + n.Go + "`"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", n.Python, symbol, strings.ReplaceAll(n.Note, "|", `\|`))
	}
	return b.String()
}

func anchor(area string) string { return strings.ReplaceAll(strings.ToLower(area), " ", "-") }
