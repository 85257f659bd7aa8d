package source

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// writeEntry writes the cell's function: its text with the declarations blanked
// out, so that every statement keeps its line and column.
func (e *emitter) writeEntry(b *strings.Builder) {
	edits := slices.Concat(e.startEdits(), e.resultEdits(), e.bodyEdit, e.refEdits(e.cell.text, e.bodyRefs), e.blankEdits())
	for _, d := range e.defs {
		edits = append(edits, e.defEdits(d)...)
	}
	edits = append(edits, e.orderEdits(edits)...)
	e.writeLifted(b, e.cell.text, e.lifted, edits)
	fmt.Fprintf(b, "\n//go:linkname Cell%[1]s cell%[1]s.Cell%[1]s\nfunc Cell%[1]s() {\n\t%[2]s\n", numberMark, look)
	if e.ownCtx != nil {
		fmt.Fprintf(b, "\t%s\n", ownContext(e.ownCtx))
	}
	b.WriteString(e.resultCalls())
	t := e.cell.text
	fmt.Fprintf(b, "//%s\n%s\n}\n\nfunc main() {}\n", t.line(0, e.fileOf(t)), t.apply(span{0, len(t.code)}, edits, e.fileOf(t)))
}

// blankEdits take away what is not a statement.
func (e *emitter) blankEdits() []edit {
	var out []edit
	for _, s := range e.cell.blanks {
		out = append(out, e.blank(s.start, s.end))
	}
	for _, s := range e.cell.stmts {
		d, ok := s.(*ast.DeclStmt)
		if !ok {
			continue
		}
		if g, ok := d.Decl.(*ast.GenDecl); ok && g.Tok != token.VAR {
			out = append(out, e.blank(e.cell.offset(g.Pos()), e.cell.offset(g.End())))
		} else if ok {
			out = append(out, e.varEdits(g)...)
		}
	}
	return out
}

func (e *emitter) blank(from, to int) edit {
	b := []byte(e.cell.code[from:to])
	blank(b)
	return edit{off: from, del: to - from, ins: string(b)}
}

// varEdits turn a var declaration to assignments.
func (e *emitter) varEdits(g *ast.GenDecl) []edit {
	at := e.cell.offset
	out := []edit{e.blank(at(g.TokPos), at(g.TokPos)+len("var"))}
	if g.Lparen.IsValid() {
		out = append(out, e.blank(at(g.Lparen), at(g.Lparen)+1), e.blank(at(g.Rparen), at(g.Rparen)+1))
	}
	for _, s := range g.Specs {
		vs := s.(*ast.ValueSpec)
		switch {
		case vs.Type != nil && len(vs.Values) > 0 && blankOnly(vs.Names):
			out = append(out, edit{off: at(vs.Pos()), ins: "var "})
		case len(vs.Values) == 0:
			out = append(out, edit{off: at(vs.Pos()), del: at(vs.End()) - at(vs.Pos()), ins: e.zero(vs), prio: moveAway})
		case vs.Type != nil:
			gone := e.blank(at(vs.Type.Pos()), at(vs.Type.End()))
			if strings.Contains(gone.ins, "\n") {
				gone.ins = "" // a line end here would end the statement
			}
			out = append(out, gone)
		}
	}
	return out
}

func blankOnly(ids []*ast.Ident) bool {
	for _, id := range ids {
		if id.Name != "_" {
			return false
		}
	}
	return true
}

// zero sets variables that were declared without a value.
func (e *emitter) zero(vs *ast.ValueSpec) string {
	var out []string
	for _, id := range vs.Names {
		obj := e.info.Defs[id]
		if obj == nil || id.Name == "_" || incomplete(obj.Type()) {
			continue
		}
		t := e.typeText(obj.Type())
		out = append(out, fmt.Sprintf("%s = *new(%s)", e.entityOf(obj).gen, t))
	}
	return strings.Join(out, "; ")
}

// incomplete says whether a type's values live outside of Go's memory: such a variable
// is zero when it is declared, and no expression makes it so again.
func incomplete(t types.Type) bool {
	if n, ok := types.Unalias(t).(*types.Named); ok && n.Obj().Pkg() != nil && n.Obj().Name() == "Incomplete" {
		return n.Obj().Pkg().Path() == "runtime/cgo"
	}
	switch t := t.Underlying().(type) {
	case *types.Struct:
		for f := range t.Fields() {
			if incomplete(f.Type()) {
				return true
			}
		}
	case *types.Array:
		return incomplete(t.Elem())
	}
	return false
}

// defEdits turn a := to an assignment.
func (e *emitter) defEdits(d initDef) []edit {
	s, ok := d.stmt.(*ast.AssignStmt)
	if !ok {
		return nil
	}
	return []edit{{off: e.cell.offset(s.TokPos), del: len(":="), ins: " ="}}
}

// resultEdits hand the values of the last expressions to the run-time.
func (e *emitter) resultEdits() []edit {
	exprs := e.cell.results
	if len(exprs) == 0 || len(exprs) == 1 && (e.quiet || e.info.Types[exprs[0]].IsVoid()) {
		return nil
	}
	call := ".Result("
	switch {
	case !e.cell.shown:
		call = ".Discard("
	case e.lastErr:
		call = ".ResultError("
	}
	return []edit{
		{off: e.cell.offset(exprs[0].Pos()), ins: rtName + call},
		{off: e.cell.offset(exprs[len(exprs)-1].End()), ins: ")", prio: closing},
	}
}

// startEdits call the cell's init functions before its first statement, and its
// main function where it has no statements.
func (e *emitter) startEdits() []edit {
	at := len(e.cell.code)
	for _, n := range e.cell.running() {
		at = min(at, e.cell.offset(n.Pos()))
	}
	var calls string
	for i, d := range e.inits {
		if d.names0() == "init" {
			calls += initName(i) + "(); "
		}
	}
	if m := e.declaredMain(); m != nil && len(e.cell.running()) == 0 {
		calls += m.gen + "();"
	}
	if calls == "" {
		return nil
	}
	if at == len(e.cell.code) {
		calls = "\n" + calls
	}
	return []edit{{off: at, ins: calls}}
}

// running are the parts of a cell that are neither declarations nor empty.
func (c *cell) running() []ast.Node {
	var out []ast.Node
	for _, s := range c.stmts {
		if _, declares := s.(*ast.DeclStmt); !declares && !isEmpty(s) {
			out = append(out, s)
		}
	}
	for _, r := range c.results {
		out = append(out, r)
	}
	return out
}

// declaredMain is the function main if this cell declares it.
func (e *emitter) declaredMain() *entity {
	for _, d := range e.decls {
		if d.recv == "" && d.kind == funcKind && d.names0() == "main" {
			return e.next.live["main"]
		}
	}
	return nil
}
