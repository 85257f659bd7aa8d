// Package sqltext reads SQL text just far enough for a notebook: it splits
// statements at semicolons and finds named parameters, with Spark's strings,
// identifiers, comments and scripting blocks respected. It parses no SQL.
package sqltext

// Statement is one statement of a text.
type Statement struct {
	Text  string // without the semicolon and outer blanks and comments
	Start int    // byte offset of Text in the whole
	Line  int    // number of Text's first line, from 1
	Verb  string // first keyword, upper case: "SELECT", "WITH", "CREATE"
}

// Split splits a text into its statements; empty ones are left out.
func Split(text string) []Statement { return nil }

// Param is one use of a named parameter, :name.
type Param struct {
	Name       string
	Start, End int // byte offsets, the colon included
}

// Params finds the named parameters of a statement, in order.
func Params(text string) []Param { return nil }

// Names are the distinct parameter names of a statement, in order.
func Names(text string) []string { return nil }
