package source

import (
	"go/ast"
	"go/types"
	"strconv"
	"strings"
)

// stdFunc gives each run its own streams: fmt's functions that print and scan
// without saying where become the run's. It reports whether name is one of them.
func (in *instrument) stdFunc(n *ast.SelectorExpr, name string) bool {
	verb, ok := strings.CutPrefix(name, "fmt.")
	if !ok {
		return false
	}
	var wrap string
	switch verb {
	case "Print", "Println":
		wrap = "Prints"
	case "Printf":
		wrap = "Printsf"
	case "Scan", "Scanln":
		wrap = "Scans"
	case "Scanf":
		wrap = "Scansf"
	default:
		return false
	}
	in.insert(n.Pos(), rtName+"."+wrap+"(")
	in.replace(n.Sel.Pos(), n.Sel.End(), "F"+strings.ToLower(verb))
	in.finish(n.End(), ")")
	return true
}

// stdArgs does the same for os.Stdin, os.Stdout and os.Stderr where they are given
// to a parameter of type io.Reader or io.Writer.
func (in *instrument) stdArgs(n *ast.CallExpr) {
	for i, arg := range n.Args {
		if isStream(in.parameter(n, i)) {
			in.stdFile(arg)
		}
	}
}

// parameter is the type of a call's i-th parameter, nil where there is none.
func (in *instrument) parameter(n *ast.CallExpr, i int) types.Type {
	fun := in.info.Types[n.Fun]
	if fun.IsType() {
		return fun.Type
	}
	sig, ok := under(fun.Type).(*types.Signature)
	if !ok {
		return nil
	}
	last := sig.Params().Len() - 1
	switch {
	case !sig.Variadic() || i < last:
		if i > last {
			return nil
		}
		return sig.Params().At(i).Type()
	case n.Ellipsis.IsValid():
		return nil
	}
	slice, ok := sig.Params().At(last).Type().(*types.Slice)
	if !ok {
		return nil
	}
	return slice.Elem()
}

func isStream(t types.Type) bool {
	named, ok := t.(*types.Named)
	if !ok || named.Obj().Pkg() == nil || named.Obj().Pkg().Path() != "io" {
		return false
	}
	switch named.Obj().Name() {
	case "Reader", "Writer", "StringWriter", "ReadWriter":
		return true
	}
	return false
}

// stdMethod does the same for os.Stdout.WriteString and the like.
func (in *instrument) stdMethod(n *ast.SelectorExpr) {
	switch n.Sel.Name {
	case "Write", "WriteString", "Read":
		in.stdFile(n.X)
	}
}

// stdFile puts the run's stream in the place of one of the process's.
func (in *instrument) stdFile(x ast.Expr) {
	sel, ok := ast.Unparen(x).(*ast.SelectorExpr)
	if !ok {
		return
	}
	v, ok := in.info.Uses[sel.Sel].(*types.Var)
	if !ok || v.Pkg() == nil || v.Pkg().Path() != "os" || v.Parent() != v.Pkg().Scope() {
		return
	}
	for fd, name := range []string{"Stdin", "Stdout", "Stderr"} {
		if v.Name() == name {
			in.insert(x.Pos(), rtName+".Std("+strconv.Itoa(fd)+", ")
			in.finish(x.End(), ")")
		}
	}
}
