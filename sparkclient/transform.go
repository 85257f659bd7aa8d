package sparkclient

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"

	"gospark/sparkclient/internal/plan"
)

// Select keeps columns and computes new ones.
func (df *DataFrame) Select(cols ...any) *DataFrame {
	return df.project(columns(spread(cols), Name))
}

// SelectExpr is Select of SQL expressions.
func (df *DataFrame) SelectExpr(exprs ...string) *DataFrame {
	list := make([]Column, len(exprs))
	for i, e := range exprs {
		list[i] = Expr(e)
	}
	return df.project(list)
}

func (df *DataFrame) project(cols []Column) *DataFrame {
	return df.derive(func(in *plan.Relation, e []*plan.Expression) *plan.Relation {
		return &plan.Relation{RelType: &plan.Project{Input: in, Expressions: e}}
	}, cols...)
}

// condition reads a Column or a SQL expression.
func condition(c any) Column {
	switch c := c.(type) {
	case Column:
		return c
	case string:
		return Expr(c)
	}
	return Column{err: fmt.Errorf("a condition is a Column or a SQL expression, not a Go %T", c)}
}

// Filter keeps the rows for which the condition, a Column or a SQL expression,
// is true.
func (df *DataFrame) Filter(where any) *DataFrame {
	return df.derive(func(in *plan.Relation, e []*plan.Expression) *plan.Relation {
		return &plan.Relation{RelType: &plan.Filter{Input: in, Condition: e[0]}}
	}, condition(where))
}

// Where is Filter.
func (df *DataFrame) Where(where any) *DataFrame { return df.Filter(where) }

// WithColumn adds a column or replaces the one of that name.
func (df *DataFrame) WithColumn(name string, value any) *DataFrame {
	return df.withColumns([]string{name}, []Column{Lit(value)})
}

// WithColumns adds or replaces columns, in the order of their names.
func (df *DataFrame) WithColumns(values map[string]any) *DataFrame {
	names := slices.Sorted(maps.Keys(values))
	cols := make([]Column, len(names))
	for i, name := range names {
		cols[i] = Lit(values[name])
	}
	return df.withColumns(names, cols)
}

func (df *DataFrame) withColumns(names []string, cols []Column) *DataFrame {
	return df.derive(func(in *plan.Relation, e []*plan.Expression) *plan.Relation {
		w := &plan.WithColumns{Input: in}
		for i, name := range names {
			w.Aliases = append(w.Aliases, &plan.ExpressionAlias{Expr: e[i], Name: []string{name}})
		}
		return &plan.Relation{RelType: w}
	}, cols...)
}

// WithColumnRenamed renames a column; where there is none of that name it does
// nothing.
func (df *DataFrame) WithColumnRenamed(old, name string) *DataFrame {
	return df.WithColumnsRenamed(map[string]string{old: name})
}

// WithColumnsRenamed renames columns, from key to value.
func (df *DataFrame) WithColumnsRenamed(names map[string]string) *DataFrame {
	return df.derive(func(in *plan.Relation, _ []*plan.Expression) *plan.Relation {
		w := &plan.WithColumnsRenamed{Input: in}
		for _, old := range slices.Sorted(maps.Keys(names)) {
			w.Renames = append(w.Renames, &plan.WithColumnsRenamedRename{ColName: old, NewColName: names[old]})
		}
		return &plan.Relation{RelType: w}
	})
}

// ToDF renames all columns.
func (df *DataFrame) ToDF(names ...string) *DataFrame {
	return df.derive(func(in *plan.Relation, _ []*plan.Expression) *plan.Relation {
		return &plan.Relation{RelType: &plan.ToDF{Input: in, ColumnNames: names}}
	})
}

// To brings the columns into the order and types of a schema.
func (df *DataFrame) To(schema *StructType) *DataFrame {
	return df.derive(func(in *plan.Relation, _ []*plan.Expression) *plan.Relation {
		return &plan.Relation{RelType: &plan.ToSchema{Input: in, Schema: typeToPlan(schema)}}
	})
}

// Drop leaves columns out, by name or as Columns; names that are not there are
// ignored.
func (df *DataFrame) Drop(cols ...any) *DataFrame {
	var names []string
	var list []Column
	for _, c := range spread(cols) {
		if name, ok := c.(string); ok {
			names = append(names, name)
		} else {
			list = append(list, Lit(c))
		}
	}
	return df.derive(func(in *plan.Relation, e []*plan.Expression) *plan.Relation {
		return &plan.Relation{RelType: &plan.Drop{Input: in, Columns: e, ColumnNames: names}}
	}, list...)
}

// OrderBy sorts; see [Column.Desc].
func (df *DataFrame) OrderBy(cols ...any) *DataFrame { return df.sort(cols, true) }

// Sort is OrderBy.
func (df *DataFrame) Sort(cols ...any) *DataFrame { return df.sort(cols, true) }

// SortWithinPartitions sorts each partition for itself.
func (df *DataFrame) SortWithinPartitions(cols ...any) *DataFrame { return df.sort(cols, false) }

func (df *DataFrame) sort(cols []any, global bool) *DataFrame {
	return df.derive(func(in *plan.Relation, e []*plan.Expression) *plan.Relation {
		return &plan.Relation{RelType: &plan.Sort{Input: in, Order: orders(e), IsGlobal: &global}}
	}, ordered(cols)...)
}

// Limit keeps the first n rows.
func (df *DataFrame) Limit(n int) *DataFrame {
	return df.derive(func(in *plan.Relation, _ []*plan.Expression) *plan.Relation {
		return &plan.Relation{RelType: &plan.Limit{Input: in, Limit: int32(n)}}
	})
}

// Offset leaves the first n rows out.
func (df *DataFrame) Offset(n int) *DataFrame {
	return df.derive(func(in *plan.Relation, _ []*plan.Expression) *plan.Relation {
		return &plan.Relation{RelType: &plan.Offset{Input: in, Offset: int32(n)}}
	})
}

// Distinct leaves one of equal rows.
func (df *DataFrame) Distinct() *DataFrame { return df.DropDuplicates() }

// DropDuplicates leaves one of the rows with equal values in the columns, or
// in all columns when none is named.
func (df *DataFrame) DropDuplicates(names ...string) *DataFrame {
	return df.deduplicate(names, nil)
}

// DropDuplicatesWithinWatermark is DropDuplicates of a stream.
func (df *DataFrame) DropDuplicatesWithinWatermark(names ...string) *DataFrame {
	return df.deduplicate(names, new(true))
}

func (df *DataFrame) deduplicate(names []string, within *bool) *DataFrame {
	return df.derive(func(in *plan.Relation, _ []*plan.Expression) *plan.Relation {
		d := &plan.Deduplicate{Input: in, ColumnNames: names, WithinWatermark: within}
		if len(names) == 0 {
			d.AllColumnsAsKeys = new(true)
		}
		return &plan.Relation{RelType: d}
	})
}

// Alias gives the DataFrame a name, for columns such as name.column.
func (df *DataFrame) Alias(name string) *DataFrame {
	return df.derive(func(in *plan.Relation, _ []*plan.Expression) *plan.Relation {
		return &plan.Relation{RelType: &plan.SubqueryAlias{Input: in, Alias: name}}
	})
}

// Hint tells the optimizer something, for example Hint("broadcast").
func (df *DataFrame) Hint(name string, params ...any) *DataFrame {
	return df.derive(func(in *plan.Relation, e []*plan.Expression) *plan.Relation {
		return &plan.Relation{RelType: &plan.Hint{Input: in, Name: name, Parameters: e}}
	}, columns(params, Lit)...)
}

// Sample keeps about that fraction of the rows. A seed makes the choice
// repeatable.
func (df *DataFrame) Sample(fraction float64, seed ...int64) *DataFrame {
	return df.sample(plan.Sample{UpperBound: fraction}, seed)
}

// SampleWithReplacement is Sample in which a row may come several times.
func (df *DataFrame) SampleWithReplacement(fraction float64, seed ...int64) *DataFrame {
	return df.sample(plan.Sample{UpperBound: fraction, WithReplacement: new(true)}, seed)
}

func (df *DataFrame) sample(s plan.Sample, seed []int64) *DataFrame {
	return df.derive(func(in *plan.Relation, _ []*plan.Expression) *plan.Relation {
		s.Input, s.Seed = in, new(anySeed(seed))
		return &plan.Relation{RelType: &s}
	})
}

func anySeed(seed []int64) int64 {
	if len(seed) > 0 {
		return seed[0]
	}
	return rand.Int64()
}

// RandomSplit parts the rows at random in proportion to the weights.
func (df *DataFrame) RandomSplit(weights []float64, seed ...int64) []*DataFrame {
	total := 0.0
	for _, w := range weights {
		total += w
	}
	same := []int64{anySeed(seed)}
	low, list := 0.0, make([]*DataFrame, len(weights))
	for i, w := range weights {
		high := low + w/total
		if i == len(weights)-1 {
			high = 1
		}
		list[i] = df.sample(plan.Sample{LowerBound: low, UpperBound: high, DeterministicOrder: true}, same)
		low = high
	}
	return list
}

// Repartition deals the rows out to n partitions, by the values of columns
// where there are some; with n 0 Spark chooses the number.
func (df *DataFrame) Repartition(n int, cols ...any) *DataFrame {
	if len(cols) == 0 {
		return df.repartition(n, true)
	}
	return df.repartitionBy(n, columns(spread(cols), Name))
}

// RepartitionByRange deals the rows out by ranges of the columns' values.
func (df *DataFrame) RepartitionByRange(n int, cols ...any) *DataFrame {
	return df.repartitionBy(n, ordered(cols))
}

// Coalesce joins partitions until there are n.
func (df *DataFrame) Coalesce(n int) *DataFrame { return df.repartition(n, false) }

func (df *DataFrame) repartition(n int, shuffle bool) *DataFrame {
	return df.derive(func(in *plan.Relation, _ []*plan.Expression) *plan.Relation {
		return &plan.Relation{RelType: &plan.Repartition{Input: in, NumPartitions: int32(n), Shuffle: &shuffle}}
	})
}

func (df *DataFrame) repartitionBy(n int, cols []Column) *DataFrame {
	return df.derive(func(in *plan.Relation, e []*plan.Expression) *plan.Relation {
		r := &plan.RepartitionByExpression{Input: in, PartitionExprs: e}
		if n > 0 {
			r.NumPartitions = ptr32(n)
		}
		return &plan.Relation{RelType: r}
	}, cols...)
}

// Transform is f(df), for chains.
func (df *DataFrame) Transform(f func(*DataFrame) *DataFrame) *DataFrame { return f(df) }

// ToJSON is one column, value, with each row as a JSON object.
func (df *DataFrame) ToJSON() *DataFrame {
	return df.Select(Call("to_json", Call("struct", Col("*"))).As("value"))
}
