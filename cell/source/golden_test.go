package source

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// preludeForTests stands in for the product's.
func preludeForTests() Prelude {
	return Prelude{
		Source:  "var ctx context.Context\nvar buf = bytes.NewBufferString(\"line one\\nline two\\n\")",
		Imports: map[string]string{"S": "strings"},
		Methods: map[string]string{"buf.Lines": "bufio.NewScanner", "strings.Builder.Measure": "io.WriteString"},
		Saved: map[string]Saved{
			"ctx": {Imports: map[string]string{"context": "context"}, Source: "var ctx = context.Background()"},
			"buf": {Imports: map[string]string{"bytes": "bytes"}, Source: "var buf = bytes.NewBufferString(\"line one\\nline two\\n\")"},
		},
	}
}

// TestGolden compares generated files. An archive's files are the cells in order,
// each followed by the file generated from it ("1.go"); -update blesses them.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/golden/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no golden files", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			b := getTools(t)
			golden(t, file, New(Options{Importer: b.importer(), Std: b.std, Prelude: preludeForTests()}))
		})
	}
}

func golden(t *testing.T, file string, nb *Notebook) {
	ar, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	for _, f := range ar.Files {
		want[f.Name] = string(f.Data)
	}
	var out []txtar.File
	for _, f := range ar.Files {
		n, err := strconv.Atoi(f.Name)
		if err != nil {
			continue
		}
		u, err := nb.Compile(Cell{Code: string(f.Data), Number: n, Shown: n})
		if err != nil {
			t.Fatalf("cell %d: %v", n, err)
		}
		nb.Commit(u)
		if got := string(u.Source); got != want[f.Name+".go"] && !*update {
			t.Errorf("cell %d:\ngot:\n%s\nwant:\n%s", n, got, want[f.Name+".go"])
		}
		out = append(out, f, txtar.File{Name: f.Name + ".go", Data: u.Source})
	}
	if *update {
		ar.Files = out
		if err := os.WriteFile(file, txtar.Format(ar), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestPrelude(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and loads cells")
	}
	s := newSession(t, Options{Prelude: preludeForTests()})
	for i, c := range []struct{ code, want string }{
		{preludeForTests().Source, ""},
		{"ctx.Err() == nil, ctx != context.Background()", "=> true, true\n"},
		{"sc := buf.Lines()\nsc.Scan()\nsc.Text()", "=> line one\n"},
		{"func second() string { sc.Scan(); return S.ToUpper(sc.Text()) }\nsecond()", "=> LINE TWO\n"},
		{"sb := &strings.Builder{}\nsb.Measure(\"four\")", "=> 4\n"},
		{"sb.Measure(S.Repeat(\"x\", 3));\nsb.String()", "=> fourxxx\n"},
		{"sb.Unknown()", "cell[6]:1:4: sb.Unknown undefined (type *strings.Builder has no field or method Unknown)\n"},
		{"ctx, cancel := context.WithCancel(ctx)\ncancel()\nctx.Err() != nil", "=> true\n"},
		{"ctx.Err() == nil", "=> true\n"},
		{"alive := func() bool { return ctx.Err() == nil }\nfunc stop() error { c := &ctx; *c = nil; return nil }\nalive()", "=> true\n"},
		{"stop()\nalive(), ctx.Err() == nil", "=> true, true\n"},
		{"func dead() bool { ctx, cancel := context.WithCancel(ctx); cancel(); return ctx.Err() != nil }\ndead(), alive()", "=> true, true\n"},
		{"ctx = context.WithValue(ctx, 1, 2)\nalive(), ctx.Value(1)", "=> true, 2\n"},
		{"ctx := 5\nctx", "broken: dead stop\n=> 5\n"},
		{"type B struct{}\nfunc (B) Lines() int { return 5 }\nB{}.Lines()", "=> 5\n"},
	} {
		if got := s.run(c.code, i); got != c.want {
			t.Errorf("%s\ngot:  %s\nwant: %s", c.code, got, c.want)
		}
	}
}

func TestSameCellHasSameKey(t *testing.T) {
	nb := assisted(t)
	keys := map[string]bool{}
	for i, code := range []string{"k := 1\nfmt.Println(k)", "k := 1\nfmt.Println(k)", "k := \"s\"\nfmt.Println(k)", "{ type l struct{}; fmt.Println(l{}) }", "{ type l struct{}; fmt.Println(l{}) }"} {
		u, err := nb.Compile(Cell{Code: code, Number: i + 10})
		if err != nil {
			t.Fatal(err)
		}
		nb.Commit(u)
		keys[u.Key] = true
	}
	if len(keys) != 3 {
		t.Errorf("%d keys, want 3", len(keys))
	}
}

// A cell compiled but never loaded leaves no trace.
func TestCompileChangesNothing(t *testing.T) {
	nb := assisted(t)
	before := nb.Vars()
	for _, code := range []string{"type Point struct{}\nnewVar := 1", "pt := 5", "import \"os\"", "func Twice() {}"} {
		if _, err := nb.Compile(Cell{Code: code, Number: 5}); err != nil {
			t.Fatal(err)
		}
	}
	u, err := nb.Compile(Cell{Code: "Twice(pt.X)", Number: 5})
	if err != nil || len(nb.Vars()) != len(before) {
		t.Fatal(err, nb.Vars())
	}
	if len(u.Dropped)+len(u.Broken) > 0 || strings.Contains(string(u.Source), mark) {
		t.Errorf("%v %v\n%s", u.Dropped, u.Broken, u.Source)
	}
}
