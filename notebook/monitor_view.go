package notebook

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"gospark/display"
	"gospark/render"
)

// panel says in words what the stages of a cell did, and what slowed them down.
func (c cellJobs) panel(page string) display.Bundle {
	p := render.Panel{Title: "Stages of the last cell", State: render.Good}
	for _, s := range c.stages {
		p.Rows = append(p.Rows, render.Entry{Key: fmt.Sprintf("stage %d", s.ID), Value: s.describe()})
		p.Notes = append(p.Notes, s.faults()...)
	}
	if len(p.Notes) > 0 {
		p.State = render.Warning
	}
	p.Rows = append(p.Rows, render.Entry{Key: "Web UI", Value: page, Link: page})
	return render.Status(p)
}

// jobTable lists jobs; beside them stand the timeline, the longest tasks and the
// executors of the last cell.
func (n *Notebook) jobTable(all []sparkJob, most int, last cellJobs) display.Bundle {
	if most == 0 {
		most = defaultJobs
	}
	columns := []render.Column{{Name: "job"}, {Name: "what"}, {Name: "status"}, {Name: "stages"}, {Name: "tasks"}, {Name: "failed"}, {Name: "began"}, {Name: "took"}}
	var rows [][]any
	for _, j := range all {
		began, ended := stretch(j.Submitted, j.Completed)
		rows = append(rows, []any{j.ID, n.names.of(j), strings.ToLower(j.Status), len(j.StageIDs), fmt.Sprintf("%d/%d", j.Done+j.Skipped, j.Tasks), j.Failed,
			began.Local().Format(time.TimeOnly), lasting(ended.Sub(began))})
	}
	return render.Table(columns, rows, render.TableOptions{Limit: most, Hint: "-n " + strconv.Itoa(10*most), Title: "Jobs",
		Tabs: []render.Tab{last.timeline(), last.longest(), last.executorTab()}})
}

// timeline draws the jobs and stages of a cell over its time.
func (c cellJobs) timeline() render.Tab {
	var spans []render.Span
	add := func(label, status, from, to string) {
		began, ended := stretch(from, to)
		if began.IsZero() {
			return // it waits
		}
		state := render.Good
		switch status {
		case "RUNNING", "ACTIVE":
			state = render.Busy
		case "FAILED":
			state = render.Bad
		}
		spans = append(spans, render.Span{Label: label, From: began, To: ended, Text: lasting(ended.Sub(began)), State: state})
	}
	for i := len(c.jobs) - 1; i >= 0; i-- { // the oldest first
		j := c.jobs[i]
		add(fmt.Sprintf("job %d", j.ID), j.Status, j.Submitted, j.Completed)
	}
	for _, s := range c.stages {
		add(fmt.Sprintf("stage %d", s.ID), s.Status, s.Submitted, s.Completed)
	}
	return render.Tab{Title: "Timeline", Spans: spans, Note: "Of the last cell."}
}

// longest are the tasks of a cell that took the longest.
func (c cellJobs) longest() render.Tab {
	tab := render.Tab{Title: "Tasks", Note: fmt.Sprintf("The longest of the last cell, at most %d.", watchedTasks),
		Columns: []render.Column{{Name: "stage"}, {Name: "task"}, {Name: "executor"}, {Name: "status"}, {Name: "took"}, {Name: "garbage collection"}, {Name: "read"}, {Name: "shuffled in"}, {Name: "spilled"}}}
	for _, t := range c.tasks {
		tab.Rows = append(tab.Rows, []any{t.stage, t.Index, t.Executor, strings.ToLower(t.Status), milliseconds(t.Duration), milliseconds(t.Metrics.GCTime),
			render.Bytes(t.Metrics.Input.Bytes), render.Bytes(t.Metrics.Shuffle.Local + t.Metrics.Shuffle.Remote), render.Bytes(t.Metrics.DiskSpilled)})
	}
	return tab
}

// executorTab lists the executors of the server, which all notebooks share.
func (c cellJobs) executorTab() render.Tab {
	tab := render.Tab{Title: "Executors", Note: "Since the server started, for all notebooks.",
		Columns: []render.Column{{Name: "executor"}, {Name: "address"}, {Name: "state"}, {Name: "cores"}, {Name: "running"}, {Name: "done"}, {Name: "failed"},
			{Name: "task time"}, {Name: "garbage collection"}, {Name: "memory for data"}, {Name: "disk"}, {Name: "shuffled in"}, {Name: "shuffled out"}}}
	for _, e := range c.executors {
		state := "active"
		if !e.Active {
			state = "gone"
		}
		tab.Rows = append(tab.Rows, []any{e.ID, e.Host, state, e.Cores, e.ActiveTasks, e.Done, e.Failed, milliseconds(e.TaskTime), milliseconds(e.GCTime),
			render.Bytes(e.MemoryUsed) + " of " + render.Bytes(e.MemoryMost), render.Bytes(e.DiskUsed), render.Bytes(e.ShuffleRead), render.Bytes(e.ShuffleWrite)})
	}
	return tab
}

func milliseconds(n int64) string { return lasting(time.Duration(n) * time.Millisecond) }
