package rules

import (
	"go/ast"
	"go/token"
	"go/types"
	"testing"

	"golang.org/x/tools/go/packages"
)

// variables are the package variables that may change, with the reason.
// The key is "folder.name".
var variables = map[string]string{
	"display.installed":     "user code calls display.HTML without a handle; the worker installs its sink once, one atomic pointer",
	"sparkclient.installed": "user code says spark without a handle; the worker installs its session once, one atomic pointer",
	"cell/rt.foreground":    "generated code calls rt without a handle; a worker process has one foreground cell",
	"cell/rt.runs":          "the same: which run a goroutine of a cell belongs to",
	"cell/look.door":        "what the loops of all cells load; no pointer to it is quick enough",
	"cell/look.open":        "where door points",
	"cell/look.stops":       "signals, and who is told by them, are the process's",
	"cell/look.handler":     "the same: the kernel calls the handler with nothing of ours",
	"cell/rt.former":        "the same: the values that cells showed",
	"magic.made":            "the table of all magics: made once, at its first use, then only read; an initialiser would be a cycle",
}

// goroutines are the functions that may use a bare go statement, with who
// waits for the goroutine. An errgroup needs no line here: its Wait is the owner.
// The key is "folder.function".
var goroutines = map[string]string{
	"cell.start":                        "process.watch reaps the worker; process.done closes when it has",
	"cell/look.Close":                   "opens and closes the door while something is being stopped, and ends then",
	"cell/rt.Go":                        "user code's own go statement; counted in its run, fenced against panics",
	"cell/rt.(*Run).Call":               "the cell itself; Call waits for it, or abandons it after an interrupt that it ignored",
	"cell/worker.(*Worker).receive":     "a cell; it ends with it, and Done tells the kernel",
	"cell/worker.(*Worker).watchInput":  "the function that watchInput returns waits for it",
	"cell/worker.(*comm).push":          "deliver ends with the comm's queue, giveUp with its word; the worker never ends before its process",
	"cell/worker.(*Worker).interrupt":   "ends with the cell or its grace time",
	"cell/worker.Serve":                 "work ends with the process: the worker is killed when its kernel has gone",
	"kernel.(*kernel).closeInterpreter": "waited for; left behind only where the interpreter ignores its deadline, and the process ends then",
	"kernel.(*kernel).wait":             "waits for all others and gives up with ErrStuck",
	"launcher.(*attacher).launch":       "reaps the supervisor, which is meant to outlive the kernel",
	"launcher.startJVM":                 "jvm.run reaps the server; jvm.done closes when it has",
	"launcher.newLease":                 "Lease.read; Lease.done closes when it ends",
}

func TestNoMutablePackageVariables(t *testing.T) {
	for _, p := range sources(t) {
		vars := packageVariables(p)
		for _, file := range p.Syntax {
			if ast.IsGenerated(file) {
				continue
			}
			changes(p, file, func(obj types.Object, at token.Pos, how string) {
				key := short(p.PkgPath) + "." + obj.Name()
				if vars[obj] && variables[key] == "" {
					t.Errorf("%s: package variable %s is %s.\n"+
						"  Why not: two kernels, sessions or tests in one process would share it.\n"+
						"  Instead: make it a field of what uses it. A real exception: the list in test/rules/state_test.go.",
						p.Fset.Position(at), key, how)
				}
			})
		}
	}
}

func packageVariables(p *packages.Package) map[types.Object]bool {
	vars := make(map[types.Object]bool)
	for _, name := range p.Types.Scope().Names() {
		if v, ok := p.Types.Scope().Lookup(name).(*types.Var); ok {
			vars[v] = true
		}
	}
	return vars
}

// changes reports every variable that file assigns, takes the address of, or
// calls a pointer method on.
func changes(p *packages.Package, file *ast.File, report func(types.Object, token.Pos, string)) {
	say := func(e ast.Expr, how string) {
		if id := root(e); id != nil {
			if obj := p.TypesInfo.Uses[id]; obj != nil {
				report(obj, id.Pos(), how)
			}
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, e := range n.Lhs {
				say(e, "assigned")
			}
		case *ast.IncDecStmt:
			say(n.X, "assigned")
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				say(n.X, "handed out by address")
			}
		case *ast.CallExpr:
			reportCall(p, n, say)
		}
		return true
	})
}

// reportCall reports delete(x, …), clear(x) and x.M() where M has a pointer
// receiver and x is no pointer: a mutex, an atomic, a sync.Map.
func reportCall(p *packages.Package, call *ast.CallExpr, say func(ast.Expr, string)) {
	switch fun := call.Fun.(type) {
	case *ast.Ident:
		if (fun.Name == "delete" || fun.Name == "clear") && len(call.Args) > 0 {
			say(call.Args[0], "changed by "+fun.Name)
		}
	case *ast.SelectorExpr:
		sel := p.TypesInfo.Selections[fun]
		if sel == nil || sel.Kind() != types.MethodVal {
			return
		}
		recv := sel.Obj().(*types.Func).Signature().Recv()
		_, pointerMethod := recv.Type().(*types.Pointer)
		_, isPointer := sel.Recv().Underlying().(*types.Pointer)
		if pointerMethod && !isPointer {
			say(fun.X, "changed by its method "+fun.Sel.Name)
		}
	}
}

// root finds x in x, x.f, x[i], *x and (x).
func root(e ast.Expr) *ast.Ident {
	for {
		switch x := e.(type) {
		case *ast.Ident:
			return x
		case *ast.SelectorExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		default:
			return nil
		}
	}
}

func TestGoroutinesHaveOwners(t *testing.T) {
	used := make(map[string]bool)
	eachFile(t, func(p *packages.Package, file *ast.File, name string) {
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || forTests(p) {
				continue
			}
			key := short(p.PkgPath) + "." + funcName(f)
			ast.Inspect(f, func(n ast.Node) bool {
				if g, ok := n.(*ast.GoStmt); ok {
					used[key] = true
					if goroutines[key] == "" {
						t.Errorf("%s:%d: %s starts a goroutine.\n"+
							"  Why not: whoever starts one must wait for it, or kernels leak and tests flake.\n"+
							"  Instead: use the errgroup of the component's Serve or Run. Where something else\n"+
							"  really waits, say who in the list of test/rules/state_test.go.",
							name, p.Fset.Position(g.Pos()).Line, key)
					}
				}
				return true
			})
		}
	})
	for key := range goroutines {
		if !used[key] {
			t.Errorf("test/rules/state_test.go allows a goroutine in %s, which starts none: remove the line.", key)
		}
	}
}
