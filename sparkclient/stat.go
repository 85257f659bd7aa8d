package sparkclient

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"gospark/sparkclient/internal/plan"
)

// NaFunctions deal with nulls.
type NaFunctions struct{ df *DataFrame }

// Na is the functions for nulls.
func (df *DataFrame) Na() NaFunctions { return NaFunctions{df} }

// Fill replaces null, and NaN, by a value: a bool, number or string, in the
// named columns or in all of its type; or a map from column to value.
func (n NaFunctions) Fill(value any, names ...string) *DataFrame {
	values := []any{value}
	if m, ok := value.(map[string]any); ok {
		names, values = slices.Sorted(maps.Keys(m)), nil
		for _, name := range names {
			values = append(values, m[name])
		}
	}
	literals, err := naLiterals(values)
	if err != nil {
		return n.df.session.failed(err)
	}
	return n.df.derive(func(in *plan.Relation, _ []*plan.Expression) *plan.Relation {
		return &plan.Relation{RelType: &plan.NAFill{Input: in, Cols: names, Values: literals}}
	})
}

// naLiterals makes constants of the four types that the server takes here.
func naLiterals(values []any) ([]*plan.ExpressionLiteral, error) {
	list := make([]*plan.ExpressionLiteral, len(values))
	for i, value := range values {
		c := Lit(value)
		if c.Err() != nil || constant(c.expr) == nil {
			return nil, fmt.Errorf("a Go %T cannot stand for null", value)
		}
		l := constant(c.expr)
		for _, small := range []*int32{l.Byte, l.Short, l.Integer} {
			if small != nil {
				l = &plan.ExpressionLiteral{Long: new(int64(*small))}
			}
		}
		if l.Float != nil {
			l = &plan.ExpressionLiteral{Double: new(float64(*l.Float))}
		}
		list[i] = l
	}
	return list, nil
}

// Drop leaves out the rows with a null in one of the columns, or in any column
// when none is named.
func (n NaFunctions) Drop(names ...string) *DataFrame { return n.drop(nil, names) }

// DropAll leaves out the rows with nothing but nulls in the columns.
func (n NaFunctions) DropAll(names ...string) *DataFrame { return n.drop(ptr32(1), names) }

// DropThresh leaves out the rows with fewer than min values in the columns.
func (n NaFunctions) DropThresh(min int, names ...string) *DataFrame {
	return n.drop(ptr32(min), names)
}

func (n NaFunctions) drop(min *int32, names []string) *DataFrame {
	return n.df.derive(func(in *plan.Relation, _ []*plan.Expression) *plan.Relation {
		return &plan.Relation{RelType: &plan.NADrop{Input: in, Cols: names, MinNonNulls: min}}
	})
}

// Replace replaces values, from key to value, in the named columns or in all
// that fit.
func (n NaFunctions) Replace(values map[any]any, names ...string) *DataFrame {
	r := &plan.NAReplace{Cols: names}
	for old, value := range values {
		pair, err := naLiterals([]any{old, value})
		if err != nil {
			return n.df.session.failed(err)
		}
		for i, l := range pair {
			if l.Long != nil {
				pair[i] = &plan.ExpressionLiteral{Double: new(float64(*l.Long))}
			}
		}
		r.Replacements = append(r.Replacements, &plan.NAReplaceReplacement{OldValue: pair[0], NewValue: pair[1]})
	}
	return n.df.derive(func(in *plan.Relation, _ []*plan.Expression) *plan.Relation {
		r.Input = in
		return &plan.Relation{RelType: r}
	})
}

// FillNa is Na().Fill.
func (df *DataFrame) FillNa(value any, names ...string) *DataFrame {
	return df.Na().Fill(value, names...)
}

// DropNa is Na().Drop.
func (df *DataFrame) DropNa(names ...string) *DataFrame { return df.Na().Drop(names...) }

// Replace is Na().Replace.
func (df *DataFrame) Replace(values map[any]any, names ...string) *DataFrame {
	return df.Na().Replace(values, names...)
}

// Describe is count, mean, standard deviation, least and greatest value of the
// named columns or of all.
func (df *DataFrame) Describe(names ...string) *DataFrame {
	return df.derive(func(in *plan.Relation, _ []*plan.Expression) *plan.Relation {
		return &plan.Relation{RelType: &plan.StatDescribe{Input: in, Cols: names}}
	})
}

// Summary is the named statistics of all columns: count, mean, stddev, min,
// max, percentiles such as 25%.
func (df *DataFrame) Summary(statistics ...string) *DataFrame {
	return df.derive(func(in *plan.Relation, _ []*plan.Expression) *plan.Relation {
		return &plan.Relation{RelType: &plan.StatSummary{Input: in, Statistics: statistics}}
	})
}

// StatFunctions are statistics.
type StatFunctions struct{ df *DataFrame }

// Stat is the functions for statistics.
func (df *DataFrame) Stat() StatFunctions { return StatFunctions{df} }

// Corr is Pearson's correlation of two columns.
func (s StatFunctions) Corr(ctx context.Context, col1, col2 string) (float64, error) {
	return s.number(ctx, &plan.Relation{RelType: &plan.StatCorr{Input: s.df.rel, Col1: col1, Col2: col2, Method: new("pearson")}})
}

// Cov is the sample covariance of two columns.
func (s StatFunctions) Cov(ctx context.Context, col1, col2 string) (float64, error) {
	return s.number(ctx, &plan.Relation{RelType: &plan.StatCov{Input: s.df.rel, Col1: col1, Col2: col2}})
}

func (s StatFunctions) number(ctx context.Context, rel *plan.Relation) (float64, error) {
	row, err := s.df.derive(func(*plan.Relation, []*plan.Expression) *plan.Relation { return rel }).First(ctx)
	if err != nil {
		return 0, err
	}
	n, ok := row.At(0).(float64)
	if !ok {
		return 0, errAnswer("the statistic")
	}
	return n, nil
}

// Crosstab counts how often each pair of values of two columns comes.
func (s StatFunctions) Crosstab(col1, col2 string) *DataFrame {
	return s.df.derive(func(in *plan.Relation, _ []*plan.Expression) *plan.Relation {
		return &plan.Relation{RelType: &plan.StatCrosstab{Input: in, Col1: col1, Col2: col2}}
	})
}

// FreqItems finds values that make up more than support of the rows.
func (s StatFunctions) FreqItems(names []string, support float64) *DataFrame {
	return s.df.derive(func(in *plan.Relation, _ []*plan.Expression) *plan.Relation {
		return &plan.Relation{RelType: &plan.StatFreqItems{Input: in, Cols: names, Support: &support}}
	})
}

// SampleBy keeps a fraction of the rows for each value of a column.
func (s StatFunctions) SampleBy(col any, fractions map[any]float64, seed ...int64) *DataFrame {
	var list []*plan.StatSampleByFraction
	for value, fraction := range fractions {
		l := Lit(value)
		if l.Err() != nil || constant(l.expr) == nil {
			return s.df.session.failed(fmt.Errorf("a Go %T is no stratum", value))
		}
		list = append(list, &plan.StatSampleByFraction{Stratum: constant(l.expr), Fraction: fraction})
	}
	return s.df.derive(func(in *plan.Relation, e []*plan.Expression) *plan.Relation {
		return &plan.Relation{RelType: &plan.StatSampleBy{Input: in, Col: e[0], Fractions: list, Seed: new(anySeed(seed))}}
	}, Name(col))
}

// ApproxQuantile is, for each named column, the values at the probabilities,
// off by at most the relative error in rank.
func (s StatFunctions) ApproxQuantile(ctx context.Context, names []string, probabilities []float64, relativeError float64) ([][]float64, error) {
	row, err := s.df.derive(func(in *plan.Relation, _ []*plan.Expression) *plan.Relation {
		return &plan.Relation{RelType: &plan.StatApproxQuantile{Input: in, Cols: names, Probabilities: probabilities, RelativeError: relativeError}}
	}).First(ctx)
	if err != nil {
		return nil, err
	}
	var result [][]float64
	if err := assign(row.At(0), &result); err != nil {
		return nil, fmt.Errorf("read the quantiles: %w", err)
	}
	return result, nil
}

// Corr is Stat().Corr.
func (df *DataFrame) Corr(ctx context.Context, col1, col2 string) (float64, error) {
	return df.Stat().Corr(ctx, col1, col2)
}

// Cov is Stat().Cov.
func (df *DataFrame) Cov(ctx context.Context, col1, col2 string) (float64, error) {
	return df.Stat().Cov(ctx, col1, col2)
}

// Crosstab is Stat().Crosstab.
func (df *DataFrame) Crosstab(col1, col2 string) *DataFrame { return df.Stat().Crosstab(col1, col2) }

// FreqItems is Stat().FreqItems.
func (df *DataFrame) FreqItems(names []string, support float64) *DataFrame {
	return df.Stat().FreqItems(names, support)
}

// SampleBy is Stat().SampleBy.
func (df *DataFrame) SampleBy(col any, fractions map[any]float64, seed ...int64) *DataFrame {
	return df.Stat().SampleBy(col, fractions, seed...)
}

// ApproxQuantile is Stat().ApproxQuantile.
func (df *DataFrame) ApproxQuantile(ctx context.Context, names []string, probabilities []float64, relativeError float64) ([][]float64, error) {
	return df.Stat().ApproxQuantile(ctx, names, probabilities, relativeError)
}
