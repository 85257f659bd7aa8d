package magic

import (
	"os"
	"strings"
	"testing"
)

// The reference in docs/magics.md is what the help pages say.
func TestReferenceIsCurrent(t *testing.T) {
	const file, mark = "../docs/magics.md", "<!-- Below is what `--help` says, written by `go test ./magic -update`. -->\n"
	page, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, have, ok := strings.Cut(string(page), mark)
	if !ok {
		t.Fatalf("%s has no line %q", file, mark)
	}
	var want strings.Builder
	for _, group := range []struct {
		title string
		specs []spec
	}{{"Spark", sparkSpecs()}, {"SQL", sqlSpecs()}, {"Go", goSpecs()}, {"System", systemSpecs()}} {
		want.WriteString("\n## " + group.title + "\n")
		for _, s := range group.specs {
			want.WriteString("\n" + s.help())
		}
	}
	if have == want.String() {
		return
	}
	if !*update {
		t.Fatalf("%s is not what the help pages say; go test ./magic -update writes it", file)
	}
	if err := os.WriteFile(file, []byte(before+mark+want.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// Every magic has an example where it takes anything.
func TestEveryMagicHasAnExample(t *testing.T) {
	for _, s := range specs() {
		if len(s.examples) == 0 && len(s.options)+len(s.args) > 0 {
			t.Errorf("%s takes options or arguments and has no example", s.name)
		}
	}
}
