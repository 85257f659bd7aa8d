package render

import "gospark/display"

// Panel is a titled list of keys and values, such as the answer to %spark.
type Panel struct {
	Title string
	State State  // colours the mark beside the title
	Word  string // the state in a word: "connected"
	Rows  []Entry
	Notes []string // sentences below the list; `code` in backquotes
}

// Entry is one line of a panel.
type Entry struct {
	Key, Value string
	Link       string // http(s) address that the value leads to
	Code       bool   // the value is something to type or copy
}

// State is how well something is.
type State int

// States of a panel.
const (
	Neutral State = iota
	Good
	Busy
	Warning
	Bad
)

// Status shows a panel.
func Status(p Panel) display.Bundle { return display.Bundle{} }

// Page shows Markdown, such as a help page.
func Page(markdown string) display.Bundle { return display.Rich("text/markdown", markdown, markdown) }
