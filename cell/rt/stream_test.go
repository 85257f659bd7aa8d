package rt

import (
	"fmt"
	"io"
	"testing"
)

func BenchmarkPrints(b *testing.B) {
	r := Begin(b.Context(), Info{Label: labels("bench"), Write: func(_ Stream, p []byte) (int, error) { return len(p), nil },
		Replaced: func(Stream) io.ReadWriter { return nil }})
	r.Call(func() {
		for i := 0; b.Loop(); i++ {
			_, _ = Prints(fmt.Fprintln)("line", i)
		}
	})
}

func BenchmarkFprintln(b *testing.B) {
	for i := 0; b.Loop(); i++ {
		_, _ = fmt.Fprintln(io.Discard, "line", i)
	}
}
