package sparkclient_test

import (
	"testing"

	"gospark/sparkclient"
	F "gospark/sparkclient/functions"
)

// benchRows is how many rows the benchmarks of whole results read.
const benchRows = 1_000_000

type mixed struct {
	ID   int64
	F    float64
	S    string
	B    bool
	Half *float64
}

func mixedRows(spark *sparkclient.Session) *sparkclient.DataFrame {
	id := F.Col("id")
	return spark.Range(benchRows).Select("id", id.Mul(1.5).As("f"), F.Concat(F.Lit("row "), id).As("s"), id.Mod(2).Eq(0).As("b"), id.Div(2).As("half"))
}

func BenchmarkSelectOne(b *testing.B) {
	spark := open(b)
	for b.Loop() {
		_, err := spark.SQL(b.Context(), "select 1").Collect(b.Context())
		check(b, err)
	}
}

func BenchmarkCollectStructs(b *testing.B) {
	df := mixedRows(open(b))
	b.ReportAllocs()
	for b.Loop() {
		list, err := sparkclient.Collect[mixed](b.Context(), df)
		check(b, err)
		if len(list) != benchRows {
			b.Fatal(len(list))
		}
	}
}

func BenchmarkStreamStructs(b *testing.B) {
	df := mixedRows(open(b))
	b.ReportAllocs()
	for b.Loop() {
		for _, err := range sparkclient.Rows[mixed](b.Context(), df) {
			check(b, err)
		}
	}
}

func BenchmarkCollectRows(b *testing.B) {
	df := mixedRows(open(b))
	b.ReportAllocs()
	for b.Loop() {
		_, err := df.Collect(b.Context())
		check(b, err)
	}
}

func BenchmarkBatches(b *testing.B) {
	df := mixedRows(open(b))
	b.ReportAllocs()
	for b.Loop() {
		for _, err := range df.Batches(b.Context()) {
			check(b, err)
		}
	}
}

func BenchmarkCreateDataFrame(b *testing.B) {
	spark := open(b)
	data := make([]mixed, benchRows)
	b.ReportAllocs()
	for b.Loop() {
		check(b, spark.CreateDataFrame(b.Context(), data).Err())
	}
}
