package render

import (
	"strings"

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

// Error shows a failure: text/html with the details folded, and text/plain,
// which leaves them out.
func Error(f Failure) display.Bundle {
	return display.Rich("text/html", f.html(), strings.Join(f.lines(noColours()), "\n"))
}

// Details shows only a failure's details, folded: for use beside an error
// message that has the rest (see [Traceback]). There is no text form: a console
// shows nothing.
func Details(f Failure) display.Bundle {
	if f.Details == "" {
		return display.Bundle{}
	}
	return display.Bundle{Data: map[string]any{"text/html": failureStyle + `<div class="gs-e gs-only">` + f.folded() + `</div>`}}
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
	return `<details><summary>Details (` + Count(int64(n), "line") + `)</summary><pre>` + escape(cutBytes(f.Details, maxValueText)) + `</pre></details>`
}

// colours are the ANSI codes of an error's parts.
type colours struct{ name, mark, faint, off string }

func noColours() colours { return colours{} }

func ansiColours() colours {
	// Not bold: Jupyter makes bold red a dark one, which dark themes swallow.
	return colours{name: "\x1b[31m", mark: "\x1b[31m", faint: "\x1b[2m", off: "\x1b[0m"}
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

// cutBytes shortens a long text for a page.
func cutBytes(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "") + "\n…"
}
