package source

import (
	"errors"
	"strings"
	"testing"
)

func TestFormat(t *testing.T) {
	for _, c := range []struct{ code, want string }{
		{"", ""},
		{"x:=1\nif x>0{\nfmt.Println( x )\n}", "x := 1\nif x > 0 {\n\tfmt.Println(x)\n}"},
		{"x  ;", "x;"}, // stays quiet
		{"import (\n\"os\"\n\"fmt\"\n)\n\nfunc  f( ) int {return 1}\n\nf( )", "import (\n\t\"os\"\n\t\"fmt\"\n)\n\nfunc f() int { return 1 }\n\nf()"},
		{"// about f\nfunc (t  T) m(){}\ny:=2 // two\n\n\n// the end\n", "// about f\nfunc (t T) m() {}\ny := 2 // two\n\n// the end\n"},
		{"a , b", "a , b"},
		{"x:=1\na+1, b", "x := 1\na+1, b"},
		{"type p struct{A int\nLonger string}\nv:=p{}", "type p struct {\n\tA      int\n\tLonger string\n}\nv := p{}"},
	} {
		got, err := Format(c.code)
		if err != nil || got != c.want {
			t.Errorf("%q: %q, %v; want %q", c.code, got, err, c.want)
		}
	}
}

func TestFormatSaysWhere(t *testing.T) {
	for code, want := range map[string]string{"x := 1\ny := := 2": "2:6", "f(": "1:1"} {
		_, err := Format(code)
		var failed *CompileError
		if !errors.As(err, &failed) || !strings.Contains(failed.Error(), ":"+want+":") {
			t.Errorf("%q: %v", code, err)
		}
	}
}

func TestTests(t *testing.T) {
	got := Tests("import \"testing\"\nfunc TestA(t *testing.T) {}\nfunc Testing(t *testing.T) {}\nfunc TestB() {}\nfunc (x T) TestC(t *testing.T) {}\nfunc Test(t *testing.T) {}\nx := 1")
	if strings.Join(got, " ") != "TestA Test" {
		t.Errorf("got %v", got)
	}
}
