package source

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
	"strings"
)

// The value that cell 3 showed is the variable _3 of later cells, and _ in the place
// of a value is that of the last cell that showed one. Such a variable is declared
// when the cell is compiled, with the result's static type; the run-time keeps the
// value, and the first cell that uses the variable takes it over.

// lastMark follows an underscore that stands for a value.
const lastMark = mark + "last"

// formerName is the variable of a cell's result.
func formerName(number int) string { return "_" + strconv.Itoa(number) }

// formerNumber is the cell whose result a name stands for.
func formerNumber(name string) (number int, ok bool) {
	digits, ok := strings.CutPrefix(name, "_")
	number, err := strconv.Atoi(digits)
	return number, ok && err == nil && formerName(number) == name
}

// findLast finds the underscores of the cell that stand for the last result.
func (c *compilation) findLast() {
	last := c.old.live[c.old.last]
	if last == nil {
		return
	}
	nodes := make([]ast.Node, 0, len(c.cell.stmts)+len(c.cell.funcs)+len(c.cell.results))
	for _, s := range c.cell.stmts {
		nodes = append(nodes, s)
	}
	for _, f := range c.cell.funcs {
		nodes = append(nodes, f)
	}
	for _, e := range c.cell.results {
		nodes = append(nodes, e)
	}
	for _, n := range nodes {
		c.lastUses = append(c.lastUses, blankValues(n)...)
	}
	if len(c.lastUses) > 0 {
		c.last = types.NewVar(token.NoPos, c.nb.pkg, "_"+lastMark, last.obj.Type())
	}
}

// nameLast lets the underscores that stand for the last result be a name that
// the type checker looks up.
func (c *compilation) nameLast(on bool) {
	for _, id := range c.lastUses {
		id.Name = "_"
		if on {
			id.Name += lastMark
		}
	}
}

// blankValues are the underscores in a node that stand where Go wants a value or
// a type.
func blankValues(n ast.Node) (found []*ast.Ident) {
	declares := map[*ast.Ident]bool{}
	names := func(ids ...*ast.Ident) {
		for _, id := range ids {
			declares[id] = true
		}
	}
	targets := func(list ...ast.Expr) {
		for _, e := range list {
			if id, ok := e.(*ast.Ident); ok {
				names(id)
			}
		}
	}
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			targets(n.Lhs...)
		case *ast.RangeStmt:
			targets(n.Key, n.Value)
		case *ast.Field:
			names(n.Names...)
		case *ast.ValueSpec:
			names(n.Names...)
		case *ast.FuncDecl:
			names(n.Name)
		case *ast.TypeSpec:
			names(n.Name)
		case *ast.LabeledStmt:
			names(n.Label)
		case *ast.BranchStmt:
			names(n.Label)
		case *ast.SelectorExpr:
			names(n.Sel)
		case *ast.Ident:
			if n.Name == "_" && !declares[n] {
				found = append(found, n)
			}
		}
		return true
	})
	return found
}

// keepResult declares the variable of the cell's result, if it has one: a single
// value, beside an error that decides about it.
func (b *built) keepResult() {
	if b.number == 0 || !b.cell.shown || b.quiet || len(b.cell.results) == 0 {
		return
	}
	var all []types.Type
	for _, e := range b.cell.results {
		if tuple, ok := b.info.Types[e].Type.(*types.Tuple); ok {
			for v := range tuple.Variables() {
				all = append(all, v.Type())
			}
			continue
		}
		all = append(all, b.info.Types[e].Type)
	}
	if b.lastErr {
		all = all[:len(all)-1]
	}
	b.next.last = ""
	if len(all) != 1 || all[0] == nil {
		return
	}
	t := types.Default(all[0])
	if basic, ok := t.(*types.Basic); ok && basic.Kind() == types.UntypedNil || !b.nameable(t) {
		return
	}
	name := formerName(b.number)
	if e := b.next.live[name]; e != nil && !e.result {
		return // the user's own
	}
	b.next.add(&entity{kind: varKind, name: name, obj: types.NewVar(token.NoPos, b.pkg, name, t), result: true})
	b.next.last, b.kept = name, true
}

// resultCalls have the run-time keep the cell's result, and take over those that
// the file uses.
func (e *emitter) resultCalls() string {
	var b strings.Builder
	if e.kept {
		fmt.Fprintf(&b, "\t%s.Keep()\n", rtName)
	}
	for _, ent := range e.order {
		if number, ok := formerNumber(ent.name); ok && ent.result {
			fmt.Fprintf(&b, "\t%s.Recall(%d, &%s)\n", rtName, number, ent.gen)
		}
	}
	return b.String()
}
