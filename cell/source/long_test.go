package source

import (
	"testing"

	"gospark/cell/internal/testcell"
)

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
