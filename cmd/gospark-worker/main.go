// Command gospark-worker is the process that holds a notebook's Go variables
// and runs its Go cells. The kernel builds it with the user's toolchain, starts
// it and talks to it over a private socket; it is not for people to run.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"sync"

	"gospark/cell/worker"
	"gospark/display"
	"gospark/notebook/sparkview"
	"gospark/render"
	"gospark/sparkclient"
	"gospark/sparkclient/connect"

	// What cells import beside the standard library is in the worker from the
	// start, so that the first cell that says F need not wait.
	_ "gospark/sparkclient/functions"
	_ "gospark/sparkclient/window"
)

func main() {
	s := &spark{}
	if err := worker.Serve(worker.Options{Setup: s.setup, Context: s.context, Render: show, Fail: sparkview.EncodeReport}); err != nil {
		fmt.Fprintln(os.Stderr, "gospark-worker:", err)
		os.Exit(1)
	}
}

// spark joins the cells to the notebook's session.
type spark struct {
	worker *worker.Worker

	// mu guards the fields below. It is never held while the session is asked
	// for anything: the session holds its own lock while it calls join.
	mu     sync.Mutex
	epoch  string           // of the session that the cells see
	joined *connect.Session // nil before the first use
}

// setup gives cells their session. It is resolved when a cell first uses it,
// by asking the kernel, which may still be starting the server.
func (s *spark) setup(w *worker.Worker) {
	s.worker = w
	sparkclient.SetDefault(sparkclient.New(s.join))
}

func (s *spark) join(ctx context.Context) (sparkclient.Engine, error) {
	answer, err := s.worker.Call(ctx, "spark", nil)
	if err != nil {
		return nil, err
	}
	var e sparkview.Endpoint
	if err := json.Unmarshal(answer, &e); err != nil {
		return nil, fmt.Errorf("read where the Spark session is: %w", err)
	}
	o, err := connect.Parse(e.URL)
	if err != nil {
		return nil, err
	}
	o.UserID, o.SessionID = e.User, e.Session
	joined, err := connect.Open(o)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	former := s.joined
	s.joined, s.epoch = joined, strconv.Itoa(e.Epoch)
	s.mu.Unlock()
	if former != nil { // the connection only: the session is the notebook's
		_ = former.Close()
	}
	return joined, nil
}

// context makes a cell's context: its Spark operations carry the cell's tag and
// show their progress in its output.
func (s *spark) context(ctx context.Context, req worker.Request) context.Context {
	if s.changed(req.Meta[sparkview.MetaEpoch]) {
		sparkclient.Default().Reconnect()
	}
	sparkclient.Default().UseFolder(req.Meta[sparkview.MetaFolder])
	track := sparkview.NewTracker("gospark-go-progress-"+req.ID, "Spark", req.Show)
	track.Link(req.Meta[sparkview.MetaLink])
	context.AfterFunc(ctx, track.Close)
	ctx = context.WithValue(ctx, trackKey{}, track)
	ctx, failures := sparkclient.WithFailures(ctx)
	ctx = context.WithValue(ctx, failuresKey{}, failures)
	if req.Meta[sparkview.MetaBind] != "" {
		ctx = context.WithValue(ctx, bindKey{}, true)
	}
	if vars, err := sparkview.ParseVariables(req.Meta[sparkview.MetaVars]); err == nil {
		ctx = context.WithValue(ctx, varsKey{}, vars)
	}
	ctx = sparkclient.WithTags(ctx, req.Meta[sparkview.MetaTag])
	return sparkclient.WithProgress(ctx, track.Report)
}

// changed notes which session is current and reports whether it is another one
// than the cells before have seen.
func (s *spark) changed(epoch string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := s.epoch
	s.epoch = epoch
	return before != epoch
}

// failuresKey finds the commands of a cell whose errors nobody looked at.
type failuresKey struct{}

// varsKey finds what the kernel calls the values of a cell that it wrote.
type varsKey struct{}

// bindKey marks a cell whose value are arguments for the kernel.
type bindKey struct{}

// show renders the result of a cell: a DataFrame runs for its first rows. A
// command that failed although the cell went on is the cell's error.
func show(ctx context.Context, vals []any) (*display.Bundle, error) {
	if named, ok := arguments(ctx, vals); ok {
		b, err := sparkview.EncodeArguments(named)
		return &b, err
	}
	if table, ok := variables(ctx, vals); ok {
		return &table, nil
	}
	var failed error
	b := render.ValuesWith(func(v any) (display.Bundle, bool) {
		b, known, err := shown(ctx, v)
		failed = errors.Join(failed, err)
		return b, known
	}, vals...)
	if failures, ok := ctx.Value(failuresKey{}).(*sparkclient.Failures); ok && failed == nil {
		failed = failures.Unseen()
	}
	if track, ok := ctx.Value(trackKey{}).(*sparkview.Tracker); ok && failed != nil {
		track.Discard()
	}
	if b.Empty() {
		return nil, failed
	}
	return &b, failed
}

// trackKey finds the progress line of a cell.
type trackKey struct{}

// shown is what is Spark's own: DataFrames, charts and profiles run.
func shown(ctx context.Context, v any) (b display.Bundle, known bool, err error) {
	switch v := v.(type) {
	case *sparkclient.DataFrame:
		if v == nil {
			return display.Bundle{}, false, nil
		}
		b, err = sparkview.Frame(ctx, v, sparkview.FrameOptions{Hint: "df.Show(ctx, n)", Tabs: true, Plan: true,
			Explain: "`.Explain(ctx, \"formatted\")` on it prints how Spark runs it.",
			Profile: "`.Profile()` on it, as the last line of a cell, sums up every column by one pass over the data."})
	case sparkclient.Chart:
		b, err = sparkview.Plot(ctx, v.DataFrame(), sparkview.PlotSpec(v.ChartOptions))
	case sparkclient.Profile:
		b, err = sparkview.Profile(ctx, v.DataFrame())
	case []sparkclient.Row:
		b = sparkview.Rows(v)
	default:
		return display.Bundle{}, false, nil
	}
	return b, true, err
}

// variables are the table of a cell that the kernel wrote to show Go variables.
func variables(ctx context.Context, vals []any) (table display.Bundle, ok bool) {
	vars, ok := ctx.Value(varsKey{}).(sparkview.Variables)
	if !ok || len(vals) != 1 {
		return table, false
	}
	values, ok := vals[0].([]any)
	if !ok || len(values) != len(vars) {
		return table, false
	}
	return vars.Table(values), true
}

// arguments are the value of a cell that the kernel wrote to get at Go variables.
func arguments(ctx context.Context, vals []any) (sparkclient.Named, bool) {
	if ctx.Value(bindKey{}) == nil || len(vals) != 1 {
		return nil, false
	}
	named, ok := vals[0].(sparkclient.Named)
	return named, ok
}
