package source

import (
	"fmt"
	"slices"
	"strings"
)

// numberMark stands for the number of the cell being generated, so that the same
// cell run again can be recognised.
const numberMark = "\x00"

// edit replaces del bytes at off, an offset in a cell's text.
type edit struct {
	off, del int
	ins      string
	prio     prio
}

// prio orders edits at one offset.
type prio int

const (
	moveAway prio = iota - 3 // takes the rest along
	closing                  // what ends an inserted call
	after                    // a statement after another
	plain                    // in the order found: outer before inner
	naming                   // of the name that stands there
)

// apply is the text of a span with edits made. A line comment after each edit
// that moves what follows keeps the compiler's positions the user's.
func (t *text) apply(s span, edits []edit, file string) string {
	edits = slices.Concat(edits, t.muted)
	slices.SortStableFunc(edits, func(a, b edit) int {
		if a.off != b.off {
			return a.off - b.off
		}
		return int(a.prio - b.prio)
	})
	var b strings.Builder
	at, moved := s.start, false
	for _, e := range edits {
		if e.off < at || e.off+e.del > s.end || e.off < s.start {
			continue
		}
		if e.off > at && moved {
			b.WriteString(t.lineComment(at, e.off, file))
			moved = false
		}
		b.WriteString(t.code[at:e.off])
		b.WriteString(e.ins)
		at = e.off + e.del
		moved = moved || len(e.ins) != e.del || strings.Count(t.code[e.off:at], "\n") != strings.Count(e.ins, "\n")
	}
	if moved {
		b.WriteString(t.lineComment(at, s.end, file))
	}
	b.WriteString(t.code[at:s.end])
	return b.String()
}

// lineComment sets the position of offset at; nothing where the line ends there.
func (t *text) lineComment(at, end int, file string) string {
	rest, _, _ := strings.Cut(t.code[at:end], "\n")
	if strings.TrimSpace(rest) == "" {
		return ""
	}
	return "/*" + t.line(at, file) + "*/"
}

// line is a line directive for an offset.
func (t *text) line(off int, file string) string {
	l, c := t.position(off)
	return fmt.Sprintf("line %s:%d:%d", file, l, c)
}
