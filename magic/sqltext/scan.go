package sqltext

import "strings"

// kind tells what a token is.
type kind int

const (
	word    kind = iota // keyword, name or number
	quoted              // string or `identifier`
	comment             // -- or /* */, hints included
	symbol              // any other single character
)

type token struct {
	kind       kind
	start, end int
}

func (t token) is(text, symbol string) bool { return text[t.start:t.end] == symbol }

// endsValue reports whether a value or a cast may end with the token, so that a
// colon right behind it is no parameter.
func (t token) endsValue(text string) bool {
	return t.kind == word || t.kind == quoted || t.is(text, ")") || t.is(text, "]") || t.is(text, ":")
}

// scan cuts a text into tokens, blanks left out. What is not closed reaches to
// the end.
func scan(text string) []token {
	var all []token
	for at := 0; at < len(text); {
		if isBlank(text[at]) {
			at++
			continue
		}
		t := token{start: at}
		t.kind, t.end = next(text, at)
		all = append(all, t)
		at = t.end
	}
	return all
}

func next(text string, at int) (kind, int) {
	rest := text[at:]
	switch c := text[at]; {
	case strings.HasPrefix(rest, "--"):
		return comment, lineComment(text, at)
	case strings.HasPrefix(rest, "/*"):
		return comment, blockComment(text, at)
	case c == '\'' || c == '"':
		return quoted, stringEnd(text, at, true)
	case c == '`':
		return quoted, stringEnd(text, at, false)
	case (c == 'r' || c == 'R') && len(rest) > 1 && (rest[1] == '\'' || rest[1] == '"'):
		return quoted, stringEnd(text, at+1, false)
	case c == '$':
		if end := dollarEnd(text, at); end > 0 {
			return quoted, end
		}
		return symbol, at + 1
	case isWordByte(c):
		for at < len(text) && isWordByte(text[at]) {
			at++
		}
		return word, at
	}
	return symbol, at + 1
}

// lineComment ends at the line end, which a backslash before it continues
// (SqlBaseLexer.g4, SIMPLE_COMMENT).
func lineComment(text string, at int) int {
	for ; at < len(text); at++ {
		if text[at] == '\n' && text[at-1] != '\\' {
			return at
		}
	}
	return len(text)
}

// blockComment ends with as many */ as there are /* (BRACKETED_COMMENT nests).
func blockComment(text string, at int) int {
	depth := 0
	for at < len(text) {
		switch {
		case strings.HasPrefix(text[at:], "/*"):
			depth++
			at += 2
		case strings.HasPrefix(text[at:], "*/"):
			depth--
			at += 2
		default:
			at++
		}
		if depth == 0 {
			return at
		}
	}
	return len(text)
}

// stringEnd is behind the quote that closes the one at an offset. A doubled
// quote is read as two strings, which comes to the same here.
func stringEnd(text string, at int, escapes bool) int {
	quote := text[at]
	for i := at + 1; i < len(text); i++ {
		switch {
		case escapes && text[i] == '\\':
			i++
		case text[i] == quote:
			return i + 1
		}
	}
	return len(text)
}

// dollarEnd is behind a $tag$ … $tag$ string; 0 when there is no tag.
func dollarEnd(text string, at int) int {
	end := at + 1
	for end < len(text) && isLetter(text[end]) {
		end++
	}
	if end == len(text) || text[end] != '$' {
		return 0
	}
	tag := text[at : end+1]
	if n := strings.Index(text[end+1:], tag); n >= 0 {
		return end + 1 + n + len(tag)
	}
	return len(text)
}

func isBlank(c byte) bool  { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }
func isDigit(c byte) bool  { return c >= '0' && c <= '9' }
func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// isWordByte takes all that is not ASCII as part of a name.
func isWordByte(c byte) bool { return isLetter(c) || isDigit(c) || c == '_' || c >= 0x80 }
