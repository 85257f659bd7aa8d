package cell

import (
	"strings"
	"testing"
)

func TestInspectKnowsTheDocumentation(t *testing.T) {
	b := newBook(t)
	for _, one := range []struct{ code, at, signature, doc string }{
		{"fmt.Println(1)", "Println", "func fmt.Println", "Spaces are always added between operands"},
		{"var b strings.Builder\nb.WriteString(``)", "WriteString", "WriteString(s string)", "appends the contents of s"},
		{"math.Pi", "Pi", "math.Pi", "Mathematical constants"},
		{"strings.Fields(``)", "strings", "", "simple functions to manipulate"},
		{"append([]int{}, 1)", "append", "", "appends elements to the end of a slice"},
		{"display.HTML(``)", "HTML", "HTML", "shows"},
	} {
		doc, ok := b.r.Inspect(one.code, strings.LastIndex(one.code, one.at)+1, 1)
		if !ok || !strings.Contains(doc.Signature, one.signature) || !strings.Contains(doc.Text, one.doc) {
			t.Errorf("%s at %s: %v %+v", one.code, one.at, ok, doc)
		}
	}
}
