package main

import (
	"hash/fnv"
	"math"
	"slices"
	"sort"
	"strings"
	"time"
)

type program struct {
	name string
	run  func() int
}

var programs = []program{
	{"sum", sum}, {"dot product", dot}, {"matrices", matrices}, {"sieve", sieve}, {"bubble sort", bubble}, {"sort.Slice", sorted},
	{"collatz", collatz}, {"fib", func() int { return fib(35) }}, {"queens", func() int { return queens(0, 0, 0, 9) }},
	{"mandelbrot", mandelbrot}, {"hash", hash}, {"map", counted}, {"strings", joined}, {"life", life},
}

// best is the shortest of some runs.
func best(run func() int) time.Duration {
	shortest := time.Duration(math.MaxInt64)
	for range 5 {
		began := time.Now()
		run()
		shortest = min(shortest, time.Since(began))
	}
	return shortest
}

func numbers(n int) []int {
	s, x := make([]int, n), uint32(1)
	for i := range s {
		x = x*1664525 + 1013904223
		s[i] = int(x >> 8)
	}
	return s
}

func sum() int {
	s, total := numbers(1<<20), 0
	for range 30 {
		for _, v := range s {
			total += v
		}
	}
	return total
}

func dot() int {
	a, b := make([]float64, 1<<20), make([]float64, 1<<20)
	for i := range a {
		a[i], b[i] = float64(i), float64(i)/2
	}
	total := 0.0
	for range 20 {
		for i := range a {
			total += a[i] * b[i]
		}
	}
	return int(total)
}

func matrices() int {
	const n = 200
	var a, b, c [n][n]float64
	for i := 0; i < n; i++ {
		for j := 0; j < n; j++ {
			a[i][j], b[i][j] = float64(i+j), float64(i-j)
		}
	}
	for i := 0; i < n; i++ {
		for j := 0; j < n; j++ {
			var total float64
			for k := 0; k < n; k++ {
				total += a[i][k] * b[k][j]
			}
			c[i][j] = total
		}
	}
	return int(c[7][9])
}

func sieve() int {
	const n = 3_000_000
	composite, count := make([]bool, n+1), 0
	for i := 2; i <= n; i++ {
		if composite[i] {
			continue
		}
		count++
		for j := i * i; j <= n; j += i {
			composite[j] = true
		}
	}
	return count
}

func bubble() int {
	s := numbers(3000)
	for i := 0; i < len(s); i++ {
		for j := 0; j < len(s)-1-i; j++ {
			if s[j] > s[j+1] {
				s[j], s[j+1] = s[j+1], s[j]
			}
		}
	}
	return s[0]
}

func sorted() int {
	s := numbers(200_000)
	sort.Slice(s, func(i, j int) bool { return s[i] < s[j] })
	return s[0]
}

func collatz() int {
	longest := 0
	for i := 1; i < 200_000; i++ {
		n, steps := i, 0
		for n != 1 {
			if n%2 == 0 {
				n /= 2
			} else {
				n = 3*n + 1
			}
			steps++
		}
		longest = max(longest, steps)
	}
	return longest
}

func fib(n int) int {
	if n < 2 {
		return n
	}
	return fib(n-1) + fib(n-2)
}

func queens(columns, left, right uint, n int) int {
	all := uint(1)<<n - 1
	if columns == all {
		return 1
	}
	count := 0
	for free := all &^ (columns | left | right); free != 0; {
		bit := free & -free
		free ^= bit
		count += queens(columns|bit, (left|bit)<<1, (right|bit)>>1, n)
	}
	return count
}

func mandelbrot() int {
	count := 0
	for y := range 300 {
		for x := range 300 {
			cr, ci := float64(x)/150-1.5, float64(y)/150-1
			zr, zi, i := 0.0, 0.0, 0
			for i = 0; i < 100 && zr*zr+zi*zi < 4; i++ {
				zr, zi = zr*zr-zi*zi+cr, 2*zr*zi+ci
			}
			count += i
		}
	}
	return count
}

func hash() int {
	h, block := fnv.New64a(), make([]byte, 1<<10)
	for i := range 10_000 {
		block[i%len(block)]++
		h.Write(block)
	}
	return int(h.Sum64())
}

func counted() int {
	m := map[int]int{}
	for _, v := range numbers(500_000) {
		m[v%5000]++
	}
	return len(m)
}

func joined() int {
	var b strings.Builder
	for i := range 300_000 {
		b.WriteString("word ")
		b.WriteByte(byte('a' + i%26))
	}
	return len(strings.Fields(b.String()))
}

func life() int {
	const n = 256
	grid, next := make([][]bool, n), make([][]bool, n)
	for y := range grid {
		grid[y], next[y] = make([]bool, n), make([]bool, n)
		for x := range grid[y] {
			grid[y][x] = (x*7+y*3)%5 == 0
		}
	}
	for range 20 {
		for y := range n {
			for x := range n {
				around := 0
				for dy := -1; dy <= 1; dy++ {
					for dx := -1; dx <= 1; dx++ {
						if (dx != 0 || dy != 0) && grid[(y+dy+n)%n][(x+dx+n)%n] {
							around++
						}
					}
				}
				next[y][x] = around == 3 || around == 2 && grid[y][x]
			}
		}
		grid, next = next, grid
	}
	return len(slices.Concat(grid...))
}
