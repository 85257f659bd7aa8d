package testcell

import (
	"fmt"
	"strings"
)

// LongCell is a cell of 2,000 lines: types, methods, functions, live variables and
// statements that use them all.
func LongCell() string {
	var b strings.Builder
	for i := range 200 {
		fmt.Fprintf(&b, `type T%[1]d struct{ A, B int; Name string }
func (t *T%[1]d) Sum() int { return t.A + t.B + len(t.Name) }
func f%[1]d(n int) (out []string) {
	for i := range n {
		out = append(out, fmt.Sprint(i, strings.ToUpper("x")))
	}
	return out
}
v%[1]d := &T%[1]d{A: %[1]d, Name: "n"}
v%[1]d.B = v%[1]d.Sum() + len(f%[1]d(3))
`, i)
	}
	return b.String()
}
