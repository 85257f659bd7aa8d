package source

import (
	"go/ast"
	"go/types"
	"slices"
)

// findSame finds the cell's declarations that are textually those of live
// entities and mean the same; they keep their symbols.
func (c *compilation) findSame() {
	c.same = map[*decl]bool{}
	byName := c.declared
	live := map[*decl]*decl{}
	for _, d := range c.decls {
		if l := c.liveDecl(d); l != nil && l.source() == d.source() && l.pragmas == d.pragmas {
			live[d] = l
			c.same[d] = true
		}
	}
	for changed := true; changed; {
		changed = false
		for d := range c.same {
			if !c.meansSame(live[d], byName) || !c.groupSame(d, byName) {
				delete(c.same, d)
				changed = true
			}
		}
	}
}

// liveDecl is the live declaration of what d declares: all of it, and nothing
// else.
func (c *compilation) liveDecl(d *decl) *decl {
	if d.recv != "" {
		t := c.old.live[d.recv]
		if t == nil {
			return nil
		}
		i := slices.IndexFunc(t.methods, func(m *decl) bool { return m.names[0].Name == d.names[0].Name })
		if i < 0 {
			return nil
		}
		return t.methods[i]
	}
	var l *decl
	for _, id := range d.names {
		e := c.old.live[id.Name]
		switch {
		case id.Name == "_":
			continue
		case e == nil || e.decl == nil || l != nil && e.decl != l:
			return nil
		}
		l = e.decl
	}
	return l
}

// meansSame says whether the names that a live declaration uses still mean what
// they meant.
func (c *compilation) meansSame(l *decl, byName map[string]*decl) bool {
	for _, r := range l.refs {
		if r.entity == nil {
			if path, ok := c.imports[r.written(l.text)]; ok && path != r.path && !r.dotted {
				return false
			}
			continue
		}
		name := r.entity.name
		if c.old.live[name] != r.entity || c.varChanged[name] {
			return false
		}
		if d := byName[name]; d != nil && !c.same[d] {
			return false
		}
		if r.entity.kind != varKind && c.variables[name] {
			return false
		}
	}
	return true
}

// groupSame says whether a type's methods in this cell are those that were
// declared with it; a method that changed takes its type along.
func (c *compilation) groupSame(d *decl, byName map[string]*decl) bool {
	name := d.recv
	if d.kind == typeKind {
		name = d.names[0].Name
	}
	t := c.old.live[name]
	if name == "" || t == nil || t.kind != typeKind {
		return name == ""
	}
	here := 0
	for _, m := range c.decls {
		if m.recv == name {
			if !c.same[m] {
				return false
			}
			here++
		}
	}
	td := byName[name]
	if td == nil {
		return true
	}
	if !c.same[td] {
		return false
	}
	with := 0
	for _, m := range t.methods {
		if m.text == t.decl.text {
			with++
		}
	}
	return here >= with
}

// findDependents finds the earlier declarations that use what this cell
// redefines, and the variables that are lost.
func (c *compilation) findDependents() {
	c.redo, c.dropped = nil, map[string]*entity{}
	changed := c.changed()
	byName := c.declared
	for again := true; again; {
		again = false
		for _, e := range c.old.live {
			if changed[e] || !c.dependsOn(e, changed) {
				continue
			}
			if e.kind == varKind && c.variables[e.name] && !c.varChanged[e.name] {
				continue // compared by type after the check
			}
			changed[e] = true
			again = true
			if e.kind == varKind {
				c.dropped[e.name] = e
			}
		}
	}
	done := map[*decl]bool{}
	for e := range changed {
		if d := byName[e.name]; d != nil || c.variables[e.name] {
			if d != nil && d.kind == typeKind {
				c.redoMethods(e, d, done)
			}
			continue
		}
		if e.decl != nil && c.imports[e.name] == "" {
			c.redoDecl(e.decl, done)
			c.redoMethods(e, nil, done)
		}
	}
	slices.SortFunc(c.redo, func(a, b *decl) int {
		if a.text != b.text {
			return a.text.number - b.text.number
		}
		return a.start - b.start
	})
	for name := range c.varChanged {
		if e := c.old.live[name]; e != nil && e.kind == varKind {
			c.dropped[name] = e
		}
	}
}

// changed are the live entities that this cell itself replaces.
func (c *compilation) changed() map[*entity]bool {
	out := map[*entity]bool{}
	add := func(name string) {
		if e := c.old.live[name]; e != nil {
			out[e] = true
		}
	}
	for _, d := range c.decls {
		if c.same[d] {
			continue
		}
		if d.recv != "" {
			add(d.recv)
		}
		for _, id := range d.names {
			if d.recv == "" {
				add(id.Name)
			}
		}
	}
	for _, v := range c.vars {
		for _, id := range v.names {
			if e := c.old.live[id.Name]; e != nil && (e.kind != varKind || c.varChanged[id.Name]) {
				out[e] = true
			}
		}
	}
	for name := range c.imports {
		add(name)
	}
	return out
}

func (c *compilation) dependsOn(e *entity, changed map[*entity]bool) bool {
	if e.kind == varKind {
		return mentions(e.obj.Type(), func(tn *types.TypeName) bool { return changed[c.old.byObj[tn]] })
	}
	for _, d := range e.decls() {
		for _, r := range d.refs {
			if r.entity != nil && changed[r.entity] && (r.entity.decl != d || d.kind != constKind) {
				return true
			}
		}
	}
	return false
}

func (c *compilation) redoDecl(d *decl, done map[*decl]bool) {
	if d.kind == constKind && slices.ContainsFunc(d.names, func(id *ast.Ident) bool { return c.declares(id.Name) }) {
		return // the group's other constants keep their values
	}
	if _, lost := c.lost[d.id()]; !lost && !done[d] {
		done[d] = true
		c.redo = append(c.redo, d.again())
	}
}

// redoMethods carries a type's methods over to its new version: all of them, or
// where the cell declares the type (d) those that were not declared with the old
// one and are not declared here.
func (c *compilation) redoMethods(e *entity, d *decl, done map[*decl]bool) {
	if _, lost := c.lost[e.idOrZero()]; lost && d == nil {
		return
	}
	for _, m := range e.methods {
		here := slices.ContainsFunc(c.decls, func(o *decl) bool {
			return o.recv == e.name && o.names[0].Name == m.names[0].Name
		})
		if here || d != nil && m.text == e.decl.text {
			continue
		}
		c.redoDecl(m, done)
	}
}

func (e *entity) idOrZero() declID {
	if e.decl == nil {
		return declID{}
	}
	return e.decl.id()
}

// mentions says whether a type is built from a type name of which ok is true.
func mentions(t types.Type, ok func(*types.TypeName) bool) bool {
	w := typeWalker{seen: map[types.Type]bool{}, hit: ok}
	return w.walk(t)
}

type typeWalker struct {
	seen map[types.Type]bool
	hit  func(*types.TypeName) bool
}

func (w *typeWalker) walk(t types.Type) bool {
	if t == nil || w.seen[t] {
		return false
	}
	w.seen[t] = true
	switch t := t.(type) {
	case *types.Named:
		return w.hit(t.Origin().Obj()) || w.list(t.TypeArgs())
	case *types.Alias:
		return w.hit(t.Origin().Obj()) || w.list(t.TypeArgs()) || w.walk(types.Unalias(t))
	case *types.Pointer:
		return w.walk(t.Elem())
	case *types.Slice:
		return w.walk(t.Elem())
	case *types.Array:
		return w.walk(t.Elem())
	case *types.Chan:
		return w.walk(t.Elem())
	case *types.Map:
		return w.walk(t.Key()) || w.walk(t.Elem())
	case *types.Signature:
		return w.tuple(t.Params()) || w.tuple(t.Results())
	case *types.Struct:
		for f := range t.Fields() {
			if w.walk(f.Type()) {
				return true
			}
		}
	case *types.Interface:
		return w.iface(t)
	}
	return false
}

func (w *typeWalker) iface(t *types.Interface) bool {
	for m := range t.ExplicitMethods() {
		if w.walk(m.Type()) {
			return true
		}
	}
	for e := range t.EmbeddedTypes() {
		if w.walk(e) {
			return true
		}
	}
	return false
}

func (w *typeWalker) tuple(t *types.Tuple) bool {
	for v := range t.Variables() {
		if w.walk(v.Type()) {
			return true
		}
	}
	return false
}

func (w *typeWalker) list(l *types.TypeList) bool {
	for t := range l.Types() {
		if w.walk(t) {
			return true
		}
	}
	return false
}
