package sqltext

import "strings"

// block counts the open blocks of a SQL script (BEGIN … END, SPARK-48338),
// within which semicolons belong to the script.
type block struct {
	script bool
	depth  int
}

// see takes note of a token behind those before it.
func (b *block) see(text string, before []token, t token) {
	if t.kind != word {
		return
	}
	w := strings.ToUpper(text[t.start:t.end])
	if !b.script {
		b.script = w == "BEGIN" && startsScript(text, before)
		if b.script {
			b.depth = 1
		}
		return
	}
	after := ""
	if n := len(before); n > 0 {
		after = strings.ToUpper(text[before[n-1].start:before[n-1].end])
	}
	switch {
	case w == "END":
		b.depth--
	case after == "END": // END IF, END WHILE, …: counted with END
	case opens(w, after):
		b.depth++
	}
}

// startsScript reports whether BEGIN begins a statement: nothing stands before
// it, or a label.
func startsScript(text string, before []token) bool {
	return len(before) == 0 || len(before) == 2 && before[0].kind != symbol && before[1].is(text, ":")
}

// opens reports whether a word opens a block that END closes. IF, LOOP and
// REPEAT also name functions, so they count where a statement begins; the DO of
// a WHILE or FOR stands for those.
func opens(w, after string) bool {
	switch w {
	case "BEGIN", "CASE", "DO":
		return true
	case "IF", "LOOP", "REPEAT":
		switch after {
		case ";", ":", "BEGIN", "THEN", "ELSE", "DO", "LOOP", "REPEAT":
			return true
		}
	}
	return false
}
