package magic

import "strings"

// word is one word of a command line, quotes removed, with its place.
type word struct {
	text       string
	start, end int
	quoted     bool // some part stood in quotes
}

// split splits a command line as a shell does: blanks separate, 'single' quotes
// keep everything, "double" quotes keep all but backslash escapes, a backslash
// keeps the next character, and one before a line end is a blank. A quote that
// is not closed reaches to the end.
func split(line string) []word {
	var words []word
	for at := 0; ; {
		at = skipBlanks(line, at)
		if at >= len(line) {
			return words
		}
		w := wordAt(line, at)
		words = append(words, w)
		at = w.end
	}
}

func skipBlanks(line string, at int) int {
	for at < len(line) {
		switch {
		case strings.HasPrefix(line[at:], "\\\n"):
			at += 2
		case strings.HasPrefix(line[at:], "\\\r\n"):
			at += 3
		case isBlank(line[at]):
			at++
		default:
			return at
		}
	}
	return at
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

func wordAt(line string, at int) word {
	w := word{start: at}
	var b strings.Builder
	var quote byte
	for ; at < len(line); at++ {
		c := line[at]
		switch {
		case quote == 0 && isBlank(c), quote == 0 && c == '\\' && skipBlanks(line, at) > at:
			w.text, w.end = b.String(), at
			return w
		case quote == 0 && (c == '\'' || c == '"'):
			quote, w.quoted = c, true
		case c == quote:
			quote = 0
		case c == '\\' && quote != '\'' && at+1 < len(line) && escapes(quote, line[at+1]):
			at++
			b.WriteByte(line[at])
		default:
			b.WriteByte(c)
		}
	}
	w.text, w.end = b.String(), at
	return w
}

// escapes reports whether a backslash before c is an escape: always outside
// quotes, and before " and \ within double quotes.
func escapes(quote, c byte) bool {
	return quote == 0 || c == '"' || c == '\\'
}
