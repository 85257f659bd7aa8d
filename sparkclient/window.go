package sparkclient

import (
	"math"
	"slices"

	"gospark/sparkclient/internal/plan"
)

// WindowSpec says over which rows a window function looks. Package
// sparkclient/window begins one.
type WindowSpec struct {
	partition, order []Column
	frame            *plan.ExpressionWindowWindowFrame
}

// The bounds of a frame beside a number of rows or a distance.
const (
	UnboundedPreceding int64 = math.MinInt64
	CurrentRow         int64 = 0
	UnboundedFollowing int64 = math.MaxInt64
)

// PartitionBy sets the columns whose equal values make a partition.
func (w WindowSpec) PartitionBy(cols ...any) WindowSpec {
	w.partition = columns(spread(cols), Name)
	return w
}

// OrderBy sets the order within a partition.
func (w WindowSpec) OrderBy(cols ...any) WindowSpec {
	w.order = ordered(cols)
	return w
}

// RowsBetween sets the frame by numbers of rows relative to the current one;
// negative ones lie before it.
func (w WindowSpec) RowsBetween(start, end int64) WindowSpec {
	w.frame = frame(plan.FrameTypeRow, start, end)
	return w
}

// RangeBetween sets the frame by distances from the current row's value in the
// order.
func (w WindowSpec) RangeBetween(start, end int64) WindowSpec {
	w.frame = frame(plan.FrameTypeRange, start, end)
	return w
}

func frame(kind plan.ExpressionWindowWindowFrameFrameType, start, end int64) *plan.ExpressionWindowWindowFrame {
	return &plan.ExpressionWindowWindowFrame{FrameType: kind, Lower: boundary(start), Upper: boundary(end)}
}

func boundary(at int64) *plan.ExpressionWindowWindowFrameFrameBoundary {
	switch at {
	case CurrentRow:
		return &plan.ExpressionWindowWindowFrameFrameBoundary{CurrentRow: new(true)}
	case UnboundedPreceding, UnboundedFollowing:
		return &plan.ExpressionWindowWindowFrameFrameBoundary{Unbounded: new(true)}
	}
	return &plan.ExpressionWindowWindowFrameFrameBoundary{Value: Lit(int(at)).expr}
}

// Over computes the aggregate or window function over the rows of w.
func (c Column) Over(w WindowSpec) Column {
	n := 1 + len(w.partition)
	return compose(func(e []*plan.Expression) *plan.Expression {
		return &plan.Expression{ExprType: &plan.ExpressionWindow{
			WindowFunction: e[0], PartitionSpec: e[1:n], OrderSpec: orders(e[n:]), FrameSpec: w.frame}}
	}, slices.Concat([]Column{c}, w.partition, w.order)...)
}
