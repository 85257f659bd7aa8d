package sqltext

import (
	"slices"
	"strings"
	"testing"
)

func TestSplit(t *testing.T) {
	tests := map[string][]string{
		"":                                      nil,
		" ;; -- nothing\n;":                     nil,
		"SELECT 1":                              {"SELECT 1"},
		"SELECT 1;":                             {"SELECT 1"},
		"a; b ;\n c":                            {"a", "b", "c"},
		"SELECT ';'; b":                         {"SELECT ';'", "b"},
		`SELECT 'it\'s;'; b`:                    {`SELECT 'it\'s;'`, "b"},
		`SELECT 'it''s;'; b`:                    {`SELECT 'it''s;'`, "b"},
		`SELECT ";\"";b`:                        {`SELECT ";\""`, "b"},
		`SELECT r'\'; b`:                        {`SELECT r'\'`, "b"},
		`SELECT R"\;"; b`:                       {`SELECT R"\;"`, "b"},
		"SELECT `a;``b`; c":                     {"SELECT `a;``b`", "c"},
		"a -- x; y\n; b":                        {"a", "b"},
		"a -- x \\\n ; y\n; b":                  {"a", "b"},
		"a /* ; /* ; */ ; */; b":                {"a", "b"},
		"-- head\nSELECT 1 -- tail\n;/* x */ b": {"SELECT 1", "b"},
		"SELECT /*+ BROADCAST(t) */ 1":          {"SELECT /*+ BROADCAST(t) */ 1"},
		"SELECT $$a;b$$; c":                     {"SELECT $$a;b$$", "c"},
		"SELECT $x$a;$$;b$x$; c":                {"SELECT $x$a;$$;b$x$", "c"},
		"SELECT $1; b":                          {"SELECT $1", "b"},
		"SELECT 'open; b":                       {"SELECT 'open; b"},
		"SELECT /* open; b":                     {"SELECT"},
		"BEGIN SELECT 1; SELECT 2; END; b":      {"BEGIN SELECT 1; SELECT 2; END", "b"},
		"x: BEGIN a; END x; b":                  {"x: BEGIN a; END x", "b"},
		"BEGIN IF a THEN b; ELSE c; END IF; END; d": {
			"BEGIN IF a THEN b; ELSE c; END IF; END", "d"},
		"BEGIN WHILE x DO SELECT if(a, b, c); END WHILE; FOR r AS q DO s; END FOR; LOOP t; END LOOP; REPEAT u; UNTIL v END REPEAT; END; w": {
			"BEGIN WHILE x DO SELECT if(a, b, c); END WHILE; FOR r AS q DO s; END FOR; LOOP t; END LOOP; REPEAT u; UNTIL v END REPEAT; END", "w"},
		"BEGIN SET x = CASE WHEN a THEN 1 END; CASE x WHEN 1 THEN b; END CASE; END; c": {
			"BEGIN SET x = CASE WHEN a THEN 1 END; CASE x WHEN 1 THEN b; END CASE; END", "c"},
		"BEGIN BEGIN a; END; DROP TABLE IF EXISTS t; END; b": {"BEGIN BEGIN a; END; DROP TABLE IF EXISTS t; END", "b"},
		"SELECT CASE WHEN a THEN b END; c":                   {"SELECT CASE WHEN a THEN b END", "c"},
	}
	for text, want := range tests {
		var got []string
		for _, s := range Split(text) {
			got = append(got, s.Text)
			if text[s.Start:s.Start+len(s.Text)] != s.Text || s.Line != 1+strings.Count(text[:s.Start], "\n") {
				t.Errorf("%q: %q is not at %d in line %d", text, s.Text, s.Start, s.Line)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: %q, not %q", text, got, want)
		}
	}
}

func TestVerb(t *testing.T) {
	for text, want := range map[string]string{
		"select 1": "SELECT", "-- x\nwith a as (select 1) table a": "WITH", "((SELECT 1))": "SELECT",
		"/*+ h */ Create table t": "CREATE", "'a'": "", "'a' b": "",
	} {
		if got := Split(text)[0].Verb; got != want {
			t.Errorf("%q: %q, not %q", text, got, want)
		}
	}
}

func TestNames(t *testing.T) {
	for text, want := range map[string]string{
		"SELECT :a, :b, :a":                 "a b",
		"WHERE x=:min AND y < :max_2":       "min max_2",
		"SELECT a::int, :x::string, b :: c": "x",
		"SELECT ':a', \":b\", `:c`":         "",
		"-- :a\n/* :b */ :c":                "c",
		"v:field, m['k']:f, f(x):g":         "",
		"m[:k], f(:x)":                      "k x",
		": a, :1, :":                        "",
		"LIMIT :n;":                         "n",
		"x: BEGIN SELECT :y; END":           "y",
		":größe":                            "größe",
		"r':a' || :b":                       "b",
	} {
		if got := strings.Join(Names(text), " "); got != want {
			t.Errorf("%q: %q, not %q", text, got, want)
		}
		for _, p := range Params(text) {
			if text[p.Start:p.End] != ":"+p.Name {
				t.Errorf("%q: %s is not at %d", text, p.Name, p.Start)
			}
		}
	}
}

// Nothing panics, tokens do not overlap, and what is between statements is
// blank, a semicolon or a comment.
func FuzzSplit(f *testing.F) {
	f.Add("SELECT 'a;b', :x; -- c\nBEGIN a; END; r'\\' $$;$$")
	f.Add("/* /* */ ; */ `a``;` \"\\\";\"")
	f.Fuzz(func(t *testing.T, text string) {
		at := 0
		for _, token := range scan(text) {
			if token.start < at || token.end <= token.start || strings.TrimSpace(strings.Trim(text[at:token.start], " \t\r\n")) != "" {
				t.Fatalf("%q: token %d–%d after %d", text, token.start, token.end, at)
			}
			at = token.end
		}
		end := 0
		for _, s := range Split(text) {
			if s.Start < end || s.Text == "" {
				t.Fatalf("%q: statement %q at %d", text, s.Text, s.Start)
			}
			end = s.Start + len(s.Text)
		}
		Names(text)
	})
}
