package render

import (
	"gospark/display"
)

// Column heads one column of a table.
type Column struct {
	Name string
	// Type is the type as a person reads it: a Spark type ("bigint",
	// "decimal(10,2)", "date", "timestamp_ntz", "array<int>") or a Go type.
	// It decides alignment and how a time.Time is written; may be empty.
	Type string
}

// TableOptions say what is known about the rows beside their values.
type TableOptions struct {
	// Caption stands above the table; may be empty.
	Caption string
	// Limit is how many of the rows are shown at most; 0 is [DefaultRows].
	Limit int
	// More tells that the source has rows which were not handed over.
	More bool
	// Total is how many rows the source has; 0 when unknown.
	Total int64
	// Hint says how to see more, such as "-n 5000"; shown where rows are cut.
	Hint string
	// Title is of the tab that the rows are behind, where there are others; empty
	// is "Preview".
	Title string
	// Tabs are what else is known of the table, each behind a tab beside it; the
	// text form has none.
	Tabs []Tab
	// TextRows is how many rows the text form shows; 0 is [DefaultTextRows].
	TextRows int
	// TextWidth is the width of the text form in terminal cells; 0 is
	// [DefaultTextWidth].
	TextWidth int
}

// Tab is something about a table that opens in its place: a small table, a long
// text or a sentence.
type Tab struct {
	Title   string
	Columns []Column // of the small table
	Rows    [][]any
	Spans   []Span // of a timeline
	Text    string // shown as it is, such as a plan
	Note    string // a sentence; `code` in backquotes
}

// Bounds of what a table shows when the options say nothing else.
const (
	DefaultRows      = 1000
	DefaultTextRows  = 50
	DefaultTextWidth = 120
)

// Bounds that no option lifts: they keep a browser responsive.
const (
	maxColumns   = 200
	maxTableHTML = 2 << 20 // bytes of text/html
	maxCellHTML  = 160     // characters of a cell that are visible
	maxCellTitle = 2000    // characters of a cell's tooltip
	maxFolded    = 60      // characters of a nested value before it folds
	maxTabRows   = 2000    // of a small table in a tab
	maxCellText  = 60      // terminal cells of a cell in the text form
)

// Table shows rows under columns: text/html with a real table, and aligned
// text/plain. Every row has one value per column; a missing one is null.
//
// Numbers and dates are exact; text is cut at 160 characters with up to 2,000
// in its tooltip, columns at 200, and rows where the options say so or where
// the HTML would pass 2 MB. What was cut is said below the table.
func Table(columns []Column, rows [][]any, o TableOptions) display.Bundle {
	g := newGrid(columns, rows, o)
	return display.Bundle{Data: map[string]any{
		"text/html":  tableHTML(g),
		"text/plain": tableText(g),
	}}
}

// grid is a table on its way to a form: bounded, and its options filled in.
type grid struct {
	TableOptions
	columns []Column
	right   []bool  // which columns are right-aligned
	rows    [][]any // at most Limit
	given   int     // rows handed over
	hidden  []Column
}

func newGrid(columns []Column, rows [][]any, o TableOptions) grid {
	o.Limit = orDefault(o.Limit, DefaultRows)
	o.TextRows = orDefault(o.TextRows, DefaultTextRows)
	o.TextWidth = orDefault(o.TextWidth, DefaultTextWidth)
	g := grid{TableOptions: o, columns: columns, rows: rows, given: len(rows)}
	if len(columns) > maxColumns {
		g.columns, g.hidden = columns[:maxColumns], columns[maxColumns:]
	}
	if len(rows) > o.Limit {
		g.rows = rows[:o.Limit]
	}
	g.right = make([]bool, len(g.columns))
	for i, c := range g.columns {
		g.right[i] = isNumeric(c.Type) || g.allNumbers(i)
	}
	return g
}

// at is the value of a row's column.
func (g grid) at(row []any, column int) cell {
	if column >= len(row) {
		return cell{null: true}
	}
	return cellOf(row[column], g.columns[column].Type)
}

// allNumbers reports whether a column holds numbers, and nothing else but nulls,
// whatever its type is called. It looks no further than the first other value.
func (g grid) allNumbers(column int) bool {
	some := false
	for _, row := range g.rows {
		if column >= len(row) || row[column] == nil {
			continue
		}
		if !isNumber(row[column]) {
			return false
		}
		some = true
	}
	return some
}

func orDefault(n, otherwise int) int {
	if n <= 0 {
		return otherwise
	}
	return n
}
