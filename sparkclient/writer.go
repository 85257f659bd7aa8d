package sparkclient

import (
	"context"
	"fmt"
	"strings"

	"gospark/sparkclient/internal/plan"
)

// Writer describes where a DataFrame goes. Its methods change it and return
// it, except those with a context, which write.
type Writer struct {
	df  *DataFrame
	op  plan.WriteOperation
	err error
}

// Write begins to describe where the DataFrame goes.
func (df *DataFrame) Write() *Writer {
	return &Writer{df: df, op: plan.WriteOperation{Mode: plan.SaveModeErrorIfExists, Options: map[string]string{}}}
}

// Format names the kind of target: parquet, csv, json, orc, text, jdbc, noop, …
func (w *Writer) Format(name string) *Writer {
	w.op.Source = &name
	return w
}

// Mode says what happens when the target has data: error (the default), append,
// overwrite or ignore.
func (w *Writer) Mode(mode string) *Writer {
	switch strings.ToLower(mode) {
	case "append":
		w.op.Mode = plan.SaveModeAppend
	case "overwrite":
		w.op.Mode = plan.SaveModeOverwrite
	case "error", "errorifexists", "default":
		w.op.Mode = plan.SaveModeErrorIfExists
	case "ignore":
		w.op.Mode = plan.SaveModeIgnore
	default:
		w.err = fmt.Errorf("unknown mode %q: use error, append, overwrite or ignore", mode)
	}
	return w
}

// Option sets an option of the target.
func (w *Writer) Option(key string, value any) *Writer {
	w.op.Options[key] = fmt.Sprint(value)
	return w
}

// Options sets several options.
func (w *Writer) Options(options map[string]any) *Writer {
	for key, value := range options {
		w.Option(key, value)
	}
	return w
}

// PartitionBy makes a folder for each value of the columns.
func (w *Writer) PartitionBy(names ...string) *Writer {
	w.op.PartitioningColumns = names
	return w
}

// BucketBy deals the rows of a table out to n buckets by the columns' values.
func (w *Writer) BucketBy(n int, names ...string) *Writer {
	w.op.BucketBy = &plan.WriteOperationBucketBy{NumBuckets: int32(n), BucketColumnNames: names}
	return w
}

// SortBy sorts within the buckets.
func (w *Writer) SortBy(names ...string) *Writer {
	w.op.SortColumnNames = names
	return w
}

// ClusterBy keeps rows with near values of the columns together.
func (w *Writer) ClusterBy(names ...string) *Writer {
	w.op.ClusteringColumns = names
	return w
}

// Save writes to a path, or to a target that has none.
func (w *Writer) Save(ctx context.Context, path ...string) error {
	op := w.op
	if len(path) > 0 {
		op.Path = &w.df.session.paths(path)[0]
	}
	return w.write(ctx, op)
}

// SaveAsTable writes to a table of a catalog and makes it where needed.
func (w *Writer) SaveAsTable(ctx context.Context, name string) error {
	op := w.op
	op.Table = &plan.WriteOperationSaveTable{TableName: name, SaveMethod: plan.TableSaveMethodSaveAsTable}
	return w.write(ctx, op)
}

// InsertInto adds the rows to a table, by the position of the columns. With
// overwrite they take the place of what is there.
func (w *Writer) InsertInto(ctx context.Context, name string, overwrite ...bool) error {
	op := w.op
	if len(overwrite) > 0 {
		op.Mode = plan.SaveModeAppend
		if overwrite[0] {
			op.Mode = plan.SaveModeOverwrite
		}
	}
	op.Table = &plan.WriteOperationSaveTable{TableName: name, SaveMethod: plan.TableSaveMethodInsertInto}
	return w.write(ctx, op)
}

func (w *Writer) write(ctx context.Context, op plan.WriteOperation) error {
	if err := firstError(w.err, w.df.observed()); err != nil {
		return err
	}
	op.Input = w.df.rel
	_, err := run(ctx, w.df.session, &plan.Command{CommandType: &op})
	return err
}

// CSV writes comma-separated files below path.
func (w *Writer) CSV(ctx context.Context, path string) error { return w.Format("csv").Save(ctx, path) }

// JSON writes files with a JSON object on each line below path.
func (w *Writer) JSON(ctx context.Context, path string) error {
	return w.Format("json").Save(ctx, path)
}

// Parquet writes Parquet files below path.
func (w *Writer) Parquet(ctx context.Context, path string) error {
	return w.Format("parquet").Save(ctx, path)
}

// ORC writes ORC files below path.
func (w *Writer) ORC(ctx context.Context, path string) error { return w.Format("orc").Save(ctx, path) }

// XML writes XML files below path.
func (w *Writer) XML(ctx context.Context, path string) error { return w.Format("xml").Save(ctx, path) }

// Text writes the one column, a string, as lines of files below path.
func (w *Writer) Text(ctx context.Context, path string) error {
	return w.Format("text").Save(ctx, path)
}

// JDBC writes to a table of a database.
func (w *Writer) JDBC(ctx context.Context, url, table string, properties map[string]string) error {
	w.Format("jdbc").Option("url", url).Option("dbtable", table)
	for key, value := range properties {
		w.Option(key, value)
	}
	return w.Save(ctx)
}
