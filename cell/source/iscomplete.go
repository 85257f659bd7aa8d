package source

import (
	"errors"
	"go/token"
	"slices"
	"strings"
)

// IsComplete says whether code is "complete", "incomplete" (and how the next
// line is indented) or "invalid".
func (n *Notebook) IsComplete(code string) (status, indent string) {
	s := scan(code)
	indent = strings.Repeat("\t", max(s.open, 0))
	if s.stray >= 0 {
		return "invalid", ""
	}
	if s.broken {
		return "incomplete", "" // inside a raw string or a comment
	}
	c, err := parseCell(token.NewFileSet(), newText(code, 0))
	var failed *CompileError
	if errors.As(err, &failed) {
		if strings.HasSuffix(failed.Diagnostics[0].Msg, endOfCell) {
			if s.open == 0 {
				indent = "\t"
			}
			return "incomplete", indent
		}
		return "invalid", ""
	}
	for _, f := range c.funcs {
		if f.Body == nil {
			return "incomplete", "\t"
		}
	}
	return "complete", ""
}

// closers are the brackets that are missing at the end of code.
func closers(code string) string {
	var b strings.Builder
	for _, at := range slices.Backward(openBrackets(code)) {
		b.WriteByte(map[byte]byte{'(': ')', '[': ']', '{': '}'}[code[at]])
	}
	return b.String()
}

// openBrackets are the offsets of the brackets that are open at the end of code.
func openBrackets(code string) []int {
	var open []int
	for at := 0; at < len(code); {
		where, end, _ := literalAt(code, at)
		if where == inCode {
			switch code[at] {
			case '(', '[', '{':
				open = append(open, at)
			case ')', ']', '}':
				open = open[:max(len(open)-1, 0)]
			}
		}
		at = end
	}
	return open
}
