package source

import (
	"go/ast"
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

// lookBeforeCalls inserts a look before the first statement that calls anything: what
// returns before that is spared.
func (in *instrument) lookBeforeCalls(body *ast.BlockStmt) {
	for _, s := range body.List {
		if !in.looksFirst(s) && in.hasCall(s) {
			in.insert(s.Pos(), look+"; ")
			return
		}
	}
}

// looksFirst reports whether a statement is a loop that looks before it calls anything.
func (in *instrument) looksFirst(s ast.Stmt) bool {
	switch s := s.(type) {
	case *ast.ForStmt:
		return (s.Init == nil || !in.hasCall(s.Init)) && (s.Cond == nil || !in.hasCall(s.Cond)) && !in.isShort(s)
	case *ast.RangeStmt:
		_, iterates := under(in.info.Types[s.X].Type).(*types.Signature)
		return !iterates && !in.hasCall(s.X) && !in.isShort(s)
	}
	return false
}

// hasCall reports whether code may call a function, or go back to where one is called.
func (in *instrument) hasCall(n ast.Node) (found bool) {
	ast.Inspect(n, func(n ast.Node) bool {
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
		in.lookBeforeCalls(lit.Body)
	}
}
