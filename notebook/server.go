package notebook

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"regexp"
	"strings"

	"gospark/display"
	"gospark/kernel/wire"
	"gospark/launcher"
	"gospark/magic"
	"gospark/notebook/sparkview"
	"gospark/render"
	"gospark/sparkclient"
)

// errRemote refuses what only a server on this machine has.
var errRemote = errors.New("this notebook is connected to a remote server, which keeps its own logs and Web UI")

// errNoServer refuses what needs a running server.
var errNoServer = errors.New("no Spark server is connected")

// hasPages refuses where the notebook is not connected to a server of this machine,
// whose logs, jobs and Web UI gospark reaches.
func (s state) hasPages() error {
	switch {
	case s.stage != ready:
		return errNoServer
	case s.lease == nil:
		return errRemote
	}
	return nil
}

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
func (n *Notebook) ui(ctx context.Context, c magic.SparkUI) (*display.Bundle, error) {
	s, _ := n.spark.peek()
	if err := s.hasPages(); err != nil {
		return nil, err
	}
	here := n.serverNow(ctx, s).UI
	address := behindHub(here)
	notes := []string{"The link is good for one use by one browser; `%spark ui` makes another."}
	if address == here {
		notes = append(notes, "It leads to this machine only. Where Jupyter runs elsewhere and has jupyter-server-proxy, put `proxy/PORT/open/…` after Jupyter's own address.")
	}
	if address == "" {
		return nil, errNoPages
	}
	if c.Page != "" {
		address += "/" + c.Page + "/"
	}
	panel := render.Status(render.Panel{
		Title: "Spark Web UI", State: render.Good, Word: "running",
		Rows:  []render.Entry{{Key: "address", Value: address, Link: address}},
		Notes: notes,
	})
	return &panel, nil
}

// behindHub is an address of this machine as a browser at a hub reaches it:
// through jupyter-server-proxy, below the prefix that the hub gave this user.
func behindHub(address string) string {
	prefix := os.Getenv("JUPYTERHUB_SERVICE_PREFIX")
	u, err := url.Parse(address)
	if prefix == "" || err != nil || u.Port() == "" {
		return address
	}
	return strings.TrimRight(prefix, "/") + "/proxy/" + u.Port() + u.Path
}

// cancel is %spark cancel. The running cell of this notebook is interrupted by
// the front end's button; this stops what goes on in the background.
func (n *Notebook) cancel(ctx context.Context, c magic.SparkCancel) (*display.Bundle, error) {
	s, _ := n.spark.peek()
	if s.stage != ready {
		return nil, errNoServer
	}
	if c.IsJob {
		if err := n.cancelJob(ctx, c.Job); err != nil {
			return nil, err
		}
		return text(fmt.Sprintf("stopped job %d", c.Job)), nil
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
	table, err := sparkview.Frame(ctx, s.session.SQL(ctx, query), sparkview.FrameOptions{Rows: 1000})
	return &table, err
}

// schema is %spark schema TABLE.
func (n *Notebook) schema(ctx context.Context, r *run, c magic.SparkSchema) (*display.Bundle, error) {
	s, err := n.ready(ctx, r)
	if err != nil {
		return nil, err
	}
	return schemaTable(ctx, s.session.Table(c.Table), c.Table)
}

// schemaTable shows the columns of a DataFrame.
func schemaTable(ctx context.Context, df *sparkclient.DataFrame, caption string) (*display.Bundle, error) {
	schema, err := df.Schema(ctx)
	if err != nil {
		return nil, err
	}
	table := sparkview.Schema(schema, caption)
	return &table, nil
}
