package source

import (
	"fmt"
	"go/ast"
	"go/token"
	"strings"
	"testing"
)

func TestSplit(t *testing.T) {
	for _, c := range []struct{ code, want string }{
		{"", ""},
		{"x", "result"},
		{"x;", "quiet"},
		{"x // c", "result"},
		{"x; // c", "quiet"},
		{"a, b", "result result"},
		{"a, b;", "quiet quiet"},
		{"f(a,\n b), c", "result result"},
		{"import \"fmt\"\nx := 1\nx", "import stmt result"},
		{"func f() {}\nx", "func result"},
		{"func (t T) m() {}", "func"},
		{"func (t *T[K]) m() {}; y := 1", "func stmt"},
		{"func() {}()", "result"},
		{"func() int { return 1 }()", "result"},
		{"f := func(a int) T { return a }", "stmt"},
		{"x := 1; func g() {}; x", "func stmt result"},
		{"for ; ; func() {}() { }", "stmt"},
		{"type T int\nconst c = 1\nvar v T", "stmt stmt stmt"},
		{"// doc\n// more\nfunc f() {}", "func"},
		{"L:\n\tfor { break L }", "stmt"},
		{"package main\nfunc main() {}", "func"},
		{"import (\n\"a\"\n\"b\"\n)\nimport c \"c\"", "import import import"},
		{"s := `func f() {`\nfunc f() {}", "func stmt"},
		{"{ x }", "stmt"},
		{"x, y = y, x", "stmt"},
		{"x\n\n;", "result"},
	} {
		cell, err := parseCell(token.NewFileSet(), newText(c.code, 1))
		if err != nil {
			t.Errorf("%q: %v", c.code, err)
			continue
		}
		var got []string
		for range cell.imports {
			got = append(got, "import")
		}
		for range cell.funcs {
			got = append(got, "func")
		}
		for _, s := range cell.stmts {
			if !isEmpty(s) {
				got = append(got, "stmt")
			}
		}
		for range cell.results {
			got = append(got, map[bool]string{true: "result", false: "quiet"}[cell.shown])
		}
		if g := strings.Join(got, " "); g != c.want {
			t.Errorf("%q: got %q, want %q", c.code, g, c.want)
		}
	}
}

// FuzzSplit looks for text that makes the splitter panic or point outside.
func FuzzSplit(f *testing.F) {
	for _, s := range []string{"x := 1\nx", "a, b;", "func (t T) m() {}", "import \"x\"", "`", "/*", "}{", "for ;; {", "func f(", "a,\n", "x \x00", "ö, ß", "L: x := 1", "func (", "x.(type)", "\r\n", "//line a:1\nx", "package\nx"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, code string) {
		c, _ := parseCell(token.NewFileSet(), newText(code, 1))
		check := func(n ast.Node) {
			if s := c.span(n); s.start < 0 || s.end > len(code) || s.end < s.start {
				t.Fatalf("%T at %v of %d", n, s, len(code))
			}
		}
		for _, fd := range c.funcs {
			check(fd)
		}
		for _, e := range c.results {
			check(e)
		}
		scan(code)
		nb := New(Options{})
		nb.IsComplete(code)
		cp := nb.compilation(c, newState())
		cp.collect()
		for _, d := range cp.decls {
			_ = d.source()
		}
		_ = fmt.Sprint(inside(code, len(code)/2))
	})
}
