package source

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// calls are the functions and methods of this round that a declaration uses.
func (b *built) calls(n ast.Node) []types.Object {
	var out []types.Object
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if f, ok := b.info.Uses[id].(*types.Func); ok && f.Pkg() == b.pkg {
				out = append(out, f.Origin())
			}
		}
		return true
	})
	return out
}

// recursive says whether a function may call itself, directly or through others
// that are declared together with it: its entry is then like the head of a loop.
// Functions of earlier cells cannot call it.
func (b *built) recursive(fd *ast.FuncDecl) bool {
	if b.callees == nil {
		b.callees = map[types.Object][]types.Object{}
		for _, d := range slices.Concat(b.decls, b.redo) {
			if f, ok := d.node.(*ast.FuncDecl); ok && !b.same[d] && f.Body != nil {
				b.callees[b.info.Defs[f.Name]] = b.calls(f.Body)
			}
		}
	}
	self := b.info.Defs[fd.Name]
	seen := map[types.Object]bool{}
	todo := slices.Clone(b.callees[self])
	for len(todo) > 0 {
		f := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if f == self {
			return true
		}
		if !seen[f] {
			seen[f] = true
			todo = append(todo, b.callees[f]...)
		}
	}
	return false
}

// lookWhenCalled lets a function that calls itself look whether the cell is to stop.
func (in *instrument) lookWhenCalled(fd *ast.FuncDecl) {
	if in.onlyRecurses(fd) {
		in.lookBeforeCalls(fd.Body, "if "+looksName+" { "+rtName+".Check() }; ")
	} else {
		in.lookBeforeCalls(fd.Body, rtName+".Check(); ")
	}
}

// looksName is a constant that is compiled with the cell: false where functions that
// only call themselves are interrupted without looking, as nearly all are.
const looksName = "_gospark_looks"

// onlyRecurses reports whether a function calls nothing but itself and never waits: the
// processor is then in its code, and not in the library's or blocked.
func (in *instrument) onlyRecurses(fd *ast.FuncDecl) bool {
	self := in.info.Defs[fd.Name]
	only := true
	ast.Inspect(fd.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			fun := ast.Unparen(n.Fun)
			id, _ := fun.(*ast.Ident)
			if sel, ok := fun.(*ast.SelectorExpr); ok {
				id = sel.Sel
			}
			t := in.info.Types[n.Fun]
			f, _ := in.info.Uses[id].(*types.Func)
			only = only && (t.IsBuiltin() || t.IsType() || f != nil && f.Origin() == self)
		case *ast.FuncLit, *ast.DeferStmt, *ast.GoStmt, *ast.SelectStmt, *ast.SendStmt:
			only = false
		case *ast.UnaryExpr:
			only = only && n.Op != token.ARROW
		case *ast.RangeStmt:
			switch under(in.info.Types[n.X].Type).(type) {
			case *types.Chan, *types.Signature:
				only = false
			}
		}
		return only
	})
	return only
}

// lookBeforeCalls inserts a check before the first statement that calls anything: what
// returns before that is spared.
func (in *instrument) lookBeforeCalls(body *ast.BlockStmt, check string) {
	for _, s := range body.List {
		if in.hasCall(s) {
			in.insert(s.Pos(), check)
			return
		}
	}
}

// hasCall reports whether a statement may call a function, or go back to one that
// does.
func (in *instrument) hasCall(s ast.Stmt) (found bool) {
	ast.Inspect(s, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			t := in.info.Types[n.Fun]
			found = found || !t.IsBuiltin() && !t.IsType()
		case *ast.LabeledStmt, *ast.RangeStmt:
			found = true
		}
		return !found
	})
	return found
}

// recursiveLiteral finds a function literal that calls the variable to which it
// is assigned.
func (in *instrument) recursiveLiteral(lhs, rhs ast.Expr) {
	id, ok := lhs.(*ast.Ident)
	lit, isLit := rhs.(*ast.FuncLit)
	if !ok || !isLit {
		return
	}
	obj := in.info.Uses[id]
	if obj == nil {
		obj = in.info.Defs[id]
	}
	found := false
	ast.Inspect(lit.Body, func(n ast.Node) bool {
		if use, ok := n.(*ast.Ident); ok && obj != nil && in.info.Uses[use] == obj {
			found = true
		}
		return !found
	})
	if found {
		in.lookBeforeCalls(lit.Body, rtName+".Check(); ")
	}
}
