package source

import (
	"go/ast"
	"go/types"
	"path"
	"strings"
)

// methodCall is a call of one of the prelude's methods: path.fn(x, args…).
type methodCall struct {
	path, fn string
	sel      *ast.SelectorExpr
	hasArgs  bool
}

// learnMethods finds calls of the prelude's methods, which the checker takes for
// unknown ones, and turns them into calls of functions.
func (c *compilation) learnMethods() bool {
	if len(c.nb.opts.Prelude.Methods) == 0 {
		return false
	}
	learned := false
	visit := func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && c.learnMethod(call) {
			learned = true
		}
		return n != nil
	}
	for _, d := range c.decls {
		ast.Inspect(d.node, visit)
	}
	for _, d := range c.inits {
		ast.Inspect(d.node, visit)
	}
	for n := range c.statementNodes() {
		ast.Inspect(n, visit)
	}
	return learned
}

// learnMethod does so for one call.
func (c *compilation) learnMethod(call *ast.CallExpr) bool {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if _, done := c.rewritten[call]; done || !ok || c.info.Selections[sel] != nil || c.info.Uses[sel.Sel] != nil {
		return false
	}
	m, ok := c.preludeMethod(sel)
	if ok {
		m.hasArgs = len(call.Args) > 0
		c.rewrite(call, m)
	}
	return ok
}

func (c *compilation) preludeMethod(sel *ast.SelectorExpr) (methodCall, bool) {
	t := c.info.Types[sel.X].Type
	if t == nil {
		return methodCall{}, false
	}
	for key, target := range c.nb.opts.Prelude.Methods {
		i := strings.LastIndexByte(key, '.')
		if i < 0 || key[i+1:] != sel.Sel.Name || !c.named(t, key[:i]) {
			continue
		}
		j := strings.LastIndexByte(target, '.')
		if _, err := c.nb.importPackage(target[:j]); j > 0 && err == nil {
			return methodCall{path: target[:j], fn: target[j+1:], sel: sel}, true
		}
	}
	return methodCall{}, false
}

// named says whether t, or what it points to, is the type of the prelude's
// variable of that name or has that name, with or without its package.
func (c *compilation) named(t types.Type, name string) bool {
	if e := c.old.live[name]; e != nil && e.prelude && e.kind == varKind {
		return types.Identical(t, e.obj.Type())
	}
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || n.Obj().Pkg() == nil {
		return false
	}
	obj := n.Obj()
	return name == obj.Name() || name == obj.Pkg().Name()+"."+obj.Name() || name == obj.Pkg().Path()+"."+obj.Name()
}

// rewrite changes the syntax tree of a call; the text is edited by methodCall.
func (c *compilation) rewrite(call *ast.CallExpr, m methodCall) {
	p, _ := c.nb.importPackage(m.path)
	name := foreign(m.path)
	c.pkgs[name] = p
	call.Fun = &ast.SelectorExpr{
		X:   &ast.Ident{NamePos: m.sel.X.Pos(), Name: name},
		Sel: &ast.Ident{NamePos: m.sel.Sel.Pos(), Name: m.fn},
	}
	call.Args = append([]ast.Expr{m.sel.X}, call.Args...)
	c.rewritten[call] = m
}

// foreign is the name of a package that the user did not write.
func foreign(path string) string {
	return "_gospark_" + strings.Map(func(r rune) rune {
		if r == '_' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' {
			return r
		}
		return '_'
	}, path)
}

// methodCall edits x.M(args) to pkg.F(x, args).
func (in *instrument) methodCall(n *ast.CallExpr, m methodCall) {
	name := foreign(m.path)
	if in.plain {
		name = path.Base(m.path)
	}
	in.insert(m.sel.X.Pos(), name+"."+m.fn+"(")
	sep := ""
	if m.hasArgs {
		sep = ", "
	}
	in.replace(m.sel.X.End(), n.Lparen+1, sep)
}
