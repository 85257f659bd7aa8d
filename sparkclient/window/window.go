// Package window begins window specifications, PySpark's Window:
//
//	F.Rank().Over(window.PartitionBy("carrier").OrderBy(F.Desc("distance")))
//
// It holds no state and reaches no server.
package window

import "gospark/sparkclient"

// The bounds of a frame beside a number of rows or a distance.
const (
	UnboundedPreceding = sparkclient.UnboundedPreceding
	CurrentRow         = sparkclient.CurrentRow
	UnboundedFollowing = sparkclient.UnboundedFollowing
)

// PartitionBy begins with the columns whose equal values make a partition.
func PartitionBy(cols ...any) sparkclient.WindowSpec {
	return sparkclient.WindowSpec{}.PartitionBy(cols...)
}

// OrderBy begins with the order of the rows.
func OrderBy(cols ...any) sparkclient.WindowSpec {
	return sparkclient.WindowSpec{}.OrderBy(cols...)
}

// RowsBetween begins with a frame of rows.
func RowsBetween(start, end int64) sparkclient.WindowSpec {
	return sparkclient.WindowSpec{}.RowsBetween(start, end)
}

// RangeBetween begins with a frame of values.
func RangeBetween(start, end int64) sparkclient.WindowSpec {
	return sparkclient.WindowSpec{}.RangeBetween(start, end)
}
