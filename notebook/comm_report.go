package notebook

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"gospark/sparkclient"
	"gospark/sparkclient/connect"
)

// memoryStep is what a server's memory must change by to be worth a report.
const memoryStep = 64 << 20

// reportWait is how long Spark may take to say what runs.
const reportWait = 10 * time.Second

// steady is the report without what changes all the time.
func (r commReport) steady() commReport {
	r.Servers = slices.Clone(r.Servers)
	for i := range r.Servers {
		r.Servers[i].Memory /= memoryStep
	}
	return r
}

// commReport looks at the user's servers, and at what the notebook's own does.
func (n *Notebook) commReport(ctx context.Context, _ commNone) (commReport, error) {
	s, _ := n.spark.peek()
	r := n.commServers(ctx, s)
	r.Operations = n.sparkOperations(ctx, s, r.clients())
	return r, nil
}

// clients are those of the notebook's own server.
func (r commReport) clients() []commClient {
	for _, server := range r.Servers {
		if server.Mine {
			return server.Clients
		}
	}
	return nil
}

// sparkOperations are those that run: with jobs, as the monitoring interface has them,
// and those of the notebook's own cells that have none at this moment.
func (n *Notebook) sparkOperations(ctx context.Context, s state, clients []commClient) []commOperation {
	if s.stage != ready {
		return []commOperation{}
	}
	ctx, cancel := context.WithTimeout(ctx, reportWait)
	defer cancel()
	all := n.withJobs(ctx, s)
	for id, word := range n.operationStates(ctx, s) {
		if word == "RUNNING" && !slices.ContainsFunc(all, func(o commOperation) bool { return o.ID == id }) {
			all = append(all, commOperation{ID: id, Session: s.session.ID()})
		}
	}
	for i := range all {
		all[i].Mine = all[i].Session == s.session.ID()
		switch r := n.runOf(all[i]); {
		case all[i].Cell == previewCell:
			all[i].Cell, all[i].About = "", "preview of a table"
		case r != nil:
			all[i].Cell, all[i].About = r.cell.ID, outline(r.cell.Code)
		}
		for _, c := range clients {
			if c.Session == all[i].Session {
				all[i].Notebook = c.Name
			}
		}
	}
	slices.SortFunc(all, func(a, b commOperation) int {
		return cmp.Or(a.Started.Compare(b.Started), strings.Compare(a.ID, b.ID))
	})
	return all
}

// runOf is the running cell of an operation: the one that has it, or that its jobs
// name, else the only one there is; nil where nobody can say.
func (n *Notebook) runOf(o commOperation) *run {
	all := n.running.all()
	for _, r := range all {
		if _, has := r.track.Running()[o.ID]; has {
			return r
		}
	}
	if r := n.running.find(o.Cell); r != nil || !o.Mine || o.Cell != "" || len(all) != 1 {
		return r
	}
	return all[0]
}

// outlineMost bounds what is told of a cell's text, in characters.
const outlineMost = 80

// outline is a cell's text in one line, without the line of its magic.
func outline(code string) string {
	code = strings.TrimSpace(code)
	if first, rest, _ := strings.Cut(code, "\n"); strings.HasPrefix(first, "%%") && strings.TrimSpace(rest) != "" {
		code = rest
	}
	line := []rune(strings.Join(strings.Fields(code), " "))
	if len(line) > outlineMost {
		line = append(line[:outlineMost-1], '…')
	}
	return string(line)
}

// operationStates are those of the session's operations, while cells run: Spark
// writes a line into its log each time that it is asked.
func (n *Notebook) operationStates(ctx context.Context, s state) map[string]string {
	if n.running.count() == 0 {
		return nil
	}
	states, err := s.engine.Status(ctx)
	if err != nil {
		n.log.Info("ask for running operations", "err", err)
	}
	return states
}

// withJobs are the operations that have running jobs; none where nobody tells.
func (n *Notebook) withJobs(ctx context.Context, s state) []commOperation {
	all := []commOperation{}
	if s.lease == nil || s.lease.Server().API == "" {
		return all
	}
	m, err := openMonitor(ctx, s.lease.Server().API)
	if err != nil {
		n.log.Info("ask for running jobs", "err", err)
		return all
	}
	jobs, err := m.running(ctx)
	if err != nil {
		n.log.Info("ask for running jobs", "err", err)
	}
	for _, j := range jobs {
		session, id := j.operation()
		if id == "" {
			continue
		}
		at := slices.IndexFunc(all, func(o commOperation) bool { return o.ID == id })
		if at < 0 {
			at = len(all)
			all = append(all, commOperation{ID: id, Session: session, Cell: j.cell(), About: j.about(), Started: j.began()})
		}
		all[at].Tasks += j.Tasks
		all[at].Done += j.Done + j.Skipped
		if began := j.began(); began.Before(all[at].Started) {
			all[at].Started = began
		}
	}
	return all
}

// running are the jobs that run now.
func (m monitor) running(ctx context.Context) ([]sparkJob, error) {
	var all []sparkJob
	err := m.get(ctx, "/jobs?status=running", &all)
	return all, err
}

// operation is the session and the operation that a job works for; empty where it
// works for none of Spark Connect.
func (j sparkJob) operation() (session, id string) {
	for _, tag := range j.Tags {
		if _, after, ok := strings.Cut(tag, "_Session_"); ok && strings.HasPrefix(tag, "SparkConnect_OperationTag_") {
			session, id, _ = strings.Cut(after, "_Operation_")
			return session, id
		}
	}
	return "", ""
}

// cell is the msg_id of the cell that a job works for; empty where none does.
func (j sparkJob) cell() string {
	for _, tag := range j.Tags {
		if _, id, ok := strings.Cut(tag, "_Tag_gospark-"); ok {
			return id
		}
	}
	return ""
}

// about is what a job says of itself, but for what Spark Connect says of every job.
func (j sparkJob) about() string {
	text := cmp.Or(j.Description, j.Name)
	if strings.HasPrefix(text, "Spark Connect - ") {
		return ""
	}
	return text
}

// began is when a job was submitted, by the server's clock.
func (j sparkJob) began() time.Time {
	t, err := time.Parse("2006-01-02T15:04:05.000MST", j.Submitted)
	if err != nil {
		return time.Time{}
	}
	return t
}

// commCancel stops one operation, of this notebook or of another one of the
// user's.
func (n *Notebook) commCancel(ctx context.Context, c commCancel) (commCancelled, error) {
	s, _ := n.spark.peek()
	if s.stage != ready {
		return commCancelled{}, errNoServer
	}
	out := commCancelled{Stopped: []string{}}
	if c.Session == "" || c.Session == s.session.ID() {
		ids, err := s.session.InterruptOperation(ctx, c.Operation)
		out.Stopped = append(out.Stopped, ids...)
		return out, err
	}
	options, err := connect.Parse(s.join.URL)
	if err != nil {
		return out, err
	}
	options.UserID, options.SessionID = s.join.User, c.Session
	other, err := connect.Open(options)
	if err != nil {
		return out, err
	}
	defer other.Close()
	ids, err := other.Interrupt(ctx, sparkclient.Interrupt{OperationID: c.Operation})
	out.Stopped = append(out.Stopped, ids...)
	return out, err
}
