package notebook

import (
	"cmp"
	"maps"
	"slices"
	"sync"
	"time"

	"gospark/sparkclient"
)

// Bounds of what is kept, and told, of one cell's work. What falls out is summed up.
const (
	mostWorks      = 40
	mostOperations = 20
	mostWorkJobs   = 30
	mostWorkStages = 40
	mostNotes      = 8
	mostPoints     = 120
)

// work is what Spark does for one cell: aggregates only, however many tasks there
// are. The lock of its [works] guards it.
type work struct {
	cell, cellID string // msg_id of the request; the front end's id of the notebook cell
	number       int
	about        string
	began, ended time.Time // ended is zero while the cell runs
	state        string    // running, done, failed, cancelled or gone
	shown        bool      // there was something to see while the cell ran
	settled      bool      // nothing more is to be learnt
	changed      int       // number of the last change; see works

	operations []workOperation // the oldest first
	jobs       []liveJob       // by id
	stages     []liveStage     // by id
	pastJobs   map[int64]bool  // in left, and not to be listed again
	pastStages map[int64]bool  // in left, or never ran: not to be asked for
	left       workLeft
	load       load
}

// workOperation is one plan that ran or runs for the cell.
type workOperation struct {
	id           string
	began, ended time.Time
	own          bool                        // the kernel runs it, and hears when it ends
	stages       []sparkclient.StageProgress // as Spark Connect's own progress has them
	running      int64
}

// workLeft sums up the jobs and stages that are listed no more.
type workLeft struct {
	jobs, stages int
	totals       commTotals
}

// operation finds or adds an operation.
func (w *work) operation(id string, began time.Time) *workOperation {
	for i := range w.operations {
		if w.operations[i].id == id {
			return &w.operations[i]
		}
	}
	w.operations = append(w.operations, workOperation{id: id, began: began})
	w.operations = w.operations[max(len(w.operations)-mostOperations, 0):]
	return &w.operations[len(w.operations)-1]
}

// forget leaves of a work what tells front ends that it is gone.
func (w *work) forget() {
	*w = work{cell: w.cell, cellID: w.cellID, began: w.began, ended: w.ended, state: "gone", shown: w.shown, settled: true}
}

// report takes what Spark Connect says of an operation of the kernel's own.
func (w *work) report(p sparkclient.Progress) {
	o := w.operation(p.OperationID, time.Now())
	o.own = true
	if p.Finished {
		o.ended, o.running = time.Now(), 0
		return
	}
	o.running = p.InFlight
	if len(p.Stages) > 0 {
		o.stages = p.Stages
	}
}

// isBusy reports whether something runs for the cell, as far as is known.
func (w *work) isBusy() bool {
	return slices.ContainsFunc(w.jobs, liveJob.isRunning) ||
		slices.ContainsFunc(w.operations, func(o workOperation) bool { return o.ended.IsZero() })
}

// take adds what a look at Spark's monitoring interface has found.
func (w *work) take(s sample) {
	for _, j := range s.jobs {
		w.takeJob(j)
	}
	w.takeOperations()
	for _, stage := range s.stages {
		w.takeStage(stage)
	}
	for _, id := range s.skipped {
		w.pastStages[id] = true
	}
	w.drop(s.floor)
	if w.ended.IsZero() {
		w.load.add(point{at: time.Since(w.began).Seconds(), running: w.runningTasks(), cores: s.cores}, lookEvery/2)
		w.shown = w.shown || len(w.jobs) > 0 || w.isBusy()
	}
}

func (w *work) takeJob(j liveJob) {
	if w.pastJobs[j.ID] {
		return
	}
	at, found := slices.BinarySearchFunc(w.jobs, j.ID, func(k liveJob, id int64) int { return cmp.Compare(k.ID, id) })
	if found {
		w.jobs[at] = j
	} else {
		w.jobs = slices.Insert(w.jobs, at, j)
	}
}

// takeOperations finds the operations of Go cells by their jobs: one runs while
// one of its jobs does.
func (w *work) takeOperations() {
	running := map[string]bool{}
	for _, j := range w.jobs {
		_, id := j.operation()
		if id == "" {
			continue
		}
		o := w.operation(id, moment(j.Submitted))
		if running[id] = running[id] || j.isRunning(); o.own {
			continue
		}
		if ended := moment(j.Completed); ended.After(o.ended) {
			o.ended = ended
		}
		if running[id] {
			o.ended = time.Time{}
		}
	}
}

func (w *work) takeStage(s liveStage) {
	at, found := w.stage(s.ID)
	if !found {
		w.stages = slices.Insert(w.stages, at, s)
		return
	}
	if s.Straggler == "" && s.isRunning() {
		s.Straggler = w.stages[at].Straggler
	}
	w.stages[at] = s
}

func (w *work) stage(id int64) (at int, found bool) {
	return slices.BinarySearchFunc(w.stages, id, func(s liveStage, id int64) int { return cmp.Compare(s.ID, id) })
}

// isKnown reports whether a stage has ended and is known.
func (w *work) isKnown(id int64) bool {
	at, found := w.stage(id)
	return w.pastStages[id] || found && !w.stages[at].isRunning()
}

// drop keeps the lists short: the oldest that have ended are summed up. Jobs up
// to floor are not heard of again.
func (w *work) drop(floor int64) {
	w.stages = shortened(w.stages, mostWorkStages, func(s liveStage) {
		w.left.totals.addStage(s)
		w.left.stages++
		w.pastStages[s.ID] = true
	})
	w.jobs = shortened(w.jobs, mostWorkJobs, func(j liveJob) {
		w.left.totals.addJob(j)
		w.left.jobs++
		w.pastJobs[j.ID] = true
	})
	maps.DeleteFunc(w.pastJobs, func(id int64, _ bool) bool { return id <= floor })
	wanted := map[int64]bool{}
	for _, j := range w.jobs {
		for _, id := range j.StageIDs {
			wanted[id] = true
		}
	}
	maps.DeleteFunc(w.pastStages, func(id int64, _ bool) bool { return !wanted[id] })
}

// shortened is a list without what is above most: the oldest that have ended go,
// else the oldest. leave is told of each.
func shortened[T interface{ isRunning() bool }](list []T, most int, leave func(T)) []T {
	for len(list) > most {
		at := max(slices.IndexFunc(list, func(one T) bool { return !one.isRunning() }), 0)
		leave(list[at])
		list = slices.Delete(list, at, at+1)
	}
	return list
}

func (w *work) runningTasks() int64 {
	var n int64
	if len(w.jobs) == 0 {
		for _, o := range w.operations {
			n += o.running
		}
	}
	for _, s := range w.stages {
		n += s.Active
	}
	return n
}

// end notes how the cell ended.
func (w *work) end(state string) {
	w.state, w.ended = state, time.Now()
	for i := range w.operations {
		if w.operations[i].ended.IsZero() {
			w.operations[i].ended, w.operations[i].running = w.ended, 0
		}
	}
}

// point is one look at how much runs.
type point struct {
	at             float64 // seconds after the cell's start
	running, cores int64
}

// load is how much ran when: as many points as a chart can show.
type load struct{ points []point }

// cores is how many there were last; 0 where it is not known.
func (l *load) cores() int64 {
	if len(l.points) == 0 {
		return 0
	}
	return l.points[len(l.points)-1].cores
}

// atMost is how many tasks run on so many cores: Spark's books may be a task behind.
func atMost(running, cores int64) int64 {
	if cores > 0 {
		return min(running, cores)
	}
	return running
}

// add notes a look; one that comes sooner than apart after the last takes its place.
func (l *load) add(p point, apart time.Duration) {
	if last := len(l.points) - 1; last >= 0 {
		p.cores = cmp.Or(p.cores, l.points[last].cores)
		if p.at-l.points[last].at < apart.Seconds() {
			p.at = l.points[last].at
			l.points = l.points[:last]
		}
	}
	p.running = atMost(p.running, p.cores)
	l.points = append(l.points, p)
	if len(l.points) <= mostPoints {
		return
	}
	half := l.points[:0]
	for pair := range slices.Chunk(l.points, 2) {
		p := pair[len(pair)-1]
		for _, q := range pair {
			p.running = max(p.running, q.running)
		}
		half = append(half, p)
	}
	l.points = half
}

// works are those of the notebook's last cells, the oldest first.
type works struct {
	// mu guards the fields below, and each work.
	mu      sync.Mutex
	all     []*work
	count   int           // of changes
	changed chan struct{} // closed at the next change; nil where nobody waits
}

// begin notes a cell that starts. What the same notebook cell did before is gone.
func (s *works) begin(r *run) *work {
	s.mu.Lock()
	defer s.mu.Unlock()
	w := &work{
		cell: r.cell.ID, cellID: r.cell.CellID, number: r.cell.Number, about: outline(r.cell.Code),
		began: time.Now(), state: "running", pastJobs: map[int64]bool{}, pastStages: map[int64]bool{},
	}
	for _, old := range s.all {
		if old.shown && w.cellID != "" && old.cellID == w.cellID && old.state != "running" && old.state != "gone" {
			old.forget()
			s.touch(old)
		}
	}
	s.all = append(s.all, w)
	if many := len(s.all) - mostWorks; many > 0 {
		s.all = slices.Delete(s.all, 0, many)
	}
	return w
}

// touch notes that a work has changed. mu is held.
func (s *works) touch(w *work) {
	s.count++
	w.changed = s.count
	if s.changed != nil {
		close(s.changed)
		s.changed = nil
	}
}

// report takes the progress of an operation that the kernel itself runs.
func (s *works) report(w *work, p sparkclient.Progress) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w.report(p)
}

// end notes that a cell has ended. One of which nobody saw anything is forgotten.
func (s *works) end(w *work, state string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w.end(state)
	if w.shown {
		s.touch(w)
		return
	}
	s.all = slices.DeleteFunc(s.all, func(other *work) bool { return other == w })
}

// since are the works that have changed after a number (negative: all that there is to see), as front ends are told
// of them, the number to go on from, and a channel that is closed at the next
// change.
func (s *works) since(last int) (told []commMonitor, next int, changed <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, w := range s.all {
		if w.changed > max(last, 0) && (last >= 0 || w.state != "gone") {
			told = append(told, w.tell(time.Now()))
		}
	}
	if s.changed == nil {
		s.changed = make(chan struct{})
	}
	return told, s.count, s.changed
}
