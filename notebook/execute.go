package notebook

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync/atomic"

	"gospark/cell"
	"gospark/display"
	"gospark/kernel"
	"gospark/kernel/wire"
	"gospark/magic"
	"gospark/notebook/sparkview"
	"gospark/sparkclient"
)

// run is one cell on its way through its segments.
type run struct {
	cell kernel.Cell
	out  kernel.Output
	// tag marks every Spark operation of the cell.
	tag string
	// epoch is that of the Spark session which the cell uses.
	epoch atomic.Int64
	// track shows the operations that the kernel itself runs for the cell.
	track *sparkview.Tracker
}

// Execute runs a cell: its segments in order, up to the first that fails. The
// value of the last one is the cell's value; those before are shown.
func (n *Notebook) Execute(ctx context.Context, c kernel.Cell, out kernel.Output) (kernel.Result, error) {
	r := &run{cell: c, out: out, tag: "gospark-" + c.ID}
	r.track = sparkview.NewTracker("gospark-progress-"+c.ID, "", out.Show)
	defer r.track.Close()
	n.current.Store(r)
	defer n.current.Store(nil)
	ctx = sparkclient.WithProgress(sparkclient.WithTags(ctx, r.tag), r.track.Report)
	value, err := n.segments(ctx, r, magic.Parse(c.Code))
	if err != nil {
		return kernel.Result{}, n.explain(ctx, r, err)
	}
	return kernel.Result{Value: value, Expressions: n.expressions(ctx, r)}, nil
}

// segments runs parts of a cell and returns the last one's value.
func (n *Notebook) segments(ctx context.Context, r *run, parts []magic.Segment) (*display.Bundle, error) {
	var last *display.Bundle
	for _, part := range parts {
		if last != nil {
			r.out.Show(display.Output{Bundle: *last})
		}
		var err error
		if last, err = n.segment(ctx, r, part); err != nil {
			return nil, err
		}
	}
	return last, nil
}

func (n *Notebook) segment(ctx context.Context, r *run, part magic.Segment) (*display.Bundle, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if part.Kind == magic.Go {
		if strings.TrimSpace(part.Text) == "" {
			return nil, nil
		}
		return n.runGo(ctx, r, part.Source())
	}
	command, err := part.Command()
	if err != nil {
		return nil, err
	}
	return n.command(ctx, r, command)
}

// command carries out a magic. This switch is the one place that knows all of
// them; a magic of its own is one type in package magic and one line here.
func (n *Notebook) command(ctx context.Context, r *run, command magic.Command) (*display.Bundle, error) {
	switch c := command.(type) {
	case magic.SQL:
		return n.sql(ctx, r, c)
	case magic.SparkStatus:
		return n.status(ctx)
	case magic.SparkStart:
		return n.start(ctx, r, c)
	case magic.SparkConnect:
		return n.connectTo(ctx, r, c)
	case magic.SparkStop:
		return n.stopServer(ctx, c)
	case magic.SparkRestart:
		return n.restart(ctx, r, c)
	case magic.SparkConf:
		return n.conf(ctx, r, c)
	case magic.SparkLogs:
		return n.logs(ctx, r, c)
	case magic.SparkUI:
		return n.ui(c)
	case magic.SparkCancel:
		return n.cancel(ctx, c)
	case magic.SparkTables:
		return n.tables(ctx, r, c)
	case magic.SparkSchema:
		return n.schema(ctx, r, c)
	case magic.SparkSession:
		return n.session(ctx, r, c)
	case magic.GoVersion:
		return n.goVersion(ctx)
	case magic.GoVars:
		return n.goVars()
	case magic.Reset:
		return n.reset(ctx)
	case magic.Help:
		return n.help(c)
	case magic.Time:
		return n.time(ctx, r, c)
	case magic.ChangeDir:
		return n.changeDir(ctx, c)
	case magic.Env:
		return n.env(ctx, c)
	case magic.Script:
		return nil, n.script(ctx, r, c)
	case magic.WriteFile:
		return n.writeFile(c)
	}
	return nil, errors.New("gospark knows this magic but not what to do for it: please report that")
}

// runGo runs Go source in the worker.
func (n *Notebook) runGo(ctx context.Context, r *run, source string) (*display.Bundle, error) {
	if err := n.prepared.await(ctx, r); err != nil {
		return nil, err
	}
	request := cell.Request{
		ID:     r.cell.ID,
		Number: r.cell.Number,
		Code:   source,
		Meta:   n.meta(r),
	}
	result, err := n.cells.Run(ctx, request, cellOutput{r.out})
	if err != nil {
		return nil, err
	}
	for _, notice := range result.Notices {
		r.out.Stream(wire.Stderr, notice+"\n")
	}
	return result.Value, nil
}

// expressions evaluates user_expressions as Go.
func (n *Notebook) expressions(ctx context.Context, r *run) map[string]kernel.Expression {
	if len(r.cell.Expressions) == 0 {
		return nil
	}
	answers := make(map[string]kernel.Expression, len(r.cell.Expressions))
	for _, name := range slices.Sorted(maps.Keys(r.cell.Expressions)) {
		value, err := n.runGo(ctx, r, r.cell.Expressions[name])
		switch {
		case err != nil:
			answers[name] = kernel.Expression{Err: shown(n.failure(ctx, r, n.blame(ctx, r, err)))}
		case value == nil:
			nothing := display.Plain("")
			answers[name] = kernel.Expression{Value: &nothing}
		default:
			answers[name] = kernel.Expression{Value: value}
		}
	}
	return answers
}

// cellOutput lets the worker's output flow to the front end.
type cellOutput struct{ kernel.Output }

func (o cellOutput) Stdout(text string) { o.Stream(wire.Stdout, text) }
func (o cellOutput) Stderr(text string) { o.Stream(wire.Stderr, text) }
