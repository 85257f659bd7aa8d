package source

import (
	"go/ast"
	"go/token"
)

// Several cells may run at once, each with a context of its own, so the prelude's
// ctx is no variable that they share. Where it is only read, a read asks for the
// context of the calling goroutine's cell. A function that assigns to it, and a
// cell whose statements do, has a variable of that name for itself.

// isContext says whether e is the prelude's ctx.
func (e *entity) isContext() bool {
	return e != nil && e.prelude && e.kind == varKind && e.name == "ctx" && e.obj.Type().String() == "context.Context"
}

// findContext marks the reads of ctx among the references of one unit, a function
// or the statements of a cell. It reports whether the unit assigns to it instead.
func (b *built) findContext(refs []ref, nodes ...ast.Node) (own *entity) {
	if b.cell.number == 0 {
		return nil // the prelude declares it
	}
	for _, n := range nodes {
		ast.Inspect(n, func(n ast.Node) bool {
			for _, x := range assigned(n) {
				if id, ok := ast.Unparen(x).(*ast.Ident); ok && b.meant(id).isContext() {
					own = b.meant(id)
				}
			}
			return true
		})
	}
	for i := range refs {
		refs[i].context = own == nil && refs[i].entity.isContext()
	}
	return own
}

// meant is the entity that an identifier stands for, nil for none.
func (b *built) meant(id *ast.Ident) *entity {
	if obj := b.info.Uses[id]; obj != nil {
		return b.entityOf(obj)
	}
	if obj := b.info.Defs[id]; obj != nil {
		return b.entityOf(obj)
	}
	return nil
}

// assigned are the expressions that a node gives a value or whose address it takes.
func assigned(n ast.Node) []ast.Expr {
	switch n := n.(type) {
	case *ast.AssignStmt:
		return n.Lhs
	case *ast.RangeStmt:
		return []ast.Expr{n.Key, n.Value}
	case *ast.ValueSpec:
		out := make([]ast.Expr, len(n.Names))
		for i, id := range n.Names {
			out[i] = id
		}
		return out
	case *ast.UnaryExpr:
		if n.Op == token.AND {
			return []ast.Expr{n.X}
		}
	}
	return nil
}

// ownContext declares a unit's own ctx.
func ownContext(v *entity) string {
	return v.gen + " := " + rtName + ".Context(); _ = " + v.gen
}
