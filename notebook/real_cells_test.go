package notebook

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"gospark/cell"
	"gospark/display"
)

// nowhere takes the output of cells that show nothing.
type nowhere struct{}

func (nowhere) Stdout(string)       {}
func (nowhere) Stderr(string)       {}
func (nowhere) Show(display.Output) {}
func (nowhere) Clear(bool)          {}
func (nowhere) Input(context.Context, string, bool) (string, error) {
	return "", errors.New("nobody answers")
}
func (nowhere) OpenComm(string, json.RawMessage, cell.CommHandler) (cell.Comm, error) {
	return nil, errors.New("no front end")
}

// cellsAlone runs cells in a worker as the notebook's, without a Spark: they may
// describe DataFrames.
func cellsAlone(t testing.TB, log *slog.Logger) (run func(code string) (cell.Result, time.Duration)) {
	o := withGo(t, Options{}).Cells
	o.Prelude, o.Log = prelude(), log
	cells := cell.New(o)
	t.Cleanup(func() {
		if err := cells.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	if err := cells.Prepare(t.Context(), func(step string) { t.Log(step) }); err != nil {
		t.Fatal(err)
	}
	number := 0
	return func(code string) (cell.Result, time.Duration) {
		number++
		began := time.Now()
		r, err := cells.Run(t.Context(), cell.Request{ID: fmt.Sprint(number), Number: number, Code: code}, nowhere{})
		if err != nil {
			t.Fatalf("%s\n%v", code, err)
		}
		return r, time.Since(began)
	}
}

// Cells with Spark are bound to the worker: what they use of the client, generic
// functions too, is there.
func TestSparkCellsAreBound(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the worker")
	}
	var log bytes.Buffer
	run := cellsAlone(t, slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	for _, code := range []string{
		`df := spark.Range(10).Filter(F.Col("id").Gt(3)).Select(F.Col("id"), F.Lit(1).Alias("y"))`,
		`w := window.PartitionBy("id").OrderBy("y")
df = df.WithColumn("n", F.RowNumber().Over(w)).GroupBy("id").Agg(F.Sum("n").Alias("s"))`,
		`type row struct { ID int64; S *float64 }
func all(df *sparkclient.DataFrame) ([]row, error) { return sparkclient.Collect[row](ctx, df) }
func each(df *sparkclient.DataFrame) (sum int64) {
	for r, err := range sparkclient.Rows[row](ctx, df) { if err == nil { sum += r.ID } }
	for r := range df.Rows(ctx) { sum += int64(r.Len()) }
	return sum
}`,
		`var schema sparkclient.StructType
var when sparkclient.TimestampNTZ
made := func() *sparkclient.DataFrame { return spark.CreateDataFrame(ctx, []row{{1, nil}}) }
save := func() error { return df.Write().Mode("overwrite").Parquet(ctx, "x") }`,
		`display.Markdown("# x")`,
	} {
		run(code)
		if text := log.String(); !strings.HasSuffix(text, "whole=false\n") {
			t.Errorf("%s\n%s", code, text[strings.LastIndex(strings.TrimSpace(text), "\n")+1:])
		}
	}
}

// BenchmarkNewSparkCell makes new cells that describe a DataFrame, and new trivial
// ones by turns: what a Spark cell costs beside one without. No Spark is needed.
func BenchmarkNewSparkCell(b *testing.B) {
	run := cellsAlone(b, nil)
	run("x := 0\ndf := spark.Range(10)")
	var spark, trivial time.Duration
	var built cell.Result
	for i := 0; b.Loop(); i++ {
		_, took := run(fmt.Sprintf("x += %d\nfmt.Println(x)", i))
		trivial += took
		r, took := run(fmt.Sprintf(`df = df.Filter(F.Col("id").Gt(%d)).Select(F.Col("id"), F.Lit(1).Alias("y"))`, i))
		spark += took
		built.Compile += r.Compile
		built.Link += r.Link
		built.Load += r.Load
	}
	for name, took := range map[string]time.Duration{
		"spark": spark, "trivial": trivial, "spark-compile": built.Compile, "spark-link": built.Link, "spark-load": built.Load,
	} {
		b.ReportMetric(took.Seconds()*1000/float64(b.N), name+"-ms")
	}
	b.ReportMetric(spark.Seconds()/trivial.Seconds(), "spark/trivial")
}
