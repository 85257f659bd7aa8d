package magic

import (
	"fmt"
	"strings"
	"testing"
)

// known is what the notebook of these tests knows.
func known(kind Dynamic, _ string) []Candidate {
	all := map[Dynamic]string{
		ConfKeys: "spark.sql.ansi.enabled spark.sql.shuffle.partitions", Profiles: "default dev", Tables: "flights planes",
		Variables: "df rows", Folders: "data/", EnvKeys: "HOME", Running: "5d4a", UIPages: "jobs sql",
	}
	var found []Candidate
	for _, text := range strings.Fields(all[kind]) {
		found = append(found, Candidate{Text: text})
	}
	return found
}

// The cursor stands at ¦.
func TestComplete(t *testing.T) {
	tests := []struct{ cell, want string }{
		{"%¦", "%spark %%spark %%sql %sql %go %%bench %%test %save %reset %time %%time %cd %env %%bash %%writefile %help"},
		{"%%s¦", "%%spark %%sql"},
		{"x := 1\n  %re¦", "%reset"},
		{"%re¦\ny := 1", "%reset"},
		{"%spark st¦", "status start stop"},
		{"%spark st¦art", "status start stop"},
		{"%spark ¦", "status start connect stop restart profile doctor logs ui conf cancel jobs tables schema session help --help"},
		{"%spark start ¦", "default dev -m --master -c --conf --help"},
		{"%spark start d¦", "default dev"},
		{"%spark start de¦ -f", "default dev"},
		{"%spark start --¦", "--master --conf --help"},
		{"%spark start --conf spark.sql.s¦", "spark.sql.shuffle.partitions="},
		{"%spark start --conf=spark.sql.s¦", "--conf=spark.sql.shuffle.partitions="},
		{"%spark start dev ¦", "-m --master -c --conf --help"},
		{"%spark start \\\n  --m¦", "--master"},
		{"%spark ui e¦", "environment executors"},
		{"%spark ui ¦", "jobs stages storage environment executors sql connect --help"},
		{"%spark conf spark.sql.a¦", "spark.sql.ansi.enabled"},
		{"%spark conf a spark.sql.a¦", "spark.sql.ansi.enabled"},
		{"%spark schema fl¦", "flights"},
		{"%spark session u¦", "use"},
		{"%spark help lo¦", "logs"},
		{"%help %%w¦", "%%writefile"},
		{"%%spark conf\nspark.sql.a¦", "spark.sql.ansi.enabled "},
		{"%%spark conf\nspark.sql.ansi.enabled ¦", "text"},
		{"%%spark c¦", "conf"},
		{"%go ¦", "version vars get mod list fmt --help"},
		{"%cd d¦", "data/"},
		{"%env HO¦", "HOME"},
		{"%%sql ¦", "-o --output -v --view -n --rows -q --quiet --explain --schema --count --profile -t --timeout --plot --color --agg --help"},
		{"%%sql --e¦\nSELECT 1", "--explain"},
		{"%%sql --explain=f¦", "--explain=formatted"},
		{"%%sql -o d¦\nSELECT", "df"},
		{"%%sql -o df S¦", `sql "S"`},
		{"%%sql\nSELECT * FROM fl¦", `sql "SELECT * FROM fl"`},
		{"%%sql\nSELECT\n¦", `sql "SELECT\n"`},
		{"%sql SELECT a¦, b", `sql "SELECT a, b"`},
		{"%sql -n 5 SELECT ¦", `sql "SELECT "`},
		{"x := 1\n%sql SELECT a¦", `sql "SELECT a"`},
		{"%%bash\necho $H¦", `shell "echo $H"`},
		{"!ls d¦", `shell "ls d"`},
		{"%%writefile a.go\npack¦", "text"},
		{"%save -¦", "-f --force --help"},
		{"%time %sp¦", "%spark"},
		{"%time len(x)¦", `go "len(x)"`},
		{"%%time\n%%sq¦", "%%sql"},
		{"%%time\n%%sql\nSEL¦", `sql "SEL"`},
		{"%%time\nfmt.¦", `go "fmt."`},
		{"fmt.¦", `go "fmt."`},
		{"%spark\nfmt¦\n!ls", `go "      \nfmt\n   "`},
		{"x := `\n%sp¦", "go \"x := `\\n%sp\""},
		{"f(\n%sp¦", `go "f(\n%sp"`},
		{"a %¦", `go "a %"`},
		{"%nonsense a¦", ""},
		{"¦", `go ""`},
	}
	for _, test := range tests {
		cursor := strings.Index(test.cell, "¦")
		cell := strings.Replace(test.cell, "¦", "", 1)
		c := Complete(cell, cursor, known)
		if got := completed(c); got != test.want {
			t.Errorf("%q: %s, not %s", test.cell, got, test.want)
		}
		checkCompletion(t, cell, cursor, c)
	}
}

func completed(c Completion) string {
	switch c.Language {
	case InMagic:
		var all []string
		for _, m := range c.Candidates {
			all = append(all, m.Text)
		}
		return strings.Join(all, " ")
	case InText:
		return "text"
	}
	return fmt.Sprintf("%s %q", c.Language, c.Part)
}

func checkCompletion(t *testing.T, cell string, cursor int, c Completion) {
	t.Helper()
	if c.Start < 0 || c.Start > cursor || c.End < cursor || c.End > len(cell) {
		t.Fatalf("%q at %d: replaces %d to %d", cell, cursor, c.Start, c.End)
	}
	typed := cell[c.Start:cursor]
	for _, m := range c.Candidates {
		if !strings.HasPrefix(m.Text, typed) {
			t.Errorf("%q at %d: %q does not begin with %q", cell, cursor, m.Text, typed)
		}
	}
	if c.Offset < 0 || cursor-c.Offset < 0 || c.Language != InMagic && c.Language != InText && cursor-c.Offset > len(c.Part) {
		t.Fatalf("%q at %d: the cursor is not in %q at %d", cell, cursor, c.Part, c.Offset)
	}
}

func TestIsComplete(t *testing.T) {
	tests := []struct {
		cell string
		want Status
		code string
	}{
		{"", Ready, ""},
		{"%spark", Ready, ""},
		{"%spark start \\", Incomplete, ""},
		{"!echo a \\", Incomplete, ""},
		{"!ls", Ready, ""},
		{"%%sql", Incomplete, ""},
		{"%%sql\nSELECT 1", Incomplete, ""},
		{"%%sql\nSELECT 1;", Ready, ""},
		{"%%sql\nSELECT 1\n", Ready, ""},
		{"%%sql\n", Incomplete, ""},
		{"%%sql SELECT 1", Ready, ""},
		{"%%sql -n 5", Incomplete, ""},
		{"%%sql --help", Ready, ""},
		{"%%sql --nonsense", Ready, ""},
		{"%%nonsense", Ready, ""},
		{"%%bash\nls", Incomplete, ""},
		{"%%bash\nls\n", Ready, ""},
		{"%%time\nfor {", AskGo, "for {"},
		{"%%time\n%%sql\nSELECT 1", Incomplete, ""},
		{"x := 1", AskGo, "x := 1"},
		{"%cd /\nfor {", AskGo, "     \nfor {"},
		{"for {\n}\n%spark", Ready, ""},
	}
	for _, test := range tests {
		if got, code := IsComplete(test.cell); got != test.want || code != test.code {
			t.Errorf("%q: %s %q, not %s %q", test.cell, got, code, test.want, test.code)
		}
	}
}

func TestNearest(t *testing.T) {
	names := []string{"status", "start", "stop", "restart", "--master", "--conf"}
	for wrong, want := range map[string]string{"statsu": "status", "STOP": "stop", "strat": "start", "restrat": "restart", "--mastr": "--master",
		"--con": "--conf", "zzz": "", "": "", "x": ""} {
		if got := nearest(wrong, names); got != want {
			t.Errorf("%q: %q, not %q", wrong, got, want)
		}
	}
}
