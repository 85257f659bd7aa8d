package display

import (
	"fmt"
	"html"
	"strings"
	"sync"
	"time"
)

// barEvery is the least time between two redraws of a [Bar].
const barEvery = 100 * time.Millisecond

// Bar is a progress bar that a loop of the user's own moves. Its methods may
// be called from any goroutine; it redraws at most ten times a second.
type Bar struct {
	handle *Handle
	label  string
	total  int64
	start  time.Time

	// mu guards the fields below.
	mu    sync.Mutex
	done  int64
	drawn time.Time
	ended bool
}

// Progress shows a bar at zero. total is the number of steps, 0 when unknown.
func Progress(label string, total int) *Bar {
	now := time.Now()
	b := &Bar{label: label, total: int64(total), start: now, drawn: now}
	b.handle = show(b.bundle(now))
	return b
}

// Add moves the bar by n steps.
func (b *Bar) Add(n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.moveTo(b.done + int64(n))
}

// Set moves the bar to n steps done.
func (b *Bar) Set(n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.moveTo(int64(n))
}

// Done draws the bar a last time, with the time that it took.
func (b *Bar) Done() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ended = true
	b.handle.replace(b.bundle(time.Now()))
}

// Clear takes the bar away.
func (b *Bar) Clear() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ended = true
	b.handle.Clear()
}

// MIMEBundle makes a bar that is a cell's result show nothing more.
func (b *Bar) MIMEBundle() Bundle { return Bundle{} }

// moveTo sets the steps done; mu is held.
func (b *Bar) moveTo(n int64) {
	b.done = n
	now := time.Now()
	if b.ended || (now.Sub(b.drawn) < barEvery && n != b.total) {
		return
	}
	b.drawn = now
	b.handle.replace(b.bundle(now))
}

// bundle draws the bar; mu is held or the bar is not shared yet.
func (b *Bar) bundle(now time.Time) Bundle {
	elapsed := now.Sub(b.start).Round(100 * time.Millisecond)
	if b.total <= 0 {
		text := fmt.Sprintf("%s  %d  %s", b.label, b.done, elapsed)
		return Rich(mimeHTML, `<div style="font-variant-numeric:tabular-nums">`+html.EscapeString(text)+`</div>`, text)
	}
	part := min(max(float64(b.done)/float64(b.total), 0), 1)
	count := fmt.Sprintf("%d/%d  %.0f %%  %s", b.done, b.total, part*100, elapsed)
	const width = 24
	full := int(part * width)
	text := fmt.Sprintf("%s  [%s%s]  %s", b.label, strings.Repeat("#", full), strings.Repeat(".", width-full), count)
	return Rich(mimeHTML, barHTML(b.label, count, part), strings.TrimSpace(text))
}

func barHTML(label, count string, part float64) string {
	return fmt.Sprintf(`<div style="display:flex;align-items:center;gap:10px;font-variant-numeric:tabular-nums">`+
		`<span>%s</span><span role="progressbar" aria-valuenow="%.0f" aria-valuemin="0" aria-valuemax="100" aria-label="%s" `+
		`style="flex:0 1 240px;height:4px;border-radius:2px;background:var(--jp-border-color2,rgba(128,128,128,.3))">`+
		`<span style="display:block;height:100%%;width:%.1f%%;border-radius:2px;background:var(--jp-brand-color1,#2196f3)"></span></span>`+
		`<span style="opacity:.75">%s</span></div>`,
		html.EscapeString(label), part*100, html.EscapeString(label), part*100, html.EscapeString(count))
}
