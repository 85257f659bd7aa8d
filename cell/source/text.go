package source

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"slices"
	"sort"
	"strings"
)

// The pieces of a cell are parsed as files that hold the cell's text at one
// offset, with everything that is not the piece blanked out, so a position in any
// of them gives the offset in the cell.
const (
	funcPrefix   = "package p;func _(){\n"
	declPrefix   = "package p;         \n"
	resultPrefix = "package p;var _=f( \n"
	prefixLen    = len(funcPrefix)
)

// text is the source of one cell.
type text struct {
	number int
	code   string
	lines  []int  // offsets of line starts
	muted  []edit // of comments that the compiler would take for directives
}

func newText(code string, number int) *text {
	t := &text{number: number, code: code, lines: []int{0}}
	for i := range len(code) {
		if code[i] == '\n' {
			t.lines = append(t.lines, i+1)
		}
	}
	if slices.ContainsFunc(directives(), func(d string) bool { return strings.Contains(code, d) }) {
		t.mute(scan(code))
	}
	return t
}

// directives begin comments that the compiler takes for more.
func directives() []string { return []string{"//go:", "//line ", "/*line ", "//export "} }

func (t *text) mute(s *scanned) {
	for _, c := range s.comments {
		comment := t.code[c.start:c.end]
		if slices.ContainsFunc(directives(), func(d string) bool { return strings.HasPrefix(comment, d) }) {
			t.muted = append(t.muted, edit{off: c.start + 2, del: 1, ins: " "})
		}
	}
}

// position is the line and column of an offset, both from 1.
func (t *text) position(off int) (line, col int) {
	off = min(max(off, 0), len(t.code))
	i := sort.SearchInts(t.lines, off+1) - 1
	return i + 1, off - t.lines[i] + 1
}

// cell is a parsed cell.
type cell struct {
	*text
	fset    *token.FileSet
	files   []*token.File
	imports []*ast.ImportSpec
	funcs   []*ast.FuncDecl
	stmts   []ast.Stmt // in order, the result expressions not included
	results []ast.Expr // the last expression, or the list of them
	shown   bool       // results are not followed by a semicolon
	blanks  []span     // what the statements' text does not include
}

type span struct{ start, end int }

// offset is the offset in the cell's text of a position in any of its pieces.
func (c *cell) offset(p token.Pos) int {
	return offsetIn(c.fset, p)
}

// span is a node's place in the text; of one with a syntax error, as far as it
// goes.
func (c *cell) span(n ast.Node) span {
	start := min(max(c.offset(n.Pos()), 0), len(c.code))
	return span{start, min(max(c.offset(n.End()), start), len(c.code))}
}

func offsetIn(fset *token.FileSet, p token.Pos) int {
	f := fset.File(p)
	if f == nil {
		return 0
	}
	return f.Offset(p) - prefixLen
}

// parseCell splits and parses code. The error is a *CompileError; the cell is
// returned as far as it could be parsed, also then.
func parseCell(fset *token.FileSet, t *text) (*cell, error) {
	c := &cell{text: t, fset: fset}
	s := scan(t.code)
	if s.stray >= 0 {
		line, col := t.position(s.stray)
		d := Diagnostic{line, col, fmt.Sprintf("syntax error: unexpected %c", t.code[s.stray])}
		return c, &CompileError{t.number, []Diagnostic{d}}
	}
	var errs scanner.ErrorList
	errs = append(errs, c.parseImports(s.chunks(importChunk))...)
	errs = append(errs, c.parseFuncs(s.chunks(funcChunk))...)
	errs = append(errs, c.parseStmts(s)...)
	if len(errs) > 0 {
		return c, c.syntaxErrors(errs)
	}
	return c, nil
}

func (c *cell) parse(src string) (*ast.File, scanner.ErrorList) {
	f, err := parser.ParseFile(c.fset, "", src, parser.SkipObjectResolution|parser.ParseComments|parser.AllErrors)
	if f != nil {
		c.files = append(c.files, c.fset.File(f.FileStart))
	}
	var list scanner.ErrorList
	_ = errors.As(err, &list)
	return f, list
}

func (c *cell) parseImports(chunks []span) (errs scanner.ErrorList) {
	if len(chunks) == 0 {
		return nil
	}
	c.blanks = append(c.blanks, chunks...)
	f, errs := c.parse(declPrefix + only(c.code, chunks))
	if f != nil {
		c.imports = f.Imports
	}
	return errs
}

func (c *cell) parseFuncs(chunks []span) (errs scanner.ErrorList) {
	if len(chunks) == 0 {
		return nil
	}
	c.blanks = append(c.blanks, chunks...)
	f, errs := c.parse(declPrefix + only(c.code, chunks))
	if f == nil {
		return errs
	}
	for _, d := range f.Decls {
		if fd, ok := d.(*ast.FuncDecl); ok {
			c.funcs = append(c.funcs, fd)
		}
	}
	return errs
}

// parseStmts parses what is neither an import nor a function. A comma list of
// expressions, which Go has no statement for, is tried at the end.
func (c *cell) parseStmts(s *scanned) scanner.ErrorList {
	c.blanks = append(c.blanks, s.chunks(packageChunk)...)
	stmts, errs := c.parseBlock(without(c.code, c.blanks))
	if len(errs) > 0 {
		if last, ok := s.lastList(); ok {
			if exprs := c.parseList(last); exprs != nil {
				rest := append(append([]span{}, c.blanks...), last)
				if st, e := c.parseBlock(without(c.code, rest)); len(e) == 0 {
					c.stmts, c.results, c.shown = st, exprs, !s.silenced
					return nil
				}
			}
		}
		c.stmts = stmts
		return errs
	}
	c.stmts = stmts
	c.takeResult(s)
	return nil
}

// takeResult moves an expression that is the last statement to results.
func (c *cell) takeResult(s *scanned) {
	n := len(c.stmts)
	for n > 0 && isEmpty(c.stmts[n-1]) {
		n--
	}
	if n == 0 {
		return
	}
	if e, ok := c.stmts[n-1].(*ast.ExprStmt); ok {
		c.stmts, c.results, c.shown = c.stmts[:n-1], []ast.Expr{e.X}, !s.silencedAfter(c.offset(e.End()))
	}
}

func isEmpty(s ast.Stmt) bool { _, ok := s.(*ast.EmptyStmt); return ok }

func (c *cell) parseBlock(code string) ([]ast.Stmt, scanner.ErrorList) {
	f, errs := c.parse(funcPrefix + code + "\n}")
	if f == nil || len(f.Decls) == 0 {
		return nil, errs
	}
	fd, ok := f.Decls[0].(*ast.FuncDecl)
	if !ok || fd.Body == nil {
		return nil, errs
	}
	if len(f.Decls) > 1 && len(errs) == 0 {
		errs.Add(c.fset.Position(f.Decls[1].Pos()), "unexpected }")
	}
	return fd.Body.List, errs
}

func (c *cell) parseList(s span) []ast.Expr {
	f, errs := c.parse(resultPrefix + only(c.code, []span{s})[:s.end] + ")")
	if len(errs) > 0 || f == nil || len(f.Decls) != 1 {
		return nil
	}
	call, ok := f.Decls[0].(*ast.GenDecl).Specs[0].(*ast.ValueSpec).Values[0].(*ast.CallExpr)
	if !ok || call.Ellipsis.IsValid() {
		return nil
	}
	return call.Args
}

// syntaxErrors turns the parsers' errors to the user's positions: at most one a
// line, as the compiler does.
func (c *cell) syntaxErrors(errs scanner.ErrorList) *CompileError {
	errs.Sort()
	out := &CompileError{Number: c.number}
	seen := map[int]bool{}
	for _, e := range errs {
		off := e.Pos.Offset - prefixLen
		end := len(strings.TrimRight(c.code, " \t\r\n"))
		if off >= end && len(out.Diagnostics) > 0 {
			break
		}
		if off >= end {
			off, e.Msg = end, endOfCell
		}
		line, col := c.position(off)
		if !seen[line] {
			seen[line] = true
			out.Diagnostics = append(out.Diagnostics, Diagnostic{line, col, "syntax error: " + e.Msg})
		}
	}
	return out
}

// endOfCell ends the message of a cell that needs more lines.
const endOfCell = "unexpected end of the cell"

// only blanks everything outside of the spans, without the rest's newlines lost.
func only(code string, spans []span) string {
	b := []byte(code)
	at := 0
	for _, s := range sorted(spans) {
		blank(b[at:s.start])
		at = s.end
	}
	blank(b[at:])
	return string(b)
}

func without(code string, spans []span) string {
	b := []byte(code)
	for _, s := range spans {
		blank(b[s.start:s.end])
	}
	return string(b)
}

func blank(b []byte) {
	for i := range b {
		if b[i] != '\n' && b[i] != '\r' {
			b[i] = ' '
		}
	}
}

func sorted(s []span) []span {
	s = append([]span{}, s...)
	sort.Slice(s, func(i, j int) bool { return s[i].start < s[j].start })
	return s
}
