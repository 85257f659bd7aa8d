package notebook

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gospark"
	"gospark/cell"
	"gospark/kernel"
)

// withGo lets a notebook run Go cells, built in the cache of the user: what is
// there needs not be built again.
func withGo(t testing.TB, o Options) Options {
	t.Helper()
	cache := os.Getenv("GOSPARK_CACHE_DIR")
	if cache == "" {
		base, err := os.UserCacheDir()
		if err != nil {
			t.Fatal(err)
		}
		cache = filepath.Join(base, "gospark")
	}
	o.Cells = cell.Options{
		CacheDir: cache, Source: gospark.Source, Worker: "gospark/cmd/gospark-worker",
		Light: []string{"gospark/display", "gospark/sparkclient", "gospark/sparkclient/functions", "gospark/sparkclient/window"},
	}
	return o
}

// The kernel and the worker share one session: what SQL makes Go sees, and the
// other way round, also when the session is a new one after a restart.
func TestRealGoAndSQL(t *testing.T) {
	b := open(t, withGo(t, realOptions(t)))
	holds(t, b.good("%%sql -o odd -q\nSELECT id FROM range(10) WHERE id % 2 = 1"), "")
	holds(t, b.good("n, err := odd.Count(ctx)\nif err != nil { panic(err) }\nn"), "5")
	holds(t, b.good("odd"), "id", "bigint", "9")
	holds(t, b.good("odd.Plot(\"hist\", \"id\")"), "distribution of id · 5 values")
	holds(t, b.good("odd.Profile()"), "5 rows, 1 column", "id", "bigint")
	holds(t, b.bad("odd.Plot(\"bar\", \"nowhere\")").trace(), "chart: there is no column nowhere", "id")
	holds(t, b.good("spark.Range(3).CreateOrReplaceTempView(ctx, \"three\")\nspark.ID()"), b.sessionID())
	holds(t, b.good("%sql SELECT sum(id) AS s FROM three"), "3")
	holds(t, b.bad("spark.Table(\"nowhere\")").trace(), "TABLE_OR_VIEW_NOT_FOUND", "42P01", "%spark tables")
	holds(t, b.good("view := spark.Table(\"three\")\nview"), "2")

	b.good("%spark restart")
	holds(t, b.good("odd"), "9") // a description: it runs in the new session
	holds(t, b.bad("view").trace(), "TABLE_OR_VIEW_NOT_FOUND", "three")
	holds(t, b.good("spark.ID()"), b.sessionID())

	b.good("%spark stop")
	a := b.cell("odd.Count(ctx)") // connects by itself
	if a.err != nil || !strings.Contains(a.value, "5") {
		t.Errorf("%q %s", a.value, a.trace())
	}
	b.expressions(t)
	b.errors(t)
}

// expressions: user_expressions are Go, each with its own answer.
func (b *book) expressions(t *testing.T) {
	t.Helper()
	c := kernel.Cell{ID: t.Name() + "-x", Number: 99, Code: "x := 6", Expressions: map[string]string{"a": "x * 7", "b": "nope", "c": "%env HOME"}}
	s := &screen{}
	result, err := b.Execute(t.Context(), c, s)
	if err != nil {
		t.Fatal(err)
	}
	if v := result.Expressions["a"].Value; v == nil || v.Text() != "42" {
		t.Errorf("a: %v", result.Expressions["a"])
	}
	for _, name := range []string{"b", "c"} {
		if e := result.Expressions[name].Err; e == nil || e.Name != "compile error" {
			t.Errorf("%s: %+v", name, result.Expressions[name])
		}
	}
	if len(s.texts()) != 0 {
		t.Errorf("expressions show %q", s.texts())
	}
}

// errors of Go cells, in the words of this package.
func (b *book) errors(t *testing.T) {
	t.Helper()
	holds(t, b.bad("%env HOME\ny := nope + 1").trace(), "compile error: undefined: nope", "line 2, column 6", "y := nope + 1", "^")
	holds(t, b.bad("[]int{1}[x]").trace(), "panic: runtime error: index out of range", "line 1")
	holds(t, b.bad("import \"errors\"\nerrors.New(\"mine\")").trace(), "error: mine")
	holds(t, b.bad("import \"os\"\nos.Exit(4)").trace(), "exit", "os.Exit(4)")
	holds(t, b.good("x"), "6")
}
