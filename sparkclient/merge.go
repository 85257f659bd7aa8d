package sparkclient

import (
	"context"
	"maps"
	"slices"

	"gospark/sparkclient/internal/plan"
)

// MergeIntoWriter describes how the rows of a DataFrame, the source, change a
// table: what happens to rows that both have, that only the source has, and
// that only the table has. Of the actions of one kind the first whose condition
// holds is taken. Merge does it.
type MergeIntoWriter struct {
	df      *DataFrame
	command plan.MergeIntoTableCommand
	err     error
}

// MergeInto begins to describe how the DataFrame changes a table; rows belong
// together where the condition, a Column or a SQL expression, holds.
func (df *DataFrame) MergeInto(table string, on any) *MergeIntoWriter {
	m := &MergeIntoWriter{df: df, command: plan.MergeIntoTableCommand{TargetTableName: table}}
	e, err := plain(condition(on))
	if err != nil {
		m.err = err
		return m
	}
	m.command.MergeCondition = e[0]
	return m
}

// WithSchemaEvolution lets the merge add columns to the table.
func (m *MergeIntoWriter) WithSchemaEvolution() *MergeIntoWriter {
	m.command.WithSchemaEvolution = true
	return m
}

// Merge changes the table.
func (m *MergeIntoWriter) Merge(ctx context.Context) error {
	if err := firstError(m.err, m.df.observed()); err != nil {
		return err
	}
	command := m.command
	command.SourceTablePlan = m.df.rel
	_, err := run(ctx, m.df.session, &plan.Command{CommandType: &command})
	return err
}

// WhenMatched says what happens to rows that both have.
type WhenMatched struct{ when }

// WhenNotMatched says what happens to rows that only the source has.
type WhenNotMatched struct{ when }

// WhenNotMatchedBySource says what happens to rows that only the table has.
type WhenNotMatchedBySource struct{ when }

// WhenMatched is for rows that both have, where a condition holds if one is
// given.
func (m *MergeIntoWriter) WhenMatched(where ...any) WhenMatched {
	return WhenMatched{m.when(&m.command.MatchActions, where)}
}

// WhenNotMatched is for rows that only the source has, where a condition holds
// if one is given.
func (m *MergeIntoWriter) WhenNotMatched(where ...any) WhenNotMatched {
	return WhenNotMatched{m.when(&m.command.NotMatchedActions, where)}
}

// WhenNotMatchedBySource is for rows that only the table has, where a condition
// holds if one is given.
func (m *MergeIntoWriter) WhenNotMatchedBySource(where ...any) WhenNotMatchedBySource {
	return WhenNotMatchedBySource{m.when(&m.command.NotMatchedBySourceActions, where)}
}

// UpdateAll sets all columns to those of the source.
func (w WhenMatched) UpdateAll() *MergeIntoWriter { return w.do(plan.ActionTypeUpdateStar, nil) }

// Update sets columns.
func (w WhenMatched) Update(values map[string]any) *MergeIntoWriter {
	return w.do(plan.ActionTypeUpdate, values)
}

// Delete removes the row from the table.
func (w WhenMatched) Delete() *MergeIntoWriter { return w.do(plan.ActionTypeDelete, nil) }

// InsertAll adds the row of the source.
func (w WhenNotMatched) InsertAll() *MergeIntoWriter { return w.do(plan.ActionTypeInsertStar, nil) }

// Insert adds a row with the columns given.
func (w WhenNotMatched) Insert(values map[string]any) *MergeIntoWriter {
	return w.do(plan.ActionTypeInsert, values)
}

// UpdateAll sets all columns to those of the source.
func (w WhenNotMatchedBySource) UpdateAll() *MergeIntoWriter {
	return w.do(plan.ActionTypeUpdateStar, nil)
}

// Update sets columns.
func (w WhenNotMatchedBySource) Update(values map[string]any) *MergeIntoWriter {
	return w.do(plan.ActionTypeUpdate, values)
}

// Delete removes the row from the table.
func (w WhenNotMatchedBySource) Delete() *MergeIntoWriter { return w.do(plan.ActionTypeDelete, nil) }

// when is one of the three cases, waiting for its action.
type when struct {
	merge *MergeIntoWriter
	to    *[]*plan.Expression
	where []Column // none or one
}

func (m *MergeIntoWriter) when(to *[]*plan.Expression, where []any) when {
	return when{m, to, columns(where, condition)}
}

func (w when) do(kind plan.MergeActionActionType, values map[string]any) *MergeIntoWriter {
	action := &plan.MergeAction{ActionType: kind}
	where, err := plain(w.where...)
	if len(where) > 0 {
		action.Condition = where[0]
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		e, wrong := plain(Expr(name), Lit(values[name]))
		if err = firstError(err, wrong); err != nil {
			break
		}
		action.Assignments = append(action.Assignments, &plan.MergeActionAssignment{Key: e[0], Value: e[1]})
	}
	w.merge.err = firstError(w.merge.err, err)
	*w.to = append(*w.to, &plan.Expression{ExprType: action})
	return w.merge
}
