package notebook

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Bounds of what the pages about Spark's work are told: the newest.
const (
	mostJobs    = 200
	mostStages  = 200
	mostQueries = 200
)

// errNoPages says that a server has no Web UI.
var errNoPages = errors.New("the server runs without a Web UI (Sail has none; Spark has it unless `spark.ui.enabled` is false)")

// commUI is where the Spark Web UI is.
type commUI struct {
	Address string `json:"address"` // on this machine, good for one use by one browser
}

// commUIJobs are Spark's jobs, the newest first; Left is how many older ones there are.
type commUIJobs struct {
	Jobs []commUIJob `json:"jobs"`
	Left int         `json:"left,omitempty"`
}

type commUIJob struct {
	ID        int64     `json:"id"`
	About     string    `json:"about"`
	Status    string    `json:"status"` // running, succeeded, failed, unknown
	Mine      bool      `json:"mine,omitempty"`
	Submitted time.Time `json:"submitted,omitzero"`
	Completed time.Time `json:"completed,omitzero"`
	Stages    []int64   `json:"stages"`
	Tasks     int64     `json:"tasks"`
	Done      int64     `json:"done"`
	Failed    int64     `json:"failed,omitempty"`
}

// commUIStages are the attempts of stages, the newest first.
type commUIStages struct {
	Stages []commUIStage `json:"stages"`
	Left   int           `json:"left,omitempty"`
}

// commUIStage is one attempt of a stage: sizes in bytes, times in milliseconds.
type commUIStage struct {
	ID           int64     `json:"id"`
	Attempt      int64     `json:"attempt"`
	About        string    `json:"about"`
	Status       string    `json:"status"` // active, complete, failed, pending, skipped
	Submitted    time.Time `json:"submitted,omitzero"`
	Completed    time.Time `json:"completed,omitzero"`
	Tasks        int64     `json:"tasks"`
	Done         int64     `json:"done"`
	Failed       int64     `json:"failed,omitempty"`
	RunTime      int64     `json:"run_time"` // of all its tasks
	Input        int64     `json:"input"`
	Output       int64     `json:"output"`
	ShuffleRead  int64     `json:"shuffle_read"`
	ShuffleWrite int64     `json:"shuffle_write"`
	Spilled      int64     `json:"spilled"`
}

// commUIExecutors are the executors, those that are gone included.
type commUIExecutors struct {
	Executors []commUIExecutor `json:"executors"`
}

// commUIExecutor is one executor: sizes in bytes, times in milliseconds.
type commUIExecutor struct {
	ID           string `json:"id"`
	Host         string `json:"host"`
	Active       bool   `json:"active"`
	Cores        int64  `json:"cores"`
	Running      int64  `json:"running"` // tasks
	Done         int64  `json:"done"`
	Failed       int64  `json:"failed,omitempty"`
	RunTime      int64  `json:"run_time"`
	GCTime       int64  `json:"gc_time"`
	MemoryUsed   int64  `json:"memory_used"` // for storage
	Memory       int64  `json:"memory"`
	Input        int64  `json:"input"`
	ShuffleRead  int64  `json:"shuffle_read"`
	ShuffleWrite int64  `json:"shuffle_write"`
}

// commUIQueries are the executions of SQL plans, the newest first.
type commUIQueries struct {
	Queries []commUIQuery `json:"queries"`
	Left    int           `json:"left,omitempty"`
}

// commUIQuery is one execution of a plan.
type commUIQuery struct {
	ID        int64     `json:"id"`
	About     string    `json:"about"`
	Status    string    `json:"status"` // running, completed, failed
	Submitted time.Time `json:"submitted,omitzero"`
	Took      int64     `json:"took"` // milliseconds, so far
	Jobs      []int64   `json:"jobs"`
	Plan      string    `json:"plan,omitempty"` // only where one query was asked for
}

// commUIQueryID asks for one of them, with its plan.
type commUIQueryID struct {
	ID int64 `json:"id"`
}

// commUI makes a link to the Web UI.
func (n *Notebook) commUI(ctx context.Context, _ commNone) (commUI, error) {
	s, _ := n.spark.peek()
	if err := s.hasPages(); err != nil {
		return commUI{}, err
	}
	address := n.serverNow(ctx, s).UI
	if address == "" {
		return commUI{}, errNoPages
	}
	return commUI{Address: address}, nil
}

// pages is who can be asked about the work of the notebook's server.
func (n *Notebook) pages(ctx context.Context) (monitor, state, error) {
	s, _ := n.spark.peek()
	if err := s.hasPages(); err != nil {
		return monitor{}, s, err
	}
	if s.lease.Server().API == "" {
		return monitor{}, s, errNoPages
	}
	m, err := openMonitor(ctx, s.lease.Server().API)
	return m, s, err
}

func (n *Notebook) commUIJobs(ctx context.Context, _ commNone) (commUIJobs, error) {
	m, s, err := n.pages(ctx)
	if err != nil {
		return commUIJobs{}, err
	}
	all, err := m.jobs(ctx, "")
	if err != nil {
		return commUIJobs{}, err
	}
	out := commUIJobs{Jobs: []commUIJob{}, Left: max(0, len(all)-mostJobs)}
	for _, j := range all[:len(all)-out.Left] {
		session, _ := j.operation()
		out.Jobs = append(out.Jobs, commUIJob{
			ID: j.ID, About: n.names.of(j), Status: strings.ToLower(j.Status), Mine: session == s.session.ID(),
			Submitted: moment(j.Submitted), Completed: moment(j.Completed), Stages: append([]int64{}, j.StageIDs...),
			Tasks: j.Tasks, Done: j.Done + j.Skipped, Failed: j.Failed,
		})
	}
	return out, nil
}

func (n *Notebook) commUIStages(ctx context.Context, _ commNone) (commUIStages, error) {
	m, _, err := n.pages(ctx)
	if err != nil {
		return commUIStages{}, err
	}
	var all []sparkStage
	if err := m.get(ctx, "/stages", &all); err != nil {
		return commUIStages{}, err
	}
	slices.SortFunc(all, func(a, b sparkStage) int { return cmp.Or(cmp.Compare(b.ID, a.ID), cmp.Compare(b.Attempt, a.Attempt)) })
	out := commUIStages{Stages: []commUIStage{}, Left: max(0, len(all)-mostStages)}
	for _, one := range all[:len(all)-out.Left] {
		out.Stages = append(out.Stages, commUIStage{
			ID: one.ID, Attempt: one.Attempt, About: oneLine(one.Name), Status: strings.ToLower(one.Status),
			Submitted: moment(one.Submitted), Completed: moment(one.Completed), Tasks: one.Tasks, Done: one.Done, Failed: one.Failed,
			RunTime: one.RunTime, Input: one.Read, Output: one.Written, ShuffleRead: one.ShuffleRead, ShuffleWrite: one.ShuffleWrite,
			Spilled: one.DiskSpilled,
		})
	}
	return out, nil
}

func (n *Notebook) commUIExecutors(ctx context.Context, _ commNone) (commUIExecutors, error) {
	m, _, err := n.pages(ctx)
	if err != nil {
		return commUIExecutors{}, err
	}
	all, err := m.executors(ctx)
	if err != nil {
		return commUIExecutors{}, err
	}
	out := commUIExecutors{Executors: []commUIExecutor{}}
	for _, one := range all {
		out.Executors = append(out.Executors, commUIExecutor{
			ID: one.ID, Host: one.Host, Active: one.Active, Cores: one.Cores, Running: one.ActiveTasks, Done: one.Done,
			Failed: one.Failed, RunTime: one.TaskTime, GCTime: one.GCTime, MemoryUsed: one.MemoryUsed, Memory: one.MemoryMost, Input: one.Read,
			ShuffleRead: one.ShuffleRead, ShuffleWrite: one.ShuffleWrite,
		})
	}
	return out, nil
}

// pageQuery is what /sql says.
type pageQuery struct {
	ID          int64   `json:"id"`
	Status      string  `json:"status"`
	Description string  `json:"description"`
	Plan        string  `json:"planDescription"`
	Submitted   string  `json:"submissionTime"`
	Took        int64   `json:"duration"`
	Running     []int64 `json:"runningJobIds"`
	Succeeded   []int64 `json:"successJobIds"`
	Failed      []int64 `json:"failedJobIds"`
}

func (q pageQuery) told() commUIQuery {
	jobs := slices.Concat(q.Running, q.Succeeded, q.Failed)
	slices.Sort(jobs)
	about := oneLine(q.Description)
	if strings.HasPrefix(about, "Spark Connect - ") {
		about = ""
	}
	return commUIQuery{
		ID: q.ID, About: about, Status: strings.ToLower(q.Status), Submitted: moment(q.Submitted), Took: q.Took,
		Jobs: append([]int64{}, jobs...), Plan: q.Plan,
	}
}

func (n *Notebook) commUIQueries(ctx context.Context, _ commNone) (commUIQueries, error) {
	m, _, err := n.pages(ctx)
	if err != nil {
		return commUIQueries{}, err
	}
	var all []pageQuery // the interface counts from the oldest, and keeps 1000
	if err := m.get(ctx, "/sql?details=false&planDescription=false&offset=0&length=100000", &all); err != nil {
		return commUIQueries{}, err
	}
	slices.SortFunc(all, func(a, b pageQuery) int { return cmp.Compare(b.ID, a.ID) })
	out := commUIQueries{Queries: []commUIQuery{}, Left: max(0, len(all)-mostQueries)}
	for _, one := range all[:len(all)-out.Left] {
		out.Queries = append(out.Queries, one.told())
	}
	return out, nil
}

func (n *Notebook) commUIQuery(ctx context.Context, c commUIQueryID) (commUIQuery, error) {
	m, _, err := n.pages(ctx)
	if err != nil {
		return commUIQuery{}, err
	}
	var one pageQuery
	if err := m.get(ctx, fmt.Sprintf("/sql/%d?details=false&planDescription=true", c.ID), &one); err != nil {
		return commUIQuery{}, err
	}
	return one.told(), nil
}
