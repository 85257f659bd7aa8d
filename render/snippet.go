package render

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

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

// around is how many lines a snippet shows before and behind the marked ones.
const around = 1

// excerpt is the part of a snippet that is shown.
type excerpt struct {
	number int // of the line in the cell
	text   string
	from   int // byte offsets of the mark within the line; equal: none
	to     int
}

// excerpt is the marked lines with some around them.
func (s Snippet) excerpt() []excerpt {
	start := min(max(s.Start, 0), len(s.Text))
	stop := min(max(s.Stop, start), len(s.Text))
	if stop == start {
		_, size := utf8.DecodeRuneInString(s.Text[start:])
		stop += size
	}
	first := strings.Count(s.Text[:start], "\n")
	last := first + strings.Count(strings.TrimRight(s.Text[start:stop], "\n"), "\n")
	var all []excerpt
	at := 0
	for i, line := range strings.Split(s.Text, "\n") {
		if i >= first-around && i <= last+around {
			e := excerpt{number: max(s.Line, 1) + i, text: strings.TrimRight(line, "\r")}
			if i >= first && i <= last {
				e.from = min(max(start-at, 0), len(e.text))
				e.to = min(max(stop-at, e.from), len(e.text))
			}
			all = append(all, e)
		}
		at += len(line) + 1
	}
	const most = 12
	if len(all) > most {
		all = all[:most]
	}
	return all
}

// lines are the excerpt with line numbers and carets below what is marked.
func (s Snippet) lines(c colours) []string {
	var lines []string
	if s.Title != "" {
		lines = append(lines, c.faint+s.Title+c.off)
	}
	shown := s.excerpt()
	for _, e := range shown {
		number := fmt.Sprintf("%*d", len(fmt.Sprint(shown[len(shown)-1].number)), e.number)
		lines = append(lines, c.faint+"  "+number+" │ "+c.off+untabbed(e.text))
		if marked, ok := e.marked(s); ok {
			indent := strings.Repeat(" ", uniseg.StringWidth(untabbed(e.text[:e.from])))
			lines = append(lines, c.faint+"  "+strings.Repeat(" ", len(number))+" │ "+c.off+indent+c.mark+
				strings.Repeat("^", max(1, uniseg.StringWidth(untabbed(marked))))+c.off)
		}
	}
	return lines
}

// marked is the marked text of a line, and whether the line has a mark. An
// error at the end of the text marks the place behind it.
func (e excerpt) marked(s Snippet) (string, bool) {
	if e.to > e.from {
		return e.text[e.from:e.to], true
	}
	atEnd := s.Start >= len(s.Text) && e.from == len(e.text) && e.number == max(s.Line, 1)+strings.Count(s.Text, "\n")
	return "", atEnd
}

func untabbed(s string) string { return strings.ReplaceAll(s, "\t", "    ") }

func (s Snippet) html() string {
	var b strings.Builder
	b.WriteString(`<div class="gs-where">`)
	if s.Title != "" {
		b.WriteString(`<div class="gs-title">` + escape(s.Title) + `</div>`)
	}
	b.WriteString(`<pre>`)
	for _, e := range s.excerpt() {
		fmt.Fprintf(&b, `<span class="gs-ln">%4d</span>  `, e.number)
		marked, ok := e.marked(s)
		switch {
		case ok && marked == "":
			b.WriteString(escape(e.text) + `<mark> </mark>`)
		case ok:
			b.WriteString(escape(e.text[:e.from]) + `<mark>` + escape(marked) + `</mark>` + escape(e.text[e.to:]))
		default:
			b.WriteString(escape(e.text))
		}
		b.WriteString("\n")
	}
	b.WriteString(`</pre></div>`)
	return b.String()
}
