package render

import (
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"gospark/display"
)

var update = flag.Bool("update", false, "rewrite the golden files in testdata")

// golden holds bundles against testdata/NAME.txtar, one file per bundle and
// MIME type. Style sheets are left out: they say nothing about the content.
func golden(t *testing.T, name, about string, bundles map[string]display.Bundle) {
	t.Helper()
	a := &txtar.Archive{Comment: []byte(about + "\n\n")}
	for _, key := range slices.Sorted(maps.Keys(bundles)) {
		for _, mime := range slices.Sorted(maps.Keys(bundles[key].Data)) {
			text, ok := bundles[key].Data[mime].(string)
			if !ok {
				continue
			}
			a.Files = append(a.Files, txtar.File{Name: key + " " + mime, Data: []byte(withoutStyle(text) + "\n")})
		}
	}
	file := filepath.Join("testdata", name+".txtar")
	if *update {
		if err := os.WriteFile(file, txtar.Format(a), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	compare(t, want, a)
}

func compare(t *testing.T, want, got *txtar.Archive) {
	t.Helper()
	expected := map[string]string{}
	for _, f := range want.Files {
		expected[f.Name] = string(f.Data)
	}
	for _, f := range got.Files {
		if w, ok := expected[f.Name]; !ok || w != string(f.Data) {
			t.Errorf("%s (go test -update accepts it)\n got:\n%s\nwant:\n%s", f.Name, f.Data, w)
		}
		delete(expected, f.Name)
	}
	for name := range expected {
		t.Errorf("%s is in the golden file and no longer made", name)
	}
}

// withoutStyle drops style elements and the script, and puts tags of blocks on lines of their
// own, so that a difference can be read.
func withoutStyle(s string) string {
	s = strings.ReplaceAll(s, tableScript, "")
	for {
		before, rest, found := strings.Cut(s, "<style>")
		if !found {
			break
		}
		_, after, _ := strings.Cut(rest, "</style>")
		s = before + after
	}
	for _, tag := range []string{"<thead>", "<tbody>", "<dl>", "<dt>", "<p>", "<details>", "<div"} {
		s = strings.ReplaceAll(s, tag, "\n"+tag)
	}
	return strings.Trim(s, "\n")
}
