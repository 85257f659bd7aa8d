package notebook

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"gospark/cell/source"
	"gospark/display"
	"gospark/kernel/wire"
	"gospark/magic"
	"gospark/notebook/sparkview"
	"gospark/render"
)

// prelude is what every cell finds ready: the session, the cell's context, and
// the packages that need no import line.
func prelude() source.Prelude {
	return source.Prelude{
		Imports: map[string]string{
			"F":           "gospark/sparkclient/functions",
			"display":     "gospark/display",
			"sparkclient": "gospark/sparkclient",
			"window":      "gospark/sparkclient/window",

			source.MeasureName: source.MeasurePath,
		},
		Source:  "var ctx context.Context\nvar spark = sparkclient.Default()",
		Methods: map[string]string{"spark.Apache": "gospark/sparkclient/apache.Session"},
		Saved:   saved(),
	}
}

// errNoCell refuses to wait for Spark on behalf of what a former cell left
// running: there is no output in which to say so.
var errNoCell = errors.New("no Spark is connected, and the cell that asks for it has ended; `%spark start` connects")

// sessionCall is the name under which the worker asks for the session.
const sessionCall = "spark"

// answerSession tells the worker how to join the notebook's session, waiting
// for the server where it is still on its way.
func (n *Notebook) answerSession(ctx context.Context, cellID string, _ []byte) ([]byte, error) {
	s, _ := n.spark.peek()
	if r := n.running.find(cellID); r != nil {
		var err error
		if s, err = n.ready(ctx, r); err != nil {
			return nil, err
		}
	}
	if s.stage != ready {
		return nil, errNoCell
	}
	return json.Marshal(s.join)
}

// meta goes with a Go cell to the worker. Where there is no session now, the
// epoch is no former one's, so that the worker lets go of a former session and
// asks for one when the cell needs it.
func (n *Notebook) meta(r *run) map[string]string {
	s, _ := n.spark.peek()
	r.epoch.Store(int64(s.epoch))
	epoch := "none"
	if s.stage == ready || s.stage == connecting {
		epoch = strconv.Itoa(s.epoch)
	}
	m := map[string]string{sparkview.MetaTag: r.tag, sparkview.MetaEpoch: epoch, sparkview.MetaLink: s.page()}
	if s.target.URL == "" { // the shared server is on this machine
		m[sparkview.MetaFolder] = workDir()
	}
	return m
}

// goVersion is %go version.
func (n *Notebook) goVersion(ctx context.Context) (*display.Bundle, error) {
	version, err := n.cells.GoVersion(ctx)
	if err != nil {
		return nil, err
	}
	return text(version), nil
}

// goVars is %go vars: the worker shows the values. Where it cannot, names and
// types are shown.
func (n *Notebook) goVars(ctx context.Context, r *run) (*display.Bundle, error) {
	vars := n.cells.Vars()
	shown := make(sparkview.Variables, len(vars))
	names := make([]string, len(vars))
	for i, v := range vars {
		shown[i] = sparkview.Variable{Name: v.Name, Type: v.Type}
		names[i] = v.Name
	}
	if len(vars) > 0 {
		code := "[]any{" + strings.Join(names, ", ") + "}"
		table, err := n.runAside(ctx, r, code, map[string]string{sparkview.MetaVars: shown.String()})
		if err == nil || ctx.Err() != nil {
			return table, err
		}
	}
	table := shown.Table(nil)
	return &table, nil
}

// reset is %reset: a new worker, without variables; the Spark session stays.
func (n *Notebook) reset(ctx context.Context) (*display.Bundle, error) {
	if err := n.cells.Reset(ctx); err != nil {
		return nil, err
	}
	return text("all Go variables, types and functions are gone; the Spark session stays"), nil
}

// help is %help and --help: in the pager where a front end has one.
func (n *Notebook) help(c magic.Help) (*display.Bundle, error) {
	page := render.Page(c.Text)
	return &page, nil
}

// time is %time and %%time: how long a text takes, which may hold magics.
func (n *Notebook) time(ctx context.Context, r *run, c magic.Time) (*display.Bundle, error) {
	began := time.Now()
	value, err := n.segments(ctx, r, magic.Parse(strings.Repeat("\n", max(c.Line-1, 0))+c.Text))
	r.out.Stream(wire.Stdout, fmt.Sprintf("took %s\n", lasting(time.Since(began))))
	return value, err
}

// lasting writes a duration for people: 1.24s, 83ms.
func lasting(d time.Duration) string {
	switch {
	case d >= time.Minute:
		return d.Round(time.Second).String()
	case d >= time.Second:
		return d.Round(10 * time.Millisecond).String()
	case d >= time.Millisecond:
		return d.Round(time.Millisecond).String()
	}
	return d.String()
}
