package magic

import (
	"go/scanner"
	"go/token"
	"strings"
)

// nextMagic reads Go from an offset until a line that is a magic, and says
// where that begins (the end of the text when there is none) and whether there
// was any Go before it besides blanks and comments.
//
// Go's own scanner decides what is a string, a comment and the start of a
// statement, so neither a raw string's lines nor an expression that goes on
// after an operator or within brackets can be taken for a magic. src is text
// again, in the form that the scanner reads.
func nextMagic(text string, src []byte, from int) (head int, hasGo, found bool) {
	file := token.NewFileSet().AddFile("", -1, len(text)-from)
	var s scanner.Scanner
	s.Init(file, src[from:], nil, 0)
	depth := 0
	starts := true // whether a statement may begin with the next token
	for {
		pos, tok, _ := s.Scan()
		if tok == token.EOF {
			return len(text), hasGo, false
		}
		at := from + file.Offset(pos)
		if starts && depth == 0 && isMagic(text, at) {
			return at, hasGo, true
		}
		if tok != token.SEMICOLON || text[at:min(at+1, len(text))] == ";" {
			hasGo = true
		}
		depth = max(0, depth+nesting(tok))
		starts = tok == token.SEMICOLON
	}
}

// nesting is how a token changes the depth of brackets.
func nesting(tok token.Token) int {
	switch tok {
	case token.LPAREN, token.LBRACK, token.LBRACE:
		return 1
	case token.RPAREN, token.RBRACK, token.RBRACE:
		return -1
	}
	return 0
}

// isMagic reports whether the text at a token is a magic: first on its line,
// %name, %%name or !command. != begins no command.
func isMagic(text string, at int) bool {
	before := text[:at]
	if strings.TrimLeft(before[strings.LastIndexByte(before, '\n')+1:], " \t\r\ufeff") != "" {
		return false
	}
	rest := text[at:]
	if after, ok := strings.CutPrefix(rest, "%"); ok {
		after = strings.TrimPrefix(after, "%")
		return after != "" && isLetter(after[0])
	}
	after, ok := strings.CutPrefix(rest, "!")
	return ok && after != "" && !strings.HasPrefix(after, "=") && after[0] != '\n'
}
