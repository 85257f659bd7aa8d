package notebook

import (
	"context"
	"time"
)

// commMonitor is what Spark does, or did, for one cell. It is bounded, however
// many jobs and tasks there are: what is not listed is in the totals.
type commMonitor struct {
	Cell       string              `json:"cell"`              // msg_id of the execute_request
	CellID     string              `json:"cell_id,omitempty"` // the front end's id of the notebook cell
	Number     int                 `json:"number,omitempty"`
	About      string              `json:"about,omitempty"`
	State      string              `json:"state"` // running, done, failed, cancelled; gone: the cell has begun anew
	Began      time.Time           `json:"began"`
	Seconds    float64             `json:"seconds"`
	Totals     commTotals          `json:"totals"`
	Operations []commWorkOperation `json:"operations"`
	Jobs       []commWorkJob       `json:"jobs"`   // the last ones
	Stages     []commWorkStage     `json:"stages"` // the last ones that ran or run
	LeftJobs   int                 `json:"left_jobs,omitempty"`
	LeftStages int                 `json:"left_stages,omitempty"`
	Load       commLoad            `json:"load"`
	Notes      []string            `json:"notes,omitempty"` // what slows it down, for people
}

// commTotals are sums over all jobs and stages of a cell; sizes are bytes.
type commTotals struct {
	Jobs   int `json:"jobs"`
	Stages int `json:"stages"`
	workTasks
	workVolume
}

// workTasks counts tasks; those that were skipped do not count.
type workTasks struct {
	Tasks   int64 `json:"tasks"`
	Done    int64 `json:"done"`
	Running int64 `json:"running"`
	Failed  int64 `json:"failed,omitempty"`
}

// workVolume is how many bytes went where.
type workVolume struct {
	Input        int64 `json:"input,omitempty"`
	Output       int64 `json:"output,omitempty"`
	ShuffleRead  int64 `json:"shuffle_read,omitempty"`
	ShuffleWrite int64 `json:"shuffle_write,omitempty"`
	Spilled      int64 `json:"spilled,omitempty"` // to disk
}

// workSpan is when something ran, in seconds.
type workSpan struct {
	Began   float64 `json:"began"` // after the cell's start
	Seconds float64 `json:"seconds"`
}

type commWorkOperation struct {
	ID      string `json:"id"`
	Running bool   `json:"running"`
	workSpan
	Tasks int64 `json:"tasks"`
	Done  int64 `json:"done"`
}

type commWorkJob struct {
	ID        int64  `json:"id"`
	Operation string `json:"operation,omitempty"`
	About     string `json:"about,omitempty"`
	State     string `json:"state"` // running, done or failed
	workSpan
	workTasks
	Stages []int64 `json:"stages"` // ids
}

type commWorkStage struct {
	ID    int64  `json:"id"`
	State string `json:"state"` // waiting, running, done or failed
	workSpan
	workTasks
	workVolume
}

// commLoad is how many tasks ran on how many cores: lists of one length.
type commLoad struct {
	Seconds []float64 `json:"seconds"` // after the cell's start
	Running []int64   `json:"running"`
	Cores   []int64   `json:"cores"`
}

// commCell names a cell by the msg_id of its execute_request.
type commCell struct {
	Cell string `json:"cell"`
}

// Times of the looks at the work of running cells, while somebody watches.
const (
	// lookFirst is after a cell's start: what is quick is not shown.
	lookFirst = 500 * time.Millisecond
	lookEvery = time.Second
	// lookRarely is for cells that have had no work yet.
	lookRarely = 2 * time.Second
	// lookAfter is how long after a cell's end Spark's own books may be behind.
	lookAfter = 10 * time.Second
)

// monitor begins or ends what is told of cells' work.
func (c *channel) monitor(ctx context.Context, p commWatch) (commNone, error) {
	return c.while(ctx, p.On, &c.monitoring, func(ctx context.Context) {
		defer c.n.looks.watch(c.n)()
		c.tellWorks(ctx)
	})
}

// tellWorks sends what has changed; a work that changes faster than it can be
// sent is sent as it is then.
func (c *channel) tellWorks(ctx context.Context) {
	for last := -1; ; {
		told, next, changed := c.n.works.since(last)
		last = next
		for i := range told {
			c.send(commEvent{Version: commVersion, Event: "monitor", Monitor: &told[i]})
		}
		select {
		case <-ctx.Done():
			return
		case <-changed:
		}
	}
}

// commCancelCell stops a running cell, and all that Spark does for it.
func (n *Notebook) commCancelCell(ctx context.Context, c commCell) (commCancelled, error) {
	out := commCancelled{Stopped: []string{}}
	if r := n.running.find(c.Cell); r != nil {
		r.cancel()
	}
	s, _ := n.spark.peek()
	if s.stage != ready {
		return out, nil
	}
	ids, err := s.session.InterruptTag(ctx, tagOf(c.Cell))
	out.Stopped = append(out.Stopped, ids...)
	return out, err
}
