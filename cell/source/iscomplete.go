package source

import (
	"errors"
	"go/token"
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
	var open []byte
	for _, t := range scan(code).toks {
		switch t.tok {
		case token.LPAREN:
			open = append(open, ')')
		case token.LBRACK:
			open = append(open, ']')
		case token.LBRACE:
			open = append(open, '}')
		case token.RPAREN, token.RBRACK, token.RBRACE:
			open = open[:len(open)-1]
		}
	}
	var b strings.Builder
	for i := len(open) - 1; i >= 0; i-- {
		b.WriteByte(open[i])
	}
	return b.String()
}
