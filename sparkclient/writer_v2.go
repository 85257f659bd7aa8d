package sparkclient

import (
	"context"
	"errors"
	"fmt"

	"gospark/sparkclient/internal/plan"
)

// WriterV2 describes how a DataFrame goes into a table of a catalog; whether
// the table must be there is said by the method that writes. Its other methods
// change it and return it.
type WriterV2 struct {
	df  *DataFrame
	op  plan.WriteOperationV2
	err error
}

// WriteTo begins to describe how the DataFrame goes into a table.
func (df *DataFrame) WriteTo(table string) *WriterV2 {
	return &WriterV2{df: df, op: plan.WriteOperationV2{
		TableName: table, Options: map[string]string{}, TableProperties: map[string]string{}}}
}

// Using names the kind of a new table: parquet, iceberg, delta, …
func (w *WriterV2) Using(provider string) *WriterV2 {
	w.op.Provider = &provider
	return w
}

// Option sets an option of the write.
func (w *WriterV2) Option(key string, value any) *WriterV2 {
	w.op.Options[key] = fmt.Sprint(value)
	return w
}

// Options sets several options.
func (w *WriterV2) Options(options map[string]any) *WriterV2 {
	for key, value := range options {
		w.Option(key, value)
	}
	return w
}

// TableProperty sets a property of a new table.
func (w *WriterV2) TableProperty(key, value string) *WriterV2 {
	w.op.TableProperties[key] = value
	return w
}

// PartitionedBy parts a new table by columns or by F.Years, F.Months, F.Days,
// F.Hours and F.Bucket of them.
func (w *WriterV2) PartitionedBy(cols ...any) *WriterV2 {
	w.op.PartitioningColumns, w.err = plain(columns(spread(cols), Name)...)
	return w
}

// ClusterBy keeps rows with near values of the columns together in a new table.
func (w *WriterV2) ClusterBy(names ...string) *WriterV2 {
	w.op.ClusteringColumns = names
	return w
}

// WithSchemaEvolution lets the write add columns to the table.
func (w *WriterV2) WithSchemaEvolution() *WriterV2 {
	w.op.WithSchemaEvolution = true
	return w
}

// Create makes the table, which must not be there, and fills it.
func (w *WriterV2) Create(ctx context.Context) error { return w.write(ctx, plan.ModeCreate) }

// Replace makes the table anew, which must be there, and fills it.
func (w *WriterV2) Replace(ctx context.Context) error { return w.write(ctx, plan.ModeReplace) }

// CreateOrReplace makes the table, anew where it is there, and fills it.
func (w *WriterV2) CreateOrReplace(ctx context.Context) error {
	return w.write(ctx, plan.ModeCreateOrReplace)
}

// Append adds the rows to the table.
func (w *WriterV2) Append(ctx context.Context) error { return w.write(ctx, plan.ModeAppend) }

// Overwrite replaces the rows of the table for which the condition holds.
func (w *WriterV2) Overwrite(ctx context.Context, where any) error {
	e, err := plain(condition(where))
	if err != nil {
		return err
	}
	w.op.OverwriteCondition = e[0]
	return w.write(ctx, plan.ModeOverwrite)
}

// OverwritePartitions replaces the partitions that the rows belong to.
func (w *WriterV2) OverwritePartitions(ctx context.Context) error {
	return w.write(ctx, plan.ModeOverwritePartitions)
}

func (w *WriterV2) write(ctx context.Context, mode plan.WriteOperationV2Mode) error {
	if err := firstError(w.err, w.df.observed()); err != nil {
		return err
	}
	op := w.op
	op.Input, op.Mode = w.df.rel, mode
	_, err := run(ctx, w.df.session, &plan.Command{CommandType: &op})
	return err
}

// plain are the expressions of columns for a command, which cannot carry the
// plans of subqueries.
func plain(cols ...Column) ([]*plan.Expression, error) {
	list, refs, err := parts(cols)
	if err == nil && len(refs) > 0 {
		err = errors.New("a subquery cannot be used here: join it first")
	}
	return list, err
}
