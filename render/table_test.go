package render

import (
	"math"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/apd/v3"
	"github.com/rivo/uniseg"
	"golang.org/x/net/html"

	"gospark/display"
)

func TestTableGolden(t *testing.T) {
	wide := make([]Column, 30)
	row := make([]any, 30)
	for i := range wide {
		wide[i] = Column{Name: "column" + string(rune('A'+i)), Type: "int"}
		row[i] = int32(i * 1000)
	}
	golden(t, "table", "Tables as HTML and as text: types, nulls, cuts, notes.", map[string]display.Bundle{
		"flights":   Table(flightColumns(), flightRows(6), TableOptions{Caption: "flights", More: true, Hint: "-n 10000"}),
		"limited":   Table(flightColumns()[:2], flightRows(5), TableOptions{Limit: 2, Total: 336776, Hint: "-n 10000"}),
		"tabs":      Table(flightColumns()[:2], flightRows(2), TableOptions{Tabs: tabsExample()}),
		"timeline":  Table([]Column{{"job", "int"}}, [][]any{{1}}, TableOptions{Title: "Jobs", Tabs: []Tab{{Title: "Timeline", Spans: spansExample()}}}),
		"empty":     Table(flightColumns()[:2], nil, TableOptions{}),
		"wide":      Table(wide, [][]any{row}, TableOptions{}),
		"types":     typesTable(),
		"untyped":   Table([]Column{{Name: "n"}, {Name: "s"}}, [][]any{{1, "x"}, {nil, nil}, {2.5}}, TableOptions{}),
		"east asia": Table([]Column{{"都市", "string"}, {"n", "int"}}, [][]any{{"東京", 1}, {"Zürich", 22}, {"👩‍👩‍👧 family", 333}}, TableOptions{}),
	})
}

func typesTable() display.Bundle {
	at := time.Date(2024, 2, 29, 13, 14, 15, 123456000, time.FixedZone("CET", 3600))
	decimal, _, _ := apd.NewFromString("12345678901234567890.000000000100000000")
	huge, _ := new(big.Int).SetString("123456789012345678901234567890", 10)
	rows := [][]any{
		{"tinyint", int8(-128)}, {"bigint", int64(math.MaxInt64)}, {"uint64", uint64(math.MaxUint64)},
		{"float", float32(0.1)}, {"double", 0.1}, {"double, large", 1e20}, {"double, huge", 1e22}, {"double, small", 1e-7},
		{"NaN", math.NaN()}, {"infinite", math.Inf(-1)}, {"minus zero", math.Copysign(0, -1)},
		{"decimal", decimal}, {"decimal value", *decimal}, {"decimal 1E+3", apd.New(1, 3)}, {"big", huge}, {"complex", 1 + 2i},
		{"boolean", true}, {"string", "a <b> & \"c\""}, {"lines", "a\nb\tc\x00"}, {"empty", ""}, {"right to left", "\u202eabc"}, {"broken", "a\xffb"},
		{"binary", []byte{0xde, 0xad}}, {"duration", 90 * time.Second}, {"time", at},
		{"array", []any{int32(1), nil, "x", []any{2.5}}}, {"map", map[string]any{"b": 1, "a": nil, "c d": "e"}}, {"map of int", map[int]string{2: "b", 1: "a"}},
		{"struct", struct {
			A int
			b *string
		}{1, nil}},
		{"pointer", new(int)}, {"nil pointer", (*int)(nil)}, {"nil slice", []int(nil)}, {"long", strings.Repeat("long ", 60)},
		{"long array", make([]int, 500)}, {"error", error(&time.ParseError{Message: "bad"})},
	}
	return Table([]Column{{Name: "what"}, {Name: "value"}}, rows, TableOptions{})
}

func TestTimesFollowTheColumnsType(t *testing.T) {
	at := time.Date(2024, 2, 29, 13, 14, 15, 120000000, time.FixedZone("CET", 3600))
	tests := map[string]struct {
		value any
		typ   string
	}{
		"2024-02-29":                   {at, "date"},
		"2024-02-29 13:14:15.12":       {at, "timestamp"},
		"2024-02-29 13:14:15":          {at.Truncate(time.Second), "timestamp_ntz"},
		"2024-02-29 13:14:15.12+01:00": {at, "time.Time"},
		"13:14:15.12":                  {at, "time(6)"},
		"01:02:03":                     {time.Hour + 2*time.Minute + 3*time.Second, "time(6)"},
		"1h2m3s":                       {time.Hour + 2*time.Minute + 3*time.Second, "interval day to second"},
	}
	for want, test := range tests {
		if got := cellOf(test.value, test.typ).text; got != want {
			t.Errorf("%v as %s: %s, not %s", test.value, test.typ, got, want)
		}
	}
}

func TestTextColumnsAreAligned(t *testing.T) {
	g := newGrid(append(flightColumns(), Column{"都市", "string"}), append(flightRows(9), []any{"日本", int64(1)}), TableOptions{TextWidth: 400})
	lines, hidden := g.lines()
	if len(hidden) > 0 {
		t.Errorf("%d columns had no room in 400", len(hidden))
	}
	for _, line := range lines {
		if w, want := uniseg.StringWidth(line), uniseg.StringWidth(lines[0]); w != want {
			t.Errorf("width %d, not %d: %s", w, want, line)
		}
	}
}

func TestTextFitsItsWidth(t *testing.T) {
	for _, width := range []int{40, 80, 120} {
		text := Table(flightColumns(), flightRows(9), TableOptions{TextWidth: width}).Text()
		for line := range strings.Lines(text) {
			if w := uniseg.StringWidth(line); w > width+1 && !strings.HasPrefix(line, "(") {
				t.Errorf("%d wide, not %d: %s", w, width, line)
			}
		}
	}
}

func TestTableIsBounded(t *testing.T) {
	columns := make([]Column, 500)
	row := make([]any, 500)
	for i := range columns {
		columns[i], row[i] = Column{Name: strings.Repeat("n", 500), Type: strings.Repeat("t", 5000)}, strings.Repeat("v", 100_000)
	}
	rows := make([][]any, 10_000)
	for i := range rows {
		rows[i] = row
	}
	b := Table(columns, rows, TableOptions{Limit: 10_000})
	page := b.Data["text/html"].(string)
	if most := maxTableHTML + 200*3000; len(page) > most {
		t.Errorf("%d bytes of HTML, more than %d", len(page), most)
	}
	for _, want := range []string{"of 10,000 rows", "cut at 2 MB", "+ 300 columns: "} {
		if !strings.Contains(page, want) {
			t.Errorf("the HTML does not say %q", want)
		}
	}
	if n := len(b.Text()); n > 100_000 {
		t.Errorf("%d bytes of text", n)
	}
}

// No character of data may become markup: the document must have the tags that
// the renderer writes and the texts that the data are.
func FuzzTableEscapes(f *testing.F) {
	f.Add("<script>alert(1)</script>", `"><img src=x onerror=alert(1)>`, "</style><b>")
	f.Add("a&b", "\x00<\xff>", "' onmouseover='x")
	f.Fuzz(func(t *testing.T, name, typ, value string) {
		page := Table([]Column{{name, typ}}, [][]any{{value}, {[]any{value}}, {map[string]any{value: value}}}, TableOptions{Caption: value, More: true, Hint: typ, Tabs: []Tab{{Title: name, Text: value, Note: typ, Columns: []Column{{name, typ}}, Rows: [][]any{{value}}}}}).Data["text/html"].(string)
		checkTags(t, page)
		checkTags(t, Error(Failure{Name: name, Code: typ, Message: value, Where: &Snippet{Title: name, Text: value, Start: len(name), Stop: len(typ)}, Advice: []string{value}, Details: value}).Data["text/html"].(string))
		checkTags(t, Status(Panel{Title: name, Word: typ, Rows: []Entry{{name, value, "http://x/" + value, false}, {name, value, value, true}}, Notes: []string{value}}).Data["text/html"].(string))
		checkTags(t, Progress(Operation{Label: value, Link: value}, Operation{Link: "https://" + value}).Data["text/html"].(string))
		Traceback(Failure{Name: name, Message: value, Where: &Snippet{Text: value, Start: len(typ)}})
	})
}

func checkTags(t *testing.T, page string) {
	t.Helper()
	page = strings.ReplaceAll(page, tableScript, "")
	allowed := " style div table thead tbody tr th td small span b i dl dt dd p a code pre details summary mark "
	attributes := " class title scope tabindex href target rel role style aria-label open aria-valuenow aria-valuemin aria-valuemax "
	for z := html.NewTokenizer(strings.NewReader(page)); z.Next() != html.ErrorToken; {
		token := z.Token()
		if token.Type == html.CommentToken || token.Type == html.DoctypeToken {
			t.Fatalf("markup from data: %q", token)
		}
		if token.Type != html.StartTagToken {
			continue
		}
		if !strings.Contains(allowed, " "+token.Data+" ") {
			t.Fatalf("tag %q from data", token.Data)
		}
		for _, a := range token.Attr {
			if !strings.Contains(attributes, " "+a.Key+" ") {
				t.Fatalf("attribute %q of %q from data", a.Key, token.Data)
			}
			if a.Key == "href" && !strings.HasPrefix(a.Val, "http") {
				t.Fatalf("link to %q", a.Val)
			}
		}
	}
}

func BenchmarkTable(b *testing.B) {
	rows := flightRows(10_000)
	for b.Loop() {
		Table(flightColumns(), rows, TableOptions{Limit: 10_000})
	}
}
