package render

import "gospark/display"

// Failure is an error as a person reads it: the short message first, where it
// happened, what to do, and the details folded away.
type Failure struct {
	Name    string // error class: "TABLE_OR_VIEW_NOT_FOUND", "compile error"
	Code    string // SQLSTATE; may be empty
	Message string // what is wrong, in words
	Where   *Snippet
	Advice  []string // what to try, one sentence each; `code` in backquotes
	Details string   // long text that is folded: a JVM trace
}

// Snippet is the text that an error is about.
type Snippet struct {
	Title string // "cell 7, line 3"
	Text  string // the whole text: an SQL statement
	// Start and Stop are the byte offsets in Text of what is marked;
	// Stop <= Start marks one character.
	Start, Stop int
	// Line is the number of Text's first line in its cell; 0 means 1.
	Line int
}

// Error shows a failure: text/html with the details folded, and text/plain.
func Error(f Failure) display.Bundle { return display.Bundle{} }

// Traceback is the failure as lines with ANSI colours, for the traceback of
// Jupyter's error message.
func Traceback(f Failure) []string { return nil }
