package kernel

import (
	"context"
	"errors"
	"sync"
	"time"
	"unicode/utf8"

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
)

// output is the Output of one cell, or of none. Text is collected and sent when
// flushAfter has passed (by the flusher), flushBytes are there, something else
// is shown, or the cell ends.
type output struct {
	k       *kernel
	request *request // nil: belongs to no cell
	silent  bool
	stdin   bool
	over    chan struct{} // closed when input is no longer possible
	once    sync.Once

	// mu guards the fields below, and with them the order of what is sent.
	mu    sync.Mutex
	name  wire.StreamName
	text  []byte
	dirty bool // the flusher will come
}

func newOutput(k *kernel, r *request, c Cell) *output {
	return &output{k: k, request: r, silent: c.Silent, stdin: c.Stdin && r != nil, over: make(chan struct{})}
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
	data, metadata := parts(&d.Bundle)
	c := wire.DisplayData{Data: data, Metadata: metadata, Transient: wire.Transient{DisplayID: d.ID}}
	if d.Update {
		o.send(wire.UpdateDisplayData(c))
	} else {
		o.send(c)
	}
}

// Clear sends clear_output.
func (o *output) Clear(wait bool) {
	if !o.silent {
		o.send(wire.ClearOutput{Wait: wait})
	}
}

// OpenComm opens a comm towards the front end.
func (o *output) OpenComm(target string, data any, handler CommHandler) (Comm, error) {
	return o.k.openComm(o, target, data, handler)
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
func (o *output) send(c wire.Content) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.flush(true)
	o.k.publish(o.request, c)
	o.pace()
}

// end sends what is left. Text that comes later is sent all the same.
func (o *output) end() {
	o.noInput()
	o.mu.Lock()
	defer o.mu.Unlock()
	o.flush(true)
}

// noInput ends waiting for input.
func (o *output) noInput() { o.once.Do(func() { close(o.over) }) }

// flush sends the text; o.mu is held. Unless all is set it keeps back the
// beginning of a character whose end has not come yet.
func (o *output) flush(all bool) {
	n := len(o.text)
	if !all {
		n = wholeRunes(o.text)
	}
	if n == 0 {
		return
	}
	o.k.publish(o.request, wire.Stream{Name: o.name, Text: string(o.text[:n])})
	o.text = append(o.text[:0], o.text[n:]...)
	if cap(o.text) > 4*flushBytes {
		o.text = append([]byte(nil), o.text...)
	}
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

// wholeRunes is the length of b without a character that is not complete.
func wholeRunes(b []byte) int {
	for i := len(b) - 1; i >= 0 && i >= len(b)-utf8.UTFMax; i-- {
		if utf8.RuneStart(b[i]) {
			if utf8.FullRune(b[i:]) {
				return len(b)
			}
			return i
		}
	}
	return len(b)
}

// flusher sends text that has waited for flushAfter. Outputs add themselves;
// run, a goroutine of Serve, takes them.
type flusher struct {
	wake chan struct{} // holds a token when there are outputs

	// mu guards the field below. It is taken while an output's mu is held.
	mu      sync.Mutex
	outputs []*output
}

func (f *flusher) init() { f.wake = make(chan struct{}, 1) }

func (f *flusher) add(o *output) {
	f.mu.Lock()
	f.outputs = append(f.outputs, o)
	f.mu.Unlock()
	select {
	case f.wake <- struct{}{}:
	default:
	}
}

func (f *flusher) run(ctx context.Context) error {
	defer f.flush()
	for {
		select {
		case <-f.wake:
		case <-ctx.Done():
			return nil
		}
		select {
		case <-time.After(flushAfter):
		case <-ctx.Done():
		}
		f.flush()
	}
}

// flush sends the text of all outputs that have any.
func (f *flusher) flush() {
	f.mu.Lock()
	outputs := f.outputs
	f.outputs = nil
	f.mu.Unlock()
	for _, o := range outputs {
		o.mu.Lock()
		o.dirty = false
		o.flush(false)
		o.mu.Unlock()
	}
}
