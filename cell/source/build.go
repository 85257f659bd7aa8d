package source

import (
	"go/ast"
	"go/types"
	"maps"
	"slices"
	"strings"
)

// built is a checked cell, ready to be written out.
type built struct {
	*compilation
	next     *state
	resolve  map[types.Object]*entity        // objects of this check that are not in next
	callees  map[types.Object][]types.Object // of the round's functions
	noStrips *bool                           // see allowsStrips
	fresh    []*decl                         // declared by this cell
	defs     []initDef
	bodyRefs []ref
	bodyEdit []edit
	ownCtx   *entity  // where the statements assign to ctx
	lifted   []lifted // types declared inside the cell's statements
	results  []string
	lastErr  bool
	kept     bool // the result is a variable of later cells
	quiet    bool // the last expression prints: its byte count is no result
}

// initDef is a varDef with what its names became.
type initDef struct {
	*varDef
	vars []*entity
}

// build makes the next state and resolves every name in what is new.
func (c *compilation) build() *built {
	b := &built{compilation: c, next: c.old.clone(), resolve: map[types.Object]*entity{}}
	if c.last != nil {
		b.resolve[c.last] = c.old.live[c.old.last]
	}
	b.removeOld()
	for _, d := range slices.Concat(c.decls, c.redo) {
		if !c.same[d] && d.recv == "" {
			b.declare(d)
		}
	}
	for _, d := range slices.Concat(c.decls, c.redo) {
		if !c.same[d] && d.recv != "" {
			if t := b.next.live[d.recv]; t != nil {
				t.methods = append(t.methods, d)
			}
		}
	}
	for _, v := range c.vars {
		b.declareVars(v)
	}
	for _, d := range slices.Concat(c.decls, c.inits, c.redo) {
		if !c.same[d] {
			b.finish(d)
			if !slices.Contains(c.redo, d) {
				b.fresh = append(b.fresh, d)
			}
		}
	}
	b.finishBody()
	b.keepResult()
	return b
}

func (b *built) removeOld() {
	maps.Copy(b.next.imports, b.imports)
	for _, p := range b.dots {
		if !slices.Contains(b.next.dots, p) {
			b.next.dots = append(b.next.dots, p)
		}
	}
	for name := range b.imports {
		if e := b.next.live[name]; e != nil {
			b.next.remove(e, "an import replaced it")
		}
	}
	for _, e := range b.dropped {
		b.next.remove(e, "its type was redefined")
	}
	for id := range b.lost {
		for _, e := range b.old.live {
			if e.decl != nil && e.decl.id() == id {
				b.next.remove(e, "it does not compile with what a later cell redefined: "+firstLine(original(b.lost[id])))
			}
		}
	}
}

func (b *built) declare(d *decl) {
	d.entities = map[string]*entity{}
	for _, id := range d.names {
		obj := b.info.Defs[id]
		if obj == nil || id.Name == "_" {
			continue
		}
		e := &entity{kind: d.kind, name: id.Name, obj: obj, decl: d, prelude: b.cell.number == 0 && d.text == b.cell.text}
		d.entities[id.Name] = b.next.add(e)
		delete(b.next.imports, id.Name)
	}
}

func (b *built) declareVars(v *varDef) {
	def := initDef{varDef: v}
	var unnamed []*entity
	for _, id := range v.names {
		obj := b.info.Defs[id]
		if obj == nil || id.Name == "_" {
			continue
		}
		e := b.old.live[id.Name]
		if e == nil || e.kind != varKind || b.varChanged[id.Name] || b.next.live[id.Name] != e {
			e = b.next.add(&entity{kind: varKind, name: id.Name, obj: obj, prelude: b.cell.number == 0})
			delete(b.next.imports, id.Name)
			if !b.nameable(obj.Type()) {
				unnamed = append(unnamed, e)
			}
		} else {
			b.resolve[obj] = e
		}
		def.vars = append(def.vars, e)
	}
	b.defs = append(b.defs, def)
	if len(unnamed) > 0 && len(v.values) > 0 {
		b.keepInitializer(v, unnamed)
	}
}

// nameable says whether generated code can write a type.
func (b *built) nameable(t types.Type) bool {
	w := &typeText{entity: b.entityOf, local: b.next.local, pkg: b.pkg, imports: func(*types.Package) string { return "p" }}
	w.typ(t)
	return !w.failed
}

// keepInitializer lets variables whose type has no name get it from their
// initialiser, which no cell runs: a plugin's initialisation does not take place.
func (b *built) keepInitializer(v *varDef, unnamed []*entity) {
	init := &initializer{text: b.cell.text, span: span{b.cell.span(v.values[0]).start, b.cell.span(v.values[len(v.values)-1]).end}}
	for _, id := range v.spec.Names {
		var e *entity
		for _, u := range unnamed {
			if u.name == id.Name {
				e = u
			}
		}
		init.names = append(init.names, e)
	}
	for _, x := range v.values {
		init.refs = append(init.refs, b.refs(x)...)
	}
	for _, u := range unnamed {
		u.init = init
	}
}

// entityOf is the entity that an object of the check stands for.
func (b *built) entityOf(obj types.Object) *entity {
	if e := b.resolve[obj]; e != nil {
		return e
	}
	return b.next.byObj[obj]
}

// finish resolves a declaration's names and finds what has to be edited in it.
func (b *built) finish(d *decl) {
	owner := d.names0()
	if d.recv != "" {
		owner = d.recv + mark + owner
	}
	if e := d.entities[d.names0()]; e != nil {
		owner = e.gen
	} else if t := b.next.live[d.recv]; t != nil {
		owner = t.gen + mark + owner
	}
	if i := slices.Index(b.inits, d); i >= 0 {
		owner = initName(i)
	}
	in := &instrument{built: b, text: d.text, owner: owner}
	in.walk(d.node)
	d.refs = b.refs(d.node)
	for i := range d.refs {
		d.refs[i].recv = d.recv != "" && d.refs[i].id == receiverBase(d.node.(*ast.FuncDecl).Recv.List[0].Type)
	}
	if own := b.findContext(d.refs, d.node); own != nil && in.fn != nil && in.fn.Body != nil {
		in.insert(in.fn.Body.Lbrace+1, " "+ownContext(own)+";")
		d.plain = append(d.plain, edit{off: in.at(in.fn.Body.Lbrace) + 1, ins: " " + copyContext})
	}
	d.edits, d.lifted = in.edits, in.lifted
	d.plain = append(d.plain, b.meaning(d.text, d.node)...)
}

func (d *decl) names0() string {
	if len(d.names) == 0 {
		return ""
	}
	return d.names[0].Name
}

func (b *built) finishBody() {
	in := &instrument{built: b, text: b.cell.text, owner: "Cell" + numberMark}
	var nodes []ast.Node
	for n := range b.statementNodes() {
		if vs, ok := n.(*ast.ValueSpec); ok && b.mixedSpec(vs) {
			continue // its statement is in the body
		}
		in.walk(n)
		nodes = append(nodes, n)
		b.bodyRefs = append(b.bodyRefs, b.refs(n)...)
	}
	b.ownCtx = b.findContext(b.bodyRefs, nodes...)
	b.bodyEdit, b.lifted = in.edits, in.lifted
	for _, e := range b.cell.results {
		tv := b.info.Types[e]
		if tv.IsVoid() || tv.Type == nil {
			return
		}
		if len(b.cell.results) == 1 && b.prints(e) {
			b.quiet = true
			return
		}
		b.results = append(b.results, b.typeNames(tv.Type)...)
	}
	if n := len(b.cell.results); n > 0 {
		b.lastErr = endsInError(b.info.Types[b.cell.results[n-1]].Type)
	}
}

// prints says whether e calls one of fmt's print functions.
func (b *built) prints(e ast.Expr) bool {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok {
		return false
	}
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	f, ok := b.info.Uses[sel.Sel].(*types.Func)
	return ok && f.Pkg() != nil && f.Pkg().Path() == "fmt" && strings.Contains(f.Name(), "rint") && f.Name()[0] != 'S'
}

func (b *built) mixedSpec(vs *ast.ValueSpec) bool {
	return slices.ContainsFunc(b.vars, func(v *varDef) bool { return v.spec == vs && v.mixed })
}

func (b *built) typeNames(t types.Type) []string {
	tuple, ok := t.(*types.Tuple)
	if !ok {
		return []string{userType(t)}
	}
	var out []string
	for v := range tuple.Variables() {
		out = append(out, userType(v.Type()))
	}
	return out
}

func endsInError(t types.Type) bool {
	if tuple, ok := t.(*types.Tuple); ok {
		if tuple.Len() == 0 {
			return false
		}
		t = tuple.At(tuple.Len() - 1).Type()
	}
	return types.Identical(t, types.Universe.Lookup("error").Type())
}

// userType is a type as the user would write it.
func userType(t types.Type) string {
	return original(types.TypeString(types.Default(t), func(p *types.Package) string {
		if p.Path() == packagePath {
			return ""
		}
		return p.Name()
	}))
}

// refs are the package-level names used in a node.
func (b *built) refs(n ast.Node) []ref {
	var out []ref
	selected := map[*ast.Ident]bool{}
	var spec *ast.ValueSpec
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			selected[n.Sel] = true
		case *ast.ValueSpec:
			spec = n
		}
		id, ok := n.(*ast.Ident)
		if !ok {
			return true
		}
		obj := b.info.Uses[id]
		if id.Name == "_" && (obj == nil || obj != b.last) {
			return true
		}
		if obj == nil {
			obj = b.info.Defs[id]
		}
		if obj == nil {
			return true
		}
		off := offsetIn(b.nb.fset, id.Pos())
		r := ref{id: id, span: span{off, off + len(plainName(id.Name))}}
		if strings.HasPrefix(id.Name, "_gospark_") {
			r.span = span{-1, -1}
		}
		switch {
		case b.entityOf(obj) != nil:
			r.entity = b.entityOf(obj)
		case isPkgName(obj):
			r.path = obj.(*types.PkgName).Imported().Path()
		case obj.Pkg() != nil && obj.Pkg() != b.pkg && !selected[id] && obj.Parent() == obj.Pkg().Scope():
			r.path, r.dotted = obj.Pkg().Path(), true
		case b.oldUses[id]:
			r.entity = b.old.live[plainName(id.Name)]
		case b.repeated(spec, id, obj) != nil:
			r.entity = b.repeated(spec, id, obj)
		default:
			return true
		}
		out = append(out, r)
		return true
	})
	return out
}

// repeated is the package's constant that a name in a local constant's value means
// too, where the value is repeated for the next constant: there it is the local one,
// and of both uses the checker tells the last.
func (b *built) repeated(spec *ast.ValueSpec, id *ast.Ident, obj types.Object) *entity {
	if c, ok := obj.(*types.Const); !ok || spec == nil || id.Pos() < spec.Pos() || id.End() > spec.End() ||
		!slices.ContainsFunc(spec.Names, func(n *ast.Ident) bool { return n != id && b.info.Defs[n] == c }) {
		return nil
	}
	return b.next.live[id.Name]
}

func isPkgName(obj types.Object) bool { _, ok := obj.(*types.PkgName); return ok }

// plainName is an identifier's name as the user wrote it.
func plainName(s string) string {
	s, _, _ = strings.Cut(s, mark)
	return s
}
