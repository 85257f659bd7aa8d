package cell

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
)

// builds is a log of the cells that were built, and how.
type builds struct{ bytes.Buffer }

func (b *builds) options() Options {
	return Options{Log: slog.New(slog.NewTextHandler(&b.Buffer, &slog.HandlerOptions{Level: slog.LevelDebug}))}
}

// last reports whether the last cell brought its packages along.
func (b *builds) last() (whole bool) {
	text := strings.TrimSpace(b.String())
	return strings.HasSuffix(text[strings.LastIndexByte(text, '\n')+1:], "whole=true")
}

const twoPackages = `
-- go.mod --
module example.test/book

go 1.26
-- outer/outer.go --
package outer

import "example.test/book/inner"

func Next() int { return inner.Next() }
-- inner/inner.go --
package inner

import "fmt"

var count int

type Point struct{ X, Y int }

func (p Point) String() string { return fmt.Sprintf("%d|%d", p.X, p.Y) }

func Next() int { count++; return count }

func New() Point { return Point{Next(), Next()} }
`

// A cell that brings packages along and one that is bound to the worker's are one
// program: types, variables and functions are the same in both.
func TestWholeAndBoundCells(t *testing.T) {
	log := &builds{}
	o := log.options()
	o.Dir = t.TempDir()
	write(t, o.Dir, twoPackages)
	b := newBookWith(t, o)
	run := func(code, want string, whole bool) {
		t.Helper()
		if got := b.ok(code); !strings.HasSuffix(got, want) {
			t.Errorf("%s\ngot  %q\nwant %q", code, got, want)
		}
		if log.last() != whole {
			t.Errorf("%s\nwhole: %v", code, !whole)
		}
	}
	run(`type point struct{ X, Y int }
func (p point) String() string { return fmt.Sprintf("%d/%d", p.X, p.Y) }
points := map[point]any{{1, 2}: time.Second}
var show fmt.Stringer = point{3, 4}`, "", false)
	run("import \"example.test/book/outer\"\nouter.Next()", "=> 1", false)
	// The worker has inner, but not what outer does not use of it.
	run(`import "example.test/book/inner"
q := inner.New()
points[point{5, 6}], points[point{7, 8}] = show, q
show.(point).X + len(points)`, "=> 6", true)
	run(`d, ok := points[point{1, 2}].(time.Duration)
fmt.Println(show, d, ok, points[point{5, 6}] == show, outer.Next())
fmt.Printf("%T %T", show, points[point{7, 8}])`, "3/4 1s true true 4\nmain.point inner.Point", false)
	run(`fmt.Println(points[point{7, 8}], inner.Next())`, "2|3 5\n", false)
}

// The collector sees what package variables of the worker's types hold, although
// the linker of their cell saw no such type.
func TestBoundVariablesAreRoots(t *testing.T) {
	b := newBook(t)
	b.want(`var (
	buf   bytes.Buffer
	pair  [2]strings.Builder
	list  container.List
	when  = time.Now()
	req   http.Request
	any1  atomic.Pointer[[]string]
	group struct { mu sync.Mutex; list []*bytes.Buffer }
)
import container "container/list"
import "net/http"
import "sync/atomic"
for i := range 1000 {
	buf.WriteString("0123456789")
	pair[1].WriteString("abc")
	list.PushBack(strings.Repeat("x", i))
	group.list = append(group.list, bytes.NewBufferString("y"))
}
req.Header = http.Header{"A": {strings.Repeat("b", 99)}}
any1.Store(&[]string{strings.Repeat("c", 99)})
`, "")
	b.want(`for range 20 { runtime.GC(); _ = make([]byte, 1<<20) }
sum := 0
for e := list.Front(); e != nil; e = e.Next() { sum += len(e.Value.(string)) }
for _, g := range group.list { sum += g.Len() }
fmt.Println(buf.Len(), strings.Count(pair[1].String(), "abc"), sum, len(req.Header.Get("A")), len((*any1.Load())[0]), when.Location())`,
		"10000 1000 500500 99 99 Local\n")
}
