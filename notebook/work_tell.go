package notebook

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// tell is the work as front ends are told of it. The lock of its works is held.
func (w *work) tell(now time.Time) commMonitor {
	if !w.ended.IsZero() {
		now = w.ended
	}
	c := commMonitor{
		Cell: w.cell, CellID: w.cellID, Number: w.number, About: w.about, State: w.state,
		Began: w.began, Seconds: tenths(now.Sub(w.began)), Totals: w.left.totals,
		LeftJobs: w.left.jobs, LeftStages: w.left.stages,
		Operations: []commWorkOperation{}, Jobs: []commWorkJob{}, Stages: []commWorkStage{}, Load: w.load.tell(),
	}
	for _, j := range w.jobs {
		c.Jobs = append(c.Jobs, w.tellJob(j, now))
		c.Totals.addJob(w.planned(j))
	}
	for _, s := range w.stages {
		c.Stages = append(c.Stages, w.tellStage(s, now))
		c.Totals.addStage(s)
		for _, note := range s.notes() {
			if len(c.Notes) < mostNotes {
				c.Notes = append(c.Notes, note)
			}
		}
	}
	for _, o := range w.operations {
		if one := w.tellOperation(o, now); one.Running || one.Tasks > 0 { // else it only asked for something
			c.Operations = append(c.Operations, one)
		}
		if len(w.jobs) == 0 { // the monitoring interface tells nothing
			c.addProgress(o)
		}
	}
	c.Totals.Running = atMost(c.Totals.Running, w.load.cores())
	return c
}

func (w *work) tellOperation(o workOperation, now time.Time) commWorkOperation {
	c := commWorkOperation{ID: o.id, Running: o.ended.IsZero(), workSpan: w.span(o.began, o.ended, now)}
	for _, s := range o.stages {
		c.Tasks += s.Tasks
		c.Done += s.Done
	}
	var fromJobs commTotals
	for _, j := range w.jobs {
		if _, id := j.operation(); id == o.id {
			fromJobs.addJob(w.planned(j))
		}
	}
	if fromJobs.Jobs > 0 {
		c.Tasks, c.Done = fromJobs.Tasks, fromJobs.Done
	} else if !c.Running { // the last report may be older than the end
		c.Done = c.Tasks
	}
	return c
}

func (w *work) tellJob(j liveJob, now time.Time) commWorkJob {
	_, operation := j.operation()
	j = w.planned(j)
	return commWorkJob{
		ID: j.ID, Operation: operation, About: oneLine(j.about()), State: word(j.Status),
		workSpan: w.span(moment(j.Submitted), moment(j.Completed), now),
		workTasks: workTasks{
			Tasks: j.Tasks - j.Skipped, Done: j.Done, Running: j.Active, Failed: j.Failed,
		},
		Stages: slices.DeleteFunc(slices.Sorted(slices.Values(j.StageIDs)), func(id int64) bool {
			_, found := w.stage(id)
			return !found
		}),
	}
}

// planned counts of a running job the stages that have begun: Spark counts those,
// too, that it will skip since their result is there.
func (w *work) planned(j liveJob) liveJob {
	if !j.isRunning() {
		return j
	}
	var tasks int64
	for _, id := range j.StageIDs {
		if at, found := w.stage(id); found {
			tasks += w.stages[at].Tasks
		}
	}
	if tasks > 0 {
		j.Tasks, j.Skipped = max(tasks, j.Done+j.Active), 0
	}
	return j
}

func (w *work) tellStage(s liveStage, now time.Time) commWorkStage {
	return commWorkStage{
		ID: s.ID, State: word(s.Status), workSpan: w.span(moment(s.Submitted), moment(s.Completed), now),
		workTasks:  workTasks{Tasks: s.Tasks, Done: s.Done, Running: s.Active, Failed: s.Failed},
		workVolume: s.volume(),
	}
}

// span is when something ran, in seconds after the cell's start.
func (w *work) span(began, ended, now time.Time) workSpan {
	if began.IsZero() {
		began = now
	}
	if ended.IsZero() {
		ended = now
	}
	return workSpan{Began: max(tenths(began.Sub(w.began)), 0), Seconds: max(tenths(ended.Sub(began)), 0)}
}

// addProgress adds what Spark Connect's own progress tells of an operation.
func (c *commMonitor) addProgress(o workOperation) {
	for _, s := range o.stages {
		if len(c.Stages) == mostWorkStages {
			return
		}
		one := commWorkStage{
			ID: s.ID, State: "running", workTasks: workTasks{Tasks: s.Tasks, Done: s.Done},
			workVolume: workVolume{Input: s.BytesRead},
		}
		if s.Complete || !o.ended.IsZero() {
			one.State, one.Done = "done", s.Tasks
		}
		c.Stages = append(c.Stages, one)
		c.Totals.Tasks += one.Tasks
		c.Totals.Done += one.Done
		c.Totals.Input += one.Input
	}
	c.Totals.Running += o.running
}

// tell is the load in three lists of one length.
func (l load) tell() commLoad {
	c := commLoad{Seconds: []float64{}, Running: []int64{}, Cores: []int64{}}
	for _, p := range l.points {
		c.Seconds = append(c.Seconds, math.Round(p.at*10)/10)
		c.Running = append(c.Running, p.running)
		c.Cores = append(c.Cores, p.cores)
	}
	return c
}

func (t *commTotals) addJob(j liveJob) {
	t.Jobs++
	t.Tasks += j.Tasks - j.Skipped
	t.Done += j.Done
	t.Failed += j.Failed
}

func (t *commTotals) addStage(s liveStage) {
	t.Stages++
	t.Running += s.Active
	v := s.volume()
	t.Input += v.Input
	t.Output += v.Output
	t.ShuffleRead += v.ShuffleRead
	t.ShuffleWrite += v.ShuffleWrite
	t.Spilled += v.Spilled
}

// word is a status of Spark's in the words of the comm.
func word(status string) string {
	return cmp.Or(map[string]string{
		"RUNNING": "running", "SUCCEEDED": "done", "FAILED": "failed", "ACTIVE": "running", "COMPLETE": "done", "PENDING": "waiting",
	}[status], "unknown")
}

func tenths(d time.Duration) float64 { return math.Round(d.Seconds()*10) / 10 }
