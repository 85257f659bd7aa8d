package kernel

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"gospark/display"
	"gospark/kernel/wire"
)

// ErrNoStdin is returned by Output.Input where nobody can be asked: the request
// did not allow it, its front end has no stdin channel, or the cell has ended.
var ErrNoStdin = errors.New("kernel: the front end does not allow input here")

// How text is collected before it is sent.
const (
	flushAfter = 50 * time.Millisecond
	flushBytes = 64 << 10
	chunkBytes = 512 << 10 // the most that one message carries
)

// output is the Output of one cell, or of none. Text is collected and sent when
// flushAfter has passed (by the flusher), flushBytes are there, something else
// is shown, or the cell ends.
type output struct {
	k       *kernel
	request *request // nil: belongs to no cell
	number  int      // of the cell
	silent  bool
	stdin   bool
	over    chan struct{} // closed when input is no longer possible
	once    sync.Once

	// mu guards the fields below, and with them the order of what is sent.
	mu    sync.Mutex
	name  wire.StreamName
	text  []byte
	dirty bool // the flusher will come
	meter meter
}

func newOutput(k *kernel, r *request, c Cell) *output {
	o := &output{
		k: k, request: r, number: c.Number, silent: c.Silent, stdin: c.Stdin && r != nil, over: make(chan struct{}),
	}
	if r != nil { // what belongs to no cell never ends and is never cleared
		o.meter.limit = k.limit()
	}
	return o
}

// Stream collects text.
func (o *output) Stream(name wire.StreamName, text string) {
	if o.silent || text == "" {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.name != name {
		o.flush(true)
		o.name = name
	}
	o.text = append(o.text, text...)
	if len(o.text) >= flushBytes {
		o.flush(false)
		o.pace()
	}
	if len(o.text) > 0 && !o.dirty {
		o.dirty = true
		o.k.flusher.add(o)
	}
}

// Show sends a bundle.
func (o *output) Show(d display.Output) {
	if o.silent {
		return
	}
	if !d.Update && !o.mayShow() {
		return
	}
	data, metadata := parts(&d.Bundle)
	c := wire.DisplayData{Data: data, Metadata: metadata, Transient: wire.Transient{DisplayID: d.ID}}
	if d.Update {
		o.send(wire.UpdateDisplayData(c))
	} else {
		o.send(c)
	}
}

// mayShow counts one more display; the text before it is sent.
func (o *output) mayShow() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.flush(true)
	if o.meter.show() {
		return true
	}
	o.pass()
	return false
}

// Clear sends clear_output. The cell may show as much as at its beginning.
func (o *output) Clear(wait bool) {
	if o.silent {
		return
	}
	o.send(wire.ClearOutput{Wait: wait})
	o.mu.Lock()
	defer o.mu.Unlock()
	file := o.meter.left.File
	o.meter.clear()
	o.meter.left.File = file
}

// OpenComm opens a comm towards the front end.
func (o *output) OpenComm(target string, opening CommMessage, handler CommHandler) (Comm, error) {
	return o.k.openComm(o, target, opening, handler)
}

// Input asks the front end that sent the cell.
func (o *output) Input(ctx context.Context, prompt string, password bool) (string, error) {
	if !o.stdin {
		return "", ErrNoStdin
	}
	o.mu.Lock()
	o.flush(true)
	o.mu.Unlock()
	return o.k.input(ctx, o.request, o.over, wire.InputRequest{Prompt: prompt, Password: password})
}

// send sends c after the text that was written before it.
func (o *output) send(c wire.Content) { o.sendWith(c, parcel{}) }

func (o *output) sendWith(c wire.Content, extra parcel) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.flush(true)
	o.k.publishWith(o.request, c, extra)
	o.pace()
}

// end sends what is left, and says what was left out. Text that comes later is
// sent all the same.
func (o *output) end() {
	o.noInput()
	o.mu.Lock()
	defer o.mu.Unlock()
	o.flush(true)
	if o.meter.passed {
		o.meter.left.Ended = true
		o.notice()
	}
}

// noInput ends waiting for input.
func (o *output) noInput() { o.once.Do(func() { close(o.over) }) }

// flush sends the text; o.mu is held. Unless all is set it keeps back the
// beginning of a character or an escape sequence whose end has not come yet.
func (o *output) flush(all bool) {
	n := len(o.text)
	if !all {
		n = wholeText(o.text)
	}
	for sent := 0; sent < n; {
		part := o.text[sent:min(n, sent+chunkBytes)]
		if sent+len(part) < n {
			part = part[:cmp.Or(wholeText(part), len(part))]
		}
		if sent > 0 {
			o.pace()
		}
		o.sendText(part)
		sent += len(part)
	}
	if n == 0 {
		return
	}
	o.text = append(o.text[:0], o.text[n:]...)
	if cap(o.text) > 4*flushBytes {
		o.text = append([]byte(nil), o.text...)
	}
}

// sendText sends text as far as the cell may show it, and keeps the rest.
func (o *output) sendText(text []byte) {
	room := 0
	if !o.meter.passed {
		room = o.meter.room(o.name, text)
	}
	if room > 0 {
		shown := string(text[:room])
		if room < len(text) && strings.IndexByte(shown, escape) >= 0 {
			shown += "\x1b[0m" // a colour ends with what has it
		}
		o.k.publish(o.request, wire.Stream{Name: o.name, Text: shown})
	}
	if room < len(text) {
		o.keep(text[room:])
		o.pass()
	}
}

// keep puts text that cannot be shown into the cell's file.
func (o *output) keep(text []byte) {
	left := &o.meter.left
	var err error
	if left.File == "" && left.Lost == 0 {
		left.File, err = o.k.spills.create(o.number)
	}
	kept := 0
	if left.File != "" {
		kept, err = o.k.spills.write(left.File, text)
	}
	if err != nil && left.Lost == 0 {
		o.k.log.Warn("kernel: output that a cell cannot show is lost", "error", err)
	}
	left.Text += len(text)
	left.Lost += len(text) - kept
}

// pass says once that the cell has passed a limit.
func (o *output) pass() {
	if !o.meter.passed {
		o.meter.passed = true
		o.notice()
	}
}

// notice shows what is left out.
func (o *output) notice() {
	o.meter.left.Limit = o.meter.limit
	o.k.publish(o.request, wire.Stream{Name: wire.Stderr, Text: o.k.notice(o.meter.left)})
}

// paceTime bounds how long a program is held up by front ends that read slowly.
const paceTime = time.Second

// pace lets front ends catch up. Output has no context: a program that prints
// is held up, and an interrupt need not wait for it.
func (o *output) pace() {
	ctx, cancel := context.WithTimeout(context.Background(), paceTime)
	defer cancel()
	_ = o.k.sockets.Pace(ctx)
}
