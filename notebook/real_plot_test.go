package notebook

import (
	"strings"
	"testing"
)

// Every kind of chart, from a query, with its form for pages and its words.
func TestRealPlot(t *testing.T) {
	b := open(t, realOptions(t))
	b.good(`%%sql
CREATE OR REPLACE TEMP VIEW flights AS
SELECT element_at(array('UA', 'AA', 'DL', 'B6'), CAST(id % 4 + 1 AS INT)) AS carrier, element_at(array('EWR', 'JFK'), CAST(id % 2 + 1 AS INT)) AS origin,
  CAST(id % 60 - 5 AS DOUBLE) AS delay, CAST(id * 3 % 1000 AS INT) AS distance, date_add(DATE '2013-01-01', CAST(id % 365 AS INT)) AS day,
  TIMESTAMP '2013-01-01 00:00:00' + make_dt_interval(0, CAST(id % 5000 AS INT)) AS hour
FROM range(20000)`)
	for options, want := range map[string][]string{
		"bar":                              {"sum of delay by carrier", "B6", "█", "129,900", "UA"},
		"bar carrier delay --agg avg":      {"avg of delay by carrier"},
		"bar carrier --agg count":          {"rows by carrier", "5,000"},
		"bar carrier delay --color origin": {"sum of delay by carrier and origin", "· EWR"},
		"line day delay distance":          {"sum by day and column", "2013-01-01 · delay"},
		"area day delay":                   {"sum of delay by day", "2013-01-01"},
		"line hour delay --agg max":        {"max of delay by hour", "2013-01-01 01:00"},
		"point distance delay":             {"delay by distance · a random sample of 5,000 rows"},
		"hist delay":                       {"distribution of delay · 20,000 values", "-5–"},
		"hist day":                         {"distribution of day", "2013-01-01"},
		"box carrier delay":                {"delay by carrier", "AA", "B6"},
		"box delay":                        {"whiskers"},
		"heat carrier origin delay":        {"sum of delay by carrier and origin", "AA · JFK"},
		"pie carrier delay":                {"sum of delay by carrier"},
		"pie day":                          {"356 others"},
		"bar distance":                     {"by distance", "a sample of 400 points"},
	} {
		a := b.cell("%%sql --plot " + options + "\nSELECT * FROM flights")
		if a.err != nil {
			t.Errorf("%s: %s", options, a.trace())
			continue
		}
		holds(t, a.value, want...)
		if svg, _ := a.result.Value.Data["image/svg+xml"].(string); !strings.HasPrefix(svg, "<svg") || strings.Contains(svg, "NaN") {
			t.Errorf("%s: %.200s", options, svg)
		}
	}
	holds(t, b.good("%sql --plot bar,c,n SELECT carrier AS c, count(*) AS n FROM flights GROUP BY 1"), "n by c\n", "5,000") // nothing was summed up
	holds(t, b.bad("%%sql --plot bar carier\nSELECT * FROM flights").trace(), "chart: there is no column carier", "carrier")
	holds(t, b.bad("%%sql --plot hist carrier\nSELECT * FROM flights").trace(), "no numbers", "--agg count")
	holds(t, b.bad("%%sql --plot bar carrier origin\nSELECT * FROM flights").trace(), "origin holds no numbers")
	holds(t, b.bad("%%sql --plot line day delay distance --color origin\nSELECT * FROM flights").trace(), "several columns", "--color")
	holds(t, b.good("%sql --plot hist SELECT explode(array(DOUBLE('NaN'), DOUBLE('Infinity'), 1.0, 2.0)) AS x"), "2 values")
	holds(t, b.good("%sql --plot hist SELECT delay FROM flights WHERE false"), "nothing to draw")
	holds(t, b.good("%sql --plot hist SELECT 1 AS one"), "1 value")
}

func TestRealProfile(t *testing.T) {
	b := open(t, realOptions(t))
	text := b.good(`%%sql --profile
SELECT id, CAST(id AS DECIMAL(10,2)) / 4 AS price, IF(id % 10 = 0, NULL, element_at(array('UA', 'AA', 'DL'), CAST(id % 3 + 1 AS INT))) AS carrier,
  date_add(DATE '2013-01-01', CAST(id % 365 AS INT)) AS day, id % 2 = 0 AS even, array(id) AS list, IF(id = 5, DOUBLE('NaN'), CAST(id AS DOUBLE)) AS odd
FROM range(1000)`)
	holds(t, text, "1,000 rows, 7 columns", "column", "nulls", "≈ distinct", "mean", "id", "bigint", "▇", "999", "499.5", "price", "249.75",
		"carrier", "UA (3", "100 (10 %)", "AA", "day", "2013-01-01", "even", "true (500)", "list", "odd", "NaN")
	holds(t, b.good("%sql --profile SELECT 1 AS one WHERE false"), "0 rows", "one")
	t.Log(text)
}
