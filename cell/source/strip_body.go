package source

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"maps"
)

func isInt(o types.Object) bool { return o != nil && types.Identical(o.Type(), types.Typ[types.Int]) }

// isUse reports whether an expression is the variable that an identifier declares.
func (s *stripper) isUse(e ast.Expr, declared *ast.Ident) bool {
	id, ok := ast.Unparen(e).(*ast.Ident)
	return ok && s.info.Uses[id] != nil && s.info.Uses[id] == s.info.Defs[declared]
}

// defined is the name of a loop's variable, which the body must not change; empty
// where there is none.
func (s *stripper) defined(e ast.Expr) string {
	id, ok := e.(*ast.Ident)
	if !ok || id.Name == "_" {
		return ""
	}
	s.fixed[s.info.Defs[id]] = true
	return plainName(id.Name)
}

// steady reports whether an expression is as quick as it is sure, and is the same as
// long as the variables do not change that it notes as fixed.
func (s *stripper) steady(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.BasicLit:
		return true
	case *ast.ParenExpr:
		return s.steady(e.X)
	case *ast.UnaryExpr:
		return e.Op == token.SUB && s.steady(e.X)
	case *ast.BinaryExpr:
		return s.steady(e.X) && s.steady(e.Y)
	case *ast.Ident:
		return s.steadyName(e)
	case *ast.CallExpr:
		if len(e.Args) != 1 || !s.isBuiltin(e.Fun, "len", "cap") {
			return false
		}
		id, ok := ast.Unparen(e.Args[0]).(*ast.Ident)
		if !ok {
			return false
		}
		_, isMap := under(s.info.Types[id].Type).(*types.Map)
		_, isChan := under(s.info.Types[id].Type).(*types.Chan)
		return !isMap && !isChan && s.steadyName(id)
	}
	return false
}

func (s *stripper) steadyName(id *ast.Ident) bool {
	switch o := s.info.Uses[id].(type) {
	case *types.Const:
		return true
	case *types.Var:
		s.fixed[o] = true
		return true
	}
	return false
}

func (in *instrument) isBuiltin(fun ast.Expr, names ...string) bool {
	id, ok := ast.Unparen(fun).(*ast.Ident)
	if !ok {
		return false
	}
	b, ok := in.info.Uses[id].(*types.Builtin)
	for _, name := range names {
		if ok && b.Name() == name {
			return true
		}
	}
	return false
}

// isTight reports whether a loop's body is quick and leaves alone what is fixed. It
// notes the breaks that leave the loop, and the iterations of loops in it.
func (s *stripper) isTight(body *ast.BlockStmt) bool {
	ok := true
	var look func(n ast.Node, inner bool)
	count := func(loop ast.Stmt) {
		n := s.few(loop) // looks at its body, too
		ok, s.inner = n > 0, max(s.inner, n)
	}
	look = func(n ast.Node, inner bool) {
		ast.Inspect(n, func(m ast.Node) bool {
			if !ok {
				return false
			}
			switch m := m.(type) {
			case *ast.ForStmt:
				count(m)
				return false
			case *ast.RangeStmt:
				count(m)
				look(m.X, inner)
				return false
			case *ast.SwitchStmt, *ast.TypeSwitchStmt:
				if m != n {
					look(m, true)
					return false
				}
			case *ast.BranchStmt:
				ok = m.Label == nil
				if m.Tok == token.BREAK && !inner {
					s.breaks = append(s.breaks, m.Pos())
				}
			case ast.Stmt:
				ok = s.quickStmt(m)
			case ast.Expr:
				ok = s.quick(m)
			}
			return ok
		})
	}
	look(body, false)
	return ok
}

// few is how many iterations a loop makes with those of the loops in it, where that
// stands in the text and is little; else 0.
func (s *stripper) few(loop ast.Stmt) int {
	most := 0
	var body *ast.BlockStmt
	inside := stripper{instrument: s.instrument, fixed: maps.Clone(s.fixed)}
	switch loop := loop.(type) {
	case *ast.ForStmt:
		most, body = inside.fewOf(loop), loop.Body
	case *ast.RangeStmt:
		body = loop.Body
		if t := s.info.Types[loop.X]; t.Type == nil || loop.Tok == token.ASSIGN {
			return 0
		} else if array, ok := t.Type.Underlying().(*types.Array); ok {
			most = int(min(array.Len(), fewIterations+1))
		} else if n, exact := intOf(t.Value); exact {
			most = int(min(n, fewIterations+1))
		}
	}
	if most <= 0 || most > fewIterations || !inside.isTight(body) {
		return 0
	}
	if most *= max(inside.inner, 1); most > fewIterations {
		return 0
	}
	return most
}

// fewOf is how many iterations a loop makes that counts from one constant to
// another.
func (s *stripper) fewOf(loop *ast.ForStmt) int {
	init, ok := loop.Init.(*ast.AssignStmt)
	if !ok || init.Tok != token.DEFINE || len(init.Lhs) != 1 {
		return 0
	}
	id, ok := init.Lhs[0].(*ast.Ident)
	cond, isBinary := loop.Cond.(*ast.BinaryExpr)
	post, isIncrement := loop.Post.(*ast.IncDecStmt)
	if !ok || !isBinary || !isIncrement || !isInt(s.info.Defs[id]) || post.Tok != token.INC || !s.isUse(cond.X, id) || !s.isUse(post.X, id) {
		return 0
	}
	from, ok := intOf(s.info.Types[init.Rhs[0]].Value)
	to, exact := intOf(s.info.Types[cond.Y].Value)
	if !ok || !exact || from > to || to-from > fewIterations {
		return 0
	}
	s.fixed[s.info.Defs[id]] = true
	switch cond.Op {
	case token.LSS:
		return int(to - from)
	case token.LEQ:
		return int(to - from + 1)
	}
	return 0
}

// intOf is a constant's value.
func intOf(v constant.Value) (n int64, ok bool) {
	if v == nil {
		return 0, false
	}
	return constant.Int64Val(constant.ToInt(v))
}

// quickStmt reports whether a statement is quick but for its parts, and changes
// nothing that is fixed.
func (s *stripper) quickStmt(n ast.Stmt) bool {
	switch n := n.(type) {
	case *ast.AssignStmt:
		for _, l := range n.Lhs {
			if !s.leaves(l) {
				return false
			}
		}
		return n.Tok != token.ADD_ASSIGN || !s.isString(n.Lhs[0])
	case *ast.IncDecStmt:
		return s.leaves(n.X)
	case *ast.BlockStmt, *ast.CaseClause, *ast.DeclStmt, *ast.EmptyStmt, *ast.ExprStmt, *ast.IfStmt, *ast.ReturnStmt:
		return true
	}
	return false
}

// leaves reports whether an assignment to an expression leaves alone what is fixed.
func (s *stripper) leaves(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return !s.fixed[s.info.Uses[e]]
	case *ast.StarExpr:
		return false
	}
	return true
}

// quick reports whether an expression is quick but for its parts.
func (s *stripper) quick(n ast.Expr) bool {
	switch n := n.(type) {
	case *ast.FuncLit:
		return false
	case *ast.UnaryExpr:
		return n.Op != token.ARROW && (n.Op != token.AND || s.leaves(n.X))
	case *ast.BinaryExpr:
		return n.Op != token.ADD || !s.isString(n)
	case *ast.CallExpr:
		return s.quickCall(n)
	}
	return true
}

// quickCall knows the calls that are as quick as an operator.
func (s *stripper) quickCall(n *ast.CallExpr) bool {
	if t := s.info.Types[n.Fun]; t.IsType() {
		return !s.isString(n) && !s.isString(n.Args[0])
	}
	if s.isBuiltin(n.Fun, "append") {
		return !n.Ellipsis.IsValid()
	}
	if s.isBuiltin(n.Fun, "len", "cap", "min", "max", "panic", "complex", "real", "imag", "delete") {
		return true
	}
	sel, ok := ast.Unparen(n.Fun).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	f, ok := s.info.Uses[sel.Sel].(*types.Func)
	return ok && f.Pkg() != nil && (f.Pkg().Path() == "math" || f.Pkg().Path() == "math/bits")
}

func (s *stripper) isString(e ast.Expr) bool {
	b, ok := under(s.info.Types[e].Type).(*types.Basic)
	return ok && b.Info()&types.IsString != 0
}
