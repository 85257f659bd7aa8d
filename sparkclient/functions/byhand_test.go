package functions_test

import (
	"errors"
	"strings"
	"testing"

	"gospark/sparkclient"
	F "gospark/sparkclient/functions"
)

type column = sparkclient.Column

// byHand are the functions that are not in the table.
func byHand(_ *sparkclient.Session) []pair {
	two := func(f func(any, func(a, b column) column) column, col string, body func(a, b column) column) column {
		return f(col, body)
	}
	return []pair{
		{"i + 1", F.Column("i").Add(1)}, {"upper(s)", F.CallUDF("upper", "s")}, {"upper(s)", F.CallFunction("upper", "s")},
		{"exists(a, x -> x > 2)", F.Exists("a", func(x column) column { return x.Gt(2) })},
		{"filter(a, x -> x > 2)", F.Filter("a", func(x column) column { return x.Gt(2) })},
		{"filter(a, (x, i) -> i > 0)", F.FilterWithIndex("a", func(_, i column) column { return i.Gt(0) })},
		{"forall(a, x -> x > 2)", F.Forall("a", func(x column) column { return x.Gt(2) })},
		{"transform(a, x -> x * 2)", F.Transform("a", func(x column) column { return x.Mul(2) })},
		{"transform(a, (x, i) -> x * i)", F.TransformWithIndex("a", func(x, i column) column { return x.Mul(i) })},
		{"aggregate(a, 0, (x, y) -> x + y, z -> z * 2)", F.Aggregate("a", F.Lit(0), func(x, y column) column { return x.Add(y) }, func(z column) column { return z.Mul(2) })},
		{"reduce(a, 0, (x, y) -> x + y)", F.Reduce("a", F.Lit(0), func(x, y column) column { return x.Add(y) })},
		{"array_sort(a, (x, y) -> y - x)", F.ArraySort("a", func(x, y column) column { return y.Sub(x) })},
		{"zip_with(a, a2, (x, y) -> x + y)", F.ZipWith("a", "a2", func(x, y column) column { return x.Add(y) })},
		{"map_filter(m, (k, v) -> v > 3)", two(F.MapFilter, "m", func(_, v column) column { return v.Gt(3) })},
		{"map_zip_with(m, m2, (k, v, w) -> coalesce(v, w))", F.MapZipWith("m", "m2", func(_, v, w column) column { return F.Coalesce(v, w) })},
		{"transform_keys(m, (k, v) -> upper(k))", F.TransformKeys("m", func(k, _ column) column { return F.Upper(k) })},
		{"transform_values(m, (k, v) -> v + 1)", F.TransformValues("m", func(_, v column) column { return v.Add(1) })},
		{"trim('x  ')", F.Trim(F.Lit("x  "))}, {"trim(both 'S' from s)", F.Trim("s", F.Lit("S"))},
		{"ltrim('S', s)", F.Ltrim("s", F.Lit("S"))}, {"rtrim('L', s)", F.Rtrim("s", F.Lit("L"))},
		{"rand(7)", F.Rand(7)}, {"randn(7)", F.Randn(7)}, {"randstr(5, 7)", F.Randstr(5, 7)}, {"uniform(1, 9, 7)", F.Uniform(1, 9, 7)}, {"uuid(7)", F.UUID(7)},
		{"shuffle(a, 7)", F.Shuffle("a", 7)}, {"ln(d)", F.Log("d")}, {"log(2, d)", F.Log(2, "d")},
		{"case when i > 5 then 'x' when i > 2 then 'y' else 'z' end", F.When(F.Col("i").Gt(5), "x").When(F.Col("i").Gt(2), "y").Otherwise("z")},
		{"base64(aes_encrypt(bin, key, 'ECB'))", F.Base64(F.AESEncrypt("bin", "key", F.Lit("ECB")))},
	}
}

func TestByHand(t *testing.T) {
	spark := open(t)
	df := spark.SQL(t.Context(), sample)
	comparePairs(t, df, byHand(spark))
	for name, order := range map[string]struct {
		col  column
		want string
	}{
		"asc": {F.Asc("i"), "3"}, "asc nulls first": {F.AscNullsFirst("i"), "3"}, "asc nulls last": {F.AscNullsLast("i"), "3"},
		"desc": {F.Desc("i"), "7"}, "desc nulls first": {F.DescNullsFirst("i"), "7"}, "desc nulls last": {F.DescNullsLast("i"), "7"},
	} {
		row, err := df.OrderBy(order.col).Select("i").First(t.Context())
		if err != nil || strings.Trim(row.String(), "{}") != order.want {
			t.Errorf("%s: %v, %v", name, row, err)
		}
	}
}

// TestTimeWindows groups by windows and asks for their time.
func TestTimeWindows(t *testing.T) {
	spark := open(t)
	df := spark.SQL(t.Context(), "select timestamp'2013-01-01 00:01:00' + make_dt_interval(0, 0, id * 7) as t from range(4)")
	for name, grouped := range map[string]struct {
		by   column
		want int
	}{"window": {F.Window("t", "10 minutes"), 3}, "sliding": {F.Window("t", "10 minutes", "5 minutes"), 6}, "session": {F.SessionWindow("t", "8 minutes"), 1}} {
		rows, err := df.GroupBy(grouped.by.As("w")).Count().Collect(t.Context())
		if err != nil || len(rows) != grouped.want {
			t.Errorf("%s: %v, %v", name, rows, err)
		}
	}
	rows, err := df.GroupBy(F.Window("t", "10 minutes").As("w")).Count().Select(F.WindowTime("w").Cast("string")).Collect(t.Context())
	if err != nil || len(rows) != 3 || !strings.Contains(rows[0].String(), "9.999999") {
		t.Errorf("time of windows: %v, %v", rows, err)
	}
}

// TestPackagesThatAreMissing calls functions that the test server cannot run:
// what it says shows that they reached it as they were meant.
func TestPackagesThatAreMissing(t *testing.T) {
	spark := open(t)
	df := spark.SQL(t.Context(), sample)
	const schema = `{"type":"record","name":"r","fields":[{"name":"x","type":"int"}]}`
	options := map[string]string{"mode": "PERMISSIVE"}
	for class, cols := range map[string][]column{
		"AVRO":        {F.FromAvro("bin", schema), F.FromAvro("bin", schema, options), F.ToAvro("st"), F.ToAvro("st", schema)},
		"PROTOBUF":    {F.FromProtobuf("bin", "m", []byte{1}), F.FromProtobuf("bin", "m", nil, options), F.ToProtobuf("st", "m", []byte{1})},
		"UNWRAP_UDT":  {F.UnwrapUDT("i")},
		"USER_RAISED": {F.RaiseError(F.Lit("boom"))},
	} {
		for _, col := range cols {
			_, err := df.Select(col).Collect(t.Context())
			var e *sparkclient.Error
			if !errors.As(err, &e) || !strings.Contains(strings.ToUpper(strings.ReplaceAll(e.Class+e.Message, " ", "_")), class) {
				t.Errorf("%s: %v", class, err)
			}
		}
	}
}
