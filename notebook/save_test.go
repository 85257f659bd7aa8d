package notebook

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"gospark/kernel"
)

// rerun runs a cell that has an id in its notebook.
func (b *book) rerun(id, code string) {
	b.t.Helper()
	b.cells++
	c := kernel.Cell{ID: fmt.Sprintf("%s-%d", b.session, b.cells), Number: b.cells, Code: code, CellID: id}
	if _, err := b.Execute(b.t.Context(), c, &screen{}); err != nil {
		b.t.Fatalf("%s: %v", code, err)
	}
}

// What is saved is the notebook as it is now, and connects to Spark by itself.
func TestRealSave(t *testing.T) {
	b := open(t, withGo(t, realOptions(t)))
	t.Chdir(t.TempDir())
	holds(t, b.bad("%save main.go").trace(), "nothing to save: no Go cell has run yet")
	b.rerun("a", "limit := 3")
	b.rerun("b", "evens := spark.Range(10).Filter(F.Expr(\"id % 2 = 0\"))\nevens")
	b.rerun("c", "n, err := evens.Limit(limit).Count(ctx)\nif err != nil { panic(err) }\nn")
	b.rerun("a", "limit := 4")
	b.good("%%bench\nlimit++")
	b.good("%%test\nfunc TestLimit(t *testing.T) {}")
	holds(t, b.good("%save main.go"), "wrote ", " bytes to main.go", "its modules are in ", "/go.mod", "SPARK_REMOTE=sc://HOST:PORT")
	holds(t, b.bad("%save main.go").trace(), "file exists: main.go is there already", "%save -f main.go")
	b.good("limit")
	b.good("%save -f main.go")
	holds(t, b.bad("%save no/such/main.go").trace(), "file error: cannot open no/such/main.go: no such file")
	code, err := os.ReadFile("main.go")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(code), "measure") || strings.Contains(string(code), "limit := 3") {
		t.Errorf("%s", code)
	}
	s, _ := b.spark.peek()
	run := exec.CommandContext(t.Context(), "go", "run", "main.go")
	run.Env = append(os.Environ(), "SPARK_REMOTE="+s.join.URL, "GOFLAGS=-mod=readonly")
	out, err := run.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s\n%s", err, out, code)
	}
	holds(t, string(out), "| id|", "|  0|", "|  8|", "\n4\n4\n")
}
