// Package sqltext reads SQL text just far enough for a notebook: it splits
// statements at semicolons and finds named parameters, with Spark's strings,
// identifiers, comments and scripting blocks respected. It parses no SQL.
package sqltext

import "strings"

// Statement is one statement of a text.
type Statement struct {
	Text  string // without the semicolon and outer blanks and comments
	Start int    // byte offset of Text in the whole
	Line  int    // number of Text's first line, from 1
	Verb  string // first keyword, upper case: "SELECT", "WITH", "CREATE"
}

// IsQuery reports whether a statement only asks for rows, as far as its first
// word tells.
func (s Statement) IsQuery() bool {
	switch s.Verb {
	case "SELECT", "WITH", "FROM", "VALUES", "TABLE":
		return true
	}
	return false
}

// Split splits a text into its statements; empty ones are left out. A
// semicolon within BEGIN … END of a SQL script does not end the script.
func Split(text string) []Statement {
	var all []Statement
	var tokens []token
	blocks := block{}
	for _, t := range scan(text) {
		if t.kind == comment {
			continue
		}
		if t.is(text, ";") && blocks.depth == 0 {
			all = appendStatement(all, text, tokens)
			tokens, blocks = nil, block{}
			continue
		}
		blocks.see(text, tokens, t)
		tokens = append(tokens, t)
	}
	return appendStatement(all, text, tokens)
}

func appendStatement(all []Statement, text string, tokens []token) []Statement {
	if len(tokens) == 0 {
		return all
	}
	start, end := tokens[0].start, tokens[len(tokens)-1].end
	return append(all, Statement{
		Text:  text[start:end],
		Start: start,
		Line:  1 + strings.Count(text[:start], "\n"),
		Verb:  verb(text, tokens),
	})
}

// verb is the first keyword; a statement may begin with brackets.
func verb(text string, tokens []token) string {
	for _, t := range tokens {
		if t.kind == word {
			return strings.ToUpper(text[t.start:t.end])
		}
		if !t.is(text, "(") {
			break
		}
	}
	return ""
}

// Param is one use of a named parameter, :name.
type Param struct {
	Name       string
	Start, End int // byte offsets, the colon included
}

// Params finds the named parameters of a statement, in order. A colon that
// follows a word, a bracket or another colon without a blank is none: a::int,
// label:x, m[k]:f.
func Params(text string) []Param {
	var all []Param
	tokens := scan(text)
	for i, t := range tokens {
		if !t.is(text, ":") || i+1 == len(tokens) {
			continue
		}
		name := tokens[i+1]
		if name.kind != word || name.start != t.end || isDigit(text[name.start]) {
			continue
		}
		if i > 0 && tokens[i-1].end == t.start && tokens[i-1].endsValue(text) {
			continue
		}
		all = append(all, Param{Name: text[name.start:name.end], Start: t.start, End: name.end})
	}
	return all
}

// Names are the distinct parameter names of a statement, in order.
func Names(text string) []string {
	var all []string
	seen := map[string]bool{}
	for _, p := range Params(text) {
		if !seen[p.Name] {
			seen[p.Name] = true
			all = append(all, p.Name)
		}
	}
	return all
}
