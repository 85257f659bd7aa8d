package notebook

import (
	"strings"
	"testing"
)

// Statements that return nothing say what they did.
func TestRealEffects(t *testing.T) {
	b := open(t, realOptions(t))
	b.good("%sql DROP TABLE IF EXISTS done")
	holds(t, b.good("%sql CREATE TABLE done (a INT, b STRING) USING parquet"), "table done created in ")
	holds(t, b.good("%sql INSERT INTO done VALUES (1, 'x'), (2, 'y')"), "inserted into done in ")
	holds(t, b.good("%sql CREATE OR REPLACE TEMP VIEW odd AS SELECT * FROM done WHERE a = 1"), "view odd created in ")
	holds(t, b.good("%sql --count TABLE done"), "2 rows, counted in ")
	holds(t, b.good("%sql --schema SELECT a, b, a / 2 AS half FROM done"), "column", "type", "a", "int", "b", "string", "half", "double")
	holds(t, b.bad("%sql --schema DROP TABLE done").trace(), "without running it", "--explain")
	holds(t, b.good("%sql SELECT count(*) AS n FROM done"), "2")
	holds(t, b.good("%sql DROP TABLE done"), "table done dropped in ")
}

func TestRealTimeout(t *testing.T) {
	b := open(t, realOptions(t))
	b.good("%spark start")
	holds(t, b.bad("%sql --timeout 1s "+endless).trace(), "timeout", "longer than 1s", "--timeout")
	if ids := b.good("%spark cancel"); ids != "nothing was running" {
		t.Errorf("the query went on: %s", ids)
	}
	holds(t, b.good("%sql --timeout 1m SELECT 1 AS one"), "1")
}

// Parameters are bound from Go variables of every kind, as values.
func TestRealParameters(t *testing.T) {
	b := open(t, withGo(t, realOptions(t)))
	holds(t, b.bad("%sql SELECT :nowhere").trace(), "parameter: there is no Go variable nowhere", "nowhere := 60")
	b.good("low, name, day, names := 3, `O'Neil \"; DROP TABLE x; --`, time.Date(2013, 1, 2, 3, 4, 5, 0, time.UTC), []string{\"UA\", \"AA\"}\n" +
		"var missing *float64\nrates := map[string]float64{\"UA\": 1.5}\nempty := []int64{}\ntype percent float64\nshare := percent(0.25)\nthing := make(chan int)")
	holds(t, b.good("%sql SELECT id FROM range(10) WHERE id < :low ORDER BY id"), "0", "1", "2", "(3 rows)")
	holds(t, b.good("%sql SELECT :name AS who"), `O'Neil "; DROP TABLE x; --`)
	holds(t, b.good("%%sql\nSET spark.sql.session.timeZone=UTC;\nSELECT :day AS d, :share AS s, :missing AS m, :rates['UA'] AS r, size(:empty) AS z, array_contains(:empty, 3) AS h"),
		"timestamp", "double", "2013-01-02 03:04:05", "0.25", "null", "1.5", "0", "false")
	holds(t, b.good("%sql SELECT c FROM VALUES ('UA'), ('DL') AS t(c) WHERE array_contains(:names, c)"), "UA", "(1 row)")
	a := b.cell("%%sql\nSELECT :low AS low;\nSELECT 'no parameter' AS p;\nSELECT :share AS share")
	holds(t, strings.Join(append(a.texts(), a.value), "\n"), "low", "3", "no parameter", "share", "0.25")
	b.good("low = 5")
	holds(t, b.good("%sql -o few SELECT id FROM range(10) WHERE id < :low"), "(5 rows)")
	holds(t, b.good("few.Count(ctx)"), "5")
	holds(t, b.good("%sql --explain SELECT id FROM range(10) WHERE id < :low"), "Physical Plan", "5")
	holds(t, b.bad("%sql SELECT :thing").trace(), "parameter", "thing", "chan int", "no Spark value", "can be bound")
	holds(t, b.bad("%%sql\nSELECT\n  nope, :low").trace(), "UNRESOLVED_COLUMN", "3 │   nope, :low", "^^^^")
	holds(t, b.bad("%sql SELECT * FROM range(3) WHERE id IN (:names)").trace(), "DATATYPE_MISMATCH")
}
