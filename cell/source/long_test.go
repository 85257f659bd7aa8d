package source

import (
	"strings"
	"testing"

	"gospark/cell/internal/testcell"
)

// Of a long cell little is parsed and checked for a completion.
func TestRelevant(t *testing.T) {
	code := testcell.LongCell() + "v7.x"
	got := strings.Join(strings.Fields(relevant(code, len(code)-1, func(string) bool { return true })), " ")
	const want = `type T7 struct{ A, B int; Name string } func (t *T7) Sum() int {select{}} v7 := &T7{A: 7, Name: "n"} v7.x`
	if got != want {
		t.Error(got)
	}
}

// BenchmarkCompleteInLongCell completes at the end of a cell of 2,000 lines.
func BenchmarkCompleteInLongCell(b *testing.B) {
	nb := assisted(b)
	code := testcell.LongCell() + "v7."
	for b.Loop() {
		if c, _, _ := nb.Complete(code, len(code)); len(c) != 4 {
			b.Fatal(c)
		}
	}
}

// BenchmarkCompleteAnyInLongCell asks for all names in the middle of a long cell.
func BenchmarkCompleteAnyInLongCell(b *testing.B) {
	nb := assisted(b)
	long := testcell.LongCell()
	at := strings.Index(long, "type T100 ")
	for b.Loop() {
		if c, _, _ := nb.Complete(long, at); len(c) < 600 {
			b.Fatal(len(c))
		}
	}
}

// BenchmarkInspectInLongCell asks for the function whose arguments are written.
func BenchmarkInspectInLongCell(b *testing.B) {
	nb := assisted(b)
	code := testcell.LongCell() + "f199("
	for b.Loop() {
		if d, _ := nb.Inspect(code, len(code), 1); d.Signature != "func f199(n int) (out []string)" || !strings.HasSuffix(d.Source, "}") {
			b.Fatal(d)
		}
	}
}

// BenchmarkCompileLongCell checks and writes a cell of 2,000 lines.
func BenchmarkCompileLongCell(b *testing.B) {
	nb := assisted(b)
	code := testcell.LongCell()
	for b.Loop() {
		if _, err := nb.Compile(Cell{Code: code, Number: 7}); err != nil {
			b.Fatal(err)
		}
	}
}
