package source

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/types"
	"maps"
	"path"
	"slices"
	"strings"
)

// emitter writes a built cell as a file.
type emitter struct {
	*built
	seen    map[*entity]bool
	order   []*entity // what the file repeats or declares
	taken   map[string]bool
	imports map[importKey]string
}

// importKey is a package under the name that some text has for it.
type importKey struct{ name, path string }

// emit is the file, with numberMark where the cell's number stands.
func (e *emitter) file() string {
	e.reach()
	e.nameImports()
	var body strings.Builder
	e.writeTypes(&body)
	e.writeConsts(&body)
	e.writeVars(&body)
	e.writeFuncs(&body)
	e.writeEntry(&body)
	return e.header() + body.String()
}

// reach collects all that the file needs.
func (e *emitter) reach() {
	e.reachRefs(e.bodyRefs)
	for _, d := range e.fresh {
		e.reachRefs(d.refs)
		for _, ent := range d.entities {
			e.add(ent)
		}
	}
	for _, d := range e.defs {
		for _, v := range d.vars {
			e.add(v)
		}
	}
	slices.SortFunc(e.order, func(a, b *entity) int { return a.seq - b.seq })
	for _, ent := range e.order {
		e.taken[ent.gen] = true
		if ent.aliased() {
			e.taken[ent.name] = true
		}
	}
}

func (e *emitter) reachRefs(refs []ref) {
	for _, r := range refs {
		if r.entity != nil && !r.context {
			e.add(r.entity)
		}
	}
}

func (e *emitter) add(ent *entity) {
	if e.seen[ent] {
		return
	}
	e.seen[ent] = true
	e.order = append(e.order, ent)
	for _, d := range ent.decls() {
		e.reachRefs(d.refs)
	}
	if ent.kind == varKind {
		mentions(ent.obj.Type(), func(tn *types.TypeName) bool {
			if t := e.entityOf(tn); t != nil {
				e.add(t)
			}
			return false
		})
	}
	if ent.init != nil {
		e.reachRefs(ent.init.refs)
		for _, o := range ent.init.names {
			if o != nil {
				e.add(o)
			}
		}
	}
}

// nameImports chooses a name for every package that the texts use: the user's,
// unless something else has it.
func (e *emitter) nameImports() {
	e.importsOf(e.cell.text, e.bodyRefs)
	for _, d := range e.fresh {
		if !d.blank() {
			e.importsOf(d.text, d.refs)
		}
	}
	for _, ent := range e.order {
		for _, d := range ent.decls() {
			e.importsOf(d.text, d.refs)
		}
		if ent.init != nil {
			e.importsOf(ent.init.text, ent.init.refs)
		}
	}
}

func (e *emitter) importsOf(t *text, refs []ref) {
	for _, r := range refs {
		if r.entity == nil {
			e.importName(r.packageKey(t))
		}
	}
}

func (r *ref) packageKey(t *text) importKey {
	switch {
	case r.dotted:
		return importKey{sanitize(path.Base(r.path)) + mark + "dot", r.path}
	case r.start < 0:
		return importKey{r.id.Name, r.path}
	}
	return importKey{r.written(t), r.path}
}

func sanitize(s string) string { return strings.TrimPrefix(foreign(s), "_gospark_") }

func (e *emitter) importName(k importKey) string {
	if name, ok := e.imports[k]; ok {
		return name
	}
	name := k.name
	for i := 1; e.taken[name]; i++ {
		name = fmt.Sprintf("%s%sp%d", k.name, mark, i)
	}
	e.taken[name] = true
	e.imports[k] = name
	return name
}

// packageFor is a name for a package that a type needs.
func (e *emitter) packageFor(p *types.Package) string {
	for _, k := range slices.SortedFunc(maps.Keys(e.imports), func(a, b importKey) int { return cmp.Compare(a.name, b.name) }) {
		if k.path == p.Path() {
			return e.imports[k]
		}
	}
	return e.importName(importKey{foreign(p.Path()), p.Path()})
}

func (e *emitter) header() string {
	var b strings.Builder
	fmt.Fprintf(&b, "package main\n\nimport (\n\t_ \"unsafe\"\n\n\t%s %q\n", rtName, rtPath)
	keys := slices.SortedFunc(maps.Keys(e.imports), func(a, b importKey) int {
		return cmp.Or(cmp.Compare(a.path, b.path), cmp.Compare(a.name, b.name))
	})
	for _, k := range keys {
		fmt.Fprintf(&b, "\t%s %q\n", e.imports[k], k.path)
	}
	for _, p := range e.blanks {
		fmt.Fprintf(&b, "\t_ %q\n", p)
	}
	b.WriteString(")\n")
	return b.String()
}

// paths are the packages that the file imports.
func (e *emitter) paths() []string {
	out := []string{rtPath, "unsafe"}
	for k := range e.imports {
		out = append(out, k.path)
	}
	out = append(out, e.blanks...)
	slices.Sort(out)
	return slices.Compact(out)
}

func (e *emitter) fileOf(t *text) string {
	if t == e.cell.text {
		return "cell[" + numberMark + "]"
	}
	return fmt.Sprintf("cell[%d]", t.number)
}

// refEdits renames what a text uses to what generated code calls it.
func (e *emitter) refEdits(t *text, refs []ref) []edit {
	var out []edit
	for _, r := range refs {
		if r.start < 0 {
			continue
		}
		written := r.written(t)
		switch {
		case r.context:
			out = append(out, edit{off: r.start, del: r.end - r.start, ins: rtName + ".Context()", prio: naming})
		case r.dotted:
			out = append(out, edit{off: r.start, ins: e.imports[r.packageKey(t)] + ".", prio: naming})
		case r.entity == nil:
			if name := e.imports[r.packageKey(t)]; name != written {
				out = append(out, edit{off: r.start, del: r.end - r.start, ins: name, prio: naming})
			}
		case r.entity.renamed() || r.entity.gen != r.entity.name && (r.recv || e.defines(r)):
			out = append(out, edit{off: r.start, del: r.end - r.start, ins: r.entity.gen, prio: naming})
		}
	}
	return out
}

// defines says whether r is the name that a type declaration declares.
func (e *emitter) defines(r ref) bool {
	if r.entity.decl == nil {
		return false
	}
	ts, ok := r.entity.decl.node.(*ast.TypeSpec)
	return ok && ts.Name == r.id
}

func (e *emitter) declText(d *decl) string {
	return d.text.apply(d.span, append(e.refEdits(d.text, d.refs), d.edits...), e.fileOf(d.text))
}

func (e *emitter) comment(t *text, off int) string { return "/*" + t.line(off, e.fileOf(t)) + "*/" }

func (e *emitter) writeTypes(b *strings.Builder) {
	for _, ent := range e.order {
		if ent.kind != typeKind {
			continue
		}
		d := ent.decl
		fmt.Fprintf(b, "\ntype %s%s\n", e.comment(d.text, d.start), e.declText(d))
		if ent.aliased() {
			b.WriteString(e.alias(ent))
		}
		e.writeLifted(b, d.text, d.lifted, append(e.refEdits(d.text, d.refs), d.edits...))
	}
}

// alias lets a type's new version be called by the name that the user wrote, so
// that the fields which embed it keep theirs.
func (e *emitter) alias(ent *entity) string {
	ts := ent.decl.node.(*ast.TypeSpec)
	if ts.TypeParams == nil {
		return fmt.Sprintf("type %s = %s\n", ent.name, ent.gen)
	}
	t := ent.decl.text
	s := span{offsetIn(e.nb.fset, ts.TypeParams.Opening), offsetIn(e.nb.fset, ts.TypeParams.Closing) + 1}
	var args []string
	n := 0
	for _, f := range ts.TypeParams.List {
		args = append(args, identNames(f.Names)...)
		n += len(f.Names)
	}
	return fmt.Sprintf("type %s%s = %s[%s]\n", ent.name, t.apply(s, e.refEdits(t, ent.decl.refs), e.fileOf(t)), ent.gen, strings.Join(args, ", "))
}

func identNames(ids []*ast.Ident) (out []string) {
	for _, id := range ids {
		out = append(out, id.Name)
	}
	return out
}

func (e *emitter) writeLifted(b *strings.Builder, t *text, l []lifted, edits []edit) {
	for _, l := range l {
		// The names inside win over nothing else: local names have no other edit.
		fmt.Fprintf(b, "\ntype %s%s %s%s\n", l.gen, l.tparams, e.comment(t, l.start), t.apply(l.span, append(l.names, within(edits, l.span)...), e.fileOf(t)))
	}
}

// within are the edits inside a span; not the one that replaces all of it.
func within(edits []edit, s span) []edit {
	return slices.DeleteFunc(slices.Clone(edits), func(e edit) bool {
		return e.off < s.start || e.off+e.del > s.end || e.off == s.start && e.del == s.end-s.start && strings.HasPrefix(e.ins, "= ")
	})
}

func (e *emitter) writeConsts(b *strings.Builder) {
	done := map[*decl]bool{}
	for _, ent := range e.order {
		if ent.kind != constKind || done[ent.decl] || e.next.live[ent.name] != ent {
			continue
		}
		d := ent.decl
		if e.intact(d) {
			done[d] = true
			fmt.Fprintf(b, "\n//%s\n%s\n", d.text.line(d.start, e.fileOf(d.text)), e.declText(d))
			continue
		}
		c := ent.obj.(*types.Const)
		typ := ""
		if basic, ok := c.Type().(*types.Basic); !ok || basic.Info()&types.IsUntyped == 0 {
			typ = e.typeText(c.Type())
		}
		fmt.Fprintf(b, "\nconst %s %s = %s\n", ent.gen, typ, constText(c))
	}
}

// intact says whether all constants of a group are still what it declared.
func (e *emitter) intact(d *decl) bool {
	for _, ent := range d.entities {
		if e.next.live[ent.name] != ent {
			return false
		}
		e.taken[ent.gen] = true
	}
	return true
}

func (e *emitter) typeText(t types.Type) string {
	w := &typeText{entity: e.entityOf, local: e.next.local, pkg: e.pkg, imports: e.packageFor}
	w.typ(t)
	return w.String()
}

func (e *emitter) writeVars(b *strings.Builder) {
	done := map[*initializer]bool{}
	for _, ent := range e.order {
		if ent.kind != varKind {
			continue
		}
		if ent.init == nil {
			t := e.typeText(ent.obj.Type())
			fmt.Fprintf(b, "\nvar %s %s\n", ent.gen, t)
			continue
		}
		if done[ent.init] {
			continue
		}
		done[ent.init] = true
		names := make([]string, len(ent.init.names))
		for i, o := range ent.init.names {
			names[i] = "_"
			if o != nil {
				names[i] = o.gen
			}
		}
		i := ent.init
		fmt.Fprintf(b, "\nvar %s = %s\n", strings.Join(names, ", "), i.text.apply(i.span, e.refEdits(i.text, i.refs), e.fileOf(i.text)))
	}
}

func (e *emitter) writeFuncs(b *strings.Builder) {
	for _, ent := range e.order {
		decls := ent.methods
		if ent.kind == funcKind {
			decls = []*decl{ent.decl}
		}
		for _, d := range decls {
			e.writeFunc(b, d, nil)
		}
	}
	for i, d := range e.inits {
		var rename []edit
		if d.names0() == "init" {
			rename = []edit{{off: offsetIn(e.nb.fset, d.names[0].Pos()), del: len("init"), ins: initName(i)}}
		}
		e.writeFunc(b, d, rename)
	}
}

func initName(i int) string { return fmt.Sprintf("init%sCell%s%s%d", mark, numberMark, mark, i+1) }

func (e *emitter) writeFunc(b *strings.Builder, d *decl, more []edit) {
	edits := append(append(e.refEdits(d.text, d.refs), d.edits...), more...)
	fmt.Fprintf(b, "\n%s//%s\n%s\n", d.pragmas, d.text.line(d.start, e.fileOf(d.text)), d.text.apply(d.span, edits, e.fileOf(d.text)))
	e.writeLifted(b, d.text, d.lifted, edits)
}
