package notebook

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// offered are the completions at ¦ in a %%sql cell.
func (b *book) offered(query string) []string {
	b.t.Helper()
	before, after, _ := strings.Cut("%%sql\n"+query, "¦")
	c, err := b.Complete(b.t.Context(), before+after, len(before))
	if err != nil {
		b.t.Fatal(err)
	}
	var all []string
	for _, m := range c.Matches {
		all = append(all, m.Text)
	}
	return all
}

func TestRealCompleteSQL(t *testing.T) {
	b := open(t, realOptions(t))
	if got := b.offered("SELECT * FROM ¦"); len(got) > 0 {
		t.Errorf("without a server: %q", got)
	}
	b.good("%%sql\nCREATE OR REPLACE TEMP VIEW flights AS SELECT 'UA' AS carrier, 1.5 AS dep_delay, 'x' AS `odd name`;\nCREATE OR REPLACE TEMP VIEW planes AS SELECT 'N1' AS tailnum, 2 AS seats")
	for query, want := range map[string][]string{
		"SELECT * FROM fl¦":                                   {"flights"},
		"SELECT * FROM ¦":                                     {"flights", "planes", "default", "spark_catalog"},
		"SELECT ca¦ FROM flights":                             {"carrier", "cardinality", "CASE", "CAST"},
		"SELECT p.¦ FROM flights f JOIN planes p ON f.x":      {"tailnum", "seats"},
		"SELECT f.d¦ FROM flights f JOIN planes p":            {"dep_delay"},
		"SELECT flights.¦ FROM flights":                       {"carrier", "dep_delay", "`odd name`"},
		"SELECT `odd¦ FROM flights":                           {"`odd name`"},
		"SELECT 1 FROM spark_catalog.¦":                       {"default"},
		"SELECT percentile_¦":                                 {"percentile_approx", "percentile_approx"},
		"WITH recent AS (SELECT 1) SELECT * FROM rec¦":        {"recent"},
		"SELECT 1; SELECT seats FROM planes WHERE s¦; SELECT": {"seats", "substr"},
	} {
		b.offers(query, want...)
	}
	warm := time.Hour
	for range 20 { // the least: others use the machine too
		began := time.Now()
		b.offered("SELECT ca¦ FROM flights")
		warm = min(warm, time.Since(began))
	}
	if warm > 50*time.Millisecond {
		t.Errorf("a warm completion took %v", warm)
	}
	b.good("%sql CREATE OR REPLACE TEMP VIEW flaps AS SELECT 1 AS one")
	b.offers("SELECT * FROM fla¦", "flaps")
	b.inspects("%%sql\nSELECT avg(dep_delay) FROM flights", "avg", "avg(expr)")
	b.inspects("%%sql\nSELECT avg(dep_delay) FROM flights", "dep_delay", "flights.dep_delay: decimal(2,1)")
	b.inspects("%%sql\nSELECT avg(dep_delay) FROM flights", "flights", "carrier string")
	const conf = "%spark conf spark.sql.shuffle.p"
	b.eventually("what the settings mean", func() bool {
		c, err := b.Complete(t.Context(), conf, len(conf))
		return err == nil && len(c.Matches) > 0 && c.Matches[0].Text == "spark.sql.shuffle.partitions" && strings.Contains(c.Matches[0].Signature, "shuffling")
	})
}

// offers waits until all of want are offered: the first time may be too late.
func (b *book) offers(query string, want ...string) {
	b.t.Helper()
	b.eventually(query+" with "+strings.Join(want, ", "), func() bool {
		got := b.offered(query)
		return !slices.ContainsFunc(want, func(w string) bool { return !slices.Contains(got, w) })
	})
}

// eventually waits for what a loaded server takes its time to tell.
func (b *book) eventually(what string, holds func() bool) {
	b.t.Helper()
	for deadline := time.Now().Add(time.Minute); !holds(); pauseBriefly() {
		if time.Now().After(deadline) {
			b.t.Errorf("not offered: %s", what)
			return
		}
	}
}

// inspects checks what Shift-Tab says of a word of a cell.
func (b *book) inspects(cell, word, want string) {
	b.t.Helper()
	b.eventually(word+" as "+want, func() bool {
		page, err := b.Inspect(b.t.Context(), cell, strings.Index(cell, word)+1, 0)
		return err == nil && page != nil && strings.Contains(page.Text(), want)
	})
}
