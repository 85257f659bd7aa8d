package render

import "gospark/display"

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
	// TextRows is how many rows the text form shows; 0 is [DefaultTextRows].
	TextRows int
	// TextWidth is the width of the text form in terminal cells; 0 is
	// [DefaultTextWidth].
	TextWidth int
}

// Bounds of what a table shows when the options say nothing else.
const (
	DefaultRows      = 1000
	DefaultTextRows  = 50
	DefaultTextWidth = 120
)

// Table shows rows under columns: text/html and text/plain. Every row has one
// value per column; missing ones are null.
func Table(columns []Column, rows [][]any, o TableOptions) display.Bundle {
	return display.Bundle{}
}
