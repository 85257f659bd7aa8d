package sqltext

import (
	"slices"
	"strings"
)

// Place is what stands around a cursor in SQL.
type Place struct {
	Start  int      // byte offset where the word at the cursor begins, its quote included
	Typed  string   // the word as far as it is typed, without a quote
	Before []string // the names before it that are parted by dots: a, b of "a.b.wo"
	// Table tells that a table's name stands here, and nothing else.
	Table   bool
	Sources []Source // the tables of the statement
	CTEs    []string // names that WITH gives
}

// Source is a table of a statement, with the name that the statement gives it.
type Source struct{ Table, Alias string }

// PlaceAt reads what stands around a cursor. It over-approximates: tables of
// inner queries are in scope everywhere in the statement.
func PlaceAt(text string, cursor int) Place {
	cursor = min(max(cursor, 0), len(text))
	p := wordAt(text, cursor)
	if p.Start < cursor && text[p.Start] == '`' && strings.Count(text[p.Start:], "`")%2 == 1 {
		text = text[:p.Start] + " " + text[p.Start+1:] // a quote that is being typed must not swallow what follows
	}
	start, end := statementAt(text, cursor)
	r := &wordReader{text: text[:end]}
	for _, t := range scan(text[:end]) {
		if t.kind != comment && t.start >= start {
			r.tokens = append(r.tokens, t)
		}
	}
	p.Table = r.wantsTable(p, text)
	p.Sources, p.CTEs = r.sources(cursor), r.ctes()
	return p
}

// statementAt is where the statement at a cursor begins and ends.
func statementAt(text string, cursor int) (start, end int) {
	end = len(text)
	for _, t := range scan(text) {
		switch {
		case !t.is(text, ";"):
		case t.start < cursor:
			start = t.end
		default:
			return start, t.start
		}
	}
	return start, end
}

// wordAt is the word before a cursor and the names before that.
func wordAt(text string, cursor int) Place {
	at := cursor
	for at > 0 && isWordByte(text[at-1]) {
		at--
	}
	p := Place{Start: at, Typed: text[at:cursor]}
	if at > 0 && text[at-1] == '`' {
		p.Start--
	}
	for at = p.Start; at > 1 && text[at-1] == '.'; {
		name, begin := nameBefore(text, at-1)
		if name == "" {
			break
		}
		p.Before, at = slices.Insert(p.Before, 0, name), begin
	}
	return p
}

// nameBefore is the name that ends at an offset, without its quotes.
func nameBefore(text string, end int) (name string, start int) {
	if text[end-1] == '`' {
		if open := strings.LastIndexByte(text[:end-1], '`'); open >= 0 {
			return text[open+1 : end-1], open
		}
		return "", end
	}
	start = end
	for start > 0 && isWordByte(text[start-1]) {
		start--
	}
	return text[start:end], start
}

// wantsTable reports whether a table's name is what the word at the cursor is.
func (r *wordReader) wantsTable(p Place, text string) bool {
	at := p.Start
	for _, name := range slices.Backward(p.Before) {
		at = strings.LastIndex(text[:at], name)
	}
	last := -1
	for i, t := range r.tokens {
		if t.end <= at {
			last = i
		}
	}
	if last < 0 {
		return false
	}
	if r.tokens[last].is(r.text, ",") {
		return r.inFrom(last)
	}
	r.at = last
	switch r.word() {
	case "FROM", "JOIN", "INTO", "TABLE", "DESCRIBE", "DESC", "UPDATE", "VIEW":
		return true
	}
	return false
}

// inFrom reports whether a comma is one between tables: going back, FROM comes
// before any other clause.
func (r *wordReader) inFrom(at int) bool {
	depth := 0
	for i := at - 1; i >= 0; i-- {
		switch t := r.tokens[i]; {
		case t.is(r.text, ")"):
			depth++
		case t.is(r.text, "("):
			if depth--; depth < 0 {
				return false
			}
		case depth == 0 && t.kind == word:
			switch r.at = i; r.word() {
			case "FROM":
				return true
			case "SELECT", "WHERE", "BY", "HAVING", "ON", "USING", "SET", "VALUES":
				return false
			}
		}
	}
	return false
}

// sources are the tables behind FROM, JOIN and the like, with their aliases. The
// word at the cursor is none yet.
func (r *wordReader) sources(cursor int) []Source {
	var all []Source
	for i := range r.tokens {
		r.at = i
		comma := r.tokens[i].is(r.text, ",") && r.inFrom(i)
		if r.at = i; !comma && !slices.Contains([]string{"FROM", "JOIN", "INTO", "UPDATE", "TABLE"}, r.word()) {
			continue
		}
		r.at = i + 1
		name := r.name()
		if name == "" || isClause(strings.ToUpper(name)) || r.tokens[r.at-1].end == cursor {
			continue
		}
		s := Source{Table: name}
		r.skip("AS")
		if alias := r.word(); alias != "" && !isClause(alias) && r.tokens[r.at].end != cursor {
			s.Alias = r.text[r.tokens[r.at].start:r.tokens[r.at].end]
		}
		all = append(all, s)
	}
	return all
}

// ctes are the names that WITH gives: NAME AS (.
func (r *wordReader) ctes() []string {
	if r.at = 0; r.word() != "WITH" {
		return nil
	}
	var all []string
	for i := 1; i+2 < len(r.tokens); i++ {
		r.at = i + 1
		follows := r.tokens[i-1].is(r.text, ",") || i == 1 || r.tokens[i-1].kind == word
		if follows && r.tokens[i].kind == word && r.word() == "AS" && r.tokens[i+2].is(r.text, "(") {
			all = append(all, r.text[r.tokens[i].start:r.tokens[i].end])
		}
	}
	return all
}

// isClause reports whether a word behind a table begins the next clause and is
// no alias.
func isClause(word string) bool {
	return slices.Contains(strings.Fields("WHERE GROUP ORDER HAVING LIMIT JOIN INNER LEFT RIGHT FULL CROSS ANTI SEMI NATURAL ON USING UNION EXCEPT "+
		"INTERSECT LATERAL WINDOW SELECT VALUES SET PIVOT UNPIVOT TABLESAMPLE CLUSTER DISTRIBUTE SORT QUALIFY OFFSET WHEN FROM TABLE AS IF"), word)
}
