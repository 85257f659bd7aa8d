package source

import (
	"go/ast"
	"go/types"
	"strings"
)

// Inspect describes what stands at cursor, or the function whose arguments it
// stands in. detail 1 adds the source.
func (n *Notebook) Inspect(code string, cursor, detail int) (Doc, bool) {
	cursor = min(max(cursor, 0), len(code))
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.start() != nil {
		return Doc{}, false
	}
	start := identStart(code, cursor)
	if start == identEnd(code, cursor) {
		start = identStart(code, calledAt(code[:cursor]))
	}
	f := n.tolerant(code, start, func(string) bool { return false })
	defer f.close()
	if f.id == nil {
		return Doc{}, false
	}
	obj := f.info.Uses[f.id]
	if obj == nil {
		obj = f.info.Defs[f.id]
	}
	if obj == nil {
		return Doc{}, false
	}
	d := f.describe(obj)
	if detail == 0 {
		d.Source = ""
	}
	return d, true
}

// calledAt is the offset of the innermost bracket of a call that is open at the end.
func calledAt(code string) int {
	open := openBrackets(code)
	for i := len(open) - 1; i >= 0; i-- {
		if code[open[i]] == '(' {
			return open[i]
		}
	}
	return len(code)
}

func (f *fragment) describe(obj types.Object) Doc {
	d := Doc{Name: obj.Name(), Kind: candidate(obj).Kind, Signature: signature(obj)}
	if v, ok := obj.(*types.Var); ok && v.IsField() {
		d.Kind = "field"
	}
	symbol := obj.Name()
	if recv := receiverName(obj); recv != "" {
		d.Kind = "method"
		symbol = recv + "." + symbol
	}
	switch p := obj.(type) {
	case *types.PkgName:
		d.Path, symbol = p.Imported().Path(), ""
	case *types.Builtin, *types.Nil:
		d.Path = "builtin"
	default:
		if obj.Pkg() == nil {
			d.Path = "builtin"
		} else if obj.Pkg() != f.pkg {
			d.Path = obj.Pkg().Path()
		}
	}
	if d.Path != "" {
		if f.nb.opts.Doc != nil {
			d.Text = f.nb.opts.Doc(d.Path, symbol)
		}
		return d
	}
	f.local(obj, &d)
	return d
}

// local fills in what the session knows of its own declaration.
func (f *fragment) local(obj types.Object, d *Doc) {
	e := f.old.byObj[obj]
	var decl *decl
	if e != nil {
		decl = e.decl
	}
	for _, l := range f.old.live {
		for _, m := range l.methods {
			if fd := m.node.(*ast.FuncDecl); fd.Name.Pos() == obj.Pos() {
				decl = m
			}
		}
	}
	for _, here := range f.decls {
		for _, id := range here.names {
			if id.Pos() == obj.Pos() {
				decl = here
			}
		}
	}
	if decl == nil {
		return
	}
	d.Source = decl.source()
	switch n := decl.node.(type) {
	case *ast.FuncDecl:
		d.Text = n.Doc.Text()
	case *ast.TypeSpec:
		d.Source = "type " + d.Source
		d.Text = n.Doc.Text()
	case *ast.GenDecl:
		d.Text = n.Doc.Text()
	}
	if d.Text == "" {
		d.Text = decl.doc
	}
}

func receiverName(obj types.Object) string {
	fn, ok := obj.(*types.Func)
	if !ok || fn.Signature().Recv() == nil {
		return ""
	}
	t := fn.Signature().Recv().Type()
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	if n, ok := types.Unalias(t).(*types.Named); ok {
		return n.Obj().Name()
	}
	return ""
}

// signature is an object's declaration in one line, a type's with its methods.
func signature(obj types.Object) string {
	q := func(p *types.Package) string {
		if p.Path() == packagePath {
			return ""
		}
		return p.Name()
	}
	switch o := obj.(type) {
	case *types.PkgName:
		return "package " + o.Imported().Name()
	case *types.Builtin:
		return "func " + o.Name()
	case *types.TypeName:
		s := types.ObjectString(o, q)
		n, ok := o.Type().(*types.Named)
		if !ok {
			return original(s)
		}
		for m := range n.Methods() {
			if m.Exported() || m.Pkg().Path() == packagePath {
				s += "\n" + types.ObjectString(m, q)
			}
		}
		return original(s)
	}
	return original(strings.TrimPrefix(types.ObjectString(obj, q), "field "))
}
