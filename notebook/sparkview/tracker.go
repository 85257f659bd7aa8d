package sparkview

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"gospark/display"
	"gospark/render"
	"gospark/sparkclient"
)

// Times of a progress line: it appears only when there is something to wait
// for, and moves often enough to look alive between the server's own reports,
// which come about every two seconds.
const (
	appearAfter = 400 * time.Millisecond
	redrawEvery = 500 * time.Millisecond
)

// Tracker shows the Spark operations that run for one cell as one output that
// updates in place and folds to one line when they are done; what was quick is
// never shown. It owns no goroutine: a timer draws, and it is armed only while an
// operation runs.
type Tracker struct {
	id   string
	show func(display.Output)

	// mu guards the fields below.
	mu      sync.Mutex
	label   string
	link    string // page of the session in the Spark UI; may be empty
	running map[string]*operation
	done    summary
	timer   *time.Timer
	shown   bool // an output with our id exists
	visible bool // it is not empty now
	closed  bool
}

// summary adds up the operations that have ended.
type summary struct {
	operations int
	began      time.Time // of the first
	stages     []render.Stage
}

type operation struct {
	started time.Time
	last    sparkclient.Progress
}

// NewTracker makes a tracker whose output is named id; show is called from
// several goroutines, one call at a time. label says what runs, in one line.
func NewTracker(id, label string, show func(display.Output)) *Tracker {
	return &Tracker{id: id, label: label, show: show, running: map[string]*operation{}}
}

// Report takes what is known of an operation: a handler for
// [sparkclient.WithProgress].
func (t *Tracker) Report(p sparkclient.Progress) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return
	}
	if p.Finished {
		t.finish(p.OperationID)
		return
	}
	op := t.running[p.OperationID]
	if op == nil {
		op = &operation{started: time.Now()}
		t.running[p.OperationID] = op
	}
	op.last = p
	if t.timer == nil {
		t.timer = time.AfterFunc(appearAfter, t.tick)
	}
}

// finish notes that an operation has ended, and folds the output when it was the
// last one. The caller holds mu.
func (t *Tracker) finish(id string) {
	if op := t.running[id]; op != nil {
		if t.done.began.IsZero() {
			t.done.began = op.started
		}
		if stages := op.line("").Stages; len(stages) > 0 { // else it only asked for something
			t.done.operations++
			t.done.stages = append(t.done.stages, stages...)
		}
	}
	delete(t.running, id)
	if len(t.running) > 0 {
		return
	}
	t.disarm()
	if t.visible {
		t.fold()
	}
}

// fold shows what has been done as one line. The caller holds mu.
func (t *Tracker) fold() {
	line := render.Operation{Label: t.label, Stages: t.done.stages, Elapsed: time.Since(t.done.began), Link: t.link, Finished: true}
	if n := t.done.operations; n > 1 {
		line.Label = render.Count(int64(n), "operation")
	}
	t.show(display.Output{Bundle: render.Work(line), ID: t.id, Update: true})
}

// Running are the ids of the operations that run, with what they are.
func (t *Tracker) Running() map[string]string {
	t.mu.Lock()
	defer t.mu.Unlock()
	all := make(map[string]string, len(t.running))
	for id := range t.running {
		all[id] = t.label
	}
	return all
}

// Link names the page in the Spark UI that tells more.
func (t *Tracker) Link(address string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.link = address
}

// Label says what runs from now on, in one line.
func (t *Tracker) Label(s string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.label = s
}

// Close ends the line: what still runs is not waited for. Later reports change
// nothing.
func (t *Tracker) Close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed = true; len(t.running) > 0 {
		t.hide()
	}
	t.disarm()
}

// Discard empties the line, for a cell that failed: its error says what there is
// to say. Later reports change nothing.
func (t *Tracker) Discard() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.closed = true
	t.hide()
}

func (t *Tracker) tick() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed || t.timer == nil {
		return
	}
	t.draw()
	t.timer.Reset(redrawEvery)
}

// draw shows the running operations, oldest first. The caller holds mu.
func (t *Tracker) draw() {
	ids := make([]string, 0, len(t.running))
	for id := range t.running {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b string) int {
		return cmp.Or(t.running[a].started.Compare(t.running[b].started), cmp.Compare(a, b))
	})
	lines := make([]render.Operation, len(ids))
	for i, id := range ids {
		lines[i] = t.running[id].line(t.label)
	}
	t.show(display.Output{Bundle: render.Work(lines...), ID: t.id, Update: t.shown})
	t.shown, t.visible = true, true
}

// disarm stops the timer. The caller holds mu.
func (t *Tracker) disarm() {
	if t.timer != nil {
		t.timer.Stop()
		t.timer = nil
	}
}

// hide empties the output. The caller holds mu.
func (t *Tracker) hide() {
	t.disarm()
	if t.visible {
		t.show(display.Output{Bundle: render.Gone(), ID: t.id, Update: true})
		t.visible = false
	}
}

func (o *operation) line(label string) render.Operation {
	line := render.Operation{
		Label:   label,
		Running: o.last.InFlight,
		Elapsed: time.Since(o.started),
	}
	for _, s := range o.last.Stages {
		line.Stages = append(line.Stages, render.Stage{
			ID: s.ID, Tasks: s.Tasks, Done: s.Done, Bytes: s.BytesRead, Complete: s.Complete,
		})
	}
	return line
}
