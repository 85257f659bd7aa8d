package render

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The gallery is everything that this package draws. With -gallery DIR the test
// writes it to DIR/gallery.html, to be looked at in a browser.
func TestGallery(t *testing.T) {
	var b strings.Builder
	for _, s := range gallery() {
		checkTags(t, s)
		fmt.Fprintf(&b, `<div class="jp-RenderedHTMLCommon jp-RenderedHTML">%s</div>`+"\n", s)
	}
	if *galleryDir == "" {
		return
	}
	if err := os.WriteFile(filepath.Join(*galleryDir, "gallery.html"), []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

var galleryDir = flag.String("gallery", "", "folder to write gallery.html to")

func gallery() []string {
	var all []string
	add := func(v any) { all = append(all, v.(string)) }
	add(Table(flightColumns(), flightRows(12), TableOptions{Caption: "flights", More: true, Hint: "-n 10000"}).Data["text/html"])
	add(Table(flightColumns()[:3], flightRows(400), TableOptions{Limit: 300, Total: 336776, Hint: "-n 10000"}).Data["text/html"])
	add(Table([]Column{{"key", ""}, {"value", ""}}, [][]any{{"spark.sql.shuffle.partitions", "200"}, {"spark.sql.ansi.enabled", "true"}}, TableOptions{}).Data["text/html"])
	add(Table([]Column{{"n", "bigint"}}, [][]any{{int64(336776)}}, TableOptions{}).Data["text/html"])
	add(Table([]Column{{"name", "string"}}, nil, TableOptions{}).Data["text/html"])
	add(Progress(Operation{Label: "SELECT carrier, avg(dep_delay) FROM flights GROUP BY carrier", Stages: []Stage{{Tasks: 200, Done: 200, Complete: true, Bytes: 48 << 20}, {Tasks: 200, Done: 61, Bytes: 9 << 20}}, Running: 8, Elapsed: 12400 * time.Millisecond},
		Operation{Label: "Starting Spark", Elapsed: 6 * time.Second},
		Operation{Label: "df.Count", Stages: []Stage{{Tasks: 9, Done: 9, Complete: true}}, Finished: true, Elapsed: 840 * time.Millisecond, Rows: 1, Link: "http://localhost:4040/SQL"}).Data["text/html"])
	add(Status(Panel{Title: "Spark", State: Good, Word: "connected", Rows: []Entry{
		{Key: "server", Value: "sc://127.0.0.1:39817"}, {Key: "master", Value: "local[*]"}, {Key: "profile", Value: "default"},
		{Key: "shared", Value: "with 1 other client"}, {Key: "running for", Value: "4 min"},
		{Key: "Web UI", Value: "http://127.0.0.1:41329", Link: "http://127.0.0.1:41329"}, {Key: "Spark", Value: "4.3.0"},
		{Key: "session", Value: "5d4af1e6-1a0e-4b7c-9c38-2f4f8b1f7f0e", Code: true}},
		Notes: []string{"`%spark ui`, `%spark logs`, `%spark conf`, `%spark help`"}}).Data["text/html"])
	add(Status(Panel{Title: "Spark", State: Bad, Word: "not connected", Rows: []Entry{{Key: "because", Value: "the server ended"}}}).Data["text/html"])
	add(Error(failureExample()).Data["text/html"])
	add(Details(failureExample()).Data["text/html"])
	return all
}

func failureExample() Failure {
	return Failure{Name: "UNRESOLVED_COLUMN.WITH_SUGGESTION", Code: "42703",
		Message: "A column, variable, or function parameter with name `carier` cannot be resolved. Did you mean one of the following? [`carrier`, `year`].",
		Where:   &Snippet{Title: "cell 7, line 3", Text: "SELECT year,\n  carier,\n  count(*) AS n\nFROM flights", Start: 15, Stop: 21, Line: 2},
		Advice:  []string{"did you mean `carrier`?", "`%spark schema flights` shows the columns"},
		Details: strings.Repeat("org.apache.spark.sql.AnalysisException: [UNRESOLVED_COLUMN]\n\tat org.apache.spark.sql.errors.QueryCompilationErrors$.unresolvedAttributeError\n", 8)}
}

func flightColumns() []Column {
	return []Column{{"carrier", "string"}, {"flight", "bigint"}, {"dep_delay", "double"}, {"distance", "decimal(10,2)"}, {"time_hour", "timestamp"}, {"day", "date"},
		{"route", "struct<origin:string,dest:string,via:array<string>>"}, {"note", "string"}, {"raw", "binary"}, {"on_time", "boolean"}}
}

func flightRows(n int) [][]any {
	at := time.Date(2013, 1, 1, 5, 0, 0, 0, time.UTC)
	var rows [][]any
	for i := range n {
		row := []any{[]string{"UA", "AA", "B6", "DL"}[i%4], int64(1545 + 17*i), 2.5 * float64(i-3), decimalExample("1400.50"), at.Add(time.Duration(i) * time.Hour), at,
			map[string]any{"origin": "EWR", "dest": "IAH", "via": []any{"ORD", nil}}, "on <time> & well", []byte{0xde, 0xad, byte(i)}, i%2 == 0}
		if i%5 == 4 {
			row[2], row[6], row[0] = nil, nil, nil
		}
		if i == 3 {
			row[7] = strings.Repeat("a long remark that goes on ", 12) + "\nand a second line"
		}
		rows = append(rows, row)
	}
	return rows
}

type decimalExample string

func (d decimalExample) Text(byte) string { return string(d) }
