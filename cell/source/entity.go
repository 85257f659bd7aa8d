package source

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// mark separates a name that the user wrote from what generated names add to it.
// It is a letter that nobody types.
const mark = "ꞏ"

// lower stands before the name of an exported function or variable: the linker
// would look for such a one under the plugin's own path.
const lower = "ꞌ"

type kind int

const (
	constKind kind = iota
	typeKind
	funcKind
	varKind
)

// entity is one version of one package-level name.
type entity struct {
	kind
	name, gen string
	obj       types.Object
	decl      *decl   // nil for a variable
	methods   []*decl // of a type
	seq       int     // order of first emission
	prelude   bool
	result    bool // the value that a cell showed: see former.go
	// init is the statement that gives a variable its type where the type
	// cannot be written, else nil.
	init *initializer
}

// renamed says whether uses have to be edited: a renamed type gets an alias
// under its own name instead, so that embedded fields keep their names.
func (e *entity) renamed() bool { return e.gen != e.name && !e.aliased() }

func (e *entity) aliased() bool {
	return e.kind == typeKind && e.gen != e.name && types.Universe.Lookup(e.name) == nil
}

// decl is a declaration as the user wrote it: a function, a method, one type, or
// a group of constants.
type decl struct {
	text *text
	span
	node     ast.Node // *ast.FuncDecl, *ast.TypeSpec, *ast.GenDecl
	kind     kind
	recv     string // receiver's type name, of a method
	names    []*ast.Ident
	pragmas  string
	doc      string   // comment of the group that a type stands in
	lifted   []lifted // function-local types
	refs     []ref
	edits    []edit
	plain    []edit // those that a program of its own needs too
	entities map[string]*entity
	earlier  *decl // of a declaration that is compiled again
}

// source is the declaration's text.
func (d *decl) source() string { return d.text.code[d.start:d.end] }

// blank says whether d is a type or constants that have no name: it was checked, and is
// not written.
func (d *decl) blank() bool {
	return d.kind != funcKind && !slices.ContainsFunc(d.names, func(id *ast.Ident) bool { return id.Name != "_" })
}

// again is d for another version: the same text, with nothing resolved.
func (d *decl) again() *decl {
	return &decl{text: d.text, span: d.span, node: d.node, kind: d.kind, recv: d.recv, names: d.names, pragmas: d.pragmas, earlier: d}
}

// ref is a use of a package-level name, of this session or of a package.
type ref struct {
	id *ast.Ident
	span
	entity *entity // nil for a package's name
	path   string  // of the package that the name means
	dotted bool    // the name is a member of the dot-imported package path
	recv   bool    // the name is the base type of a method's receiver
	// context tells that it reads the running cell's context (see context.go).
	context bool
}

// state is what every name means after the committed cells. A state is never
// changed, only copied.
type state struct {
	live     map[string]*entity
	byObj    map[types.Object]*entity
	imports  map[string]string       // the user's, name → path
	dots     []string                // dot-imported paths
	lost     map[string]string       // name → why it is gone
	local    map[types.Object]string // types declared in functions → their names in generated code
	versions map[string]int
	seq      int
	last     string // the variable of the last result; "" for none
}

func newState() *state {
	return &state{
		live: map[string]*entity{}, byObj: map[types.Object]*entity{}, imports: map[string]string{},
		lost: map[string]string{}, versions: map[string]int{}, local: map[types.Object]string{},
	}
}

func (s *state) clone() *state {
	return &state{
		live: maps.Clone(s.live), byObj: maps.Clone(s.byObj), imports: maps.Clone(s.imports),
		dots: append([]string{}, s.dots...), lost: maps.Clone(s.lost), versions: maps.Clone(s.versions),
		local: maps.Clone(s.local), seq: s.seq, last: s.last,
	}
}

// add makes a new version of a name live.
func (s *state) add(e *entity) *entity {
	s.versions[e.name]++
	s.seq++
	e.seq = s.seq
	e.gen = e.name
	if (e.kind == funcKind || e.kind == varKind) && token.IsExported(e.name) {
		e.gen = lower + e.name
	}
	v := s.versions[e.name]
	if e.kind == constKind {
		v = 1 // a constant leaves no symbol
	}
	if v > 1 || reserved(e.name) || e.result {
		e.gen += mark + strconv.Itoa(v)
	}
	s.live[e.name] = e
	s.byObj[e.obj] = e
	delete(s.lost, e.name)
	return e
}

// reserved names never stand for themselves in generated code.
func reserved(name string) bool {
	return name == "main" || name == "init" || types.Universe.Lookup(name) != nil ||
		strings.HasPrefix(name, "_gospark") || isEntry(name)
}

func isEntry(name string) bool {
	n, ok := strings.CutPrefix(name, "Cell")
	_, err := strconv.Atoi(n)
	return ok && err == nil
}

func (s *state) remove(e *entity, why string) {
	if s.live[e.name] == e {
		delete(s.live, e.name)
		s.lost[e.name] = why
	}
}

// group is a constant declaration's shared decl or a single entity's.
func (e *entity) decls() []*decl {
	if e.decl == nil {
		return nil
	}
	return append([]*decl{e.decl}, e.methods...)
}

// initializer is the text that a variable was declared with.
type initializer struct {
	text *text
	span
	refs  []ref
	names []*entity // of all that it initialises, nil for blank
}

func funcDecl(c *cell, fd *ast.FuncDecl) *decl {
	d := &decl{text: c.text, span: span{c.funcStart(fd), c.span(fd).end}, node: fd, kind: funcKind,
		names: []*ast.Ident{fd.Name}}
	if fd.Doc != nil {
		for _, l := range fd.Doc.List {
			if strings.HasPrefix(l.Text, "//go:") && !strings.HasPrefix(l.Text, "//go:linkname") {
				d.pragmas += l.Text + "\n"
			}
		}
	}
	if fd.Recv != nil && len(fd.Recv.List) > 0 {
		if id := receiverBase(fd.Recv.List[0].Type); id != nil {
			d.recv = id.Name
		}
	}
	return d
}

// funcStart is where a declaration begins without its comment.
func (c *cell) funcStart(fd *ast.FuncDecl) int {
	return min(max(c.offset(fd.Type.Func), 0), c.span(fd).end)
}

// receiverBase is the identifier of a receiver's type.
func receiverBase(e ast.Expr) *ast.Ident {
	for {
		switch t := e.(type) {
		case *ast.Ident:
			return t
		case *ast.StarExpr:
			e = t.X
		case *ast.ParenExpr:
			e = t.X
		case *ast.IndexExpr:
			e = t.X
		case *ast.IndexListExpr:
			e = t.X
		default:
			return nil
		}
	}
}

func typeDecl(c *cell, s *ast.TypeSpec) *decl {
	return &decl{text: c.text, span: c.span(s), node: s, kind: typeKind,
		names: []*ast.Ident{s.Name}}
}

func constDecl(c *cell, g *ast.GenDecl) *decl {
	d := &decl{text: c.text, span: c.span(g), node: g, kind: constKind}
	for _, s := range g.Specs {
		if vs, ok := s.(*ast.ValueSpec); ok {
			d.names = append(d.names, vs.Names...)
		}
	}
	return d
}

// astDecl is the declaration for the type checker.
func (d *decl) astDecl() ast.Decl {
	switch n := d.node.(type) {
	case *ast.FuncDecl:
		return n
	case *ast.TypeSpec:
		return &ast.GenDecl{TokPos: n.Pos(), Tok: token.TYPE, Specs: []ast.Spec{n}}
	default:
		return n.(*ast.GenDecl)
	}
}
