package notebook

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"gospark/display"
	"gospark/kernel/wire"
	"gospark/launcher"
	"gospark/magic"
	"gospark/notebook/sparkview"
	"gospark/render"
	"gospark/sparkclient"
)

// ready waits for a session, telling in the cell's output what is going on.
func (n *Notebook) ready(ctx context.Context, r *run) (state, error) {
	wait := sparkview.NewWait("gospark-start-"+r.cell.ID, r.out.Show)
	defer wait.Close()
	s, err := n.spark.await(ctx, tell(wait))
	return n.used(r, s, err)
}

// used notes that a cell works with the session of s, and says so where it is
// not the one that the cells before worked with.
func (n *Notebook) used(r *run, s state, err error) (state, error) {
	if err != nil {
		return s, err
	}
	r.epoch.Store(int64(s.epoch))
	r.track.Link(s.page())
	if s.former != nil && n.told.Swap(int64(s.epoch)) != int64(s.epoch) {
		r.out.Stream(wire.Stderr, sessionEnded+": "+firstLine(s.former.Error())+".\n"+viewsGone+n.kept.lost(s.epoch))
	}
	return s, nil
}

// What a notebook is told where it has another session than before.
const (
	sessionEnded = "The former Spark session has ended"
	viewsGone    = "A new one has begun; temporary views and settings of the former are gone.\n"
)

// phaseOf says in a few words how far a connection is.
func phaseOf(s state) string {
	if len(s.phases) > 0 {
		return s.phases[len(s.phases)-1].Text
	}
	if s.target.URL != "" {
		return "Connecting to Spark"
	}
	return "Looking for the Spark server"
}

// tell shows how far a connection is.
func tell(wait *sparkview.Wait) func(state) {
	return func(s state) { wait.Tell(phaseOf(s), time.Since(s.since)) }
}

// status is %spark.
func (n *Notebook) status(ctx context.Context) (*display.Bundle, error) {
	s, _ := n.spark.peek()
	p := render.Panel{Title: "Spark"}
	switch s.stage {
	case ready:
		version, err := s.session.Version(ctx)
		if errors.Is(err, sparkclient.ErrUnavailable) || ctx.Err() != nil {
			return nil, err
		} else if err != nil {
			version = "the server does not say"
		}
		p.State, p.Word = render.Good, "connected"
		p.Rows = append(n.serverRows(ctx, s), render.Entry{Key: "Spark", Value: version},
			render.Entry{Key: "session", Value: s.session.ID(), Code: true})
		p.Notes = append(n.differences(ctx, s), "`%spark ui`, `%spark logs`, `%spark conf`, `%spark help`")
	case connecting:
		p.State, p.Word = render.Busy, phaseOf(s)
		p.Rows = []render.Entry{{Key: "for", Value: lasting(time.Since(s.since))}}
	case failed, lost:
		p.State, p.Word = render.Bad, "not connected"
		why := n.failure(ctx, &run{}, s.err)
		p.Rows = []render.Entry{{Key: "because", Value: why.Message}}
		p.Notes = append(slices.Clone(why.Advice), "the next query tries again; `%spark start` does so now, `%spark logs` tells more")
	default:
		p.State, p.Word = render.Neutral, "not connected"
		p.Notes = []string{"the first query connects; `%spark start` does so now"}
	}
	panel := render.Status(p)
	return &panel, nil
}

// differences say what of the running server is not as this notebook wants it:
// another notebook started it.
func (n *Notebook) differences(ctx context.Context, s state) []string {
	if s.lease == nil {
		return nil
	}
	var notes []string
	for _, old := range launcher.Outdated(ctx, n.spark.launch, s.lease.Server()) {
		notes = append(notes, old+"; `%spark restart` takes the new one")
	}
	if len(s.lease.Differs()) == 0 {
		return notes
	}
	return append(notes, "another notebook started this server, with other settings than this one's: "+
		strings.Join(s.lease.Differs(), ", ")+"; `%spark restart` starts it with yours")
}

// serverRows describe where a session lives.
func (n *Notebook) serverRows(ctx context.Context, s state) []render.Entry {
	if s.lease == nil {
		return []render.Entry{{Key: "server", Value: withoutParameters(s.target.URL)}}
	}
	server := n.serverNow(ctx, s)
	shared := "by this notebook only"
	if others := server.Clients - 1; others > 0 {
		shared = fmt.Sprintf("by this notebook and %d other client%s", others, plural(others))
	}
	rows := []render.Entry{
		{Key: "server", Value: "sc://" + server.Address},
		{Key: "master", Value: server.Master},
		{Key: "profile", Value: server.Profile},
		{Key: "used", Value: shared},
		{Key: "running for", Value: lasting(time.Since(server.Started))},
	}
	if page := behindHub(server.UI); page != "" {
		rows = append(rows, render.Entry{Key: "Web UI", Value: page, Link: page})
	}
	return rows
}

// serverNow is what the supervisor says of a connection's server at this
// moment; what it said when the notebook attached where it does not answer.
func (n *Notebook) serverNow(ctx context.Context, s state) launcher.Server {
	attached := s.lease.Server()
	servers, err := launcher.Status(ctx, n.spark.launch)
	if err != nil {
		n.log.Info("ask for the server's status", "err", err)
	}
	for _, server := range servers {
		if server.Generation == attached.Generation {
			return server
		}
	}
	return attached
}

// withoutParameters cuts an sc:// URL before its parameters: the token is one.
func withoutParameters(url string) string {
	base, _, _ := strings.Cut(url, ";")
	return strings.TrimRight(base, "/")
}

// start is %spark start.
func (n *Notebook) start(ctx context.Context, r *run, c magic.SparkStart) (*display.Bundle, error) {
	now, _ := n.spark.peek()
	want, err := n.wanted(now.target, c)
	if err != nil {
		return nil, err
	}
	changes := c.Master != "" || len(c.Conf) > 0
	same := now.target.URL == "" && want.URL == "" && profileName(now.target) == profileName(want)
	switch {
	case same && now.stage == ready:
		if changes && (c.Master != now.lease.Server().Master || len(c.Conf) > 0) {
			return nil, errServerRuns
		}
		return n.status(ctx)
	case same && now.stage == connecting && !changes:
		if _, err := n.ready(ctx, r); err != nil {
			return nil, err
		}
		return n.status(ctx)
	}
	return n.connectAnd(ctx, r, want)
}

func profileName(t target) string { return cmp.Or(t.Profile.Name, launcher.DefaultProfile) }

// errServerRuns refuses to change a running server by "start".
var errServerRuns = errors.New("the server of this profile runs already, and its master and configuration are set at its start")

// wanted is the notebook's profile, or the one of that name, with what %spark
// start says.
func (n *Notebook) wanted(now target, c magic.SparkStart) (target, error) {
	t := target{Profile: now.Profile, custom: now.custom}
	if c.Profile != "" && (c.Profile != profileName(now) || now.wrong != nil || now.URL != "") {
		var err error
		if t, err = n.named(c.Profile); err != nil {
			return t, err
		}
		t.Profile.Idle = cmp.Or(t.Profile.Idle, now.Profile.Idle)
	}
	t.custom = t.custom || c.Master != "" || len(c.Conf) > 0
	p := t.Profile
	if c.Master != "" {
		p.Master = c.Master
	}
	p.Conf = maps.Clone(p.Conf)
	if p.Conf == nil {
		p.Conf = map[string]string{}
	}
	for _, s := range c.Conf {
		p.Conf[s.Key] = s.Value
	}
	t.Profile = p
	return t, nil
}

// connectTo is %spark connect.
func (n *Notebook) connectTo(ctx context.Context, r *run, c magic.SparkConnect) (*display.Bundle, error) {
	before, _ := n.spark.peek()
	now, err := n.connected(ctx, r, target{URL: c.URL, Profile: before.target.Profile})
	if err != nil {
		return nil, err
	}
	for _, s := range c.Conf {
		if err := now.session.Conf().Set(ctx, s.Key, s.Value); err != nil {
			return nil, err
		}
	}
	return n.status(ctx)
}

// connected connects to t and waits for it.
func (n *Notebook) connected(ctx context.Context, r *run, t target) (state, error) {
	before, _ := n.spark.peek()
	epoch, err := n.spark.connect(ctx, t)
	if err != nil {
		return state{}, err
	}
	wait := sparkview.NewWait("gospark-start-"+r.cell.ID, r.out.Show)
	defer wait.Close()
	s, err := n.spark.after(ctx, epoch, tell(wait))
	if err == nil && before.stage == ready && !before.joined {
		r.out.Stream(wire.Stderr, sessionEnded+".\n"+viewsGone+n.kept.lost(s.epoch))
	}
	return n.used(r, s, err)
}

// connectAnd connects to t and shows the status.
func (n *Notebook) connectAnd(ctx context.Context, r *run, t target) (*display.Bundle, error) {
	if _, err := n.connected(ctx, r, t); err != nil {
		return nil, err
	}
	return n.status(ctx)
}

// stopServer is %spark stop: the shared server ends, a remote one is left.
func (n *Notebook) stopServer(ctx context.Context, c magic.SparkStop) (*display.Bundle, error) {
	now, _ := n.spark.peek()
	if now.target.URL != "" {
		return text("disconnected; the server goes on"), n.spark.disconnect(ctx)
	}
	err := launcher.Stop(ctx, n.spark.launch, profileName(now.target), c.Force, launcher.DefaultDrain)
	idle := errors.Is(err, launcher.ErrNotRunning)
	if err != nil && !idle {
		return nil, err
	}
	if err := n.spark.disconnect(ctx); err != nil {
		return nil, err
	}
	if idle {
		return text("no Spark server was running; the next query starts one"), nil
	}
	return text("the Spark server has stopped; the next query starts it again"), nil
}

// restart is %spark restart.
func (n *Notebook) restart(ctx context.Context, r *run, c magic.SparkRestart) (*display.Bundle, error) {
	now, _ := n.spark.peek()
	next, err := n.again(now.target)
	if err != nil {
		return nil, err
	}
	if now.target.URL == "" {
		if _, err := n.stopServer(ctx, magic.SparkStop(c)); err != nil {
			return nil, err
		}
	}
	s, err := n.connected(ctx, r, next)
	if err != nil {
		return nil, err
	}
	if now.stage == ready && now.target.URL == "" {
		r.out.Stream(wire.Stderr, sessionEnded+".\n"+viewsGone+n.kept.lost(s.epoch))
	}
	return n.status(ctx)
}

// again is the target of a restart: the files' profile as they have it now,
// unless the notebook gave it settings of its own.
func (n *Notebook) again(now target) (target, error) {
	now.Session, now.Own = "", false // it ends with the server
	if now.custom || now.URL != "" {
		return now, nil
	}
	next, err := n.named(profileName(now))
	next.Profile.Idle = cmp.Or(next.Profile.Idle, now.Profile.Idle)
	return next, err
}

func plural(n int) string {
	if n == 1 {
		return ""
	}
	return "s"
}
