package sparkview

import (
	"time"

	"gospark/display"
	"gospark/render"
)

// waitAppears is how long nothing is shown: what is there at once needs no line.
const waitAppears = 300 * time.Millisecond

// Wait shows what a cell waits for before Spark can run anything for it. It
// belongs to one goroutine.
type Wait struct {
	id    string
	show  func(display.Output)
	began time.Time
	shown bool
}

// NewWait makes a wait whose output is named id.
func NewWait(id string, show func(display.Output)) *Wait {
	return &Wait{id: id, show: show, began: time.Now()}
}

// Tell says what is going on, and for how long already. It is to be called at
// each change and each second.
func (w *Wait) Tell(what string, elapsed time.Duration) {
	if !w.shown && time.Since(w.began) < waitAppears {
		return
	}
	line := render.Progress(render.Operation{Label: what, Elapsed: elapsed})
	w.show(display.Output{Bundle: line, ID: w.id, Update: w.shown})
	w.shown = true
}

// Close empties the output.
func (w *Wait) Close() {
	if w.shown {
		w.show(display.Output{Bundle: render.Gone(), ID: w.id, Update: true})
		w.shown = false
	}
}
