package sparkclient

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"gospark/sparkclient/internal/plan"
)

// GroupedData is a DataFrame whose rows are grouped, waiting for aggregates.
type GroupedData struct {
	df    *DataFrame
	kind  plan.AggregateGroupType
	by    []Column
	pivot []Column // the column and then the values, or nothing
	sets  [][]Column
	err   error
}

// GroupBy groups by columns; without columns all rows are one group.
func (df *DataFrame) GroupBy(cols ...any) *GroupedData {
	return df.grouped(plan.GroupTypeGroupby, cols)
}

// Rollup groups by the columns, by all but the last, and so on to none.
func (df *DataFrame) Rollup(cols ...any) *GroupedData {
	return df.grouped(plan.GroupTypeRollup, cols)
}

// Cube groups by every choice of the columns.
func (df *DataFrame) Cube(cols ...any) *GroupedData {
	return df.grouped(plan.GroupTypeCube, cols)
}

// GroupingSets groups by each of the sets; cols are all columns of the result.
func (df *DataFrame) GroupingSets(sets [][]any, cols ...any) *GroupedData {
	g := df.grouped(plan.GroupTypeGroupingSets, cols)
	for _, set := range sets {
		g.sets = append(g.sets, columns(spread(set), Name))
	}
	return g
}

func (df *DataFrame) grouped(kind plan.AggregateGroupType, cols []any) *GroupedData {
	return &GroupedData{df: df, kind: kind, by: columns(spread(cols), Name)}
}

// Agg aggregates all rows.
func (df *DataFrame) Agg(aggregates ...any) *DataFrame { return df.GroupBy().Agg(aggregates...) }

// Pivot makes a column of each value of the named one. Naming the values saves
// Spark from looking for them.
func (g *GroupedData) Pivot(name string, values ...any) *GroupedData {
	next := *g
	if g.kind != plan.GroupTypeGroupby {
		next.err = errors.New("Pivot goes on GroupBy, once")
		return &next
	}
	next.kind = plan.GroupTypePivot
	next.pivot = append([]Column{g.df.Col(name)}, columns(elements(values), Lit)...)
	for _, v := range next.pivot[1:] {
		if v.Err() == nil && constant(v.expr) == nil {
			next.err = errors.New("the values of Pivot are constants")
		}
	}
	return &next
}

// Agg computes one row for each group: aggregates are Columns, or a
// map[string]string from a column to the name of an aggregate function.
func (g *GroupedData) Agg(aggregates ...any) *DataFrame {
	list, err := measures(aggregates)
	if err := firstError(g.err, err); err != nil {
		return g.df.session.failed(err)
	}
	cols := slices.Concat(g.by, list, g.pivot)
	for _, set := range g.sets {
		cols = append(cols, set...)
	}
	return g.df.derive(func(in *plan.Relation, e []*plan.Expression) *plan.Relation {
		a := &plan.Aggregate{Input: in, GroupType: g.kind}
		a.GroupingExpressions, e = e[:len(g.by)], e[len(g.by):]
		a.AggregateExpressions, e = e[:len(list)], e[len(list):]
		if len(g.pivot) > 0 {
			a.Pivot = &plan.AggregatePivot{Col: e[0]}
			for _, v := range e[1:len(g.pivot)] {
				a.Pivot.Values = append(a.Pivot.Values, constant(v))
			}
		}
		e = e[len(g.pivot):]
		for _, set := range g.sets {
			a.GroupingSets = append(a.GroupingSets, &plan.AggregateGroupingSets{GroupingSet: e[:len(set)]})
			e = e[len(set):]
		}
		return &plan.Relation{RelType: a}
	}, cols...)
}

// measures reads the arguments of Agg.
func measures(aggregates []any) ([]Column, error) {
	var list []Column
	for _, a := range spread(aggregates) {
		switch a := a.(type) {
		case Column:
			list = append(list, a)
		case map[string]string:
			for _, name := range slices.Sorted(maps.Keys(a)) {
				list = append(list, Call(a[name], Col(name)))
			}
		default:
			return nil, fmt.Errorf("an aggregate is a Column, not a Go %T", a)
		}
	}
	if len(list) == 0 {
		return nil, errors.New("Agg needs an aggregate, for example F.Count(\"*\")")
	}
	return list, nil
}

// Count is the number of rows of each group, in a column count.
func (g *GroupedData) Count() *DataFrame { return g.Agg(Call("count", 1).As("count")) }

// Sum is the sum of each of the named columns.
func (g *GroupedData) Sum(names ...string) *DataFrame { return g.each("sum", names) }

// Avg is the mean of each of the named columns.
func (g *GroupedData) Avg(names ...string) *DataFrame { return g.each("avg", names) }

// Mean is Avg.
func (g *GroupedData) Mean(names ...string) *DataFrame { return g.each("avg", names) }

// Min is the least value of each of the named columns.
func (g *GroupedData) Min(names ...string) *DataFrame { return g.each("min", names) }

// Max is the greatest value of each of the named columns.
func (g *GroupedData) Max(names ...string) *DataFrame { return g.each("max", names) }

func (g *GroupedData) each(function string, names []string) *DataFrame {
	list := make([]any, len(names))
	for i, name := range names {
		list[i] = Call(function, Col(name))
	}
	return g.Agg(list...)
}
