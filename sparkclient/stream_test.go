package sparkclient_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"gospark/sparkclient"
	"gospark/sparkclient/connect"
	F "gospark/sparkclient/functions"
)

// TestStreamingQuery runs a query from start to stop, with everything that one
// can ask of it.
func TestStreamingQuery(t *testing.T) {
	spark, ctx, dir := open(t), t.Context(), t.TempDir()
	check(t, spark.Range(5).Coalesce(1).Write().Parquet(ctx, dir+"/in"))
	stream := spark.ReadStream().Schema("id BIGINT").Option("maxFilesPerTrigger", 1).Parquet(dir + "/in")
	if yes, err := stream.IsStreaming(ctx); err != nil || !yes {
		t.Errorf("streaming: %v, %v", yes, err)
	}
	q, err := stream.Observe("seen", F.Count("*").As("rows")).GroupBy(F.Col("id").Mod(2).As("odd")).Count().WriteStream().
		Format("memory").OutputMode("complete").QueryName("odds").Trigger(sparkclient.ProcessingTime(10 * time.Millisecond)).Start(ctx)
	check(t, err)
	if q.Name() != "odds" || q.ID() == "" || q.RunID() == q.ID() {
		t.Errorf("query %s %s %s", q.Name(), q.ID(), q.RunID())
	}
	check(t, q.ProcessAllAvailable(ctx))
	if got := values(t, spark.Table("odds").OrderBy("odd")); strings.Join(got, " ") != "{0, 3} {1, 2}" {
		t.Errorf("result %v", got)
	}
	if active, err := q.IsActive(ctx); err != nil || !active {
		t.Errorf("active: %v, %v", active, err)
	}
	if status, err := q.Status(ctx); err != nil || status.Message == "" {
		t.Errorf("status: %+v, %v", status, err)
	}
	progress, err := q.RecentProgress(ctx)
	rows := int64(0)
	for _, p := range progress {
		rows += p.NumInputRows
	}
	if err != nil || rows != 5 || progress[0].ObservedMetrics["seen"]["rows"] != 5.0 || progress[0].ID != q.ID() || progress[0].Sources[0].Description == "" {
		t.Errorf("recent progress: %+v, %v", progress, err)
	}
	checkProgress(t, spark, progress[0])
	last, err := q.LastProgress(ctx)
	if err != nil || last == nil || last.BatchID == 0 && len(progress) > 1 {
		t.Errorf("last progress: %+v, %v", last, err)
	}
	if s, err := q.ExplainString(ctx, true); err != nil || !strings.Contains(s, "Aggregate") {
		t.Errorf("explain: %s, %v", s, err)
	}
	check(t, q.Explain(ctx))
	if e, err := q.Exception(ctx); err != nil || e != nil {
		t.Errorf("exception: %v, %v", e, err)
	}
	if done, err := q.AwaitTermination(ctx, 10*time.Millisecond); err != nil || done {
		t.Errorf("await: %v, %v", done, err)
	}
	streams := spark.Streams()
	if all, err := streams.Active(ctx); err != nil || len(all) != 1 || all[0].ID() != q.ID() || all[0].Name() != "odds" {
		t.Errorf("active queries: %v, %v", all, err)
	}
	if same, err := streams.Get(ctx, q.ID()); err != nil || same.RunID() != q.RunID() {
		t.Errorf("get: %v, %v", same, err)
	}
	if done, err := streams.AwaitAnyTermination(ctx, 10*time.Millisecond); err != nil || done {
		t.Errorf("await any: %v, %v", done, err)
	}
	check(t, q.Stop(ctx))
	if done, err := q.AwaitTermination(ctx); err != nil || !done {
		t.Errorf("await the end: %v, %v", done, err)
	}
	if done, err := streams.AwaitAnyTermination(ctx); err != nil || !done {
		t.Errorf("await any end: %v, %v", done, err)
	}
	check(t, streams.ResetTerminated(ctx))
	if _, err := streams.Get(ctx, q.ID()); !errors.Is(err, sparkclient.ErrNoQuery) {
		t.Errorf("get of what has ended: %v", err)
	}
}

// checkProgress looks at everything that the progress of a batch with an
// aggregate over 5 rows says.
func checkProgress(t *testing.T, _ *sparkclient.Session, p sparkclient.StreamingQueryProgress) {
	t.Helper()
	s, state, sink := p.Sources[0], p.StateOperators[0], p.Sink
	for what, right := range map[string]bool{
		"who":     p.ID != "" && p.RunID != "" && p.Name == "odds" && p.BatchID == 0,
		"when":    p.Timestamp != "" && p.BatchDuration > 0 && p.DurationMs["addBatch"] > 0 && len(p.EventTime) == 0,
		"rows":    p.NumInputRows == 5 && p.InputRowsPerSecond >= 0 && p.ProcessedRowsPerSecond > 0,
		"source":  s.Description != "" && s.StartOffset == nil && s.EndOffset != nil && s.NumInputRows == 5 && s.Metrics != nil,
		"source+": s.LatestOffset == nil && s.InputRowsPerSecond >= 0 && s.ProcessedRowsPerSecond > 0,
		"sink":    sink.Description == "MemorySink" && sink.NumOutputRows == 2 && len(sink.Metrics) == 0,
		"state":   state.OperatorName == "stateStoreSave" && state.NumRowsTotal == 2 && state.NumRowsUpdated == 2 && state.NumRowsRemoved == 0,
		"times":   state.AllUpdatesTimeMs >= 0 && state.AllRemovalsTimeMs >= 0 && state.CommitTimeMs >= 0 && state.MemoryUsedBytes > 0,
		"stores":  state.NumRowsDroppedByWatermark == 0 && state.NumShufflePartitions == 2 && state.NumStateStoreInstances == 2 && len(state.CustomMetrics) > 0,
	} {
		if !right {
			t.Errorf("%s in the progress %+v", what, p)
		}
	}
}

// TestStreamFiles reads every format as a stream and writes it on.
func TestStreamFiles(t *testing.T) {
	spark, ctx, dir := open(t), t.Context(), t.TempDir()
	text := spark.Range(4).Select(F.Col("id").Cast("string").As("value")).Coalesce(1)
	read := func() *sparkclient.StreamReader {
		return spark.ReadStream().Schema("value STRING").Options(map[string]any{"rowTag": "row", "latestFirst": false})
	}
	for format, stream := range map[string]func(string) *sparkclient.DataFrame{
		"csv": read().CSV, "json": read().JSON, "parquet": read().Parquet, "orc": read().ORC, "xml": read().XML,
		"text": spark.ReadStream().Text,
		"load": func(path string) *sparkclient.DataFrame { return read().Format("parquet").Load(path) },
	} {
		in := dir + "/" + format
		write := text.Write().Format(strings.Replace(format, "load", "parquet", 1)).Option("rowTag", "row")
		check(t, write.Save(ctx, in))
		q, err := stream(in).WriteStream().Format("parquet").Option("checkpointLocation", in+"-check").Trigger(sparkclient.AvailableNow()).Start(ctx, in+"-out")
		check(t, err)
		_, err = q.AwaitTermination(ctx)
		check(t, err)
		if n, err := spark.Read().Parquet(in + "-out").Count(ctx); err != nil || n != 4 {
			t.Errorf("%s: %d rows, %v", format, n, err)
		}
	}
	if _, err := spark.ReadStream().Load("a", "b").Schema(ctx); err == nil {
		t.Error("two folders: no error")
	}
}

func TestStreamTables(t *testing.T) {
	spark, ctx, dir := open(t), t.Context(), t.TempDir()
	table := tableName(t, spark)
	q, err := spark.ReadStream().Format("rate-micro-batch").Option("rowsPerBatch", 3).Load().Select("value", F.Lit(1).As("part")).WriteStream().Format("parquet").PartitionBy("part").
		Options(map[string]any{"checkpointLocation": dir}).Trigger(sparkclient.Once()).ToTable(ctx, table)
	check(t, err)
	_, err = q.AwaitTermination(ctx)
	check(t, err)
	back, err := spark.ReadStream().Table(table).WithWatermark("value", "1 minute").WriteStream().Format("noop").Start(ctx)
	var e *sparkclient.Error
	if !errors.As(err, &e) || e.Class != "EVENT_TIME_IS_NOT_ON_TIMESTAMP_TYPE" {
		t.Errorf("a watermark on a number: %v, %v", back, err)
	}
	_, err = spark.ReadStream().Changes(table).WriteStream().Format("noop").Start(ctx)
	if !errors.As(err, &e) || !strings.Contains(e.Class, "UNSUPPORTED_FEATURE") {
		t.Errorf("changes of a table that keeps none: %v", err)
	}
	_, err = spark.ReadStream().Format("rate").Load().WriteStream().Format("noop").ClusterBy("value").Trigger(sparkclient.Continuous(time.Second)).Start(ctx)
	check(t, err)
	if _, err = spark.ReadStream().Format("rate").Load().WriteStream().Format("noop").Trigger(sparkclient.Trigger{}).Start(ctx); err == nil {
		t.Error("an empty trigger: no error")
	}
	if _, err = spark.ReadStream().Name("my source").Format("rate").Load().Schema(ctx); err == nil {
		t.Error("a source with a blank in its name: no error")
	}
}

// TestStreamListener hears of a query that works and of one that fails.
func TestStreamListener(t *testing.T) {
	spark, ctx := open(t), t.Context()
	var mu sync.Mutex
	var heard []string
	ended := make(chan struct{}, 2)
	note := func(format string, args ...any) {
		mu.Lock()
		defer mu.Unlock()
		heard = append(heard, fmt.Sprintf(format, args...))
	}
	l := &sparkclient.StreamingQueryListener{
		OnQueryStarted: func(e sparkclient.QueryStartedEvent) {
			note("started %s %v", e.Name, e.ID != e.RunID && e.Timestamp != "" && len(e.JobTags) >= 0)
		},
		OnQueryIdle: func(e sparkclient.QueryIdleEvent) { note("idle %v", e.ID != e.RunID && e.Timestamp != "") },
		OnQueryProgress: func(e sparkclient.QueryProgressEvent) {
			note("progress %s %d", e.Progress.Name, e.Progress.NumInputRows)
		},
		OnQueryTerminated: func(e sparkclient.QueryTerminatedEvent) {
			note("terminated %v %s %v", e.Exception != "", e.ErrorClass, e.ID != e.RunID)
			ended <- struct{}{}
		},
		OnError: func(err error) { note("error %v", err) },
	}
	panics := &sparkclient.StreamingQueryListener{
		OnQueryStarted: func(sparkclient.QueryStartedEvent) { panic("oh") },
		OnError:        func(err error) { note("%v", err) },
	}
	streams := spark.Streams()
	check(t, streams.AddListener(ctx, l))
	check(t, streams.AddListener(ctx, panics))
	if n := len(streams.ListListeners()); n != 2 {
		t.Errorf("%d listeners", n)
	}
	check(t, streams.RemoveListener(ctx, &sparkclient.StreamingQueryListener{}))
	for name, col := range map[string]sparkclient.Column{"good": F.Col("value"), "bad": F.RaiseError(F.Lit("boom"))} {
		q, err := spark.ReadStream().Format("rate-micro-batch").Option("rowsPerBatch", 3).Load().Select(col.As("x")).WriteStream().Format("noop").
			QueryName(name).Trigger(sparkclient.Once()).Start(ctx)
		check(t, err)
		done, err := q.AwaitTermination(ctx)
		if (err == nil) != (name == "good") {
			t.Errorf("%s: %v, %v", name, done, err)
		}
		if e, err := q.Exception(ctx); err != nil || (e == nil) != (name == "good") {
			t.Errorf("%s: exception %v, %v", name, e, err)
		}
		select {
		case <-ended:
		case <-ctx.Done():
			t.Fatal("no end")
		}
	}
	check(t, streams.RemoveListener(ctx, panics))
	check(t, streams.RemoveListener(ctx, l))
	check(t, streams.AddListener(ctx, l)) // and again after the last was removed
	mu.Lock()
	defer mu.Unlock()
	all := strings.Join(heard, "; ")
	for _, want := range []string{"started good true", "started bad true", "progress good 3", "terminated false  true", "terminated true USER_RAISED_EXCEPTION true", "a listener panicked: oh"} {
		if !strings.Contains(all, want) {
			t.Errorf("no %q in %s", want, all)
		}
	}
}

// TestStreamListenerCancelled adds no listener for a caller who has left.
func TestStreamListenerCancelled(t *testing.T) {
	spark := open(t)
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if err := spark.Streams().AddListener(cancelled, &sparkclient.StreamingQueryListener{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if left := spark.Streams().ListListeners(); len(left) > 0 {
		t.Errorf("added all the same: %v", left)
	}
}

// Listeners whose session somebody else ends on the server are told so.
func TestStreamListenerLost(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	options, err := connect.Parse(server.Remote(t))
	check(t, err)
	options.SessionID = uuid.NewString()
	shared := func() *sparkclient.Session {
		return sparkclient.New(func(context.Context) (sparkclient.Engine, error) { return connect.Open(options) })
	}
	spark, other := shared(), shared()
	defer spark.Close(context.Background())
	told := make(chan error, 1)
	l := &sparkclient.StreamingQueryListener{OnError: func(err error) { told <- err }}
	check(t, spark.Streams().AddListener(ctx, l))
	_, err = other.SQL(ctx, "select 1").Collect(ctx)
	check(t, err)
	check(t, other.Stop(ctx))
	select {
	case err := <-told:
		if !strings.Contains(err.Error(), "no longer come") {
			t.Error(err)
		}
	case <-ctx.Done():
		t.Fatal("nobody told the listener")
	}
	if left := spark.Streams().ListListeners(); len(left) > 0 {
		t.Errorf("still there: %v", left)
	}
}
