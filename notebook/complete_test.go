package notebook

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A string in Go code may be a path.
func TestCompletePaths(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	for _, name := range []string{"data/flights.parquet", "data/.hidden", "dated.csv", "other.txt"} {
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	b := open(t, Options{})
	for _, tt := range []struct{ before, after, want, rest string }{
		{`os.Open("da`, `")`, "data/ dated.csv", `da")`},
		{"x := 1\nspark.Read().Parquet(ctx, `data/", "", "data/flights.parquet", "data/"},
		{`f("data/.`, "", "data/.hidden", "data/."},
		{`f("` + dir + `/o`, `"`, dir + "/other.txt", dir + `/o"`},
		{`f("nowhere/`, "", "", "nowhere/"},
		{`f('d`, "", "", ""},
		{`f("a\"d`, "", "", ""},
		{`import "d`, "", "", ""},
	} {
		got, err := b.Complete(t.Context(), tt.before+tt.after, len(tt.before))
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, m := range got.Matches {
			if !strings.Contains(m.Type, "module") {
				names = append(names, m.Text)
			}
		}
		if found := strings.Join(names, " "); found != tt.want {
			t.Errorf("%s: %s, want %s", tt.before, found, tt.want)
		}
		if from := (tt.before + tt.after)[got.Start:]; tt.rest != "" && from != tt.rest {
			t.Errorf("%s: replaces %q", tt.before, from)
		}
	}
}
