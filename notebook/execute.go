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
	// cancel interrupts the cell, and no other.
	cancel context.CancelFunc
	// epoch is that of the Spark session which the cell uses.
	epoch atomic.Int64
	// text replaces the cell's, where it is not empty.
	text string
	// track shows the operations that the kernel itself runs for the cell.
	track *sparkview.Tracker
}

// Execute runs a cell: its segments in order, up to the first that fails. The
// value of the last one is the cell's value; those before are shown.
func (n *Notebook) Execute(ctx context.Context, c kernel.Cell, out kernel.Output) (kernel.Result, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	r := &run{cell: c, out: out, tag: tagOf(c.ID), cancel: cancel}
	r.track = sparkview.NewTracker("gospark-progress-"+c.ID, "", out.Show)
	defer r.track.Close()
	n.names.note(r)
	work := n.works.begin(r)
	end := n.running.begin(r)
	n.tell()
	defer func() { end(); n.tell() }()
	ctx = sparkclient.WithProgress(sparkclient.WithTags(ctx, r.tag), func(p sparkclient.Progress) {
		r.track.Report(p)
		n.works.report(work, p)
	})
	value, err := n.segments(ctx, r, magic.Parse(c.Code))
	n.works.end(work, outcome(ctx, err))
	if errors.Is(err, errFormatted) {
		return kernel.Result{Text: r.text}, nil
	}
	if err != nil {
		r.track.Discard()
		return kernel.Result{}, n.explain(ctx, r, err)
	}
	return kernel.Result{Value: value, Expressions: n.expressions(ctx, r)}, nil
}

// tagOf marks the Spark operations of one cell, by the msg_id of its request.
func tagOf(cell string) string { return "gospark-" + cell }

// outcome is how a cell ended, in the words of the comm.
func outcome(ctx context.Context, err error) string {
	switch {
	case err == nil || errors.Is(err, errFormatted):
		return "done"
	case ctx.Err() != nil:
		return "cancelled"
	}
	return "failed"
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

// command carries out a magic. The two switches are the one place that knows all
// of them; a magic of its own is one type in package magic and one line here.
func (n *Notebook) command(ctx context.Context, r *run, command magic.Command) (*display.Bundle, error) {
	switch c := command.(type) {
	case magic.GoVersion:
		return n.goVersion(ctx)
	case magic.GoVars:
		return n.goVars(ctx, r)
	case magic.GoGet:
		return n.goGet(ctx, r, c)
	case magic.GoMod:
		return n.goMod(ctx, c)
	case magic.GoList:
		return n.goList(ctx)
	case magic.GoFmt:
		return nil, r.format()
	case magic.Bench:
		return n.bench(ctx, r, c)
	case magic.Test:
		return n.test(ctx, r, c)
	case magic.Save:
		return n.save(ctx, c)
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
	return n.sparkCommand(ctx, r, command)
}

// sparkCommand carries out what is about Spark.
func (n *Notebook) sparkCommand(ctx context.Context, r *run, command magic.Command) (*display.Bundle, error) {
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
	case magic.SparkProfile:
		return n.profileCommand(ctx, r, c)
	case magic.SparkDoctor:
		return n.doctor(ctx), nil
	case magic.SparkConf:
		return n.conf(ctx, r, c)
	case magic.SparkLogs:
		return n.logs(ctx, r, c)
	case magic.SparkUI:
		return n.ui(ctx, c)
	case magic.SparkCancel:
		return n.cancel(ctx, c)
	case magic.SparkJobs:
		return n.sparkJobs(ctx, r, c)
	case magic.SparkTables:
		return n.tables(ctx, r, c)
	case magic.SparkSchema:
		return n.schema(ctx, r, c)
	case magic.SparkSession:
		return n.session(ctx, r, c)
	}
	return nil, errors.New("gospark knows this magic but not what to do for it: please report that")
}

// runGo runs Go source in the worker.
func (n *Notebook) runGo(ctx context.Context, r *run, source string) (*display.Bundle, error) {
	return n.runRequest(ctx, r, n.request(r, source))
}

// runAside runs Go source that is no cell of the person's, with more for the
// worker to know.
func (n *Notebook) runAside(ctx context.Context, r *run, source string, more map[string]string) (*display.Bundle, error) {
	request := n.request(r, source)
	request.Aside = true
	maps.Copy(request.Meta, more)
	return n.runRequest(ctx, r, request)
}

func (n *Notebook) request(r *run, source string) cell.Request {
	return cell.Request{
		ID:     r.cell.ID,
		Number: r.cell.Number,
		Place:  r.cell.CellID,
		Code:   source,
		Meta:   n.meta(r),
		// Beside a cell of the main shell it is a guest.
		Background: r.cell.Subshell != "",
	}
}

func (n *Notebook) runRequest(ctx context.Context, r *run, request cell.Request) (*display.Bundle, error) {
	if err := n.prepared.await(ctx, r); err != nil {
		return nil, err
	}
	defer n.catalog.forget() // Go makes views too
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
		value, err := n.runAside(ctx, r, r.cell.Expressions[name], nil)
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

// errNoInput is what a cell reads as its error where nobody can be asked.
var errNoInput = errors.New("this front end cannot be asked for input")

// Input says in the cell's words that nobody can be asked.
func (o cellOutput) Input(ctx context.Context, prompt string, password bool) (string, error) {
	line, err := o.Output.Input(ctx, prompt, password)
	if errors.Is(err, kernel.ErrNoStdin) {
		err = errNoInput
	}
	return line, err
}
