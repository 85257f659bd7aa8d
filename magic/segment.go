package magic

// Kind tells what a [Segment] is.
type Kind int

// Kinds of segments.
const (
	Go    Kind = iota // Go source
	Line              // %name args
	Cell              // %%name args, and the rest of the cell as its body
	Shell             // !command
)

// Segment is a run of a cell's text. The Text of all segments, joined, is the
// cell's text.
type Segment struct {
	Kind Kind
	Text string // exact, line ends included
	Line int    // number of its first line in the cell, from 1
	Name string // of Line and Cell, without %
	Args string // of Line, Cell and Shell: what follows the name on its line(s)
	// Body is a Cell's text below its first line, which is line BodyLine.
	Body     string
	BodyLine int
}

// Parse splits a cell's text. It never fails: an unknown name is an error of
// [Segment.Command].
func Parse(text string) []Segment { return nil }

// Source is a Go segment's text below as many empty lines as stand above it,
// so that the compiler counts lines as the cell does.
func (s Segment) Source() string { return "" }

// Command is the typed command of a segment that is no Go. The error is a
// *[UsageError].
func (s Segment) Command() (Command, error) { return nil, nil }
