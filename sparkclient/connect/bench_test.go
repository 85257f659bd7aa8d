package connect

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"testing"

	"gospark/sparkclient"
)

func BenchmarkSelectOne(b *testing.B) {
	s := open(b)
	query(b, s, "select 1")
	for b.Loop() {
		query(b, s, "select 1")
	}
}

// mixedRows are five columns of different types.
const mixedRows = `select id, id * 0.5D as d, concat('name-', id) as s, cast(id as decimal(18,2)) as m,
	timestamp_micros(id * 1000000) as t from range(%d)`

// BenchmarkMillionRows streams a million rows of five columns, reading every
// value; peak-MB is the process's largest resident size so far.
func BenchmarkMillionRows(b *testing.B) {
	s := open(b)
	plan := sqlPlan(fmt.Sprintf(mixedRows, 1_000_000))
	b.ReportAllocs()
	for b.Loop() {
		if rows := drain(b, s, plan); rows != 1_000_000 {
			b.Fatalf("%d rows", rows)
		}
	}
	b.ReportMetric(peakMB(b), "peak-MB")
}

// drain reads all values of a result and forgets them.
func drain(b *testing.B, s *Session, plan []byte) (rows int) {
	stream, err := s.Execute(b.Context(), plan)
	if err != nil {
		b.Fatal(err)
	}
	defer stream.Close()
	for {
		batch, err := stream.Next()
		if errors.Is(err, io.EOF) {
			return rows
		}
		if err != nil {
			b.Fatal(err)
		}
		for _, column := range batch.Columns() {
			for i := range batch.Len() {
				touch(column, i)
			}
		}
		rows += batch.Len()
	}
}

func touch(column sparkclient.Vector, i int) {
	switch v := column.(type) {
	case sparkclient.Int64Vector:
		_ = v.Int64(i)
	case sparkclient.Float64Vector:
		_ = v.Float64(i)
	case sparkclient.StringVector:
		_ = v.Text(i)
	default:
		_ = v.Value(i)
	}
}

// peakMB is VmHWM of this process.
func peakMB(b *testing.B) float64 {
	b.Helper()
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Skip("no /proc")
	}
	_, rest, _ := strings.Cut(string(text), "VmHWM:")
	kb, err := strconv.Atoi(strings.Fields(rest)[0])
	if err != nil {
		b.Fatal(err)
	}
	return float64(kb) / 1024
}
