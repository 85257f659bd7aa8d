package sparkclient

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gospark/sparkclient/internal/plan"
)

// StreamWriter describes where the rows of a stream go and how often. Its
// methods change it and return it, except Start and ToTable, which begin the
// query.
type StreamWriter struct {
	df  *DataFrame
	op  plan.WriteStreamOperationStart
	err error
}

// WriteStream begins to describe where the rows of a stream go.
func (df *DataFrame) WriteStream() *StreamWriter {
	return &StreamWriter{df: df, op: plan.WriteStreamOperationStart{Options: map[string]string{}}}
}

// Format names the kind of target: parquet, kafka, memory, console, noop, …
func (w *StreamWriter) Format(name string) *StreamWriter {
	w.op.Format = name
	return w
}

// OutputMode says what is written at each trigger: append (new rows, the
// default), complete (all rows of an aggregate) or update (changed rows).
func (w *StreamWriter) OutputMode(mode string) *StreamWriter {
	w.op.OutputMode = mode
	return w
}

// Option sets an option of the target, for example checkpointLocation.
func (w *StreamWriter) Option(key string, value any) *StreamWriter {
	w.op.Options[key] = fmt.Sprint(value)
	return w
}

// Options sets several options.
func (w *StreamWriter) Options(options map[string]any) *StreamWriter {
	for key, value := range options {
		w.Option(key, value)
	}
	return w
}

// PartitionBy makes a folder for each value of the columns.
func (w *StreamWriter) PartitionBy(names ...string) *StreamWriter {
	w.op.PartitioningColumnNames = names
	return w
}

// ClusterBy keeps rows with near values of the columns together.
func (w *StreamWriter) ClusterBy(names ...string) *StreamWriter {
	w.op.ClusteringColumnNames = names
	return w
}

// QueryName names the query; the target memory makes a view of that name.
func (w *StreamWriter) QueryName(name string) *StreamWriter {
	w.op.QueryName = name
	return w
}

// Trigger says when the query looks for new rows; without it, again and again.
type Trigger struct {
	set func(*plan.WriteStreamOperationStart)
}

// ProcessingTime looks at most that often.
func ProcessingTime(every time.Duration) Trigger {
	return Trigger{func(op *plan.WriteStreamOperationStart) { op.ProcessingTimeInterval = new(interval8601(every)) }}
}

// AvailableNow takes all that is there, in batches of the usual size, and ends
// the query.
func AvailableNow() Trigger {
	return Trigger{func(op *plan.WriteStreamOperationStart) { op.AvailableNow = new(true) }}
}

// Once takes all that is there in a single batch and ends the query.
func Once() Trigger {
	return Trigger{func(op *plan.WriteStreamOperationStart) { op.Once = new(true) }}
}

// Continuous handles each row as it comes, with a checkpoint that often.
func Continuous(checkpoint time.Duration) Trigger {
	return Trigger{func(op *plan.WriteStreamOperationStart) {
		op.ContinuousCheckpointInterval = new(interval8601(checkpoint))
	}}
}

// RealTime handles each row as it comes, in batches that long.
func RealTime(batch time.Duration) Trigger {
	return Trigger{func(op *plan.WriteStreamOperationStart) { op.RealTimeBatchDuration = new(interval8601(batch)) }}
}

// interval8601 is a duration as Spark reads it.
func interval8601(d time.Duration) string { return fmt.Sprintf("%d milliseconds", d.Milliseconds()) }

// Trigger says when the query looks for new rows.
func (w *StreamWriter) Trigger(t Trigger) *StreamWriter {
	if t.set == nil {
		w.err = errors.New("a Trigger is made by ProcessingTime, AvailableNow, Once, Continuous or RealTime")
		return w
	}
	w.op.ProcessingTimeInterval, w.op.ContinuousCheckpointInterval, w.op.RealTimeBatchDuration = nil, nil, nil
	w.op.AvailableNow, w.op.Once = nil, nil
	t.set(&w.op)
	return w
}

// Start begins the query, which writes below path where the target has one. It
// runs on the server until it is stopped, or the session ends.
func (w *StreamWriter) Start(ctx context.Context, path ...string) (*StreamingQuery, error) {
	op := w.op
	if len(path) > 0 {
		op.Path = &w.df.session.paths(path)[0]
	}
	return w.start(ctx, op)
}

// ToTable begins the query, which adds its rows to a table of a catalog.
func (w *StreamWriter) ToTable(ctx context.Context, name string) (*StreamingQuery, error) {
	op := w.op
	op.TableName = &name
	return w.start(ctx, op)
}

func (w *StreamWriter) start(ctx context.Context, op plan.WriteStreamOperationStart) (*StreamingQuery, error) {
	if err := firstError(w.err, w.df.observed()); err != nil {
		return nil, err
	}
	s := w.df.session
	op.Input = w.df.rel
	answers, err := run(ctx, s, &plan.Command{CommandType: &op})
	if err != nil {
		return nil, fmt.Errorf("start the streaming query: %w", err)
	}
	for _, a := range answers {
		r := a.WriteStreamOperationStartResult
		if r == nil {
			continue
		}
		q, err := streamingQuery(s, r.QueryId, r.Name)
		if err == nil && r.QueryStartedEventJson != nil {
			s.listeners.started(*r.QueryStartedEventJson)
		}
		return q, err
	}
	return nil, errAnswer("the streaming query")
}
