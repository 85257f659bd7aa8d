package render

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"gospark/display"
)

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

// Error shows a failure: text/html with the details folded, and text/plain,
// which leaves them out.
func Error(f Failure) display.Bundle {
	return display.Rich("text/html", f.html(), strings.Join(f.lines(noColours()), "\n"))
}

// Details shows only a failure's details, folded: for use beside an error
// message that has the rest (see [Traceback]). The text form is empty.
func Details(f Failure) display.Bundle {
	if f.Details == "" {
		return display.Bundle{}
	}
	return display.Rich("text/html", failureStyle+`<div class="gs-e gs-only">`+f.folded()+`</div>`, "")
}

// Traceback is the failure without its details as lines with ANSI colours, for
// the traceback of Jupyter's error message.
func Traceback(f Failure) []string { return f.lines(ansiColours()) }

func (f Failure) html() string {
	var b strings.Builder
	b.WriteString(failureStyle + `<div class="gs-e" role="alert"><div class="gs-head"><b>` + escape(f.Name) + `</b>`)
	if f.Code != "" {
		b.WriteString(`<span class="gs-code">SQLSTATE ` + escape(f.Code) + `</span>`)
	}
	b.WriteString(`</div><div class="gs-msg">` + withCode(f.Message) + `</div>`)
	if f.Where != nil {
		b.WriteString(f.Where.html())
	}
	for _, advice := range f.Advice {
		b.WriteString(`<div class="gs-advice">` + withCode(advice) + `</div>`)
	}
	b.WriteString(f.folded() + `</div>`)
	return b.String()
}

// folded is the details behind a line that opens them.
func (f Failure) folded() string {
	if f.Details == "" {
		return ""
	}
	n := strings.Count(strings.TrimRight(f.Details, "\n"), "\n") + 1
	return `<details><summary>Details (` + count(int64(n), "line") + `)</summary><pre>` + escape(cutBytes(f.Details, maxValueText)) + `</pre></details>`
}

// colours are the ANSI codes of an error's parts.
type colours struct{ name, mark, faint, off string }

func noColours() colours { return colours{} }

func ansiColours() colours {
	return colours{name: "\x1b[1;31m", mark: "\x1b[1;31m", faint: "\x1b[2m", off: "\x1b[0m"}
}

func (f Failure) lines(c colours) []string {
	head := c.name + f.Name + c.off
	if f.Code != "" {
		head += c.faint + " (SQLSTATE " + f.Code + ")" + c.off
	}
	lines := strings.Split(head+": "+f.Message, "\n")
	if f.Where != nil {
		lines = append(lines, "")
		lines = append(lines, f.Where.lines(c)...)
	}
	if len(f.Advice) > 0 {
		lines = append(lines, "")
	}
	for _, advice := range f.Advice {
		lines = append(lines, "→ "+strings.ReplaceAll(advice, "`", ""))
	}
	return lines
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

// cutBytes shortens a long text for a page.
func cutBytes(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "") + "\n…"
}
