package cell

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"
)

// Functions that call themselves stop wherever they are, what is deferred runs, and the
// next cell finds everything as it was.
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

// Loops of all forms stop, and the cell's own recover is told why.
func TestInterruptOfLoops(t *testing.T) {
	b := newBook(t)
	b.ok(`text, list, table, seq := "abc", make([]int, 3), map[int]int{1: 2}, func(yield func(int) bool) { for yield(1) {} }
var n, i int
for range 0 { i++ }`)
	for _, code := range []string{
		"for {}", "for n = 0; ; n++ {}", "for i := 0; i < 1e18; i++ { n ^= i }", "for i := 0; i >= 0; { i = (i + 1) % 7 }",
		"for range 1<<60 {}", "for i := range 1<<60 { list[i%3] = n }", "for range seq { n++ }",
		"for n = range seq { for _, v := range list { n += v } }", "for { for range list { n++ } }",
		"for { for range table { n++ } }", "for { for range text { n++ } }", "again: n++; goto again", "outer: for { for { continue outer } }",
		"func() { defer func() { n = 3 }(); for { list = append(list[:0], n) } }()", "for { var a [64]int; for j := range a { a[j] = n }; n += a[5] }",
	} {
		c := b.start(false, "fmt.Println(\"runs\")\n"+code)
		c.await(t, "runs")
		time.Sleep(5 * time.Millisecond) // it computes for a while
		c.stop()
		if err := <-c.ended; !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", code, err)
		}
	}
	c := b.start(false, "fmt.Println(\"runs\")\ndefer func() { fmt.Println(recover()) }()\nfor { n++ }")
	c.await(t, "runs")
	c.stop()
	if err := <-c.ended; !errors.Is(err, context.Canceled) || c.String() != "runs\nthe cell was interrupted\n" {
		t.Errorf("%v, and %q", err, c)
	}
	b.want("func() { defer func() { fmt.Println(recover()) }(); var none *struct{ a int }; none.a = 1 }()",
		"runtime error: invalid memory address or nil pointer dereference\n")
}

// What is not to stop computes on, and right, while another cell does not end.
func TestComputingBesideAnInterrupt(t *testing.T) {
	b := newBook(t)
	b.ok(`func fib(n int) int { if n < 2 { return n }; return fib(n-1) + fib(n-2) }

func collatz(most int) (longest int) {
	for i := 1; i < most; i++ {
		n, steps := i, 0
		for n != 1 { if n%2 == 0 { n /= 2 } else { n = 3*n + 1 }; steps++ }
		longest = max(longest, steps)
	}
	return longest
}

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
	if got := collatz(3000); got != 216 { panic(got) }
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
