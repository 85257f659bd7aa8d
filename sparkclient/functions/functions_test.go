package functions_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"gospark/sparkclient"
	"gospark/sparkclient/connect"
	F "gospark/sparkclient/functions"
	"gospark/sparkclient/internal/sparktest"
)

// server is the real server of this package's tests.
var server sparktest.Server

func TestMain(m *testing.M) { os.Exit(sparktest.Run(m, &server)) }

func open(t *testing.T) *sparkclient.Session {
	t.Helper()
	o, err := connect.Parse(server.Remote(t))
	if err != nil {
		t.Fatal(err)
	}
	s := sparkclient.New(func(context.Context) (sparkclient.Engine, error) { return connect.Open(o) })
	t.Cleanup(func() { _ = s.Close(context.Background()) })
	return s
}

// notListed are functions that Spark has and does not list: operators and those
// that the analyser treats by itself.
const notListed = " ~ window session_window bucket years months days hours unwrap_udt product timestampadd timestampdiff "

// TestTable checks that the server knows every function of the table.
func TestTable(t *testing.T) {
	spark := open(t)
	list, err := spark.Catalog().ListFunctions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, f := range list {
		known[f.Name] = true
	}
	table, err := os.ReadFile("functions.tsv")
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for line := range strings.Lines(string(table)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		count++
		cells := strings.Split(strings.TrimSpace(line), "\t")
		name := strings.TrimSuffix(cells[1], " DISTINCT")
		if !known[name] && !strings.Contains(notListed, " "+name+" ") {
			t.Errorf("%s: the server has no function %s", cells[0], name)
		}
	}
	if count < 500 {
		t.Errorf("%d functions in the table", count)
	}
}

// TestArguments calls functions whose arguments are of every kind.
func TestArguments(t *testing.T) {
	spark := open(t)
	df := spark.SQL(t.Context(), "select 'a,b' as s, 5 as n, array(1, 2) as l, map('k', 'v') as m, timestamp'2013-01-01 10:00:00' as t")
	for want, col := range map[string]sparkclient.Column{
		"b":                   F.ElementAt(F.Split("s", ","), 2),
		"a":                   F.SubstringIndex("s", ",", 1),
		"[a, b]":              F.Split("s", ",", -1),
		"a,b--":               F.Rpad("s", 5, "-"),
		"2":                   F.Locate("b", F.Col("s")).Sub(1),
		"5":                   F.Greatest("n", F.Lit(3)),
		"true":                F.ArrayContains("l", 2),
		"[1, 2]":              F.ArrayDistinct(F.Concat("l", "l")),
		"v":                   F.TryElementAt("m", F.Lit("k")),
		"2013":                F.Year("t"),
		"8":                   F.Coalesce(F.Lit(nil), F.Lit(8)),
		"x5":                  F.FormatString("x%d", "n"),
		"{\"n\":5}":           F.ToJSON(F.Struct("n")),
		"1":                   F.Count("*"),
		"6":                   F.Round(F.Lit(5.6)).Cast("int"),
		"5.6":                 F.Round(F.Lit(5.58), 1),
		"7":                   F.Lag("n", 1, 7).Over(sparkclient.WindowSpec{}.OrderBy("n")),
		"2013-01-01 00:00:00": F.DateTrunc("day", "t").Cast("string"),
	} {
		row, err := df.Select(col).First(t.Context())
		if err != nil {
			t.Errorf("%s: %v", want, err)
			continue
		}
		if got := strings.Trim(row.String(), "{}"); got != strings.Trim(want, "{}") {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	for _, col := range []sparkclient.Column{F.Rand(), F.Rand(3), F.UUID(), F.Randstr(4), F.Uniform(1, 9), F.Shuffle("l"), F.Expr("n + 1"), F.Product("n"), F.TimestampAdd("HOUR", 3, "t"), F.TimestampDiff("DAY", "t", "t"), F.Window("t", "1 hour"), F.BitwiseNot("n"), F.When(F.Col("n").Gt(1), 1).Otherwise(0)} {
		if _, err := df.Select(col).First(t.Context()); err != nil {
			t.Error(err)
		}
	}
}

func TestSignatures(t *testing.T) {
	all := F.Signatures()
	if len(all) < 400 {
		t.Errorf("only %d", len(all))
	}
	for name, want := range map[string]string{"approx_count_distinct": "approx_count_distinct(col[, rsd])", "array": "array(cols…)", "pi": "pi()"} {
		if all[name] != want {
			t.Errorf("%s: %q", name, all[name])
		}
	}
}
