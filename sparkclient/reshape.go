package sparkclient

import "gospark/sparkclient/internal/plan"

// Unpivot turns columns to rows: ids stay, and each of the value columns (nil
// for all others) becomes a row with its name and its value in two columns.
func (df *DataFrame) Unpivot(ids, values []any, variable, value string) *DataFrame {
	i, v := columns(spread(ids), Name), columns(spread(values), Name)
	return df.derive(func(in *plan.Relation, e []*plan.Expression) *plan.Relation {
		u := &plan.Unpivot{Input: in, Ids: e[:len(i)], VariableColumnName: variable, ValueColumnName: value}
		if values != nil {
			u.Values = &plan.UnpivotValues{Values: e[len(i):]}
		}
		return &plan.Relation{Unpivot: u}
	}, append(i, v...)...)
}

// Melt is Unpivot.
func (df *DataFrame) Melt(ids, values []any, variable, value string) *DataFrame {
	return df.Unpivot(ids, values, variable, value)
}

// Transpose turns rows to columns, named by the values of the index column, the
// first one when none is given.
func (df *DataFrame) Transpose(index ...any) *DataFrame {
	return df.derive(func(in *plan.Relation, e []*plan.Expression) *plan.Relation {
		return &plan.Relation{Transpose: &plan.Transpose{Input: in, IndexColumns: e}}
	}, columns(spread(index), Name)...)
}

// WithMetadata gives a column metadata, a JSON object.
func (df *DataFrame) WithMetadata(name, metadata string) *DataFrame {
	return df.derive(func(in *plan.Relation, e []*plan.Expression) *plan.Relation {
		return &plan.Relation{WithColumns: &plan.WithColumns{Input: in, Aliases: []*plan.ExpressionAlias{
			{Expr: e[0], Name: []string{name}, Metadata: &metadata}}}}
	}, df.Col(name))
}
