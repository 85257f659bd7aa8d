package rules

import (
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"
)

// vague are words that say nothing about what a thing is.
var vague = regexp.MustCompile(`(Manager|Helper|Impl)$|^(util|utils|common|helpers?|misc)$`)

func TestNamesSaySomething(t *testing.T) {
	for _, p := range sources(t) {
		names := append([]string{p.Name}, p.Types.Scope().Names()...)
		for _, name := range names {
			if vague.MatchString(name) {
				t.Errorf("%s: the name %s says nothing.\n"+
					"  Instead: use Jupyter's, Go's or Spark's own word for what it is.", p.PkgPath, name)
			}
		}
	}
}

// literals are texts that may stand in the named folders only.
var literals = []struct {
	text    string
	folders []string
	why     string
}{
	{"Go (Spark)", []string{"kernelspec"}, "the kernel's display name has one home"},
	{"15002", []string{"sparkclient/connect", "magic"}, "no port is assumed: only sc:// URLs without one mean it, by Spark's specification"},
	{"4040", nil, "no port is assumed: every server publishes where it is"},
	{"rpc error", nil, "nobody parses gRPC's prose, and nobody shows it"},
}

func TestLiteralsHaveOneHome(t *testing.T) {
	eachFile(t, func(p *packages.Package, file *ast.File, name string) {
		ast.Inspect(file, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind == token.CHAR {
				return true
			}
			for _, l := range literals {
				if strings.Contains(lit.Value, l.text) && !under(short(p.PkgPath), l.folders...) {
					t.Errorf("%s:%d: %q stands here; only %s may say it.\n  Why: %s.",
						name, p.Fset.Position(lit.Pos()).Line, l.text, orNobody(l.folders), l.why)
				}
			}
			return true
		})
	})
}

// calls are functions that no package but a command may call.
var calls = []struct {
	name    string // package path, dot, function
	why     string
	instead string
}{
	{"os.Exit", "deferred clean-up would not run", "return an error"},
	{"log.Fatal", "deferred clean-up would not run", "return an error"},
	{"log.Fatalf", "deferred clean-up would not run", "return an error"},
	{"time.Sleep", "order comes from a queue, never from a delay; a sleep cannot be cancelled",
		"select on a timer and ctx.Done()"},
}

func TestForbiddenCalls(t *testing.T) {
	eachFile(t, func(p *packages.Package, file *ast.File, name string) {
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			for _, c := range calls {
				if calledName(p, call) == c.name && p.Name != "main" && !forTests(p) {
					t.Errorf("%s:%d: %s is called here.\n  Why not: %s.\n  Instead: %s.",
						name, p.Fset.Position(call.Pos()).Line, c.name, c.why, c.instead)
				}
			}
			return true
		})
	})
}

func calledName(p *packages.Package, call *ast.CallExpr) string {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	f, ok := p.TypesInfo.Uses[sel.Sel].(*types.Func)
	if !ok || f.Pkg() == nil || f.Signature().Recv() != nil {
		return ""
	}
	return f.Pkg().Path() + "." + f.Name()
}

// untypedFiles of kernel hold MIME bundles, which are any JSON by the
// protocol's own rule.
var untypedFiles = []string{"kernel/send.go", "kernel/history.go"}

func TestKernelMessagesAreTyped(t *testing.T) {
	eachFile(t, func(p *packages.Package, file *ast.File, name string) {
		pkg := short(p.PkgPath)
		if !under(pkg, "kernel") || under(pkg, "kernel/wire") || forTests(p) || slices.Contains(untypedFiles, name) {
			return
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if what := untyped(n); what != "" {
				t.Errorf("%s:%d: %s inside kernel.\n"+
					"  Why not: a message's content is decoded once, at its route, into its own type.\n"+
					"  Instead: add a field or a type to kernel/wire.", name, p.Fset.Position(n.Pos()).Line, what)
			}
			return true
		})
	})
}

func untyped(n ast.Node) string {
	switch n := n.(type) {
	case *ast.MapType:
		if isIdent(n.Key, "string") && isIdent(n.Value, "any") {
			return "map[string]any"
		}
	case *ast.TypeAssertExpr:
		if n.Type != nil && isIdent(n.Type, "string") {
			return ".(string)"
		}
	}
	return ""
}

func isIdent(e ast.Expr, name string) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == name
}
