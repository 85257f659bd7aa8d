package kernel

import (
	"bytes"

	"gospark/kernel/wire"
)

// Limit bounds what one cell shows. What is beyond goes into a file. A field
// that is 0 is no bound.
type Limit struct {
	Text    int // bytes of text
	Outputs int // displays and changes between the streams: each is an output of its own
}

// DefaultLimit is far above what a person reads, and below what makes a notebook
// too heavy for a browser.
func DefaultLimit() Limit { return Limit{Text: 20_000_000, Outputs: 10_000} }

// Overflow tells what a cell could not show.
type Overflow struct {
	Limit   Limit
	Ended   bool   // the cell has ended; else it has just passed its limit
	Text    int    // bytes of text that were left out
	Outputs int    // displays that were left out
	File    string // holds the text; "" where it could not be written
	Lost    int    // bytes of the text that File does not hold
}

// meter counts what stands in a cell, and what was left out.
type meter struct {
	limit   Limit
	text    int             // bytes that stand
	line    int             // bytes of the last line that stand
	back    bool            // the text ended with a carriage return
	last    wire.StreamName // of the last output; "" for none and for a display
	outputs int
	passed  bool // a limit was passed
	left    Overflow
}

// clear forgets everything: the cell is empty again.
func (m *meter) clear() { *m = meter{limit: m.limit} }

// show reports whether one more display may be shown.
func (m *meter) show() bool {
	m.last = ""
	if m.limit.Outputs > 0 && m.outputs >= m.limit.Outputs {
		m.left.Outputs++
		return false
	}
	m.outputs++
	return true
}

// room is how much of a stream's text may be shown: all of it, or what is left
// to the limit.
func (m *meter) room(name wire.StreamName, text []byte) int {
	before := *m
	if m.last != name {
		m.last = name
		m.outputs++
	}
	if m.limit.Outputs > 0 && m.outputs > m.limit.Outputs {
		*m = before
		return 0
	}
	m.count(text)
	if m.limit.Text == 0 || m.text <= m.limit.Text {
		return len(text)
	}
	*m = before
	m.text = m.limit.Text
	return wholeText(text[:max(0, m.limit.Text-before.text)])
}

// count adds text. What follows a carriage return stands in the place of its
// line: a progress bar may go on for ever.
func (m *meter) count(text []byte) {
	if !m.back && bytes.IndexByte(text, '\r') < 0 {
		m.text += len(text)
		if at := bytes.LastIndexByte(text, '\n'); at >= 0 {
			m.line = len(text) - at - 1
		} else {
			m.line += len(text)
		}
		return
	}
	for len(text) > 0 {
		at := bytes.IndexAny(text, "\r\n")
		if m.back && (at != 0 || text[0] != '\n') {
			m.text, m.line = m.text-m.line, 0
		}
		m.back = false
		part := text
		if at >= 0 {
			part = text[:at+1]
		}
		m.text, m.line = m.text+len(part), m.line+len(part)
		if at >= 0 && text[at] == '\n' {
			m.line = 0
		}
		m.back = at >= 0 && text[at] == '\r'
		text = text[len(part):]
	}
}
