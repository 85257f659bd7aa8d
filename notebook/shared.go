package notebook

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"gospark/display"
	"gospark/kernel/wire"
	"gospark/launcher"
	"gospark/magic"
	"gospark/render"
	"gospark/sparkclient/connect"
)

// shared is a session that a notebook offers to the user's other ones, as a
// file of the state folder, which is private.
type shared struct {
	Name     string    `json:"name"`
	Session  string    `json:"session"`
	Server   string    `json:"server"` // generation of the shared server, or the remote's address
	Notebook string    `json:"notebook,omitempty"`
	Since    time.Time `json:"since"`
}

// sharedFolder is where they are. No profile has a name that begins with a dot.
const sharedFolder = ".sessions"

// sharedName checks a name: it becomes a file's.
func sharedName(name string) error {
	ok := name != "" && len(name) <= 64 && strings.IndexFunc(name, func(r rune) bool {
		return r != '_' && r != '-' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	}) < 0
	if !ok {
		return &magic.UsageError{Magic: "%spark session", Message: fmt.Sprintf("%q is no name for a session: letters, digits, - and _ are", name), Usage: "%spark session share NAME"}
	}
	return nil
}

// server tells one server from another in a shared session's file.
func (s state) server() string {
	if s.lease != nil {
		return s.lease.Server().Generation
	}
	return withoutParameters(s.target.URL)
}

// sharedSessions are those of the server that s is connected to. A file of a
// server that is gone is of no more use.
func (n *Notebook) sharedSessions(s state) ([]shared, error) {
	folder, err := launcher.Folder(n.spark.launch)
	if err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(filepath.Join(folder, sharedFolder))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var all []shared
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(folder, sharedFolder, e.Name()))
		var one shared
		if err != nil || json.Unmarshal(data, &one) != nil || one.Server != s.server() {
			continue
		}
		all = append(all, one)
	}
	slices.SortFunc(all, func(a, b shared) int { return cmp.Compare(a.Name, b.Name) })
	return all, nil
}

// share offers the notebook's session under a name.
func (n *Notebook) share(s state, name string) (*display.Bundle, error) {
	folder, err := launcher.Folder(n.spark.launch)
	if err != nil {
		return nil, err
	}
	folder = filepath.Join(folder, sharedFolder)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	data, err := json.Marshal(shared{Name: name, Session: s.session.ID(), Server: s.server(), Notebook: n.spark.launch.Client.Name, Since: time.Now()})
	if err != nil {
		return nil, err
	}
	file := filepath.Join(folder, name+".json")
	if err := os.WriteFile(file+".new", data, 0o600); err != nil {
		return nil, err
	}
	if err := os.Rename(file+".new", file); err != nil {
		return nil, err
	}
	return text("shared as " + name + ": `%spark session use " + name + "` joins it from another notebook of yours, as long as this one is open"), nil
}

// sessionNamed is the id of a session that is meant by a name or an id.
func (n *Notebook) sessionNamed(s state, name string) (string, error) {
	if uuid.Validate(name) == nil {
		return name, nil
	}
	all, err := n.sharedSessions(s)
	if err != nil {
		return "", err
	}
	var names []string
	for _, one := range all {
		if one.Name == name {
			return one.Session, nil
		}
		names = append(names, one.Name)
	}
	known := "none is shared: `%spark session share NAME` does so in the notebook that has it"
	if len(names) > 0 {
		known = "shared are " + strings.Join(names, ", ")
	}
	return "", &magic.UsageError{Magic: "%spark session use", Message: fmt.Sprintf("%q is no session's id, and no session is shared by that name; %s", name, known)}
}

// session is %spark session.
func (n *Notebook) session(ctx context.Context, r *run, c magic.SparkSession) (*display.Bundle, error) {
	if c.Name != "" && uuid.Validate(c.Name) != nil { // found out before anything starts
		if err := sharedName(c.Name); err != nil {
			return nil, err
		}
	}
	s, err := n.ready(ctx, r)
	if err != nil {
		return nil, err
	}
	next := s.target
	next.Own = false
	switch c.Action {
	case "list":
		return n.listSessions(ctx, s)
	case "share":
		return n.share(s, c.Name)
	case "restore":
		return n.restore(ctx, s)
	case "new":
		next.Session = ""
	case "use":
		if next.Session, err = n.sessionNamed(s, c.Name); err != nil {
			return nil, err
		}
	case "clone":
		return n.clone(ctx, r, s)
	}
	return n.connectAnd(ctx, r, next)
}

// clone goes on in a copy of the session, which has its settings and views.
func (n *Notebook) clone(ctx context.Context, r *run, s state) (*display.Bundle, error) {
	engine, err := s.engine.CloneSession(ctx)
	if err != nil {
		return nil, err
	}
	next := s.target
	next.Session, next.Own = engine.SessionID(), true
	epoch, err := n.spark.connect(ctx, next)
	if own, ok := engine.(*connect.Session); ok { // the connection only: the session goes on
		err = errors.Join(err, own.Close())
	}
	if err != nil {
		return nil, err
	}
	now, err := n.spark.after(ctx, epoch, func(state) {})
	if err != nil {
		return nil, err
	}
	n.kept.move(s.epoch, now.epoch)
	r.out.Stream(wire.Stderr, "This notebook goes on in a copy of the session: settings and temporary views came along.\n")
	return n.status(ctx)
}

// listSessions shows who is connected, and the sessions that are shared.
func (n *Notebook) listSessions(ctx context.Context, s state) (*display.Bundle, error) {
	all, err := n.sharedSessions(s)
	if err != nil {
		return nil, err
	}
	p := render.Panel{Title: "Sessions", State: render.Good, Rows: []render.Entry{{Key: "this notebook", Value: s.session.ID(), Code: true}}}
	jobs := n.busy(ctx, s)
	if jobs != nil {
		p.Rows = append(p.Rows, render.Entry{Key: "running here", Value: render.Count(int64(jobs[s.session.ID()]), "job")})
	}
	for _, one := range all {
		value := "shared " + lasting(time.Since(one.Since).Round(time.Second)) + " ago"
		if one.Notebook != "" {
			value += " by " + one.Notebook
		}
		if jobs != nil {
			value += ", " + render.Count(int64(jobs[one.Session]), "running job")
		}
		if one.Session == s.session.ID() {
			value += " (this one)"
		}
		p.Rows = append(p.Rows, render.Entry{Key: one.Name, Value: value})
	}
	p.Rows = append(p.Rows, n.attached(ctx, s)...)
	p.Notes = []string{"`%spark session share NAME` offers this one to your other notebooks, `%spark session use NAME` joins one"}
	panel := render.Status(p)
	return &panel, nil
}

// attached are the notebooks at the server, each with its session and since when
// it is idle, as far as it tells.
func (n *Notebook) attached(ctx context.Context, s state) []render.Entry {
	if s.lease == nil {
		return nil
	}
	own := n.client(s)
	var rows []render.Entry
	for _, client := range n.serverNow(ctx, s).Attached {
		if client.PID == own.PID && client.Session == own.Session {
			client = own // what was told a moment ago may be on its way
		}
		value := cmp.Or(client.Name, "a notebook") + fmt.Sprintf(" (process %d)", client.PID)
		if !client.Since.IsZero() {
			value += ", session " + client.Session[:min(8, len(client.Session))] + ": " + does(client)
		}
		rows = append(rows, render.Entry{Key: "connected", Value: value})
	}
	return rows
}

// client is what this notebook tells the server's supervisor of itself: Spark does
// not say whose a session is, nor since when nobody has used it.
func (n *Notebook) client(s state) launcher.Client {
	c := n.spark.launch.Client
	c.PID, c.Session = os.Getpid(), s.session.ID()
	c.Running, c.Since = n.running.now()
	return c
}

// tell says what this notebook does now; nothing before it has a session. It is
// never worth an error of a cell.
func (n *Notebook) tell() {
	s, _ := n.spark.peek()
	if s.stage != ready || s.lease == nil {
		return
	}
	if err := s.lease.Describe(n.client(s)); err != nil {
		n.log.Info("tell other notebooks of this one", "err", err)
	}
}

// does is what a notebook does, in words.
func does(c launcher.Client) string {
	if c.Running > 0 {
		return "running a cell for " + lasting(time.Since(c.Since).Round(time.Second))
	}
	return "idle for " + lasting(time.Since(c.Since).Round(time.Second))
}

// busy counts the running jobs by session; nil where nobody tells.
func (n *Notebook) busy(ctx context.Context, s state) map[string]int {
	if s.lease == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, catalogWait)
	defer cancel()
	m, err := openMonitor(ctx, s.lease.Server().API)
	if err != nil {
		n.log.Info("ask for running jobs", "err", err)
		return nil
	}
	all, err := m.jobs(ctx, "")
	if err != nil {
		n.log.Info("ask for running jobs", "err", err)
		return nil
	}
	counts := map[string]int{}
	for _, j := range all {
		if j.Status != "RUNNING" {
			continue
		}
		for _, tag := range j.Tags {
			if _, after, ok := strings.Cut(tag, "_Session_"); ok && strings.Contains(tag, "_Operation_") {
				id, _, _ := strings.Cut(after, "_")
				counts[id]++
			}
		}
	}
	return counts
}
