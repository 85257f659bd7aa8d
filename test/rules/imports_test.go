package rules

import (
	"os/exec"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"
)

// layer says which packages of this module a folder may import. The first
// layer that holds a package counts, so inner folders stand before outer ones.
type layer struct {
	folder string
	may    []string
	why    string
}

var layers = []layer{
	{"cmd/gospark-worker", []string{"cell/worker", "cell/rt", "display", "render", "sparkclient", "notebook/sparkview"},
		"the worker runs cells; what speaks Jupyter or starts servers stays in the kernel's process"},
	{"cmd", []string{".", "kernel", "notebook", "cell", "magic", "render", "sparkclient", "launcher", "kernelspec", "display", "doctor"},
		"cmd wires everything together and holds no logic"},
	{"notebook/sparkview", []string{"sparkclient", "render", "display"},
		"the kernel and the worker both show DataFrames; the worker must not link the kernel for it"},
	{"doctor", []string{"cell", "kernelspec", "launcher"},
		"the doctor looks at what gospark needs; how it is shown is for cmd and notebook"},
	{"notebook", []string{"notebook", "kernel", "cell", "magic", "render", "sparkclient", "launcher", "display", "doctor", "nearest"},
		"notebook is the one place where Jupyter, Go cells and Spark meet"},
	{"kernel/wire", []string{"kernel/wire", "display"},
		"wire turns bytes into messages and back; it must be usable without sockets"},
	{"kernel", []string{"kernel", "display"},
		"the kernel is for any language: it knows no Spark and no Go cells"},
	{"cell/rt", []string{"cell/rt", "cell/look"},
		"every cell links cell/rt: it must stay tiny"},
	{"cell/look", nil, "what all loops do must be next to nothing, and a handler of signals may use next to nothing"},
	{"cell/repair", nil, "cell/repair mends the run-time of the worker before anything else runs"},
	{"cell/measure", []string{"cell/rt"}, "cells link cell/measure: package testing, and of ours only what every cell links"},
	{"cell/source", []string{"cell/source", "nearest"},
		"cell/source is pure: text in, text out, tested without a toolchain"},
	{"cell/toolchain", []string{"cell/toolchain"},
		"cell/toolchain knows commands and caches, not what a cell means"},
	{"cell/frame", []string{"cell/frame", "display"},
		"frames are what kernel and worker say to each other; both import them, they import neither"},
	{"cell/worker", []string{"cell/worker", "cell/frame", "cell/rt", "cell/look", "cell/measure", "display"},
		"the worker's library knows neither Jupyter nor Spark; cmd/gospark-worker gives it both"},
	{"cell", []string{"cell", "display"},
		"Go cells are useful without Jupyter and without Spark"},
	{"nearest", nil, "it compares words"},
	{"magic", []string{"nearest"},
		"magic only parses: a command line in, a typed command out"},
	{"render", []string{"display"},
		"render is pure: values in, MIME bundles out"},
	{"sparkclient/internal", []string{"sparkclient/internal"},
		"a plan is a description; it does not know who sends it"},
	{"sparkclient/functions", []string{"sparkclient"},
		"functions make columns of the light API"},
	{"sparkclient/window", []string{"sparkclient"},
		"window makes window specifications of the light API"},
	{"sparkclient/connect", []string{"sparkclient"},
		"the wire client serves the light API and nothing else"},
	{"sparkclient/apache", []string{"sparkclient"},
		"the bridge to apache/spark-connect-go is one package, so that cells without it do not link it"},
	{"sparkclient", []string{"sparkclient/internal", "sparkclient/functions"},
		"cells import sparkclient: what drags in gRPC and Arrow sits behind its Engine interface"},
	{"launcher", []string{"launcher", "nearest"},
		"the launcher starts, shares and stops servers for anybody, without a notebook"},
	{"kernelspec", []string{"labextension"}, "kernelspec writes and removes files"},
	{"labextension", nil, "labextension carries files, whatever is in them"},
	{"display", nil, "display is at the bottom: everything may show things"},
	{".", nil, "the root package only carries the module's source for the cell worker"},
}

func TestImportsGoDown(t *testing.T) {
	for _, p := range sources(t) {
		l, ok := layerOf(short(p.PkgPath))
		if !ok {
			t.Errorf("package %s has no place in the layers.\n"+
				"  Add it to the list in test/rules/imports_test.go with its reason, and to ARCHITECTURE.md.", p.PkgPath)
			continue
		}
		for path := range p.Imports {
			if isOwn(path) && !under(short(path), l.may...) {
				t.Errorf("%s imports %s.\n  Why not: %s.\n"+
					"  Instead: declare an interface in %s and let notebook or cmd hand the implementation in.",
					p.PkgPath, path, l.why, l.folder)
			}
		}
	}
}

func layerOf(pkg string) (layer, bool) {
	for _, l := range layers {
		if under(pkg, l.folder) {
			return l, true
		}
	}
	return layer{}, false
}

func isOwn(path string) bool { return path == module || strings.HasPrefix(path, module+"/") }

// owners name the only packages that may import something.
var owners = []struct {
	path    string // an import path, or the beginning of one
	folders []string
	why     string
}{
	{"github.com/go-zeromq/zmq4", []string{"kernel/zmq"},
		"stock zmq4 dies or hangs on hostile peers; kernel/zmq puts the guard transport before it"},
	{"modernc.org/sqlite", []string{"kernel/history"},
		"the driver can be exchanged in one place; a file that several kernels write has one owner of its layout"},
	{"github.com/apache/spark-connect-go", []string{"sparkclient/apache"},
		"it loses jobs, sessions and types; it is only the API that people know, on our connection"},
	{"google.golang.org/grpc", []string{"sparkclient/connect", "sparkclient/apache"},
		"gRPC costs a Go cell two seconds of linking; the API for cells must not reach it"},
	{"google.golang.org/protobuf", []string{"sparkclient/connect", "sparkclient/apache", "sparkclient/internal/generate"},
		"protobuf costs a Go cell link time; the API for cells has its own light encoding"},
	{"github.com/apache/arrow-go", []string{"sparkclient/connect", "sparkclient/apache"},
		"rows leave sparkclient/connect as Go values"},
	{"plugin", []string{"cell/worker"},
		"a plugin can never be unloaded; only the worker, which can be ended, may load one"},
	{"net/http/pprof", nil, "it opens a debugging page to every user of the machine"},
}

func TestSingleImporters(t *testing.T) {
	for _, p := range sources(t) {
		for path := range p.Imports {
			for _, o := range owners {
				if (path == o.path || strings.HasPrefix(path, o.path+"/")) && !under(short(p.PkgPath), o.folders...) {
					t.Errorf("%s imports %s; only %s may.\n  Why: %s.",
						p.PkgPath, path, orNobody(o.folders), o.why)
				}
			}
		}
	}
}

func orNobody(folders []string) string {
	if len(folders) == 0 {
		return "nobody"
	}
	return strings.Join(folders, " and ")
}

// light are the packages that Go cells may import, directly or not.
var light = []string{"display", "sparkclient", "sparkclient/functions", "sparkclient/window", "cell/rt", "cell/look"}

// lightModules are the modules outside the standard library that light
// packages may reach.
var lightModules = []string{"github.com/cockroachdb/apd/v3"}

func TestLightPackagesStayLight(t *testing.T) {
	for _, pkg := range light {
		for _, dep := range dependencies(t, module+"/"+pkg) {
			if isOwn(dep) || under(dep, lightModules...) {
				continue
			}
			t.Errorf("%s depends on %s.\n"+
				"  Why not: the compiler would read that too in each cell that imports it, and a cell that cannot be bound to the worker link it.\n"+
				"  Instead: put it behind sparkclient.Engine or a hook that cmd/gospark-worker fills in.", pkg, dep)
		}
	}
}

func TestKernelLoadsNoCode(t *testing.T) {
	for _, dep := range dependencies(t, module+"/cmd/gospark") {
		if dep == "plugin" || dep == module+"/cell/worker" {
			t.Errorf("cmd/gospark depends on %s.\n"+
				"  Why not: the kernel never runs the user's code, so that a crash there costs no kernel.", dep)
		}
	}
}

// dependencies lists what pkg links besides the standard library (but with
// plugin, if it is there).
func dependencies(t *testing.T, pkg string) []string {
	t.Helper()
	const format = `{{if or (not .Standard) (eq .ImportPath "plugin")}}{{.ImportPath}}{{end}}`
	cmd := exec.CommandContext(t.Context(), "go", "list", "-deps", "-f", format, pkg)
	cmd.Dir = "../.."
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list -deps %s: %v", pkg, err)
	}
	return strings.Fields(string(out))
}

func TestEveryLayerExists(t *testing.T) {
	have := sources(t)
	for _, l := range layers {
		if !holds(have, l.folder) {
			t.Errorf("test/rules/imports_test.go speaks of %q, which holds no package.\n"+
				"  Remove the line: a stale rule hides a real one.", l.folder)
		}
	}
}

func holds(pkgs []*packages.Package, folder string) bool {
	for _, p := range pkgs {
		if under(short(p.PkgPath), folder) {
			return true
		}
	}
	return false
}
