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
	appearAfter = 500 * time.Millisecond
	redrawEvery = 500 * time.Millisecond
)

// Tracker shows the Spark operations that run for one cell as one output that
// updates in place and empties when they are done. It owns no goroutine: a
// timer draws, and it is armed only while an operation runs.
type Tracker struct {
	id    string
	label string
	show  func(display.Output)

	// mu guards the fields below.
	mu      sync.Mutex
	running map[string]*operation
	timer   *time.Timer
	shown   bool // an output with our id exists
	visible bool // it is not empty now
	closed  bool
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
		delete(t.running, p.OperationID)
		if len(t.running) == 0 {
			t.hide()
		}
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

// Label says what runs from now on, in one line.
func (t *Tracker) Label(s string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.label = s
}

// Close empties the line; later reports change nothing.
func (t *Tracker) Close() {
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
	t.show(display.Output{Bundle: render.Progress(lines...), ID: t.id, Update: t.shown})
	t.shown, t.visible = true, true
}

// hide empties the output and disarms the timer. The caller holds mu.
func (t *Tracker) hide() {
	if t.timer != nil {
		t.timer.Stop()
		t.timer = nil
	}
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
