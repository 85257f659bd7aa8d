// Package measure is what the cells of %%bench and %%test call: the benchmarks and
// tests of package testing, in a live worker.
//
// The one thing to understand: package testing is made for a program that ends with
// its tests. So one test, which never ends, is begun in each worker that needs it,
// and the tests of cells run as its subtests. Each is guarded (rt.Subtest), since a
// panic on a goroutine of package testing would end the worker.
//
// It knows nothing of Jupyter, and nothing of how a cell was made.
package measure

import (
	"flag"
	"fmt"
	"regexp"
	"runtime"
	"sync"
	"testing"
	"time"

	"gospark/cell/rt"
)

// Bench runs a benchmark of package testing, for about a second, and writes its
// line as go test does. It panics with what f panicked with.
func Bench(name string, f func(*testing.B)) {
	var failed any
	r := testing.Benchmark(func(b *testing.B) {
		defer func() {
			if failed = recover(); failed != nil {
				b.FailNow()
			}
		}()
		b.ReportAllocs()
		f(b)
	})
	if failed != nil {
		panic(failed)
	}
	fmt.Printf("%s-%d\t%s\t%s\n", name, runtime.GOMAXPROCS(0), r, r.MemString())
}

// Test is one test function.
type Test struct {
	Name string
	Func func(*testing.T)
}

// root is the test whose subtests are those of the cells. Its goroutine, and that
// of package testing which waits for it, end with the worker.
var root = sync.OnceValue(func() *testing.T {
	testing.Init()
	_ = flag.Set("test.v", "true") // both are known flags, with good values
	_ = flag.Set("test.paniconexit0", "false")
	began := make(chan *testing.T)
	go testing.Main(regexp.MatchString, []testing.InternalTest{{Name: "Cell", F: func(t *testing.T) {
		began <- t
		select {}
	}}}, nil, nil)
	return <-began
})

// Run runs the tests that pattern matches, writes their results as go test -v
// does, and says in its error how many failed.
func Run(pattern string, tests ...Test) error {
	match, err := regexp.Compile(pattern)
	if err != nil {
		return err
	}
	failed, ran := 0, 0
	for _, test := range tests {
		if !match.MatchString(test.Name) {
			continue
		}
		ran++
		result, began := "PASS", time.Now()
		var skipped bool
		ok := root().Run(test.Name, func(t *testing.T) {
			t.Cleanup(func() { skipped = t.Skipped() })
			rt.Subtest(test.Func)(t)
		})
		switch {
		case !ok:
			result = "FAIL"
			failed++
		case skipped:
			result = "SKIP"
		}
		// Package testing would say so when the test ends that never does.
		fmt.Printf("--- %s: %s (%.2fs)\n", result, test.Name, time.Since(began).Seconds())
	}
	switch {
	case ran == 0:
		return fmt.Errorf("no test matches %q", pattern)
	case failed > 0:
		return fmt.Errorf("%d of %d tests failed", failed, ran)
	}
	fmt.Printf("ok: %d of %d\n", ran, ran)
	return nil
}
