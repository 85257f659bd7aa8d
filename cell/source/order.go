package source

import (
	"go/ast"
	"slices"
)

// ordering finds the order in which a cell's var declarations are initialised:
// theirs, but for what an earlier one needs of a later one, as at package level.
type ordering struct {
	*emitter
	specs map[*entity]initDef
	done  map[*entity]bool // initialised above
	seen  map[*decl]bool
}

// orderEdits move initialisers in front of the first that needs them. A cell
// whose variables come before its statements has Go's own order.
func (e *emitter) orderEdits(edits []edit) []edit {
	if e.onlyDecls() {
		return e.packageOrder(edits)
	}
	o := &ordering{emitter: e, specs: map[*entity]initDef{}, done: map[*entity]bool{}}
	for _, d := range e.defs {
		if e.isVarDecl(d.varDef) && len(d.values) > 0 {
			for _, v := range d.vars {
				o.specs[v] = d
			}
		}
	}
	var out []edit
	for _, d := range e.defs {
		if !e.isVarDecl(d.varDef) || o.isDone(d) {
			continue
		}
		o.mark(d)
		for _, first := range o.needs(d) {
			text := e.cell.apply(first.span, edits, e.fileOf(e.cell.text))
			out = append(out,
				edit{off: d.start, ins: e.comment(e.cell.text, first.start) + text + "; "},
				edit{off: first.start, del: first.end - first.start, ins: e.blank(first.start, first.end).ins, prio: moveAway})
		}
	}
	return out
}

// onlyDecls says whether no statement stands between the cell's var declarations.
func (e *emitter) onlyDecls() bool {
	last := 0
	for _, d := range e.defs {
		if !e.isVarDecl(d.varDef) {
			return false
		}
		last = d.start
	}
	return !slices.ContainsFunc(e.body, func(s ast.Stmt) bool { return !isEmpty(s) && e.cell.offset(s.Pos()) < last })
}

// packageOrder is the order in which Go initialises package variables; those
// without a value are cleared first.
func (e *emitter) packageOrder(edits []edit) []edit {
	defs := e.initOrder()
	if slices.EqualFunc(defs, e.defs, func(a, b initDef) bool { return a.varDef == b.varDef }) {
		return nil
	}
	var text string
	var out []edit
	for _, d := range defs {
		text += e.comment(e.cell.text, d.start) + e.cell.apply(d.span, edits, e.fileOf(e.cell.text)) + "; "
		out = append(out, edit{off: d.start, del: d.end - d.start, ins: e.blank(d.start, d.end).ins, prio: reorder})
	}
	return append([]edit{{off: e.defs[0].start, ins: text, prio: reorder}}, out...)
}

// initOrder is the order in which Go initialises the cell's variables.
func (e *emitter) initOrder() []initDef {
	at := map[ast.Expr]int{}
	for i, init := range e.info.InitOrder {
		at[init.Rhs] = i + 1
	}
	rank := func(d initDef) (r int) {
		for _, v := range d.values {
			r = max(r, at[v])
		}
		return r
	}
	defs := slices.Clone(e.defs)
	slices.SortStableFunc(defs, func(a, b initDef) int { return rank(a) - rank(b) })
	return defs
}

func (o *ordering) isDone(d initDef) bool {
	return len(d.vars) > 0 && o.done[d.vars[0]]
}

func (o *ordering) mark(d initDef) {
	for _, v := range d.vars {
		o.done[v] = true
	}
}

// needs are the later declarations that d's values use, directly or through
// functions, in the order in which they have to be initialised.
func (o *ordering) needs(d initDef) []initDef {
	var out []initDef
	o.seen = map[*decl]bool{}
	for _, v := range o.uses(o.within(d)) {
		next, ok := o.specs[v]
		if !ok || o.done[v] || next.start < d.start {
			continue
		}
		o.mark(next)
		out = append(append(out, o.needs(next)...), next)
	}
	return out
}

func (o *ordering) within(d initDef) []ref {
	var out []ref
	for _, r := range o.bodyRefs {
		if r.start >= d.start && r.end <= d.end && !slices.Contains(d.names, r.id) {
			out = append(out, r)
		}
	}
	return out
}

// uses are the variables that refs reach.
func (o *ordering) uses(refs []ref) []*entity {
	var out []*entity
	for _, r := range refs {
		switch {
		case r.entity == nil:
		case r.entity.kind == varKind:
			out = append(out, r.entity)
		default:
			for _, d := range r.entity.decls() {
				if !o.seen[d] {
					o.seen[d] = true
					out = append(out, o.uses(d.refs)...)
				}
			}
		}
	}
	return out
}
