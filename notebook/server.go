package notebook

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/google/uuid"

	"gospark/display"
	"gospark/kernel/wire"
	"gospark/launcher"
	"gospark/magic"
	"gospark/notebook/sparkview"
	"gospark/render"
)

// errRemote refuses what only a server on this machine has.
var errRemote = errors.New("this notebook is connected to a remote server, which keeps its own logs and Web UI")

// errNoServer refuses what needs a running server.
var errNoServer = errors.New("no Spark server is connected")

// logLines is how much of the log is shown when nobody says.
const logLines = 100

// logs is %spark logs: the last lines of the shared server's log, and with
// --follow all new ones until the cell is interrupted.
func (n *Notebook) logs(ctx context.Context, r *run, c magic.SparkLogs) (*display.Bundle, error) {
	s, _ := n.spark.peek()
	if s.target.URL != "" {
		return nil, errRemote
	}
	var match *regexp.Regexp
	if c.Grep != "" {
		var err error
		if match, err = regexp.Compile(c.Grep); err != nil {
			return nil, fmt.Errorf("--grep: %w", err)
		}
	}
	profile := cmp.Or(s.target.Profile.Name, launcher.DefaultProfile)
	for line, err := range launcher.Logs(ctx, n.spark.launch, profile, launcher.LogOptions{Tail: cmp.Or(c.Lines, logLines), Follow: c.Follow}) {
		if err != nil {
			return nil, err
		}
		if match == nil || match.MatchString(line) {
			r.out.Stream(wire.Stdout, line+"\n")
		}
	}
	return nil, nil
}

// ui is %spark ui: where the Web UI is.
func (n *Notebook) ui(c magic.SparkUI) (*display.Bundle, error) {
	s, _ := n.spark.peek()
	switch {
	case s.stage != ready:
		return nil, errNoServer
	case s.lease == nil:
		return nil, errRemote
	}
	address := s.lease.Server().UI
	if address == "" {
		return nil, errors.New("the server runs without a Web UI (spark.ui.enabled is false)")
	}
	if c.Page != "" {
		address = strings.TrimRight(address, "/") + "/" + c.Page + "/"
	}
	panel := render.Status(render.Panel{
		Title: "Spark Web UI", State: render.Good, Word: "running",
		Rows:  []render.Entry{{Key: "address", Value: address, Link: address}},
		Notes: []string{"It listens on this machine only; from another one, forward the port."},
	})
	return &panel, nil
}

// cancel is %spark cancel. The running cell of this notebook is interrupted by
// the front end's button; this stops what goes on in the background.
func (n *Notebook) cancel(ctx context.Context, c magic.SparkCancel) (*display.Bundle, error) {
	s, _ := n.spark.peek()
	if s.stage != ready {
		return nil, errNoServer
	}
	var ids []string
	var err error
	if c.ID == "" || c.All {
		ids, err = s.session.InterruptAll(ctx)
	} else {
		ids, err = s.session.InterruptOperation(ctx, c.ID)
	}
	if err != nil {
		return nil, err
	}
	if len(ids) == 0 {
		return text("nothing was running"), nil
	}
	return text("stopped " + strings.Join(ids, ", ")), nil
}

// tables is %spark tables [PATTERN].
func (n *Notebook) tables(ctx context.Context, r *run, c magic.SparkTables) (*display.Bundle, error) {
	s, err := n.ready(ctx, r)
	if err != nil {
		return nil, err
	}
	query := "SHOW TABLES"
	if c.Pattern != "" {
		query += " LIKE '" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(c.Pattern) + "'"
	}
	table, err := sparkview.Frame(ctx, s.session.SQL(ctx, query), 1000, "")
	return &table, err
}

// schema is %spark schema TABLE.
func (n *Notebook) schema(ctx context.Context, r *run, c magic.SparkSchema) (*display.Bundle, error) {
	s, err := n.ready(ctx, r)
	if err != nil {
		return nil, err
	}
	schema, err := s.session.Table(c.Table).Schema(ctx)
	if err != nil {
		return nil, err
	}
	rows := make([][]any, len(schema.Fields))
	for i, f := range schema.Fields {
		rows[i] = []any{f.Name, f.Type.SimpleString(), f.Nullable}
	}
	table := render.Table([]render.Column{{Name: "column"}, {Name: "type"}, {Name: "nullable"}}, rows,
		render.TableOptions{Caption: c.Table})
	return &table, nil
}

// session is %spark session: by default a notebook has its own; "use" joins
// another one of the same server, "new" begins afresh.
func (n *Notebook) session(ctx context.Context, r *run, c magic.SparkSession) (*display.Bundle, error) {
	if c.Action == "use" && uuid.Validate(c.Name) != nil { // found out before the present session is left
		return nil, &magic.UsageError{
			Magic: "%spark session use", Message: fmt.Sprintf("%q is no session's id", c.Name),
			Usage: "%spark session use ID; %spark in the other notebook shows its id",
		}
	}
	s, err := n.ready(ctx, r)
	if err != nil {
		return nil, err
	}
	next := s.target
	switch c.Action {
	case "new":
		next.Session = ""
	case "use":
		next.Session = c.Name
	default:
		return n.status(ctx)
	}
	return n.connectAnd(ctx, r, next)
}
