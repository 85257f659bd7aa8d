package source

import (
	"context"
	"slices"
	"strings"
	"testing"
)

func TestIsComplete(t *testing.T) {
	nb := New(Options{})
	for _, c := range []struct{ code, status, indent string }{
		{"", "complete", ""},
		{"x := 1", "complete", ""},
		{"x, y", "complete", ""},
		{"// comment", "complete", ""},
		{"for {", "incomplete", "\t"},
		{"func f() {\n\tif x {", "incomplete", "\t\t"},
		{"func f() int", "incomplete", "\t"},
		{"x := []int{\n1,", "incomplete", "\t"},
		{"1 +", "incomplete", "\t"},
		{"x :=", "incomplete", "\t"},
		{"if x", "incomplete", "\t"},
		{"s := `raw", "incomplete", ""},
		{"/* comment", "incomplete", ""},
		{"type T struct", "incomplete", "\t"},
		{"import (", "incomplete", "\t"},
		{"fmt.Println(", "incomplete", "\t"},
		{"fmt.", "incomplete", "\t"},
		{"s := \"open", "invalid", ""},
		{"}", "invalid", ""},
		{"x := 2 2", "invalid", ""},
		{"func f() { } }", "invalid", ""},
	} {
		if status, indent := nb.IsComplete(c.code); status != c.status || indent != c.indent {
			t.Errorf("%q: got %s %q, want %s %q", c.code, status, indent, c.status, c.indent)
		}
	}
}

// assisted is a notebook with some cells behind it.
func assisted(t testing.TB) *Notebook {
	b := getTools(t)
	nb := New(Options{
		Importer: b.importer(), Std: b.std,
		Prelude: Prelude{Source: "var ctx context.Context", Imports: map[string]string{"T": "text/template"}},
		Doc:     func(path, symbol string) string { return "doc of " + path + " " + symbol },
	})
	for i, code := range []string{
		"// Point is a place.\ntype Point struct{ X, Y int; note string }\n// Len is its length.\nfunc (p *Point) Len() int { return p.X }\ntype Wide struct { Point; Depth float64 }",
		"pt := Point{1, 2, \"n\"}\nwide := &Wide{}\nconst limit = 3\n// Twice doubles.\nfunc Twice(n int) int { return n * 2 }",
	} {
		u, err := nb.Compile(Cell{Code: code, Number: i + 1})
		if err != nil {
			t.Fatal(err)
		}
		nb.Commit(u)
	}
	return nb
}

func TestComplete(t *testing.T) {
	nb := assisted(t)
	for _, c := range []struct {
		code string   // | is the cursor
		has  []string // in this order
		not  []string
	}{
		{"fmt.Printl|", []string{"Println"}, []string{"Printf"}},
		{"strings.|", []string{"Builder", "ToUpper"}, nil},
		{"pt.|", []string{"Len", "X", "note"}, []string{"Depth"}},
		{"wide.|", []string{"Depth", "Len", "Point", "X"}, nil},
		{"Point{}.|", []string{"X"}, nil},
		{"p|", []string{"panic", "pt", "package"}, nil},
		{"P|", []string{"Point", "panic", "pt"}, nil},
		{"x := 1\nxyz := \"s\"\nx|", []string{"x", "xyz"}, nil},
		{"func f(arg int) { loc := arg; lo|", []string{"loc"}, nil},
		{"for index := range 3 { fmt.Println(ind|) }", []string{"index"}, nil},
		{"pt := Point{no|", []string{"note"}, nil},
		{"w := Wide{Depth: 1, Po|}", []string{"Point"}, nil},
		{"func g(s strings.Builder) { s.Wri|", []string{"Write", "WriteString"}, nil},
		{"time.Now().Ad|", []string{"Add", "AddDate"}, nil},
		{"Twi|ce(3)", []string{"Twice"}, nil},
		{"lim|", []string{"limit"}, nil},
		{"str|", []string{"string", "struct", "strconv", "strings"}, nil},
		{"import \"text/te|", []string{"text/template"}, nil},
		{"import (\n\"fmt\"\n\"encoding/j|", []string{"encoding/json"}, nil},
		{"\"str|", nil, []string{"strings"}},
		{"// str|", nil, []string{"strings"}},
		{"12|", nil, []string{"fmt"}},
		{"T.Mus|", []string{"Must"}, nil},
		{"ct|", []string{"ctx"}, nil},
		{"ctx.|", []string{"Done", "Err"}, nil},
		{"if pt.|", []string{"X"}, nil},
		{"a, b := strings.Cut(\"a\", \"b\")\na.|", nil, []string{"X"}},
		{"x := map[string]Point{}\nx[\"a\"].|", []string{"X"}, nil},
		{"var q struct{ Alpha, Beta int }\nq.|\nfmt.Println(q)", []string{"Alpha", "Beta"}, nil},
		{"type A struct{ B }\ntype B struct{ Deep int }\nfunc (b B) Dig() {}\nvar v A\nv.|", []string{"B", "Deep", "Dig"}, nil},
		{"a, b := mk()\nfunc mk() (*Q, error) {\n\treturn nil, nil\n}\ntype Q struct{ Zed int }\na.|", []string{"Zed"}, nil},
		{"type G[K any] struct{ In K }\nfunc (g *G[K]) Get() K { return g.In }\nvar g G[string]\ng.|", []string{"Get", "In"}, nil},
		{"L: x := Point{}\nif y := 1; y > 0 {\n}\nx.|", []string{"X"}, nil},
		{"var (\n\tone = two\n\ttwo = Point{}\n)\none.|", []string{"X"}, nil},
		{"s := 1; here := Wide{}\nhere.|", []string{"Depth"}, nil},
		{"func main() {\n\tfmt.Print(pt, | wide)\n}\nfunc late() {\n\tfmt.Println()\n}\nfunc later() {\n\tfmt.Println()\n}", []string{"later"}, nil},
		{"x := \"\\\"\"; '\"'; pt.|", []string{"X"}, nil},
		{"}|", nil, nil},
		{"|", []string{"Point"}, nil},
	} {
		cursor := strings.IndexByte(c.code, '|')
		code := strings.Replace(c.code, "|", "", 1)
		got, start, end := nb.Complete(code, cursor)
		var names []string
		for _, g := range got {
			names = append(names, g.Text)
		}
		at := -1
		for _, want := range c.has {
			i := slices.Index(names, want)
			if i <= at {
				t.Errorf("%q: %s missing or out of order in %v", c.code, want, names[:min(len(names), 12)])
			}
			at = i
		}
		for _, n := range c.not {
			if slices.Contains(names, n) {
				t.Errorf("%q: %s is there", c.code, n)
			}
		}
		if start > end || end != cursor {
			t.Errorf("%q: span %d–%d", c.code, start, end)
		}
	}
}

func TestInspect(t *testing.T) {
	nb := assisted(t)
	for _, c := range []struct{ code, kind, signature, text, source string }{
		{"fmt.Print|ln(1)", "function", "func fmt.Println(a ...any) (n int, err error)", "doc of fmt Println", ""},
		{"fmt.Println(|", "function", "func fmt.Println(a ...any) (n int, err error)", "doc of fmt Println", ""},
		{"fm|t.Println()", "module", "package fmt", "doc of fmt ", ""},
		{"pt|", "variable", "var pt Point", "", ""},
		{"pt.Le|n()", "method", "func (*Point).Len() int", "Len is its length.\n", "func (p *Point) Len() int { return p.X }"},
		{"pt.X|", "field", "X int", "", ""},
		{"Twice|", "function", "func Twice(n int) int", "Twice doubles.\n", "func Twice(n int) int { return n * 2 }"},
		{"Poin|t{}", "type", "type Point struct{X int; Y int; note string}\nfunc (*Point).Len() int", "Point is a place.\n", "type Point struct{ X, Y int; note string }"},
		{"var b strings.Builder\nb.WriteStr|ing(\"\")", "method", "func (*strings.Builder).WriteString(s string) (int, error)", "doc of strings Builder.WriteString", ""},
		{"len|(pt)", "function", "func len", "doc of builtin len", ""},
		{"limit|", "constant", "const limit untyped int", "", "const limit = 3"},
		{"a := 3.5\na|", "variable", "var a float64", "", ""},
		{"a := 1 // not this\nfunc far() int {\n\treturn 2\n}\nfar(|)", "function", "func far() int", "", "func far() int {\n\treturn 2\n}"},
		{"// R is round.\ntype R struct{}\nfunc (R) Roll() {}\nR|", "type", "type R struct{}\nfunc (R).Roll()", "R is round.\n", "type R struct{}"},
		{"Twice(len([]int{1, |", "function", "func len", "doc of builtin len", ""},
	} {
		cursor := strings.IndexByte(c.code, '|')
		d, ok := nb.Inspect(strings.Replace(c.code, "|", "", 1), cursor, 1)
		if !ok || d.Kind != c.kind || d.Signature != c.signature || d.Text != c.text || d.Source != c.source {
			t.Errorf("%q: got %v %+v", c.code, ok, d)
		}
	}
	for _, code := range []string{"|", "nothing|", "\"str|ing\"", "func main() {\n\t|"} {
		if d, ok := nb.Inspect(strings.Replace(code, "|", "", 1), strings.IndexByte(code, '|'), 0); ok {
			t.Errorf("%q: got %+v", code, d)
		}
	}
}

func TestVarsAndReset(t *testing.T) {
	nb := assisted(t)
	var names []string
	for _, v := range nb.Vars() {
		names = append(names, v.Name+" "+v.Type)
	}
	if got := strings.Join(names, ", "); got != "ctx context.Context, pt Point, wide *Wide" {
		t.Error(got)
	}
	nb.Reset()
	if _, err := nb.Compile(Cell{Code: "pt", Number: 5}); err == nil || !strings.Contains(err.Error(), "undefined: pt") {
		t.Error(err)
	}
	u, err := nb.Compile(Cell{Code: "pt := 5\nctx.Err()", Number: 6})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(u.Source), "pt"+mark+"2 int") {
		t.Errorf("a symbol is used again after Reset:\n%s", u.Source)
	}
	_ = context.Background
}

func BenchmarkComplete(b *testing.B) {
	nb := assisted(b)
	for b.Loop() {
		nb.Complete("x := strings.Repeat(\"a\", 3)\nfmt.Pri", 36)
	}
}

func BenchmarkCompile(b *testing.B) {
	nb := assisted(b)
	for b.Loop() {
		if _, err := nb.Compile(Cell{Code: "z := Twice(pt.X)\nfmt.Println(z)\nz", Number: 9}); err != nil {
			b.Fatal(err)
		}
	}
}
