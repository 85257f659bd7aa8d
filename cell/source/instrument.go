package source

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
	"strings"
)

// What generated code imports, and calls it.
const rtName, rtPath = "_gospark_rt", "gospark/cell/rt"

// instrument finds the edits that make user code safe to run in the worker: loops
// that can be interrupted, goroutines whose panics are caught, exits that end
// only the cell; and those that make Go accept it: unused variables, types
// declared in functions.
type instrument struct {
	*built
	text     *text
	owner    string // of types declared inside
	edits    []edit
	lifted   []lifted
	fn       *ast.FuncDecl
	names    map[types.Object]string // of lifted types
	count    int
	strips   int           // how many loops run in strips
	deferred *ast.CallExpr // the last one that was met
	labelled ast.Stmt      // the same
	plain    bool          // for a program of its own
}

func (in *instrument) at(p token.Pos) int { return offsetIn(in.nb.fset, p) }

func (in *instrument) insert(p token.Pos, s string) {
	in.edits = append(in.edits, edit{off: in.at(p), ins: s})
}

// finish inserts what ends an inserted call.
func (in *instrument) finish(p token.Pos, s string) {
	in.edits = append(in.edits, edit{off: in.at(p), ins: s, prio: closing})
}

func (in *instrument) replace(from, to token.Pos, s string) {
	in.edits = append(in.edits, edit{off: in.at(from), del: in.at(to) - in.at(from), ins: s})
}

func (in *instrument) walk(n ast.Node) {
	in.fn, _ = n.(*ast.FuncDecl)
	if in.fn != nil && in.fn.Body != nil && in.recursive(in.fn) {
		in.lookBeforeCalls(in.fn.Body)
	}
	in.unused(n)
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for i := range min(len(n.Lhs), len(n.Rhs)) {
				in.recursiveLiteral(n.Lhs[i], n.Rhs[i])
			}
		case *ast.ValueSpec:
			for i := range min(len(n.Names), len(n.Values)) {
				in.recursiveLiteral(n.Names[i], n.Values[i])
			}
		case *ast.LabeledStmt:
			in.labelled = n.Stmt
		case *ast.ForStmt:
			in.loop(n, n.Body)
		case *ast.RangeStmt:
			in.loop(n, n.Body)
		case *ast.BranchStmt:
			in.branch(n)
		case *ast.GoStmt:
			in.goStmt(n)
		case *ast.DeferStmt:
			in.deferred = n.Call
		case *ast.CallExpr:
			in.call(n)
		case *ast.SelectorExpr:
			in.selector(n)
		case *ast.DeclStmt:
			if g, ok := n.Decl.(*ast.GenDecl); ok && g.Tok == token.TYPE {
				in.liftTypes(g)
			}
		}
		return true
	})
}

// look is what lets code look whether the cell is to stop.
const look = rtName + ".Look()"

// loop lets a loop look that is not short.
func (in *instrument) loop(loop ast.Stmt, body *ast.BlockStmt) {
	if loop == in.labelled || !in.isShort(loop) && !in.strip(loop) {
		in.insert(body.Lbrace+1, " "+look+";")
	}
}

func (in *instrument) branch(n *ast.BranchStmt) {
	if n.Tok != token.GOTO || n.Label == nil {
		return
	}
	if l := in.info.Uses[n.Label]; l != nil && l.Pos() < n.Pos() {
		in.insert(n.Pos(), look+"; ")
	}
}

// goStmt gives the function of a go statement a guard, with the function and its
// arguments still evaluated at the statement.
func (in *instrument) goStmt(n *ast.GoStmt) {
	fun := ast.Unparen(n.Call.Fun)
	if in.info.Types[fun].IsBuiltin() {
		in.replace(n.Go, n.Call.Pos(), rtName+".Go(func() { ")
		in.finish(n.Call.End(), " })")
		return
	}
	sig, ok := under(in.info.Types[n.Call.Fun].Type).(*types.Signature)
	if !ok {
		return
	}
	plain := sig.Results().Len() == 0 && !sig.Variadic()
	if _, lit := fun.(*ast.FuncLit); lit && plain && sig.Params().Len() == 0 {
		in.replace(n.Go, n.Call.Pos(), rtName+".Go(")
		in.replace(n.Call.Fun.End(), n.Call.End(), ")")
		return
	}
	if in.inferred(fun) {
		in.replace(n.Go, n.Call.Pos(), rtName+".Go(func() { ")
		in.finish(n.Call.End(), " })")
		return
	}
	wrap := "Wrap"
	if p := sig.Params().Len(); plain && p <= 3 {
		wrap += strconv.Itoa(p)
	}
	in.insert(n.Call.Fun.Pos(), rtName+"."+wrap+"(")
	in.finish(n.Call.Fun.End(), ")")
}

// inferred says whether fun is a generic function whose type arguments are not
// all written.
func (in *instrument) inferred(fun ast.Expr) bool {
	switch f := fun.(type) {
	case *ast.IndexExpr:
		fun = f.X
	case *ast.IndexListExpr:
		fun = f.X
	}
	id, ok := fun.(*ast.Ident)
	if sel, isSel := fun.(*ast.SelectorExpr); isSel {
		id, ok = sel.Sel, true
	}
	if !ok {
		return false
	}
	_, inst := in.info.Instances[id]
	return inst
}

func under(t types.Type) types.Type {
	if t == nil {
		return nil
	}
	return t.Underlying()
}

// call guards functions that the standard library runs in goroutines, and lets recover
// tell of an interrupt.
func (in *instrument) call(n *ast.CallExpr) {
	if m, ok := in.rewritten[n]; ok {
		in.methodCall(n, m)
	}
	in.stdArgs(n)
	if n != in.deferred && in.isBuiltin(n.Fun, "recover") {
		in.insert(n.Pos(), rtName+".Recovered(")
		in.finish(n.End(), ")")
	}
	sel, ok := ast.Unparen(n.Fun).(*ast.SelectorExpr)
	if !ok {
		return
	}
	f, ok := in.info.Uses[sel.Sel].(*types.Func)
	if !ok {
		return
	}
	switch f.FullName() {
	case "time.AfterFunc", "context.AfterFunc":
		if len(n.Args) == 2 {
			in.wrapArg("Later", n.Args[1])
		}
	case "(*sync.WaitGroup).Go":
		if len(n.Args) == 1 {
			in.wrapArg("Wrap0", n.Args[0])
		}
	case "(*testing.T).Run", "(*testing.B).Run":
		if len(n.Args) == 2 {
			in.wrapArg("Subtest", n.Args[1])
		}
	}
}

func (in *instrument) wrapArg(wrap string, arg ast.Expr) {
	in.insert(arg.Pos(), rtName+"."+wrap+"(")
	in.finish(arg.End(), ")")
}

// selector replaces what would end the worker, and what uses the streams of the
// process.
func (in *instrument) selector(n *ast.SelectorExpr) {
	in.stdMethod(n)
	f, ok := in.info.Uses[n.Sel].(*types.Func)
	if !ok {
		return
	}
	name := f.FullName()
	if in.stdFunc(n, name) {
		return
	}
	switch name {
	case "os.Exit":
		in.insert(n.Pos(), rtName+".Exits(")
		in.finish(n.End(), ")")
	case "log.Fatal", "log.Fatalln", "log.Fatalf", "(*log.Logger).Fatal", "(*log.Logger).Fatalln", "(*log.Logger).Fatalf":
		exiting := ".Exiting("
		if strings.HasSuffix(name, "f") {
			exiting = ".Exitingf("
		}
		in.insert(n.Pos(), rtName+exiting)
		in.replace(n.Sel.Pos(), n.Sel.End(), "Print"+strings.TrimPrefix(n.Sel.Name, "Fatal"))
		in.finish(n.End(), ")")
	}
}
