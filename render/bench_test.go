package render

import "testing"

// The part of "%%sql, 10,000 rows" that this package has: rows to HTML and text.
func BenchmarkTable10000(b *testing.B) {
	columns, rows := flightColumns(), flightRows(10000)
	b.ReportAllocs()
	for b.Loop() {
		Table(columns, rows, TableOptions{Limit: 10000})
	}
}
