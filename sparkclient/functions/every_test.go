package functions_test

import (
	"fmt"
	"strings"
	"testing"

	"gospark/sparkclient"
	F "gospark/sparkclient/functions"
)

// pair is a function called in SQL and in Go: both mean the same.
type pair struct {
	sql string
	col sparkclient.Column
}

// sample is two rows with a column of every type, sketches among them.
const sample = `
with t as (
	select *, array(i, 2, 3) as a, array(2, 5) as a2, array(array(1), array(i)) as aa, array('x', 'y', 'z') as sa, array(struct(1 as x, 'p' as y)) as ast,
		map('k', i) as m, map('l', 2) as m2, struct(i as x, s as y) as st, cast(array(i, 2) as array<float>) as vec,
		'{"a":1,"b":[2]}' as js, parse_json('{"a":1,"b":[2]}') as v, '<r><v>5</v></r>' as xm, '1,x' as csv, 'http://spark.apache.org/x' as url,
		cast('0123456789abcdef' as binary) as key, unhex('0101000000000000000000f03f0000000000000040') as wkb, cast(null as int) as nul
	from values
		(7, 2, 0.5D, cast(0.5 as float), 'Spark SQL', true, X'0102', date'2013-01-02', timestamp'2013-01-02 03:04:05', timestamp_ntz'2013-01-02 03:04:05', time'01:02:03'),
		(3, 3, 0.25D, cast(0.25 as float), 'Spark Go', true, X'03', date'2014-05-06', timestamp'2014-05-06 07:08:09', timestamp_ntz'2014-05-06 07:08:09', time'04:05:06')
		as t(i, i2, d, f, s, b, bin, dt, ts, tn, tm)),
sketches as (
	select hll_sketch_agg(i) as hll, kll_sketch_agg_bigint(i) as kb, kll_sketch_agg_double(d) as kd, kll_sketch_agg_float(f) as kf,
		theta_sketch_agg(i) as th, tuple_sketch_agg_double(i, d) as td, tuple_sketch_agg_integer(i, i2) as ti
	from t)
select /*+ coalesce(1) */ * from t cross join sketches`

// TestEveryFunction calls each function and compares its value with what SQL
// makes of it.
func TestEveryFunction(t *testing.T) {
	spark := open(t)
	for _, key := range []string{"spark.sql.timeType.enabled", "spark.sql.geospatial.enabled", "spark.sql.timestampNanosTypes.enabled"} {
		if err := spark.Conf().Set(t.Context(), key, true); err != nil {
			t.Log(err)
		}
	}
	df := spark.SQL(t.Context(), sample).Cache(t.Context())
	if err := df.Err(); err != nil {
		t.Fatal(err)
	}
	for name, list := range map[string][]pair{
		"scalars A to L": scalarsAtoL(spark), "scalars M to Z": scalarsMtoZ(spark), "aggregates": aggregates(spark), "windows": windows(spark),
	} {
		t.Run(name, func(t *testing.T) {
			for at := 0; at < len(list); at += 40 {
				comparePairs(t, df, list[at:min(at+40, len(list))])
			}
		})
	}
	t.Run("generators", func(t *testing.T) {
		for _, p := range generators(spark) {
			got, err := df.Select(p.col).Collect(t.Context())
			want, err2 := df.SelectExpr(p.sql).Collect(t.Context())
			if err != nil || err2 != nil || fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%s: got %v, %v, want %v, %v", p.sql, got, err, want, err2)
			}
		}
	})
}

// comparePairs evaluates pairs in one query, or one by one where that fails.
func comparePairs(t *testing.T, df *sparkclient.DataFrame, list []pair) {
	t.Helper()
	cols := make([]any, 0, 2*len(list))
	for i, p := range list {
		cols = append(cols, p.col.As(fmt.Sprint("go", i)), F.Expr(p.sql).As(fmt.Sprint("sql", i)))
	}
	rows, err := df.Select(cols...).Collect(t.Context())
	if err != nil && len(list) == 1 {
		t.Errorf("%s: %s", list[0].sql, strings.SplitN(err.Error(), "\n", 2)[0])
	}
	if err != nil && len(list) > 1 {
		comparePairs(t, df, list[:len(list)/2])
		comparePairs(t, df, list[len(list)/2:])
	}
	for _, row := range rows {
		for i, p := range list {
			if got, want := fmt.Sprint(row.At(2*i)), fmt.Sprint(row.At(2*i+1)); got != want {
				t.Errorf("%s: got %s, want %s", p.sql, got, want)
			}
		}
	}
}
