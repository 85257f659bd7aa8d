package render

import (
	"strings"
	"testing"
	"time"

	"gospark/display"
)

func TestPartsGolden(t *testing.T) {
	running := Operation{Label: "SELECT <all> FROM flights", Running: 8, Elapsed: 12400 * time.Millisecond, Rows: 3,
		Stages: []Stage{{Tasks: 200, Done: 200, Complete: true, Bytes: 48 << 20}, {ID: 1, Tasks: 200, Done: 61, Bytes: 9 << 20}}}
	done, failed := running, running
	done.Finished, done.Link = true, "http://localhost:4040/SQL?id=1&x=2"
	failed.Failed, failed.Link = true, "javascript:alert(1)"
	golden(t, "parts", "Progress lines, panels and errors.", map[string]display.Bundle{
		"progress running": Progress(running),
		"progress several": Progress(Operation{Label: "Starting Spark", Elapsed: 65 * time.Second}, Operation{}, running),
		"progress done":    Progress(done),
		"progress failed":  Progress(failed),
		"progress gone":    Gone(),
		"panel": Status(Panel{Title: "Spark", State: Good, Word: "connected", Notes: []string{"`%spark ui` shows more"},
			Rows: []Entry{{Key: "server", Value: "sc://localhost:1"}, {Key: "Web UI", Value: "open", Link: "http://localhost:2/a?b=1&c"}, {Key: "session", Value: "5d4a", Code: true}}}),
		"panel empty":  Status(Panel{Title: "Spark", State: Neutral}),
		"error":        Error(failureExample()),
		"error plain":  Error(Failure{Name: "error", Message: "two\nlines"}),
		"error at end": Error(Failure{Name: "PARSE_SYNTAX_ERROR", Message: "end of input", Where: &Snippet{Text: "SELECT 1 +\n", Start: 11}}),
		"error lines":  Error(Failure{Name: "x", Message: "y", Where: &Snippet{Text: "a\n\tb 東 c\nd\ne\nf", Start: 2, Stop: 14, Line: 10}}),
		"details":      Details(failureExample()),
		"no details":   Details(Failure{Name: "x"}),
		"traceback":    display.Plain(strings.ReplaceAll(strings.Join(Traceback(failureExample()), "\n"), "\x1b", "^")),
	})
}

func TestWordsForPeople(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", -1234567: "-1,234,567"} {
		if got := Grouped(n); got != want {
			t.Errorf("grouped(%d) = %s, not %s", n, got, want)
		}
	}
	for n, want := range map[int64]string{0: "0 B", 1023: "1023 B", 1536: "1.5 KiB", 10 << 20: "10 MiB", 1023 << 20: "1.0 GiB", 1 << 62: "4.0 EiB"} {
		if got := Bytes(n); got != want {
			t.Errorf("Bytes(%d) = %s, not %s", n, got, want)
		}
	}
	for d, want := range map[time.Duration]string{time.Millisecond: "0.0 s", 9900 * time.Millisecond: "9.9 s", 59 * time.Second: "59 s",
		185 * time.Second: "3 min 05 s", 62 * time.Minute: "1 h 02 min"} {
		if got := elapsed(d); got != want {
			t.Errorf("elapsed(%v) = %s, not %s", d, got, want)
		}
	}
}
