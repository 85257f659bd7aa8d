package notebook

import (
	"fmt"
	"strings"
	"testing"

	"gospark/kernel"
)

func TestFormatOfACell(t *testing.T) {
	b := open(t, Options{})
	cell := kernel.Cell{ID: "f", Number: 1, Code: "%go fmt\nx:=1\n%sql  SELECT 1\ny :=  2\n"}
	result, err := b.Execute(t.Context(), cell, &screen{})
	if want := "x := 1\n%sql  SELECT 1\ny := 2\n"; err != nil || result.Text != want {
		t.Errorf("got %q, %v", result.Text, err)
	}
	holds(t, b.bad("%go fmt\nx := := 1").trace(), "compile error", "line 2, column 6")
}

func TestBenchAndTest(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the worker")
	}
	b := open(t, withGo(t, Options{}))
	b.good("func double(n int) int { return 2 * n }\nx := 20")
	a := b.cell("%%bench\ny := make([]int, x)\ny[0] = double(x)")
	if a.err != nil || !strings.HasPrefix(a.out(), "BenchmarkCell-") || !strings.Contains(a.out(), "ns/op") || !strings.Contains(a.out(), "allocs/op") {
		t.Errorf("%q %s", a.out(), a.trace())
	}
	holds(t, b.bad("%%bench\nx := 1\nnope(x)").trace(), "undefined: nope", "line 3, column 1")
	holds(t, b.bad("%%bench\npanic(\"boom\")").trace(), "panic: boom")
	holds(t, b.good("x"), "20") // the worker lives
	a = b.cell("%%test\nfunc TestDouble(t *testing.T) {\n\tif double(2) != 4 { t.Error(\"no\") }\n}")
	if a.err != nil || !strings.Contains(a.out(), "--- PASS: TestDouble") || !strings.Contains(a.out(), "ok: 1 of 1") {
		t.Errorf("%q %s", a.out(), a.trace())
	}
	a = b.bad("%%test\nfunc TestBad(t *testing.T) { t.Run(\"sub\", func(t *testing.T) { t.Errorf(\"got %d\", x) }); t.Run(\"boom\", func(t *testing.T) { panic(7) }) }\nfunc TestPanics(t *testing.T) {\n\tvar m map[int]int\n\tm[1] = 2\n}\nfunc TestGood(t *testing.T) {}")
	holds(t, a.trace(), "2 of 3 tests failed")
	holds(t, a.out(), "got 20", "--- FAIL: TestBad")
	holds(t, a.out(), "panic: assignment to entry in nil map (cell[", "line 5")
	if a = b.cell("%%test --run=Good\nfunc TestGood(t *testing.T) {}\nfunc TestOther(t *testing.T) { t.Fail() }"); a.err != nil {
		t.Errorf("%s %s", a.out(), a.trace())
	}
	holds(t, b.bad("%%test\nx := 1").trace(), "there is no test in this cell")
}

// What a cell showed is there for later ones; what the kernel asks by itself is
// none of them.
func TestFormerResults(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the worker")
	}
	b := open(t, withGo(t, Options{}))
	holds(t, b.good("[]int{3, 4}"), "3, 4")
	number := b.cells
	b.good("x := strings.Repeat(\"long \", 100)\nvar e error = io.EOF\ndf := spark.Range(0, 10, 1)")
	table := b.good("%go vars")
	holds(t, table, "variable", "value", "*sparkclient.DataFrame", "EOF", "long long", "…")
	if strings.Contains(table, strings.Repeat("long ", 30)) {
		t.Errorf("a value is not cut:\n%s", table)
	}
	holds(t, b.good("_[1], e == io.EOF"), "4, true")
	holds(t, b.good(fmt.Sprintf("len(_%d)", number)), "2")
}
