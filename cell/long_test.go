package cell

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"gospark/cell/internal/testcell"
	"gospark/cell/source"
)

// A cell of 2,000 lines is one like others, also where it is wrong.
func TestLongCell(t *testing.T) {
	b := newBook(t)
	long := testcell.LongCell()
	if n := strings.Count(long, "\n"); n != 2000 {
		t.Fatalf("%d lines", n)
	}
	_, _, err := b.run(long + "var s string = v199.B\nv199.C\nnowhere\n")
	var wrong *source.CompileError
	if !errors.As(err, &wrong) || len(wrong.Diagnostics) != 3 {
		t.Fatal(err)
	}
	for i, d := range wrong.Diagnostics {
		if d.Line != 2001+i {
			t.Errorf("line %d: %s", d.Line, d.Msg)
		}
	}
	var panicked *PanicError
	_, res, err := b.run(long + "fmt.Println(v199.B)\nvar none []int\nnone[v0.A]++\n")
	if !errors.As(err, &panicked) || len(panicked.Frames) != 1 || panicked.Frames[0].Line != 2003 {
		t.Errorf("%v, at %+v", err, panicked)
	}
	t.Logf("compile %v, link %v, load %v", res.Compile, res.Link, res.Load)
	b.want("v199.B, f3(2)", "=> 203 [0X 1X]")
	b.want("v7.Sum()", "=> 19")
}

// BenchmarkLongCell is a cell of 2,000 lines that was never seen.
func BenchmarkLongCell(b *testing.B) {
	k := newBook(b)
	long := testcell.LongCell()
	for i := 0; b.Loop(); i++ {
		k.ok(fmt.Sprintf("%sv0.B = %d", long, i))
	}
}
