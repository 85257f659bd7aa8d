package source

import (
	"go/ast"
	"go/token"
)

// unused makes the local variables that go unused in n used.
func (in *instrument) unused(n ast.Node) {
	todo := map[token.Pos]string{}
	for _, e := range in.errs {
		if name := unusedName(e.msg); name != "" && n.Pos() <= e.pos && e.pos < n.End() {
			todo[e.pos] = plainName(name)
		}
	}
	if len(todo) == 0 {
		return
	}
	u := &useFinder{instrument: in, todo: todo}
	ast.Inspect(n, u.visit)
}

type useFinder struct {
	*instrument
	todo map[token.Pos]string
}

func (u *useFinder) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.BlockStmt:
		u.list(n.List)
	case *ast.CaseClause:
		u.list(n.Body)
	case *ast.CommClause:
		u.list(n.Body)
		u.inside(n.Comm, n.Colon+1)
	case *ast.IfStmt:
		u.inside(n.Init, n.Body.Lbrace+1)
	case *ast.ForStmt:
		u.inside(n.Init, n.Body.Lbrace+1)
	case *ast.RangeStmt:
		if n.Tok == token.DEFINE {
			u.use(n.Body.Lbrace+1, " ", "; ", n.Key, n.Value)
		}
	case *ast.SwitchStmt:
		u.inside(n.Init, firstClause(n.Body))
	case *ast.TypeSwitchStmt:
		u.inside(n.Init, firstClause(n.Body))
		if a, ok := n.Assign.(*ast.AssignStmt); ok {
			u.typeSwitch(a)
		}
	}
	return true
}

// typeSwitch takes away the symbol of a switch that never uses it.
func (u *useFinder) typeSwitch(a *ast.AssignStmt) {
	if _, ok := u.todo[a.Lhs[0].Pos()]; ok {
		u.replace(a.Lhs[0].Pos(), a.Rhs[0].Pos(), "")
	}
}

func firstClause(b *ast.BlockStmt) token.Pos {
	if len(b.List) == 0 {
		return token.NoPos
	}
	if c, ok := b.List[0].(*ast.CaseClause); ok {
		return c.Colon + 1
	}
	return token.NoPos
}

func (u *useFinder) list(stmts []ast.Stmt) {
	for _, s := range stmts {
		for {
			l, ok := s.(*ast.LabeledStmt)
			if !ok {
				break
			}
			s = l.Stmt
		}
		u.use(s.End(), "; ", "", declaredBy(s)...)
	}
}

func (u *useFinder) inside(s ast.Stmt, at token.Pos) {
	if s != nil && at.IsValid() {
		u.use(at, " ", ";", declaredBy(s)...)
	}
}

// use inserts `_ = x` for those of the names that go unused.
func (u *useFinder) use(at token.Pos, before, semicolon string, names ...ast.Expr) {
	for _, e := range names {
		if e == nil {
			continue
		}
		if name, ok := u.todo[e.Pos()]; ok {
			u.edits = append(u.edits, edit{off: u.at(at), ins: before + "_ = " + name + semicolon, prio: after})
		}
	}
}

func declaredBy(s ast.Stmt) []ast.Expr {
	switch s := s.(type) {
	case *ast.AssignStmt:
		if s.Tok == token.DEFINE {
			return s.Lhs
		}
	case *ast.DeclStmt:
		g, ok := s.Decl.(*ast.GenDecl)
		if !ok || g.Tok != token.VAR {
			return nil
		}
		var out []ast.Expr
		for _, sp := range g.Specs {
			for _, id := range sp.(*ast.ValueSpec).Names {
				out = append(out, id)
			}
		}
		return out
	}
	return nil
}
