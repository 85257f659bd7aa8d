package magic

import (
	"strings"
)

// Kind tells what a [Segment] is.
type Kind int

// Kinds of segments.
const (
	Go    Kind = iota // Go source
	Line              // %name args
	Cell              // %%name args, and the rest of the cell as its body
	Shell             // !command
)

// Segment is a run of a cell's text. The Text of all segments, joined, is the
// cell's text. Blank lines and Go comments around a magic belong to it, so that
// they are no Go cell of their own.
type Segment struct {
	Kind Kind
	Text string // exact, line ends included
	Line int    // number of the line in the cell where the code or magic stands, from 1
	Name string // of Line and Cell, without %
	Args string // of Line, Cell and Shell: what follows the name, continuation lines included
	// Body is a Cell's text below its first line, which is line BodyLine.
	Body     string
	BodyLine int

	start, argsAt, bodyAt int // byte offsets in the cell of Text, Args and Body
}

// Parse splits a cell's text. It never fails: an unknown name is an error of
// [Segment.Command].
//
// %%name takes the rest of the cell as its body. It usually stands on the first
// line; Go code above it runs first.
func Parse(text string) []Segment {
	var all []Segment
	src := []byte(text)
	at := 0 // where the text that is in no segment yet begins
	for from := 0; from < len(text); {
		head, hasGo, found := nextMagic(text, src, from)
		if hasGo {
			all = append(all, goSegment(text, at, head))
			at = head
		}
		if !found {
			break
		}
		s, end := magicAt(text, head)
		s.start, s.Text = at, text[at:end]
		all = append(all, s)
		at, from = end, end
	}
	return withRest(all, text, at)
}

// withRest gives what is left, blank or comments, to the last segment.
func withRest(all []Segment, text string, at int) []Segment {
	switch {
	case at == len(text):
	case len(all) == 0:
		all = append(all, goSegment(text, at, len(text)))
	default:
		all[len(all)-1].Text += text[at:]
	}
	return all
}

func goSegment(text string, from, to int) Segment {
	return Segment{Kind: Go, Text: text[from:to], Line: lineAt(text, from), start: from}
}

// magicAt reads the magic that begins at head, a line's first character that
// is not blank, and says where it ends.
func magicAt(text string, head int) (Segment, int) {
	s := Segment{Line: lineAt(text, head)}
	end, next := logicalLine(text, head)
	switch {
	case text[head] == '!':
		s.Kind, s.argsAt = Shell, head+1
	case strings.HasPrefix(text[head:], "%%"):
		s.Kind, s.Name, s.argsAt = Cell, nameAt(text, head+2), 0
		s.argsAt = head + 2 + len(s.Name)
		s.Body, s.bodyAt, s.BodyLine = text[next:], next, lineAt(text, next)
		next = len(text)
	default:
		s.Kind, s.Name = Line, nameAt(text, head+1)
		s.argsAt = head + 1 + len(s.Name)
	}
	s.argsAt += blanks(text[s.argsAt:end])
	s.Args = strings.TrimRight(text[s.argsAt:end], " \t\r")
	return s, next
}

// logicalLine is where a magic's line ends, and where the next one begins. A
// backslash before the line end continues it.
func logicalLine(text string, from int) (end, next int) {
	for at := from; ; {
		n := strings.IndexByte(text[at:], '\n')
		if n < 0 {
			return len(text), len(text)
		}
		at += n + 1
		if !strings.HasSuffix(strings.TrimSuffix(text[from:at-1], "\r"), `\`) {
			return at - 1, at
		}
	}
}

func nameAt(text string, from int) string {
	end := from
	for end < len(text) && isNameByte(text[end]) {
		end++
	}
	return text[from:end]
}

func isNameByte(c byte) bool {
	return isLetter(c) || c >= '0' && c <= '9' || c == '_' || c == '-'
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

func blanks(s string) int { return len(s) - len(strings.TrimLeft(s, " \t")) }

func lineAt(text string, offset int) int { return 1 + strings.Count(text[:offset], "\n") }

// Source is a Go segment's text below as many empty lines as stand above it,
// so that the compiler counts lines as the cell does.
func (s Segment) Source() string { return strings.Repeat("\n", s.Line-1) + s.Text }

// goOnly is the cell's text with everything but Go blanked out, each byte and
// line at its place.
func goOnly(all []Segment) string {
	var b strings.Builder
	for _, s := range all {
		if s.Kind == Go {
			b.WriteString(s.Text)
			continue
		}
		for _, c := range []byte(s.Text) {
			if c != '\n' {
				c = ' '
			}
			b.WriteByte(c)
		}
	}
	return b.String()
}
