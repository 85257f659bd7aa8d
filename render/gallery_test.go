package render

import (
	"encoding/base64"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// The gallery is everything that this package draws. With -gallery DIR the test
// writes it to DIR/light.html and DIR/dark.html, in JupyterLab's colours, to be
// looked at in a browser.
func TestGallery(t *testing.T) {
	var b strings.Builder
	for _, s := range gallery() {
		checkTags(t, s)
		fmt.Fprintf(&b, `<div class="jp-RenderedHTMLCommon jp-RenderedHTML">%s</div>`+"\n", s)
	}
	for _, kind := range slices.Sorted(maps.Keys(charts())) { // JupyterLab shows SVG as an image too
		svg := Plot(charts()[kind]).Data["image/svg+xml"].(string)
		fmt.Fprintf(&b, `<img src="data:image/svg+xml;base64,%s">`+"\n", base64.StdEncoding.EncodeToString([]byte(svg)))
	}
	if *galleryDir == "" {
		return
	}
	for theme, style := range themes() {
		page := "<!doctype html><meta charset=utf-8><style>:root{" + style + "}body{background:var(--jp-layout-color0);font-family:sans-serif}</style>" + b.String()
		if err := os.WriteFile(filepath.Join(*galleryDir, theme+".html"), []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// themes are the variables of JupyterLab's two themes that the styles use.
func themes() map[string]string {
	return map[string]string{
		"light": "--jp-content-font-color1:rgba(0,0,0,.87);--jp-content-font-color2:rgba(0,0,0,.54);--jp-border-color2:#e0e0e0;--jp-border-color3:#eee;--jp-layout-color0:#fff;--jp-layout-color2:#eee;--jp-cell-editor-background:#f5f5f5;--jp-rendermime-table-row-hover-background:#e1f5fe;--jp-brand-color1:#1976d2;--jp-content-link-color:#1976d2",
		"dark":  "--jp-content-font-color1:#fff;--jp-content-font-color2:rgba(255,255,255,.7);--jp-border-color2:#616161;--jp-border-color3:#424242;--jp-layout-color0:#111;--jp-layout-color2:#424242;--jp-cell-editor-background:#212121;--jp-rendermime-table-row-hover-background:rgba(3,169,244,.2);--jp-brand-color1:#2196f3;--jp-content-link-color:#64b5f6",
	}
}

var galleryDir = flag.String("gallery", "", "folder to write gallery.html to")

func gallery() []string {
	var all []string
	add := func(v any) { all = append(all, v.(string)) }
	add(Table(flightColumns(), flightRows(12), TableOptions{Caption: "flights", More: true, Hint: "-n 10000", Tabs: tabsExample()}).Data["text/html"])
	add(Table(flightColumns()[:3], flightRows(400), TableOptions{Limit: 300, Total: 336776, Hint: "-n 10000"}).Data["text/html"])
	add(Table([]Column{{"key", ""}, {"value", ""}}, [][]any{{"spark.sql.shuffle.partitions", "200"}, {"spark.sql.ansi.enabled", "true"}}, TableOptions{}).Data["text/html"])
	add(Table([]Column{{"job", "int"}}, [][]any{{1}}, TableOptions{Title: "Jobs", Tabs: []Tab{{Title: "Timeline", Note: "Of the last cell.", Spans: spansExample()}}}).Data["text/html"])
	add(Table([]Column{{"n", "bigint"}}, [][]any{{int64(336776)}}, TableOptions{}).Data["text/html"])
	add(Table([]Column{{"name", "string"}}, nil, TableOptions{}).Data["text/html"])
	add(Profile(336776, []ColumnProfile{
		{Name: "dep_delay", Type: "double", Nulls: 8255, Distinct: int64(527), Min: -43.0, Q1: -5.0, Median: -2.0, Q3: 11.0, Max: 1301.0, Mean: 12.639, Histogram: []float64{3, 40, 90, 60, 30, 14, 8, 5, 3, 2, 1, 1, 0, 0, 1}},
		{Name: "carrier", Type: "string", Distinct: int64(16), Min: "9E", Max: "YV", Top: []Frequency{{"UA", 58665}, {"B6", 54635}, {"EV", 54173}}},
		{Name: "route", Type: "array<string>", Nulls: 12}}, "").Data["text/html"])
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

func tabsExample() []Tab {
	return []Tab{
		{Title: "Schema", Columns: []Column{{Name: "column"}, {Name: "type"}, {Name: "nullable"}}, Rows: [][]any{{"carrier", "string", true}, {"route", "struct", true}, {"    origin", "string", false}}},
		{Title: "Explain", Text: "== Physical Plan ==\nScan <parquet>"},
		{Title: "Profile", Note: "`%%sql --profile` sums up every column by one pass over the data."},
	}
}

func spansExample() []Span {
	at := time.Date(2013, 1, 1, 5, 0, 0, 0, time.UTC)
	late := at.Add(300 * time.Millisecond)
	return []Span{{"job 1", at, at.Add(time.Second), "1 s", Good}, {"stage 1: scan <x>", at, late, "0.3 s", Good}, {"stage 2: sum", late, at.Add(950 * time.Millisecond), "0.65 s", Busy},
		{"stage 3: sum", at.Add(950 * time.Millisecond), at.Add(time.Second), "0.05 s", Bad}}
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
