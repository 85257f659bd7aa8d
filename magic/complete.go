package magic

import (
	"slices"
	"strings"
)

// Candidate is one completion.
type Candidate struct {
	Text string
	Type string // a word of JupyterLab's completer: "magic", "option", "value", …
	Doc  string // one line
}

// Dynamic names a kind of value that only a running notebook knows.
type Dynamic string

// Kinds of dynamic values.
const (
	Profiles  Dynamic = "profile"
	ConfKeys  Dynamic = "conf key"
	Variables Dynamic = "variable" // Go variables
	Tables    Dynamic = "table"
	Views     Dynamic = "view"
	Sessions  Dynamic = "session"
	Running   Dynamic = "operation" // ids of running operations
	UIPages   Dynamic = "page"
	Files     Dynamic = "file"
	Folders   Dynamic = "folder"
	EnvKeys   Dynamic = "environment variable"
)

// Lookup gives the candidates of a dynamic kind; those that do not begin with
// prefix are left out by Complete. nil knows nothing.
type Lookup func(kind Dynamic, prefix string) []Candidate

// Language is whose text stands at the cursor.
type Language string

// Languages of a cell's parts.
const (
	InMagic Language = "magic"
	InGo    Language = "go"
	InSQL   Language = "sql"
	InShell Language = "shell"
	InText  Language = "text" // nothing completes here
)

// Completion is the answer of [Complete]: what could replace text[Start:End].
// Where Language is not InMagic there are no candidates and someone else
// completes: Part is the text in that language, Offset its place in the cell.
// Of Go, Part is the whole cell with all else blanked out.
type Completion struct {
	Candidates []Candidate
	Start, End int
	Language   Language
	Part       string
	Offset     int
}

// Complete completes at cursor, a byte offset.
func Complete(text string, cursor int, lookup Lookup) Completion {
	cursor = min(max(cursor, 0), len(text))
	if c, ok := completeName(text, cursor); ok {
		return c
	}
	all := Parse(text)
	s, ok := segmentAt(all, cursor)
	switch {
	case !ok || s.Kind == Go:
		return Completion{Start: cursor, End: cursor, Language: InGo, Part: goOnly(all)}
	case s.Kind == Shell && cursor >= s.argsAt:
		return part(InShell, s.Args, s.argsAt, cursor)
	case s.Kind == Cell && cursor > s.argsEnd(text):
		return s.completeBody(cursor, lookup)
	case cursor >= s.argsAt && cursor <= s.argsEnd(text):
		return s.completeArgs(text, cursor, lookup)
	}
	return part(InText, "", cursor, cursor)
}

// argsEnd is where the line of a magic ends in the cell, trailing blanks
// included: a word may follow them.
func (s Segment) argsEnd(text string) int {
	end, _ := logicalLine(text, s.argsAt)
	return end
}

func part(language Language, text string, offset, cursor int) Completion {
	return Completion{Start: cursor, End: cursor, Language: language, Part: text, Offset: offset}
}

// completeName completes the name of a magic that is being typed: everything
// from the line's first character to the cursor is % and letters.
func completeName(text string, cursor int) (Completion, bool) {
	lineStart := strings.LastIndexByte(text[:cursor], '\n') + 1
	start := lineStart + blanks(text[lineStart:cursor])
	typed := text[start:cursor]
	if !strings.HasPrefix(typed, "%") {
		return Completion{}, false
	}
	if name := strings.TrimLeft(typed, "%"); nameAt(name, 0) != name || len(typed)-len(name) > 2 {
		return Completion{}, false
	}
	if !beginsMagic(text[:start]) {
		return Completion{}, false
	}
	c := Completion{Start: start, End: cursor, Language: InMagic}
	for _, name := range names() {
		if strings.HasPrefix(name, typed) {
			c.Candidates = append(c.Candidates, Candidate{Text: name, Type: "magic", Doc: specNamed(name).summary()})
		}
	}
	return c, true
}

// beginsMagic reports whether a magic may stand behind a text: not within
// brackets, a comment, a raw string, or another magic's body.
func beginsMagic(before string) bool {
	all := Parse(before + "%x")
	last := all[len(all)-1]
	return last.Kind == Line && last.argsAt == len(before)+len("%x")
}

// segmentAt is the segment that holds the cursor; at a border the later one,
// but a line's end belongs to its line, and the cell's end to a %%magic.
func segmentAt(all []Segment, cursor int) (Segment, bool) {
	for _, s := range all {
		end := s.start + len(s.Text)
		if cursor < end || cursor == end && (s.Kind == Cell || !strings.HasSuffix(s.Text, "\n")) {
			return s, true
		}
	}
	return Segment{}, false
}

// completeBody completes below the first line of a %%magic.
func (s Segment) completeBody(cursor int, lookup Lookup) Completion {
	switch s.Name {
	case "sql":
		return part(InSQL, s.Body, s.bodyAt, cursor)
	case "bash":
		return part(InShell, s.Body, s.bodyAt, cursor)
	case "time":
		return shifted(Complete(s.Body, cursor-s.bodyAt, lookup), s.bodyAt)
	case "spark":
		line := s.Body[:cursor-s.bodyAt]
		line = line[strings.LastIndexByte(line, '\n')+1:]
		key := strings.TrimLeft(line, " \t")
		if strings.ContainsAny(key, " \t=") {
			return part(InText, "", cursor, cursor)
		}
		return Completion{Start: cursor - len(key), End: cursor, Language: InMagic, Candidates: ask(lookup, ConfKeys, key, " ")}
	}
	return part(InText, s.Body, s.bodyAt, cursor)
}

// shifted moves a completion of an inner text to its place in the cell.
func shifted(c Completion, by int) Completion {
	c.Start, c.End, c.Offset = c.Start+by, c.End+by, c.Offset+by
	return c
}

// completeArgs completes on a magic's own line.
func (s Segment) completeArgs(text string, cursor int, lookup Lookup) Completion {
	line := text[s.argsAt:cursor]
	words := split(line)
	current := word{start: len(line), end: len(line)}
	if n := len(words); n > 0 && words[n-1].end == len(line) {
		current, words = words[n-1], words[:n-1]
	}
	sp, taken, _ := find(s.typed(), words)
	words = words[taken:]
	if at, ok := sp.rawFrom(s, words, current); ok {
		return s.completeRaw(sp, text, at, cursor, lookup)
	}
	c := Completion{Start: s.argsAt + current.start, End: cursor, Language: InMagic}
	if taken == 0 && len(words) == 0 {
		for _, sub := range subcommands(s.typed()) {
			c.Candidates = append(c.Candidates, Candidate{Text: strings.TrimPrefix(sub.name, s.typed()+" "), Type: "magic", Doc: sub.about})
		}
	}
	c.Candidates = append(c.Candidates, sp.candidates(words, current.text, lookup)...)
	c.Candidates = slices.DeleteFunc(c.Candidates, func(m Candidate) bool { return !strings.HasPrefix(m.Text, current.text) })
	return c
}

// rawFrom is where the raw last argument of a spec begins, if the cursor
// stands in it.
func (s spec) rawFrom(seg Segment, words []word, current word) (int, bool) {
	if !s.raw {
		return 0, false
	}
	wantsValue, takesMore := false, false
	for _, w := range append(slices.Clone(words), current) {
		switch {
		case wantsValue:
			wantsValue = false
		case takesMore && !s.isOption(w):
		case !s.isOption(w):
			return w.start, w.start < current.start || current.text != "" && current.text != "-"
		default:
			o, ok := s.option(w.text)
			wantsValue = ok && o.value != "" && o.alone == ""
			takesMore = ok && o.more != "" && seg.hasBody()
		}
	}
	return 0, false
}

// completeRaw completes within the rest of a line that is another language.
func (s Segment) completeRaw(sp spec, text string, at, cursor int, lookup Lookup) Completion {
	from := s.argsAt + at
	rest := text[from:s.argsEnd(text)]
	if strings.HasSuffix(sp.name, "sql") {
		return part(InSQL, rest, from, cursor)
	}
	return shifted(Complete(rest, cursor-from, lookup), from)
}
