package render

import (
	"strings"

	"gospark/display"
)

// Page shows Markdown, such as a help page. Its text form has no marks: no
// #, **, backquotes or fences.
func Page(markdown string) display.Bundle {
	var b strings.Builder
	code := false
	for line := range strings.Lines(markdown) {
		if strings.HasPrefix(line, "```") {
			code = !code
			continue
		}
		if code {
			b.WriteString("    " + line)
			continue
		}
		b.WriteString(unmarked(line))
	}
	return display.Rich("text/markdown", markdown, strings.TrimRight(b.String(), "\n"))
}

// unmarked is a line of Markdown as plain text.
func unmarked(line string) string {
	if head := strings.TrimLeft(line, "#"); head != line {
		line = strings.TrimPrefix(head, " ")
	}
	return strings.NewReplacer("**", "", "`", "").Replace(line)
}
