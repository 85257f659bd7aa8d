package source

import (
	"errors"
	"go/ast"
	"go/token"
	"go/types"
	"runtime"
	"slices"
	"strings"
)

// oldMark follows a variable's name where its previous version is meant.
const oldMark = mark + "old"

// entryName is the cell's function in the type checker.
const entryName = "_gospark_cell"

type typeError struct {
	pos  token.Pos
	msg  string
	soft bool
}

// check type-checks the round's declarations in a package that holds the live
// ones as objects. All cells are one *types.Package with one scope, which is
// emptied before: the checker compares both by address.
func (c *compilation) check() {
	c.pkg = c.nb.pkg
	*c.pkg.Scope() = *types.NewScope(types.Universe, token.NoPos, token.NoPos, "cells")
	c.errs = nil
	c.info = &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{}, Implicits: map[ast.Node]types.Object{},
		Scopes: map[ast.Node]*types.Scope{}, Instances: map[*ast.Ident]types.Instance{},
	}
	c.fillScope()
	c.nameOldUses(true)
	defer c.nameOldUses(false)
	c.nameLast(true)
	defer c.nameLast(false)
	conf := types.Config{Importer: noImporter{}, Sizes: types.SizesFor("gc", runtime.GOARCH), Error: func(err error) {
		var e types.Error
		if errors.As(err, &e) {
			c.errs = append(c.errs, typeError{e.Pos, e.Msg, e.Soft})
		}
	}}
	// The errors were all given to conf.Error.
	_ = types.NewChecker(&conf, c.nb.fset, c.pkg, c.info).Files([]*ast.File{c.file()})
}

const packagePath = "repl"

// noImporter is there because the checker wants one: imports are put into the
// package's scope, not into files.
type noImporter struct{}

func (noImporter) Import(path string) (*types.Package, error) {
	return types.NewPackage(path, path), nil
}

// fillScope declares what the cell may use: live names, packages, dot-imported
// members. What the cell declares itself is left to the checker.
func (c *compilation) fillScope() {
	here := c.hidden()
	scope := c.pkg.Scope()
	for name, e := range c.old.live {
		if !here[name] && c.imports[name] == "" {
			scope.Insert(e.obj)
		}
		if e.kind == varKind && len(c.oldUses) > 0 {
			scope.Insert(types.NewVar(e.obj.Pos(), c.pkg, name+oldMark, e.obj.Type()))
		}
	}
	for name, p := range c.pkgs {
		if !here[name] && scope.Lookup(name) == nil {
			scope.Insert(types.NewPkgName(token.NoPos, c.pkg, name, p))
		}
	}
	for _, path := range slices.Concat(c.old.dots, c.dots) {
		p, err := c.nb.importPackage(path)
		if err != nil {
			continue
		}
		for _, name := range p.Scope().Names() {
			if token.IsExported(name) && !here[name] && scope.Lookup(name) == nil {
				scope.Insert(p.Scope().Lookup(name))
			}
		}
	}
	if c.last != nil {
		scope.Insert(c.last)
	}
	c.foreignNames(scope)
}

// hidden are the names that this round declares itself or has lost.
func (c *compilation) hidden() map[string]bool {
	here := map[string]bool{}
	for _, d := range slices.Concat(c.decls, c.redo) {
		if !c.same[d] && d.recv == "" {
			for _, id := range d.names {
				here[id.Name] = true
			}
		}
	}
	for _, v := range c.vars {
		for _, id := range v.names {
			here[id.Name] = true
		}
	}
	for name := range c.dropped {
		here[name] = true
	}
	for id := range c.lost {
		for name, e := range c.old.live {
			if e.decl != nil && e.decl.id() == id {
				here[name] = true
			}
		}
	}
	return here
}

// foreignNames lets an earlier declaration that is compiled again keep a package
// that its name for it no longer means.
func (c *compilation) foreignNames(scope *types.Scope) {
	for _, d := range c.redo {
		for _, r := range d.earlier.refs {
			if r.entity != nil || r.dotted {
				continue
			}
			written := r.written(d.text)
			r.id.Name = written
			at := scope.Lookup(written)
			if pn, ok := at.(*types.PkgName); ok && pn.Imported().Path() == r.path {
				continue
			}
			p, err := c.nb.importPackage(r.path)
			if err != nil {
				continue
			}
			if at != nil || c.declares(written) {
				r.id.Name = written + mark + r.path
			}
			if scope.Lookup(r.id.Name) == nil {
				scope.Insert(types.NewPkgName(token.NoPos, c.pkg, r.id.Name, p))
			}
		}
	}
}

func (r *ref) written(t *text) string { return t.code[r.start:r.end] }

func (c *compilation) nameOldUses(on bool) {
	for id := range c.oldUses {
		id.Name = strings.TrimSuffix(id.Name, oldMark)
		if on {
			id.Name += oldMark
		}
	}
}

// file is the round's source for the checker.
func (c *compilation) file() *ast.File {
	f := &ast.File{Name: ast.NewIdent("main")}
	if len(c.cell.files) > 0 {
		tf := c.cell.files[len(c.cell.files)-1]
		f.FileStart, f.FileEnd = token.Pos(tf.Base()), token.Pos(tf.Base()+tf.Size())
		f.Name.NamePos = f.FileStart
	}
	for _, d := range slices.Concat(c.decls, c.inits, c.redo) {
		if !c.same[d] {
			f.Decls = append(f.Decls, c.checked(d))
		}
	}
	for _, v := range c.vars {
		f.Decls = append(f.Decls, &ast.GenDecl{TokPos: v.stmt.Pos(), Tok: token.VAR, Specs: []ast.Spec{v.spec}})
	}
	body := slices.Clone(c.body)
	for _, e := range c.cell.results {
		body = append(body, &ast.ExprStmt{X: e})
	}
	f.Decls = append(f.Decls, &ast.FuncDecl{
		Name: &ast.Ident{NamePos: f.FileStart, Name: entryName},
		Type: &ast.FuncType{Func: f.FileStart, Params: &ast.FieldList{}},
		Body: &ast.BlockStmt{Lbrace: f.FileStart, List: body, Rbrace: f.FileEnd},
	})
	return f
}

// checked is a declaration for the checker. It looks for cycles through the names
// of types ("type B A") and takes all that it finds in the package for declared in
// its files: the name of a type of an earlier cell, or of a dot-imported one, is put
// into brackets, behind which it does not look.
func (c *compilation) checked(d *decl) ast.Decl {
	spec, ok := d.node.(*ast.TypeSpec)
	if !ok {
		return d.astDecl()
	}
	id, ok := spec.Type.(*ast.Ident)
	if !ok {
		return d.astDecl()
	}
	if _, outer := c.pkg.Scope().Lookup(id.Name).(*types.TypeName); !outer {
		return d.astDecl()
	}
	bracketed := *spec
	bracketed.Type = &ast.ParenExpr{Lparen: id.Pos(), X: id, Rparen: id.End()}
	return &ast.GenDecl{TokPos: spec.Pos(), Tok: token.TYPE, Specs: []ast.Spec{&bracketed}}
}

// learnLost finds earlier declarations that do not compile with the cell's.
func (c *compilation) learnLost() bool {
	learned := false
	for _, e := range c.errs {
		if c.ignorable(e) || c.inCell(e.pos) {
			continue
		}
		for _, d := range c.redo {
			if d.node.Pos() <= e.pos && e.pos < d.node.End() {
				if _, known := c.lost[d.id()]; !known {
					c.lost[d.id()] = e.msg
					learned = true
				}
			}
		}
	}
	return learned
}

func (c *compilation) inCell(p token.Pos) bool {
	f := c.nb.fset.File(p)
	return f != nil && slices.Contains(c.cell.files, f)
}

// ignorable errors are those of Go programs that cells are free of.
func (c *compilation) ignorable(e typeError) bool {
	switch {
	case unusedName(e.msg) != "", strings.HasSuffix(e.msg, " imported and not used"):
		return true
	case strings.HasPrefix(e.msg, "initialization cycle"), strings.HasPrefix(e.msg, "\t") && strings.Contains(e.msg, " refers to "):
		// Initialisers are assignments, in order.
		return true
	case strings.HasSuffix(e.msg, " is not used"):
		return slices.ContainsFunc(c.cell.results, func(x ast.Expr) bool { return x.Pos() == e.pos || ast.Unparen(x).Pos() <= e.pos && e.pos <= x.End() })
	}
	return false
}

// unusedName is the variable that a message of the checker calls unused.
func unusedName(msg string) string {
	if name, ok := strings.CutPrefix(msg, "declared and not used: "); ok {
		return name
	}
	name, _ := strings.CutSuffix(msg, " declared and not used")
	if name == msg {
		return ""
	}
	return name
}

// learnVars finds variables whose type is not that of the live variable.
func (c *compilation) learnVars() bool {
	learned := false
	for _, v := range c.vars {
		for _, id := range v.names {
			obj, e := c.info.Defs[id], c.old.live[id.Name]
			if obj == nil || e == nil || e.kind != varKind || c.varChanged[id.Name] {
				continue
			}
			if !types.Identical(obj.Type(), e.obj.Type()) {
				c.varChanged[id.Name] = true
				learned = true
			}
		}
	}
	return learned
}

// learnOldUses finds uses of a variable that stand before its declaration in the
// cell: they mean the variable of an earlier cell.
func (c *compilation) learnOldUses() bool {
	learned := false
	for _, v := range c.vars {
		for _, id := range v.names {
			obj, e := c.info.Defs[id], c.old.live[id.Name]
			if obj == nil {
				continue
			}
			valid := obj.Type() != nil && obj.Type() != types.Typ[types.Invalid]
			if e == nil || e.kind != varKind || valid && types.Identical(obj.Type(), e.obj.Type()) {
				continue
			}
			for _, use := range c.usesBefore(v, obj, valid) {
				if !c.oldUses[use] {
					c.oldUses[use] = true
					learned = true
				}
			}
		}
	}
	return learned
}

// usesBefore are the uses of obj in statements up to the end of its declaration;
// with closures, a function literal on its own right-hand side is not one.
func (c *compilation) usesBefore(v *varDef, obj types.Object, closures bool) []*ast.Ident {
	var out []*ast.Ident
	for n := range c.statementNodes() {
		if c.cell.offset(n.Pos()) >= v.end {
			continue
		}
		own := n == ast.Node(v.spec)
		ast.Inspect(n, func(n ast.Node) bool {
			if _, ok := n.(*ast.FuncLit); ok && own && closures {
				return false
			}
			if id, ok := n.(*ast.Ident); ok && c.info.Uses[id] == obj && !slices.Contains(v.names, id) && c.cell.offset(id.Pos()) < v.end {
				out = append(out, id)
			}
			return true
		})
	}
	return out
}

// statementNodes are the parts of the cell that run in order.
func (c *compilation) statementNodes() func(func(ast.Node) bool) {
	return func(yield func(ast.Node) bool) {
		for _, v := range c.vars {
			if !yield(v.spec) {
				return
			}
		}
		for _, s := range c.body {
			if !yield(s) {
				return
			}
		}
		for _, e := range c.cell.results {
			if !yield(e) {
				return
			}
		}
	}
}
