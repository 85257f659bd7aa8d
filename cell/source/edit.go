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
	reorder  prio = iota - 4 // a declaration that is initialised elsewhere
	moveAway                 // takes the rest along
	closing                  // what ends an inserted call
	after                    // a statement after another
	plain                    // in the order found: outer before inner
	naming                   // of the name that stands there
)

// apply is the text of a span with edits made. A line comment after each edit
// that moves what follows keeps the compiler's positions the user's; without a
// file there are none.
func (t *text) apply(s span, edits []edit, file string) string {
	edits = slices.Concat(edits, t.muted)
	slices.SortStableFunc(edits, func(a, b edit) int {
		if a.off != b.off {
			return a.off - b.off
		}
		return int(a.prio - b.prio)
	})
	var b strings.Builder
	at := s.start
	var m moved
	for _, e := range edits {
		if e.off < at || e.off+e.del > s.end || e.off < s.start {
			continue
		}
		if e.off > at {
			b.WriteString(t.resync(at, e.off, m, file))
			m = moved{}
		}
		b.WriteString(t.code[at:e.off])
		b.WriteString(e.ins)
		at = e.off + e.del
		m.columns = m.columns || len(e.ins) != e.del
		m.lines += strings.Count(e.ins, "\n") - strings.Count(t.code[e.off:at], "\n")
	}
	b.WriteString(t.resync(at, s.end, m, file))
	b.WriteString(t.code[at:s.end])
	return b.String()
}

// moved is how edits moved what follows them.
type moved struct {
	columns bool
	lines   int
}

// resync sets the position of offset at, where it was moved; of a column only if
// anything follows in the line.
func (t *text) resync(at, end int, m moved, file string) string {
	if file == "" {
		return ""
	}
	rest, _, _ := strings.Cut(t.code[at:end], "\n")
	if m.lines == 0 && (!m.columns || strings.TrimSpace(rest) == "") {
		return ""
	}
	return "/*" + t.line(at, file) + "*/"
}

// line is a line directive for an offset.
func (t *text) line(off int, file string) string {
	l, c := t.position(off)
	return fmt.Sprintf("line %s:%d:%d", file, l, c)
}
