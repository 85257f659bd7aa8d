package source

import (
	"strings"
	"testing"
)

func TestAdvice(t *testing.T) {
	nb := assisted(t)
	for code, want := range map[string]string{
		"strings.ToUperr(\"a\")":                       "did you mean strings.ToUpper?",
		"counter := 1\nfunc f() int { return countr }": "did you mean counter?",
		"func f(width int) int { return widht }":       "did you mean width?",
		"stirngs.ToUpper(\"a\")":                       "did you mean strings?",
		"gonumx.Sum(1)":                                "a package outside the standard library needs an import line",
		"type T struct{ Width int }\nT{}.Widht":        "did you mean Width?",
		"b := &strings.Builder{}\nb.WriteStrng(\"x\")": "did you mean WriteString?",
		"x := 1\nx + 1\nx":                             "only the last expression of a cell is shown; print this one, or assign it to _",
		"n, f := 1, 2.0\nn * f":                        "convert one of them, as in float64(…)",
		"pritnln(1)":                                   "did you mean println?",
		"whoKnows":                                     "",
	} {
		_, err := nb.Compile(Cell{Code: code, Number: 50})
		if err == nil {
			t.Errorf("%s: it compiles", code)
			continue
		}
		if got := err.Error(); want == "" && strings.Contains(got, "(") || !strings.Contains(got, want) {
			t.Errorf("%s:\n%s\nwant %q", code, got, want)
		}
	}
}
