package source

import (
	"fmt"
	"go/format"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// Format is gofmt for a cell: its declarations and runs of statements one by one,
// since no Go file holds both side by side. What a final semicolon means stays.
func Format(code string) (string, error) {
	t := newText(code, -1)
	s := scan(code)
	if s.stray >= 0 || s.open > 0 || s.broken {
		line, col := t.position(max(s.stray, 0))
		return code, &CompileError{Diagnostics: []Diagnostic{{line, col, "the cell is not whole: a bracket, a string or a comment is open"}}}
	}
	var chunks []span
	for _, part := range s.parts {
		chunks = append(chunks, part...)
	}
	if last, comma := s.lastList(); comma {
		chunks = append(chunks, last) // a list of results is no statement
	}
	slices.SortFunc(chunks, func(a, b span) int { return a.start - b.start })
	var b strings.Builder
	at := 0
	for _, c := range append(chunks, span{len(code), len(code)}) {
		if c.start < at {
			continue
		}
		for _, part := range []span{{at, c.start}, c} {
			if err := formatPart(&b, t, part); err != nil {
				return code, err
			}
		}
		at = c.end
	}
	return b.String(), nil
}

// formatPart formats a part, and leaves the blanks around it.
func formatPart(b *strings.Builder, t *text, part span) error {
	src := t.code[part.start:part.end]
	trimmed := strings.TrimSpace(src)
	if trimmed == "" {
		b.WriteString(src)
		return nil
	}
	from := strings.Index(src, trimmed)
	out, err := format.Source([]byte(trimmed))
	if err != nil && isList(trimmed) {
		out, err = []byte(trimmed), nil
	}
	if err != nil {
		if _, fault := parseCell(token.NewFileSet(), t); fault != nil {
			return fault // it knows the place in the cell
		}
		return err
	}
	formatted := strings.TrimSpace(string(out))
	if strings.HasSuffix(trimmed, ";") && !strings.HasSuffix(formatted, ";") {
		formatted += ";" // it silences a result, or stands before more in its line
	}
	b.WriteString(src[:from] + formatted + src[from+len(trimmed):])
	return nil
}

// isList says whether text is a comma list of expressions.
func isList(text string) bool {
	_, err := format.Source([]byte("_ = []any{" + strings.TrimSuffix(text, ";") + "}"))
	return err == nil
}

// Tests are the names of the test functions that a cell declares, in order.
func Tests(code string) []string {
	c, _ := parseCell(token.NewFileSet(), newText(code, -1))
	var names []string
	for _, f := range c.funcs {
		name, isTest := strings.CutPrefix(f.Name.Name, "Test")
		if !isTest || f.Recv != nil || name != "" && 'a' <= name[0] && name[0] <= 'z' {
			continue
		}
		if p := f.Type.Params; p != nil && p.NumFields() == 1 && f.Type.Results == nil && types.ExprString(p.List[0].Type) == "*testing.T" {
			names = append(names, f.Name.Name)
		}
	}
	return names
}

// Bench is a cell that runs body as a benchmark's loop; line is where body begins
// in the user's cell. The calls are those of package measure.
func Bench(body string, line int) string {
	return strings.Repeat("\n", max(line-2, 0)) + MeasureName + ".Bench(\"BenchmarkCell\", func(b *testing.B) { for b.Loop() {\n" + body + "\n}});"
}

// RunTests is a cell that runs tests.
func RunTests(names []string, pattern string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s.Run(%q", MeasureName, pattern)
	for _, name := range names {
		fmt.Fprintf(&b, ", %s.Test{Name: %q, Func: %s}", MeasureName, name, name)
	}
	return b.String() + ")"
}

// MeasureName is the name under which the cells of [Bench] and [RunTests] have the
// package at MeasurePath. It is one of the prelude's imports, and one that nobody
// types and that completion leaves out.
const (
	MeasureName = "_gospark_measure"
	MeasurePath = "gospark/cell/measure"
)
