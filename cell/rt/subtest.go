package rt

import (
	"fmt"
	"strings"
)

// Subtest guards a function that package testing runs on a goroutine of its own: a
// panic makes the test fail, and does not end the worker. T is a *testing.T or
// *testing.B.
func Subtest[T interface{ Errorf(string, ...any) }](f func(T)) func(T) {
	return func(t T) {
		defer func() {
			if v := Recovered(recover()); v != nil {
				t.Errorf("panic: %v%s", v, place(panicked(v).Frames))
			}
		}()
		f(t)
	}
}

// place is the innermost line of a cell in a trace.
func place(frames []Frame) string {
	for _, f := range frames {
		if at := strings.LastIndex(f.File, "cell["); at >= 0 {
			return fmt.Sprintf(" (%s, line %d)", f.File[at:], f.Line)
		}
	}
	return ""
}
