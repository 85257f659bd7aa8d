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
		return &plan.Relation{RelType: u}
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
		return &plan.Relation{RelType: &plan.Transpose{Input: in, IndexColumns: e}}
	}, columns(spread(index), Name)...)
}

// WithMetadata gives a column metadata, a JSON object.
func (df *DataFrame) WithMetadata(name, metadata string) *DataFrame {
	return df.derive(func(in *plan.Relation, e []*plan.Expression) *plan.Relation {
		return &plan.Relation{RelType: &plan.WithColumns{Input: in, Aliases: []*plan.ExpressionAlias{
			{Expr: e[0], Name: []string{name}, Metadata: &metadata}}}}
	}, df.Col(name))
}

// ZipWithIndex adds a column that numbers the rows from 0, called index unless
// another name is given.
func (df *DataFrame) ZipWithIndex(name ...string) *DataFrame {
	name = append(name, "index")
	return df.Select("*", Call("distributed_sequence_id").As(name[0]))
}

// WithWatermark says how late rows of a stream may come by the column with
// their time, for example WithWatermark("time", "10 minutes").
func (df *DataFrame) WithWatermark(eventTime, delay string) *DataFrame {
	return df.derive(func(in *plan.Relation, _ []*plan.Expression) *plan.Relation {
		return &plan.Relation{RelType: &plan.WithWatermark{Input: in, EventTime: eventTime, DelayThreshold: delay}}
	})
}

// RepartitionByID deals the rows out to n partitions by a column that has the
// number of the partition.
func (df *DataFrame) RepartitionByID(n int, id any) *DataFrame {
	return df.repartitionBy(n, []Column{compose(func(e []*plan.Expression) *plan.Expression {
		return &plan.Expression{ExprType: &plan.ExpressionDirectShufflePartitionID{Child: e[0]}}
	}, Name(id))})
}
