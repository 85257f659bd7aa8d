package notebook

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"gospark/kernel"
	"gospark/sparkclient"
)

// mostMessage bounds what a front end is sent of one cell at a time.
const mostMessage = 24 << 10

func begun(s *works, cell, cellID string) *work {
	return s.begin(&run{cell: kernel.Cell{ID: cell, CellID: cellID, Number: 1, Code: "%%sql\nselect 1"}})
}

// told is what front ends hear of the works.
func told(t *testing.T, s *works) []commMonitor {
	t.Helper()
	all, _, _ := s.since(0)
	for _, one := range all {
		if raw, err := json.Marshal(one); err != nil || len(raw) > mostMessage {
			t.Errorf("%d bytes, %v", len(raw), err)
		}
	}
	return all
}

func at(second int) string {
	return time.Date(2026, 11, 26, 7, 0, second, 0, time.UTC).Format("2006-01-02T15:04:05.000") + "GMT"
}

// jobOf is a job that has ended, of one stage of 100 tasks.
func jobOf(cell string, id int64) (liveJob, liveStage) {
	j := liveJob{sparkJob: sparkJob{
		ID: id, Status: "SUCCEEDED", Submitted: at(1), Completed: at(2), StageIDs: []int64{10 * id}, Tasks: 100, Done: 100,
		Tags: []string{
			"SparkConnect_OperationTag_User_u_v_Session_s1_Operation_" + fmt.Sprint("operation-", id/4),
			"SparkConnect_Execution_User_u_v_Session_s1_Tag_gospark-" + cell,
		},
	}}
	return j, liveStage{sparkStage: sparkStage{ID: 10 * id, Status: "COMPLETE", Tasks: 100, Read: 1 << 30, ShuffleWrite: 1 << 20, DiskSpilled: 1 << 10}, Done: 100}
}

// A cell with thousands of jobs is told in little: the last ones, and sums.
func TestWorkIsBounded(t *testing.T) {
	const jobs = 5000
	var s works
	w := begun(&s, "c1", "")
	w.began = time.Now().Add(-lookFirst)
	for id := int64(1); id <= jobs; id++ {
		j, stage := jobOf("c1", id)
		again, _ := jobOf("c1", max(id-mostWorkJobs-5, 1)) // while an older job runs, Spark tells of all since
		s.take(answers{at: time.Now(), found: map[string]sample{"c1": {jobs: []liveJob{j, again}, stages: []liveStage{stage}, cores: 4}}}, true)
	}
	all := told(t, &s)
	if len(all) != 1 {
		t.Fatalf("%d works", len(all))
	}
	m := all[0]
	if m.Totals.Jobs != jobs || m.Totals.Tasks != 100*jobs || m.Totals.Done != 100*jobs || m.Totals.Stages != jobs || m.Totals.Input != jobs<<30 {
		t.Errorf("%+v", m.Totals)
	}
	if len(m.Jobs) != mostWorkJobs || len(m.Stages) != mostWorkStages || m.LeftJobs != jobs-mostWorkJobs || m.LeftStages != jobs-mostWorkStages {
		t.Errorf("%d jobs, %d stages, left %d and %d", len(m.Jobs), len(m.Stages), m.LeftJobs, m.LeftStages)
	}
	if m.Jobs[len(m.Jobs)-1].ID != jobs || len(m.Notes) != mostNotes {
		t.Errorf("last job %d, %d notes", m.Jobs[len(m.Jobs)-1].ID, len(m.Notes))
	}
	s.take(answers{at: time.Now(), found: map[string]sample{"c1": {floor: jobs}}}, true)
	if len(w.pastJobs) != 0 || len(w.pastStages) > mostWorkStages {
		t.Errorf("%d and %d ids are kept", len(w.pastJobs), len(w.pastStages))
	}
}

// A chart of hours has as many points as one of minutes, and the same peaks.
func TestLoad(t *testing.T) {
	var l load
	for i := range 10_000 {
		l.add(point{at: float64(i), running: int64(i % 7), cores: 8}, lookEvery/2)
		l.add(point{at: float64(i) + 0.1, running: int64(i % 7)}, lookEvery/2)
	}
	c := l.tell()
	if n := len(c.Running); n > mostPoints || n < mostPoints/2 || len(c.Seconds) != n || len(c.Cores) != n {
		t.Fatalf("%d points", n)
	}
	if slices.Max(c.Running) != 6 || slices.Min(c.Cores) != 8 || !slices.IsSorted(c.Seconds) || c.Seconds[len(c.Seconds)-1] != 9999 {
		t.Errorf("%+v", c)
	}
}

// Spark's books may be a task behind: no more run than there are cores, also where
// the cores are those of the look before.
func TestNoMoreRunThanCores(t *testing.T) {
	var s works
	w := begun(&s, "c1", "")
	w.began = time.Now().Add(-lookFirst)
	job, stage := jobOf("c1", 4)
	job.Status, job.Completed, job.Done, job.Active = "RUNNING", "", 10, 5
	stage.Status, stage.Done, stage.Active = "ACTIVE", 10, 5
	for _, cores := range []int64{4, 0} {
		s.take(answers{at: time.Now(), found: map[string]sample{"c1": {jobs: []liveJob{job}, stages: []liveStage{stage}, cores: cores}}}, true)
		m := told(t, &s)[0]
		if m.Totals.Running != 4 || slices.Max(m.Load.Running) != 4 {
			t.Errorf("%d cores: %d run, %v", cores, m.Totals.Running, m.Load.Running)
		}
	}
}

// The operations of Go cells are known by their jobs only.
func TestWorkOfGoCells(t *testing.T) {
	var s works
	w := begun(&s, "c1", "")
	w.began = time.Now().Add(-lookFirst)
	first, _ := jobOf("c1", 4)
	second, stage := jobOf("c1", 5) // of the same operation
	second.Status, second.Completed, second.Done, second.Active = "RUNNING", "", 10, 2
	stage.Status, stage.Done, stage.Active = "ACTIVE", 10, 2
	s.take(answers{at: time.Now(), found: map[string]sample{"c1": {jobs: []liveJob{second, first}, stages: []liveStage{stage}, cores: 4}}}, true)
	m := told(t, &s)[0]
	if len(m.Operations) != 1 || !m.Operations[0].Running || m.Operations[0].Tasks != 200 || m.Operations[0].Done != 110 {
		t.Errorf("%+v", m.Operations)
	}
	if m.Totals.Running != 2 || m.Load.Running[0] != 2 || m.Load.Cores[0] != 4 || m.Stages[0].State != "running" {
		t.Errorf("%+v", m)
	}
	second.Status, second.Completed, second.Done, second.Active = "SUCCEEDED", at(9), 100, 0
	s.end(w, "done")
	if w.settled {
		t.Error("settled although a job is not known to have ended")
	}
	stage.Status, stage.Done, stage.Active = "COMPLETE", 100, 0
	s.take(answers{at: time.Now(), found: map[string]sample{"c1": {jobs: []liveJob{second}, stages: []liveStage{stage}}}}, true)
	firstStage := int64(40)
	if w.settled || w.isKnown(firstStage) {
		t.Error("settled although a stage is not known")
	}
	s.take(answers{at: time.Now(), found: map[string]sample{"c1": {skipped: []int64{firstStage}}}}, true)
	if m := told(t, &s)[0]; !w.settled || m.State != "done" || m.Operations[0].Running || m.Totals.Done != 200 {
		t.Errorf("%+v", m)
	}
	if len(s.views()) != 0 {
		t.Error("what is settled is looked at again")
	}
}

// Where nobody tells of jobs there is Spark Connect's own progress.
func TestWorkWithoutJobs(t *testing.T) {
	var s works
	w := begun(&s, "c1", "")
	w.began = time.Now().Add(-lookFirst)
	s.report(w, sparkclient.Progress{OperationID: "o", InFlight: 3, Stages: []sparkclient.StageProgress{{ID: 1, Tasks: 8, Done: 4, BytesRead: 100}}})
	s.report(w, sparkclient.Progress{OperationID: "asked", Finished: true})
	s.take(answers{}, false)
	m := told(t, &s)[0]
	if len(m.Operations) != 1 || m.Operations[0].Done != 4 || m.Stages[0].State != "running" || m.Totals.Running != 3 || m.Totals.Input != 100 || m.Load.Running[0] != 3 {
		t.Errorf("%+v", m)
	}
	s.report(w, sparkclient.Progress{OperationID: "o", Finished: true})
	s.end(w, "done")
	if m := told(t, &s)[0]; m.Stages[0].State != "done" || m.Totals.Done != 8 || m.Operations[0].Running {
		t.Errorf("%+v", m)
	}
}

// What a notebook cell did before is gone when it runs again; what was quick was
// never there.
func TestWorksOfOneCell(t *testing.T) {
	var s works
	for run := range 3 {
		w := begun(&s, fmt.Sprint("c", run), "CELL")
		if run == 1 { // quick
			s.end(w, "done")
			continue
		}
		w.began = time.Now().Add(-lookFirst)
		s.report(w, sparkclient.Progress{OperationID: "o", Stages: []sparkclient.StageProgress{{ID: 1, Tasks: 1}}})
		s.take(answers{}, false)
		s.end(w, "failed")
		s.take(answers{}, false)
	}
	all := told(t, &s)
	if len(all) != 2 || all[0].Cell != "c0" || all[0].State != "gone" || all[1].Cell != "c2" || all[1].State != "failed" {
		t.Errorf("%+v", all)
	}
	if fresh, _, _ := s.since(-1); len(fresh) != 1 {
		t.Errorf("a new front end hears of %d", len(fresh))
	}
	refused := begun(&s, "refused", "")
	refused.began = time.Now().Add(-lookFirst)
	s.report(refused, sparkclient.Progress{OperationID: "o"})
	s.take(answers{}, false)
	s.end(refused, "failed")
	s.take(answers{}, false)
	if refused.state != "gone" {
		t.Errorf("without any task: %+v", refused)
	}
	for i := range 2 * mostWorks {
		s.end(begun(&s, fmt.Sprint("d", i), ""), "done")
		w := begun(&s, fmt.Sprint("e", i), "")
		w.shown = true
		s.end(w, "done")
	}
	if len(s.all) != mostWorks {
		t.Errorf("%d are kept", len(s.all))
	}
}

// monitor waits for what is told of a cell.
func (f *frontEnd) monitor(what string, is func(commMonitor) bool) commMonitor {
	f.b.t.Helper()
	for {
		said := f.next(what)
		if len(said.raw) > mostMessage {
			f.b.t.Errorf("a message of %d bytes", len(said.raw))
		}
		if said.Monitor != nil && is(*said.Monitor) {
			return *said.Monitor
		}
	}
}

// While a cell runs, its jobs, stages and tasks are told, in messages whose size
// does not depend on the number of tasks; then how it ended.
func TestRealMonitor(t *testing.T) {
	b := open(t, realOptions(t))
	f := b.panel()
	b.good("%spark start")
	b.good("%%sql\nselect sum(id % 7) from range(0, 100000000, 1, 500)")
	if all, _, _ := b.works.since(0); len(all) != 0 {
		t.Errorf("looked at although nobody watches: %+v", all)
	}
	same(t, f.asks(fixture(t, "request_monitor")).raw, fixture(t, "answer_none"))
	cell := make(chan answer)
	go func() { cell <- b.cell("%%sql\nselect sum(id % 7) from range(0, 200000000, 1, 3000)") }()
	// Spark Connect's own progress comes first; a busy Spark's REST may take a while.
	m := f.monitor("running tasks of known jobs", func(m commMonitor) bool {
		return m.Totals.Running > 0 && len(m.Jobs) > 0 && len(m.Stages) > 0 && slices.Contains(m.Load.Cores, 2)
	})
	if m.Cell != b.session+"-3" || m.Number != 3 || m.State != "running" || m.Jobs[0].Tasks < 3000 || m.Stages[0].State != "running" ||
		len(m.Operations) != 1 || !m.Operations[0].Running || m.Jobs[0].Operation != m.Operations[0].ID {
		t.Errorf("%+v", m)
	}
	if a := <-cell; a.err != nil {
		t.Fatal(a.trace())
	}
	m = f.monitor("the end", func(m commMonitor) bool {
		// The last stage may be told of after the cell's end.
		return m.State == "done" && m.Totals.Running == 0 && m.Totals.Done == m.Totals.Tasks && len(m.Stages) > 1
	})
	if m.Totals.Tasks < 3000 || m.Totals.ShuffleWrite == 0 || m.Seconds <= 0 || m.Operations[0].Running {
		t.Errorf("%+v", m)
	}
	again := b.panel() // a page that is loaded again
	again.asks(fixture(t, "request_monitor"))
	if known := again.monitor("what is known", func(commMonitor) bool { return true }); known.Cell != m.Cell || known.Totals != m.Totals {
		t.Errorf("%+v", known)
	}
}

func TestRealCancelJob(t *testing.T) {
	b := open(t, realOptions(t))
	f := b.panel()
	b.good("%spark start")
	f.asks(fixture(t, "request_monitor"))
	cell := make(chan answer)
	go func() { cell <- b.cell("%%sql\nselect sum(id % 7) from range(0, 400000000000, 1, 64)") }()
	m := f.monitor("a running job", func(m commMonitor) bool { return m.Totals.Running > 0 && len(m.Jobs) > 0 })
	request := []byte(fmt.Sprintf(`{"version":1,"id":"7","request":"cancel_job","params":{"job":%d}}`, m.Jobs[0].ID))
	if said := f.asks(request); said.Error != nil {
		t.Fatalf("%s", said.raw)
	}
	a := <-cell
	if a.err == nil {
		t.Fatal("the job was not cancelled")
	}
	holds(t, a.trace(), fmt.Sprintf("Job %d cancelled", m.Jobs[0].ID))
	for job, want := range map[int64]string{m.Jobs[0].ID: "does not run any more", 4711: "no job 4711"} {
		a := b.cell(fmt.Sprintf("%%spark cancel %d", job))
		if a.err == nil {
			t.Fatal("there was nothing to cancel")
		}
		holds(t, a.trace(), want)
	}
	b.good("%sql select 1")
}

func TestRealCancelCell(t *testing.T) {
	b := open(t, realOptions(t))
	f := b.panel()
	b.good("%spark start")
	f.asks(fixture(t, "request_monitor"))
	cell := make(chan answer)
	go func() { cell <- b.cell("%%sql\nselect sum(id % 7) from range(0, 400000000000, 1, 64)") }()
	m := f.monitor("running tasks", func(m commMonitor) bool { return m.Totals.Running > 0 })
	request := []byte(fmt.Sprintf(`{"version":1,"id":"7","request":"cancel_cell","params":{"cell":%q}}`, m.Cell))
	f.handler.Message(context.Background(), kernel.CommMessage{Data: request})
	a := <-cell
	if a.err == nil {
		t.Fatal("the cell was not cancelled")
	}
	holds(t, a.trace(), "interrupted")
	if end := f.monitor("the end", func(m commMonitor) bool { return m.State != "running" }); end.State != "cancelled" || end.Cell != m.Cell {
		t.Errorf("%+v", end)
	}
	b.good("%sql select 1")
}
