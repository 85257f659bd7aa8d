package source

import (
	"go/ast"
	"go/token"
	"go/types"
)

// compilation is one cell on its way to a unit. It proceeds in rounds: each
// type-checks the cell with what is known so far (which variables changed their
// type, which earlier declarations no longer compile), until nothing new is
// learned.
type compilation struct {
	nb   *Notebook
	old  *state
	cell *cell

	number  int               // of the cell for people; 0: its result is not kept
	imports map[string]string // explicit in this cell
	dots    []string
	blanks  []string // import _
	pkgs    map[string]*types.Package

	decls     []*decl          // of this cell; methods included
	declared  map[string]*decl // names → what declares them, methods excluded
	variables map[string]bool  // that the cell declares
	inits     []*decl          // func init, func _: checked, not kept
	vars      []*varDef
	body      []ast.Stmt // what remains of the statements, for the checker

	// learned
	varChanged map[string]bool
	lost       map[declID]string   // earlier declarations that no longer compile
	oldUses    map[*ast.Ident]bool // uses of a variable's previous version
	rewritten  map[*ast.CallExpr]methodCall

	lastUses []*ast.Ident // underscores that stand for the last result
	last     *types.Var   // what they are; nil for none

	// per round
	same    map[*decl]bool // of decls: equal to the live one
	redo    []*decl        // earlier declarations to compile again
	dropped map[string]*entity
	pkg     *types.Package
	info    *types.Info
	errs    []typeError
}

type declID struct {
	text  *text
	start int
}

func (d *decl) id() declID { return declID{d.text, d.start} }

// varDef is a top-level statement that declares variables.
type varDef struct {
	names []*ast.Ident // those that are new in this cell
	stmt  ast.Stmt
	spec  *ast.ValueSpec // of a var declaration
	span
	values []ast.Expr
	mixed  bool // some names on the left were declared before in this cell
}

func (n *Notebook) compilation(c *cell, old *state) *compilation {
	return &compilation{
		nb: n, old: old, cell: c,
		imports: map[string]string{}, pkgs: map[string]*types.Package{},
		varChanged: map[string]bool{}, lost: map[declID]string{},
		oldUses: map[*ast.Ident]bool{}, rewritten: map[*ast.CallExpr]methodCall{},
	}
}

// collect sorts the cell's parts into declarations, variables and statements.
func (c *compilation) collect() []Diagnostic {
	var diags []Diagnostic
	for _, fd := range c.cell.funcs {
		d := funcDecl(c.cell, fd)
		if d.recv == "" && (fd.Name.Name == "init" || fd.Name.Name == "_") {
			c.inits = append(c.inits, d)
		} else {
			c.decls = append(c.decls, d)
		}
	}
	seen := map[string]bool{}
	for _, s := range c.cell.stmts {
		s, rest := c.top(s, seen, &diags)
		if rest {
			c.body = append(c.body, s)
		}
	}
	c.index()
	return diags
}

// top takes declarations out of a top-level statement; what is left is for the
// body.
func (c *compilation) top(s ast.Stmt, seen map[string]bool, diags *[]Diagnostic) (ast.Stmt, bool) {
	switch s := s.(type) {
	case *ast.DeclStmt:
		g, ok := s.Decl.(*ast.GenDecl)
		if !ok {
			return s, true
		}
		return nil, c.genDecl(s, g, seen)
	case *ast.AssignStmt:
		if s.Tok != token.DEFINE {
			return s, true
		}
		return c.define(s, seen, diags)
	case *ast.LabeledStmt:
		inner, rest := c.top(s.Stmt, seen, diags)
		if !rest {
			inner = &ast.EmptyStmt{Semicolon: s.End(), Implicit: true}
		}
		return &ast.LabeledStmt{Label: s.Label, Colon: s.Colon, Stmt: inner}, true
	}
	return s, true
}

func (c *compilation) genDecl(s *ast.DeclStmt, g *ast.GenDecl, seen map[string]bool) (rest bool) {
	switch g.Tok {
	case token.TYPE:
		for _, sp := range g.Specs {
			d := typeDecl(c.cell, sp.(*ast.TypeSpec))
			d.doc = g.Doc.Text()
			c.decls = append(c.decls, d)
		}
	case token.CONST:
		c.decls = append(c.decls, constDecl(c.cell, g))
	case token.VAR:
		for _, sp := range g.Specs {
			vs := sp.(*ast.ValueSpec)
			for _, id := range vs.Names {
				seen[id.Name] = true
			}
			c.vars = append(c.vars, &varDef{names: vs.Names, stmt: s, spec: vs, values: vs.Values,
				span: c.cell.span(vs)})
		}
	default:
		return true
	}
	return false
}

// define handles a top-level :=, whose new names become live variables.
func (c *compilation) define(s *ast.AssignStmt, seen map[string]bool, diags *[]Diagnostic) (ast.Stmt, bool) {
	def := &varDef{stmt: s, values: s.Rhs, span: c.cell.span(s)}
	lhs := make([]*ast.Ident, len(s.Lhs))
	for i, e := range s.Lhs {
		id, ok := e.(*ast.Ident)
		switch {
		case !ok:
			return s, true // the checker says what is wrong
		case id.Name == "_":
			lhs[i] = id
		case seen[id.Name]:
			def.mixed = true
			lhs[i] = &ast.Ident{NamePos: id.NamePos, Name: "_"}
		default:
			lhs[i] = id
			def.names = append(def.names, id)
			seen[id.Name] = true
		}
	}
	if len(def.names) == 0 {
		line, col := c.cell.position(c.cell.offset(s.TokPos))
		*diags = append(*diags, Diagnostic{line, col, "no new variables on left side of :="})
		return nil, false
	}
	def.spec = &ast.ValueSpec{Names: lhs, Values: s.Rhs}
	c.vars = append(c.vars, def)
	if !def.mixed {
		return nil, false
	}
	return &ast.AssignStmt{Lhs: s.Lhs, TokPos: s.TokPos, Tok: token.ASSIGN, Rhs: s.Rhs}, true
}

// index finds which declaration of the cell declares a name, and which names are
// variables.
func (c *compilation) index() {
	c.declared, c.variables = map[string]*decl{}, map[string]bool{}
	for _, d := range c.decls {
		if d.recv == "" {
			for _, id := range d.names {
				c.declared[id.Name] = d
			}
		}
	}
	for _, v := range c.vars {
		for _, id := range v.names {
			c.variables[id.Name] = true
		}
	}
}

func (c *compilation) declares(name string) bool {
	return c.declared[name] != nil || c.variables[name]
}

const maxRounds = 50

// run type-checks until nothing new is learned.
func (c *compilation) run() error {
	if err := c.resolveImports(); err != nil {
		return err
	}
	c.findLast()
	for range maxRounds {
		c.findSame()
		c.findDependents()
		c.check()
		if c.learnLost() || c.learnMethods() || c.learnOldUses() || c.learnVars() {
			continue
		}
		break
	}
	return c.diagnose()
}
