package connect

import (
	"context"
	"iter"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"gospark/sparkclient"
)

// session is a session of the light API on the real server, as open makes one
// of this package's.
func session(t *testing.T) *sparkclient.Session {
	t.Helper()
	engine := open(t)
	return sparkclient.New(func(context.Context) (sparkclient.Engine, error) { return engine, nil })
}

// batches are n record batches of one column, which begin at 0 and go on.
func batches(n, rows int) (*arrow.Schema, iter.Seq2[arrow.Record, error]) {
	schema := arrow.NewSchema([]arrow.Field{{Name: "id", Type: arrow.PrimitiveTypes.Int64}, {Name: "s", Type: arrow.BinaryTypes.String, Nullable: true}}, nil)
	return schema, func(yield func(arrow.Record, error) bool) {
		for i := range n {
			b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
			for j := range rows {
				b.Field(0).(*array.Int64Builder).Append(int64(i*rows + j))
				b.Field(1).(*array.StringBuilder).AppendNull()
			}
			if !yield(b.NewRecord(), nil) {
				return
			}
		}
	}
}

// Record batches go to the server and come back, few and many.
func TestRecords(t *testing.T) {
	spark := session(t)
	for _, n := range []int{0, 1, 3, 40} {
		schema, records := batches(n, 5000)
		df := CreateDataFrame(t.Context(), spark, schema, records)
		sum, rows := int64(0), int64(0)
		for record, err := range Records(t.Context(), df) {
			if err != nil {
				t.Fatal(err)
			}
			ids := record.Column(0).(*array.Int64)
			for i := range ids.Len() {
				sum += ids.Value(i)
			}
			rows += record.NumRows()
		}
		if want := int64(n) * 5000; rows != want || sum != want*(want-1)/2 {
			t.Errorf("%d batches: %d rows, sum %d", n, rows, sum)
		}
	}
	for range Records(t.Context(), spark.Range(1_000_000)) {
		break // the rest is not wanted
	}
	bad := arrow.NewSchema([]arrow.Field{{Name: "x", Type: &arrow.Time32Type{Unit: arrow.Second}}}, nil)
	if CreateDataFrame(t.Context(), spark, bad, func(func(arrow.Record, error) bool) {}).Err() == nil {
		t.Log("a time in seconds has a type in Spark")
	}
	for _, err := range Records(t.Context(), spark.Table("nowhere")) {
		if err == nil {
			t.Error("no error")
		}
	}
}
