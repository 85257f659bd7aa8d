package rules

import (
	"go/types"
	"slices"
	"testing"
)

// quick are the packages whose types Spark cells name.
var quick = []string{"sparkclient", "sparkclient/functions", "sparkclient/window"}

// The compiler reads each type that a cell names, with all fields and methods and
// their types, unexported ones too. What it finds of generic types with methods it
// compiles again in every cell, and package reflect's types bring a lot of it: that
// doubled the time. A third of it were the messages of plans, of which each leads to others.
func TestTypesOfCellsAreQuickToCompile(t *testing.T) {
	for _, p := range sources(t) {
		if !slices.Contains(quick, short(p.PkgPath)) {
			continue
		}
		for _, name := range p.Types.Scope().Names() {
			w := walk{t: t, seen: map[types.Type]bool{}}
			if o, ok := p.Types.Scope().Lookup(name).(*types.TypeName); ok && o.Exported() && !o.IsAlias() {
				w.visit(o.Type(), o.Pkg().Name()+"."+name)
				w.fewMessages(o.Name())
			}
		}
	}
}

// messages is how many messages of plans a type may lead to.
const messages = 50

// fewMessages reports a type that leads to many messages.
func (w walk) fewMessages(name string) {
	var found []string
	for t := range w.seen {
		if n, ok := t.(*types.Named); ok && n.Obj().Pkg() != nil && short(n.Obj().Pkg().Path()) == "sparkclient/internal/plan" {
			found = append(found, n.Obj().Name())
		}
	}
	if slices.Sort(found); len(found) > messages {
		w.t.Errorf("%s mentions %d messages, at most %d are quick to read: %v\n  Instead: a function that takes the receiver.", name, len(found), messages, found)
	}
}

// walk goes through all that a type mentions.
type walk struct {
	t    *testing.T
	seen map[types.Type]bool
}

func (w walk) visit(t types.Type, from string) {
	if w.seen[t] {
		return
	}
	w.seen[t] = true
	switch t := t.(type) {
	case *types.Alias:
		w.visit(types.Unalias(t), from)
	case *types.Named:
		w.named(t, from)
	case interface{ Elem() types.Type }: // pointers, slices, arrays, maps, channels
		if m, ok := t.(*types.Map); ok {
			w.visit(m.Key(), from)
		}
		w.visit(t.Elem(), from)
	case *types.Struct:
		for f := range t.Fields() {
			w.visit(f.Type(), from+"."+f.Name())
		}
	case *types.Signature:
		for v := range t.Params().Variables() {
			w.visit(v.Type(), from)
		}
		for v := range t.Results().Variables() {
			w.visit(v.Type(), from)
		}
	case *types.Interface:
		for m := range t.Methods() {
			w.visit(m.Type(), from+"."+m.Name())
		}
	}
}

func (w walk) named(t *types.Named, from string) {
	switch pkg := t.Obj().Pkg(); {
	case pkg == nil: // error
	case pkg.Path() == "reflect":
		w.t.Errorf("%s mentions %s: every cell that names the type pays for it.\n  Instead: a function that takes the receiver.", from, t)
		return
	case t.TypeArgs().Len() > 0 && t.NumMethods() > 0:
		w.t.Errorf("%s mentions %s, whose methods every cell compiles anew.\n  Instead: a type that is not generic, such as atomic.Value.", from, t)
		return
	}
	w.visit(t.Underlying(), from)
	for m := range t.Methods() {
		w.visit(m.Type(), from+"."+m.Name())
	}
}
