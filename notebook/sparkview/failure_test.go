package sparkview_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"gospark/display"
	"gospark/notebook/sparkview"
	"gospark/sparkclient"
)

func TestFailureWords(t *testing.T) {
	notFound := &sparkclient.Error{
		Class: "TABLE_OR_VIEW_NOT_FOUND", SQLState: "42P01",
		Message: "[TABLE_OR_VIEW_NOT_FOUND] The table or view `t` cannot be found. Verify the spelling and correctness of the schema and catalog.\n" +
			"If you did not qualify the name with a schema, verify the current_schema() output. SQLSTATE: 42P01; line 1 pos 14;\n'Project [*]\n+- 'UnresolvedRelation [t]",
	}
	for name, c := range map[string]struct {
		err                            error
		name, code, message            string
		advice, details, detailsHaveNo string
	}{
		"a table that is not there": {err: notFound, name: "TABLE_OR_VIEW_NOT_FOUND", code: "42P01",
			message: "The table or view `t` cannot be found.", advice: "%spark tables",
			details: "If you did not qualify", detailsHaveNo: "Project"},
		"wrapped": {err: fmt.Errorf("make the view v: %w", notFound), name: "TABLE_OR_VIEW_NOT_FOUND", code: "42P01",
			message: "The table or view `t` cannot be found."},
		"a syntax error": {err: &sparkclient.Error{Class: "PARSE_SYNTAX_ERROR", SQLState: "42601",
			Message: "[PARSE_SYNTAX_ERROR] Syntax error at or near 'FORM'. SQLSTATE: 42601 (line 1, pos 9)\n\n== SQL ==\nselect * FORM t\n---------^^^"},
			name: "PARSE_SYNTAX_ERROR", code: "42601", message: "Syntax error at or near 'FORM'.", detailsHaveNo: "== SQL"},
		"ANSI arithmetic": {err: &sparkclient.Error{Class: "DIVIDE_BY_ZERO", SQLState: "22012",
			Message:  "[DIVIDE_BY_ZERO] Division by zero. Use `try_divide` to tolerate divisor being 0. SQLSTATE: 22012\n== SQL (line 1, position 8) ==\nselect 1/0\n       ^^^",
			Contexts: []sparkclient.QueryContext{{Start: 7, Stop: 9, Summary: "== SQL (line 1, position 8) ==\nselect 1/0\n       ^^^\n"}}},
			name: "DIVIDE_BY_ZERO", code: "22012", message: "Division by zero. Use `try_divide` to tolerate divisor being 0.",
			advice: "try_divide", details: "position 8"},
		"sub-classes have the advice of the class": {err: &sparkclient.Error{Class: "CANNOT_MODIFY_STATIC_CONFIG.X", Message: "no"},
			name: "CANNOT_MODIFY_STATIC_CONFIG.X", message: "no", advice: "%spark start --conf"},
		"causes and the trace": {err: &sparkclient.Error{Message: "it failed", StackTrace: []string{"a.b(C.scala:1)", "d.e(F.scala:2)"},
			Cause: &sparkclient.Error{Message: "the disk is full"}},
			name: "Spark error", message: "it failed", details: "caused by: the disk is full\na.b(C.scala:1)\nd.e(F.scala:2)"},
		"no message": {err: &sparkclient.Error{Class: "INTERNAL_ERROR"}, name: "INTERNAL_ERROR", message: "Spark gave no reason"},
		"no server": {err: fmt.Errorf("%w at sc://h:1: connection refused", sparkclient.ErrUnavailable),
			name: "no Spark server", message: "sc://h:1: connection refused", advice: "run the cell again"},
		"wrong token": {err: fmt.Errorf("%w at sc://h:1", sparkclient.ErrUnauthenticated),
			name: "token refused", message: "refused the token at sc://h:1", advice: "%spark connect"},
		"session lost": {err: fmt.Errorf("%w: it was closed on the server", sparkclient.ErrSessionLost),
			name: "session lost", message: "temporary views and settings are gone", advice: "run the cell again"},
	} {
		t.Run(name, func(t *testing.T) {
			f, ok := sparkview.Failure(c.err)
			if !ok || f.Name != c.name || f.Code != c.code || !strings.Contains(f.Message, c.message) {
				t.Errorf("got %v %q (%q) %q", ok, f.Name, f.Code, f.Message)
			}
			if strings.Contains(f.Message, "\n") || strings.Contains(f.Message, "SQLSTATE") || strings.HasPrefix(f.Message, "[") {
				t.Errorf("the message is not short: %q", f.Message)
			}
			if advice := strings.Join(f.Advice, "\n"); !strings.Contains(advice, c.advice) {
				t.Errorf("advice: %q", advice)
			}
			if !strings.Contains(f.Details, c.details) || c.detailsHaveNo != "" && strings.Contains(f.Details, c.detailsHaveNo) {
				t.Errorf("details: %q", f.Details)
			}
		})
	}
	if _, ok := sparkview.Failure(io.EOF); ok {
		t.Error("words for an error that is not Spark's")
	}
}

func TestParseError(t *testing.T) {
	e := sparkview.ParseError(" [UNRESOLVED_COLUMN.WITHOUT_SUGGESTION] A column with name `x` cannot be resolved. SQLSTATE: 42703; line 1 pos 15;\n'Project ['x]\n")
	if e.Class != "UNRESOLVED_COLUMN.WITHOUT_SUGGESTION" || e.SQLState != "42703" {
		t.Errorf("got %+v", e)
	}
	if e := sparkview.ParseError("something went wrong"); e.Class != "" || e.Error() != "something went wrong" {
		t.Errorf("got %+v", e)
	}
}

// Marks are written as «marked» in the statement that Spark was given.
func TestSnippet(t *testing.T) {
	syntax := func(place string) error {
		return &sparkclient.Error{Message: "[X] Syntax error. SQLSTATE: 42601 " + place}
	}
	context := func(start, stop int) error {
		return &sparkclient.Error{Contexts: []sparkclient.QueryContext{{Start: start, Stop: stop}}}
	}
	for name, c := range map[string]struct {
		err    error
		prefix string
		marked string // empty: no snippet
	}{
		"query context":                   {err: context(7, 9), marked: "select «1/0»"},
		"of one character":                {err: context(7, 7), marked: "select «x»"},
		"at the end":                      {err: context(9, 9), marked: "select x «y»"},
		"beyond the end":                  {err: context(90, 95), marked: "select x«»"},
		"without a statement":             {err: context(-1, -1)},
		"two-byte characters before":      {err: context(12, 12), marked: "select 'ä', «x»"},
		"beyond the basic plane":          {err: context(12, 12), marked: "select '😀', «x»"},
		"syntax error":                    {err: syntax("(line 1, pos 9)"), marked: "select * «F»ORM t"},
		"on the second line":              {err: syntax("(line 2, pos 2)"), marked: "select *\n  «F»ORM t"},
		"at the end of the statement":     {err: syntax("(line 1, pos 6)"), marked: "select«»"},
		"on a line that is not there":     {err: syntax("(line 7, pos 2)")},
		"a place in the query's own text": {err: syntax("\n== SQL ==\nselect '(line 1, pos 2)'")},
		"numbers too large for a number":  {err: syntax("(line 99999999999999999999, pos 2)")},
		"analysis error":                  {err: syntax("; line 1 pos 7;\n'Project"), marked: "select «n»ope"},
		"no place":                        {err: syntax("")},
		"behind a prefix":                 {err: context(15, 18), prefix: "EXPLAIN ", marked: "select «nope»"},
		"syntax error behind a prefix":    {err: syntax("(line 1, pos 8)"), prefix: "EXPLAIN ", marked: "«s»elct 1"},
		"not Spark's":                     {err: io.EOF},
		"of a view":                       {err: &sparkclient.Error{Contexts: []sparkclient.QueryContext{{ObjectName: "v", Start: 1, Stop: 2}}}},
	} {
		t.Run(name, func(t *testing.T) {
			statement := strings.NewReplacer("«", "", "»", "").Replace(c.marked)
			got := sparkview.Snippet(c.err, c.prefix, statement, 3, "cell 7")
			if got == nil {
				if c.marked != "" {
					t.Error("no snippet")
				}
				return
			}
			if marked := got.Text[:got.Start] + "«" + got.Text[got.Start:got.Stop] + "»" + got.Text[got.Stop:]; marked != c.marked {
				t.Errorf("got %s, want %s", marked, c.marked)
			}
			if got.Line != 3 || got.Title != "cell 7" {
				t.Errorf("place: %+v", got)
			}
		})
	}
}

// The worker and the kernel are two processes: a report crosses as JSON.
func TestReportRoundTrip(t *testing.T) {
	for _, err := range []error{
		&sparkclient.Error{Class: "A", SQLState: "12345", Message: "[A] m\nmore", StackTrace: []string{"x"}},
		fmt.Errorf("query: %w", sparkclient.ErrSessionLost),
		sparkclient.ErrUnavailable,
		sparkclient.ErrUnauthenticated,
	} {
		wire, e := json.Marshal(sparkview.EncodeReport(err))
		if e != nil {
			t.Fatal(e)
		}
		var b display.Bundle
		if e := json.Unmarshal(wire, &b); e != nil {
			t.Fatal(e)
		}
		got, ok := sparkview.DecodeReport(&b)
		want, _ := sparkview.Failure(err)
		if !ok || fmt.Sprint(got.Failure) != fmt.Sprint(want) {
			t.Errorf("%v: got %+v, want %+v", err, got.Failure, want)
		}
		if lost := errors.Is(err, sparkclient.ErrSessionLost) || errors.Is(err, sparkclient.ErrUnavailable) || errors.Is(err, sparkclient.ErrUnauthenticated); got.Lost != lost {
			t.Errorf("%v: lost is %v", err, got.Lost)
		}
	}
	if sparkview.EncodeReport(io.EOF) != nil {
		t.Error("a report of an error that is not Spark's")
	}
	for _, b := range []*display.Bundle{nil, {}, {Data: map[string]any{"text/plain": "x"}}, {Data: map[string]any{"application/vnd.gospark.report+json": "x"}}} {
		if _, ok := sparkview.DecodeReport(b); ok {
			t.Errorf("%v is a report", b)
		}
	}
}

func TestRows(t *testing.T) {
	schema := &sparkclient.StructType{Fields: []sparkclient.StructField{{Name: "n", Type: sparkclient.LongType{}}}}
	for want, rows := range map[string][]sparkclient.Row{
		"[]": nil,
		"42": {sparkclient.NewRow(schema, []any{int64(42)})},
		"":   {sparkclient.NewRow(nil, nil)},
	} {
		text, _ := sparkview.Rows(rows).Data["text/plain"].(string)
		if !strings.Contains(text, want) {
			t.Errorf("%v: %q", rows, text)
		}
	}
}
