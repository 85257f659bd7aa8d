package source

import (
	"go/ast"
	"go/types"
	"math"
	"slices"
)

// record is what a cell that ran leaves for a program: its statements. Its
// declarations are the state's.
type record struct {
	*cell
	place, run string // of Cell
	shown      int
	defs       []initDef
	refs       []ref
	edits      []edit // what makes Go accept the statements: see meaning
	inits      []*decl
	value      value
	values     int     // how many, of a call
	former     *entity // the variable of the cell's result
	ownCtx     bool    // the statements assign to ctx
	callsMain  bool
	order      []initDef // of initialisation, where it is not that of the text
	disordered bool      // it is not, and statements stand between
	// until is the line in which the cell failed: what ends before it ran.
	until int
	// failing tells that it ran to its end, and failed by its result.
	failing bool
}

// value is what the last expressions of a cell are.
type value int

const (
	noValue     value = iota
	statement         // a call that returns nothing or prints
	silenced          // values behind which stands a semicolon
	printed           // values
	errorOnly         // a value of type error, and no other
	errorBehind       // values, the last of which is of type error
	table             // a value with a method Show(context.Context, ...int) error
)

// record is taken when the cell is compiled.
func (b *built) record(in Cell, e *emitter) *record {
	r := &record{
		cell: b.cell, place: in.Place, run: in.Run, shown: in.Shown, defs: b.defs, refs: b.bodyRefs,
		inits: b.inits, value: b.valueKind(), values: len(b.results), ownCtx: b.ownCtx != nil, until: math.MaxInt,
		callsMain: e.declaredMain() != nil && len(b.cell.running()) == 0,
	}
	if len(e.orderEdits(nil)) > 0 {
		r.order, r.disordered = e.initOrder(), !e.onlyDecls()
	}
	if b.kept {
		r.former = b.next.live[b.next.last]
	}
	for n := range b.statementNodes() {
		if vs, ok := n.(*ast.ValueSpec); !ok || !b.mixedSpec(vs) {
			r.edits = append(r.edits, b.meaning(b.cell.text, n)...)
		}
	}
	for _, d := range b.inits {
		d.plain = b.meaning(d.text, d.node)
	}
	return r
}

func (b *built) valueKind() value {
	exprs := b.cell.results
	switch {
	case len(exprs) == 0:
		return noValue
	case len(exprs) == 1 && (b.quiet || b.info.Types[exprs[0]].IsVoid()):
		return statement
	case !b.cell.shown && len(exprs) == 1 && b.isCall(exprs[0]):
		return statement
	case !b.cell.shown:
		return silenced
	case b.lastErr && len(b.results) == 1:
		return errorOnly
	case b.lastErr:
		return errorBehind
	case len(exprs) == 1 && shows(b.info.Types[exprs[0]].Type):
		return table
	}
	return printed
}

// isCall says whether e may be a statement: a call of a function.
func (b *built) isCall(e ast.Expr) bool {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok {
		return false
	}
	fun := b.info.Types[call.Fun]
	return fun.IsValue()
}

// shows says whether a value prints itself as a DataFrame does.
func shows(t types.Type) bool {
	obj, _, _ := types.LookupFieldOrMethod(t, true, nil, "Show")
	f, ok := obj.(*types.Func)
	return ok && types.TypeString(f.Signature(), nil) == "func(ctx context.Context, n ...int) error"
}

// meaning are the edits that Go needs to accept what stands in a node, and those of
// the prelude's methods: what a program of its own needs as well.
func (b *built) meaning(t *text, n ast.Node) []edit {
	in := &instrument{built: b, text: t, plain: true}
	in.unused(n)
	ast.Inspect(n, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			if m, ok := in.rewritten[call]; ok {
				in.methodCall(call, m)
			}
		}
		return true
	})
	return in.edits
}

// ran is the list of cells with one that has run: in the place of the same cell's
// former run.
func ran(all []*record, r *record) []*record {
	same := func(o *record) bool { return r.place != "" && o.place == r.place }
	at := slices.IndexFunc(all, same)
	if at < 0 {
		return append(slices.Clone(all), r)
	}
	kept := slices.DeleteFunc(slices.Clone(all), func(o *record) bool { return same(o) && o.run != r.run })
	for at < len(kept) && same(kept[at]) {
		at++ // an earlier part of the same run
	}
	return slices.Insert(kept, at, r)
}

// Failed tells that the cell of a committed unit failed in a line, 0 where that is not
// known: what ends before it ran. A negative line is that of its result.
func (n *Notebook) Failed(u *Unit, line int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if line < 0 {
		u.record.failing = true
		return
	}
	u.record.until = line
}
