package cell

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"
)

// Functions that only call themselves do not look whether the cell is to stop, where
// cells are bound to the worker; they stop all the same, what is deferred runs, and
// the next cell finds everything as it was.
func TestInterruptOfRecursion(t *testing.T) {
	b := newBook(t)
	b.want(`func fib(n int) int { if n < 2 { return n }; return fib(n-1) + fib(n-2) }

// mixed has arguments in registers of both kinds and on the stack, and pointers.
func mixed(n int, x float64, s string, p *node, many [4]int, e error) (sum float64, text string) {
	if n == 0 { return x + float64(p.value+many[3]), s }
	a, left := mixed(n-1, x/2, s, p.next, many, e)
	c, _ := mixed(n-1, x/2, left, p, many, e)
	return a + c, left
}

type node struct { value int; next *node }

func (p *node) count(depth int) int {
	if depth == 0 { return p.value }
	return p.next.count(depth-1) + p.count(depth-1)
}

ring := &node{value: 1}
ring.next = &node{2, ring}
deferred := 0
func guarded(f func()) { defer func() { deferred++ }(); f() }
fmt.Println(fib(20), ring.count(10))
mixed(10, 1, "ab", ring, [4]int{3: 7}, nil)
`, "6765 1536\n=> 8705 ab")
	for i, code := range []string{"fib(90)", "mixed(90, 1, \"ab\", ring, [4]int{}, nil)", "ring.count(90)", "func() { defer fib(3); fib(90) }()"} {
		c := b.start(false, "fmt.Println(\"runs\")\nguarded(func() { "+code+" })")
		c.await(t, "runs")
		time.Sleep(20 * time.Millisecond) // it computes for a while
		c.stop()
		if err := <-c.ended; !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", code, err)
		}
		b.want("fmt.Println(fib(20), ring.count(10))\ndeferred", fmt.Sprintf("6765 1536\n=> %d", i+1))
	}
}

// What is not to stop computes on, and right, while another cell does not end.
func TestRecursionBesideAnInterrupt(t *testing.T) {
	b := newBook(t)
	b.ok(`func fib(n int) int { if n < 2 { return n }; return fib(n-1) + fib(n-2) }

func sum(n int, x float64, s string, p []int) (float64, int) {
	if n == 0 { return x, len(s) + p[0] }
	a, i := sum(n-1, x/2, s, p)
	b, j := sum(n-1, x/2, s, p)
	return a + b, i + j
}`)
	stuck := b.start(false, "fmt.Println(\"runs\")\nhold := make(chan bool)\n<-hold")
	stuck.await(t, "runs")
	beside := b.start(true, `fmt.Println("runs")
for began := time.Now(); time.Since(began) < time.Second; {
	garbage := make([]int, 1e5)
	garbage[0] = 1
	if got := fib(25); got != 75025 { panic(got) }
	if x, n := sum(16, 1, fmt.Sprint("a", 1), garbage); x != 1 || n != 3<<16 { panic(fmt.Sprint(x, n)) }
}
fmt.Println("right")`)
	beside.await(t, "runs")
	stuck.stop()
	if got, want := beside.end(t), "runs\nright\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	<-stuck.ended
}
