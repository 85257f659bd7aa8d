package sqltext

import (
	"fmt"
	"strings"
	"testing"
)

// ¦ is the cursor.
func TestPlaceAt(t *testing.T) {
	for text, want := range map[string]string{
		"SELECT * FROM fl¦":                                     `"fl" table []`,
		"SELECT * FROM ¦":                                       `"" table []`,
		"SELECT * FROM db.fl¦":                                  `"fl" db table []`,
		"SELECT * FROM a, ¦":                                    `"" table [a]`,
		"SELECT a, b¦ FROM t":                                   `"b" [t]`,
		"SELECT x.¦ FROM flights x JOIN planes AS p ON x.":      `"" x [flights x, planes p]`,
		"SELECT f(a, ¦) FROM flights f, planes WHERE":           `"" [flights f, planes]`,
		"SELECT 1; SELECT c¦ FROM two; SELECT 3 FROM four":      `"c" [two]`,
		"WITH a AS (SELECT 1), b AS (SELECT 2) SELECT ¦ FROM a": `"" [a] with a b`,
		"SELECT `my c¦":                                         `"c" []`,
		"SELECT * FROM `my db`.`t` AS t WHERE ¦":                "\"\" [`my db`.`t` t]",
		"SELECT `odd¦ FROM flights":                             `"odd" [flights]`,
		"SELECT `odd¦` FROM flights":                            `"odd" [flights]`,
		"INSERT INTO ¦":                                         `"" table []`,
		"DESCRIBE TABLE ¦":                                      `"" table []`,
		"UPDATE t SET a = ¦":                                    `"" [t]`,
		"SELECT 'FROM x' ¦":                                     `"" []`,
		"¦":                                                     `"" []`,
		"SELECT a FROM t WHERE t.¦":                             `"" t [t]`,
		"SELECT a.b.c¦ FROM a":                                  `"c" a.b [a]`,
	} {
		text, after, _ := strings.Cut(text, "¦")
		p := PlaceAt(text+after, len(text))
		got := fmt.Sprintf("%q", p.Typed)
		if len(p.Before) > 0 {
			got += " " + strings.Join(p.Before, ".")
		}
		if p.Table {
			got += " table"
		}
		var sources []string
		for _, s := range p.Sources {
			sources = append(sources, strings.TrimSpace(s.Table+" "+s.Alias))
		}
		got += " [" + strings.Join(sources, ", ") + "]"
		if len(p.CTEs) > 0 {
			got += " with " + strings.Join(p.CTEs, " ")
		}
		if got != want {
			t.Errorf("%s¦%s: %s, not %s", text, after, got, want)
		}
	}
}

func FuzzPlaceAt(f *testing.F) {
	f.Add("WITH a AS (SELECT `x`.y FROM b.c AS d, e) SELECT a. FROM a; SELECT 1", 20)
	f.Fuzz(func(t *testing.T, text string, cursor int) {
		p := PlaceAt(text, cursor)
		if cursor = min(max(cursor, 0), len(text)); p.Start < 0 || p.Start > cursor || !strings.HasSuffix(text[:cursor], p.Typed) {
			t.Fatalf("%q at %d: %+v", text, cursor, p)
		}
	})
}
