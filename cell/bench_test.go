package cell

import (
	"fmt"
	"testing"
)

// BenchmarkNewCell is a trivial cell that was never seen.
func BenchmarkNewCell(b *testing.B) {
	k := newBook(b)
	k.ok("x := 0")
	var total Result
	for i := 0; b.Loop(); i++ {
		_, res, err := k.run(fmt.Sprintf("x += %d\nfmt.Println(x)", i))
		if err != nil {
			b.Fatal(err)
		}
		total.Compile += res.Compile
		total.Link += res.Link
		total.Load += res.Load
	}
	b.ReportMetric(total.Compile.Seconds()*1000/float64(b.N), "compile-ms")
	b.ReportMetric(total.Link.Seconds()*1000/float64(b.N), "link-ms")
	b.ReportMetric(total.Load.Seconds()*1000/float64(b.N), "load-ms")
}

// BenchmarkSameCell runs an unchanged cell.
func BenchmarkSameCell(b *testing.B) {
	k := newBook(b)
	k.ok("x := 0")
	k.ok("x++")
	for b.Loop() {
		k.ok("x++")
	}
}

// BenchmarkFirstCell is a new kernel's first cell, everything built before.
func BenchmarkFirstCell(b *testing.B) {
	for b.Loop() {
		newBook(b).ok("1 + 1")
	}
}

// BenchmarkLines prints 100,000 lines.
func BenchmarkLines(b *testing.B) {
	k := newBook(b)
	for b.Loop() {
		k.ok(`for i := range 100_000 { fmt.Println("line", i) }`)
	}
}

// BenchmarkBlock prints 10 MB at once.
func BenchmarkBlock(b *testing.B) {
	k := newBook(b)
	for b.Loop() {
		k.ok(`fmt.Print(strings.Repeat("0123456789abcde\n", 655_360))`)
	}
}
