package render

import (
	"strings"

	"github.com/rivo/uniseg"

	"gospark/display"
)

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
	Link       string // http(s) address, or path of the page's own server, that the value leads to
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

// class is the CSS class of a state's mark.
func (s State) class() string {
	return [...]string{"gs-neutral", "gs-good", "gs-busy", "gs-warn", "gs-bad"}[max(0, min(s, Bad))]
}

// Status shows a panel.
func Status(p Panel) display.Bundle {
	return display.Rich("text/html", p.html(), p.text())
}

func (p Panel) html() string {
	var b strings.Builder
	b.WriteString(panelStyle + `<div class="gs-s"><div class="gs-head"><span class="gs-mark ` + p.State.class() + `"></span><b>` + escape(p.Title) + `</b>`)
	if p.Word != "" {
		b.WriteString(`<span class="gs-word">` + escape(p.Word) + `</span>`)
	}
	b.WriteString(`</div>`)
	if len(p.Rows) > 0 {
		b.WriteString(`<dl>`)
		for _, row := range p.Rows {
			b.WriteString(`<dt>` + escape(row.Key) + `</dt><dd>` + row.html() + `</dd>`)
		}
		b.WriteString(`</dl>`)
	}
	for _, note := range p.Notes {
		b.WriteString(`<p>` + withCode(note) + `</p>`)
	}
	b.WriteString(`</div>`)
	return b.String()
}

func (e Entry) html() string {
	switch {
	case e.Link != "":
		return link(e.Link, e.Value)
	case e.Code:
		return `<code>` + escape(e.Value) + `</code>`
	}
	return escape(e.Value)
}

func (p Panel) text() string {
	var b strings.Builder
	b.WriteString(p.Title)
	if p.Word != "" {
		b.WriteString(": " + p.Word)
	}
	width := 0
	for _, row := range p.Rows {
		width = max(width, uniseg.StringWidth(row.Key))
	}
	for _, row := range p.Rows {
		value := row.Value
		if row.Link != "" && row.Link != value {
			value += " (" + row.Link + ")"
		}
		b.WriteString("\n  " + pad(row.Key, width, false) + "  " + visible(value))
	}
	for _, note := range p.Notes {
		b.WriteString("\n" + strings.ReplaceAll(note, "`", ""))
	}
	return b.String()
}

// link is an address that opens in a tab of its own. Only http addresses
// become links: others could run code.
func link(address, text string) string {
	here := strings.HasPrefix(address, "/") && !strings.HasPrefix(address, "//") // of the page's own server
	if !here && !strings.HasPrefix(address, "http://") && !strings.HasPrefix(address, "https://") {
		return escape(text)
	}
	return `<a href="` + escape(address) + `" target="_blank" rel="noopener noreferrer">` + escape(text) + `</a>`
}

// withCode is a sentence as HTML, `code` in backquotes as such.
func withCode(s string) string {
	if strings.Count(s, "`")%2 == 1 {
		return escape(s)
	}
	var b strings.Builder
	for i, part := range strings.Split(s, "`") {
		if i%2 == 1 {
			b.WriteString(`<code>` + escape(part) + `</code>`)
		} else {
			b.WriteString(escape(part))
		}
	}
	return b.String()
}
