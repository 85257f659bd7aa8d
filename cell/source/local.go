package source

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strings"
)

// lifted is a type declared in a function, written out at package level under a
// name that is unique in the session: the compiler numbers such types per
// compilation, so their symbols would be confused with those of other cells.
type lifted struct {
	gen     string
	tparams string
	span    // of the type's expression
	text    *text
	names   []edit // local types and constants in it
}

func (in *instrument) liftTypes(g *ast.GenDecl) {
	for _, s := range g.Specs {
		ts := s.(*ast.TypeSpec)
		obj := in.info.Defs[ts.Name]
		if obj == nil || ts.Assign.IsValid() {
			continue
		}
		if in.names == nil {
			in.names = map[types.Object]string{}
		}
		in.count++
		gen := fmt.Sprintf("%s%s%s%s%d", ts.Name.Name, mark, in.owner, mark, in.count)
		tparams, args, ok := in.typeParams()
		in.names[obj] = gen + args
		in.next.local[obj] = gen + args
		l := lifted{gen: gen, tparams: tparams, span: span{in.at(ts.Type.Pos()), in.at(ts.Type.End())}, text: in.text}
		if !ok || ts.TypeParams != nil || !in.liftNames(ts.Type, &l) {
			in.renameLocal(obj, gen)
			continue
		}
		in.lifted = append(in.lifted, l)
		in.replace(ts.Type.Pos(), ts.Type.End(), "= "+gen+args)
	}
}

// typeParams are those of the enclosing function, which a lifted type takes over.
func (in *instrument) typeParams() (decl, args string, ok bool) {
	if in.fn == nil {
		return "", "", true
	}
	if in.fn.Recv != nil && len(in.fn.Recv.List) > 0 && genericReceiver(in.fn.Recv.List[0].Type) {
		return "", "", false
	}
	tp := in.fn.Type.TypeParams
	if tp == nil {
		return "", "", true
	}
	var names []string
	for _, f := range tp.List {
		for _, id := range f.Names {
			names = append(names, id.Name)
		}
	}
	if slices.Contains(names, "_") {
		return "", "", false
	}
	return in.text.code[in.at(tp.Opening):in.at(tp.Closing+1)], "[" + strings.Join(names, ", ") + "]", true
}

func genericReceiver(e ast.Expr) bool {
	if s, ok := e.(*ast.StarExpr); ok {
		e = s.X
	}
	switch ast.Unparen(e).(type) {
	case *ast.IndexExpr, *ast.IndexListExpr:
		return true
	}
	return false
}

// liftNames finds the local names in a type's expression; false if it uses some
// that mean nothing at package level.
func (in *instrument) liftNames(e ast.Expr, l *lifted) bool {
	ok := true
	ast.Inspect(e, func(n ast.Node) bool {
		id, isIdent := n.(*ast.Ident)
		if !isIdent {
			return true
		}
		obj := in.info.Uses[id]
		if obj == nil || !in.local(obj) {
			return true
		}
		off := in.at(id.Pos())
		switch o := obj.(type) {
		case *types.TypeName:
			if gen, known := in.names[o]; known && in.next.local[o] != "" {
				l.names = append(l.names, edit{off: off, del: len(id.Name), ins: gen, prio: naming})
			} else if _, tp := o.Type().(*types.TypeParam); !tp {
				ok = false
			}
		case *types.Const:
			l.names = append(l.names, edit{off: off, del: len(id.Name), ins: constText(o), prio: naming})
		default:
			ok = false
		}
		return true
	})
	return ok
}

// local says whether obj is declared inside a function.
func (in *instrument) local(obj types.Object) bool {
	p := obj.Parent()
	return p != nil && obj.Pkg() == in.pkg && p != in.pkg.Scope() && in.entityOf(obj) == nil
}

// renameLocal gives a local type that cannot be lifted a unique name in place.
func (in *instrument) renameLocal(obj types.Object, gen string) {
	in.names[obj] = gen
	delete(in.next.local, obj)
	for _, uses := range []map[*ast.Ident]types.Object{in.info.Defs, in.info.Uses} {
		for id, o := range uses {
			if o == obj {
				in.replace(id.Pos(), id.End(), gen)
			}
		}
	}
}
