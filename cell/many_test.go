package cell

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

// BenchmarkManyCells runs 300 cells, each with a type, a method, a function and a variable
// of its own. It reports how many times longer the last 20 take than the first 20, and
// what each costs the worker and the kernel of memory.
func BenchmarkManyCells(b *testing.B) {
	const cells, part = 300, 20
	for b.Loop() {
		k := newBook(b)
		k.ok("x := 0")
		var first, last sums
		before, kernel := resident(b, k.r.worker.pid), resident(b, os.Getpid())
		for i := range cells {
			began := time.Now()
			_, r, err := k.run(fmt.Sprintf(`type T%[1]d struct{ A int }
func (t T%[1]d) Sum() int { return t.A + x }
func f%[1]d(n int) (out []string) { return append(out, fmt.Sprint(n, x)) }
v%[1]d := T%[1]d{%[1]d}
x = v%[1]d.Sum() + len(f%[1]d(3))
x + %[1]d`, i))
			if err != nil {
				b.Fatal(err)
			}
			took := sums{time.Since(began), r.Compile, r.Link, r.Load, r.Exec}
			if i < part {
				first.add(took)
			} else if i >= cells-part {
				last.add(took)
			}
		}
		for i, name := range []string{"all", "compile", "link", "load", "exec"} {
			b.ReportMetric(last[i].Seconds()/first[i].Seconds(), name+"-x")
			b.ReportMetric(last[i].Seconds()*1000/part, name+"-ms")
		}
		b.ReportMetric(float64(resident(b, k.r.worker.pid)-before)/cells, "worker-kB/cell")
		b.ReportMetric(float64(resident(b, os.Getpid())-kernel)/cells, "kernel-kB/cell")
	}
}

// sums are the time of cells, and of it what compiling, linking, loading and running took.
type sums [5]time.Duration

func (s *sums) add(o sums) {
	for i := range s {
		s[i] += o[i]
	}
}

// resident is the proportional memory of a process in kB.
func resident(b *testing.B, pid int) (kB int) {
	b.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	if err != nil {
		b.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if n, _ := fmt.Sscanf(line, "Pss: %d", &kB); n == 1 {
			return kB
		}
	}
	b.Fatal("no Pss")
	return 0
}
