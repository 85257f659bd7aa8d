package worker

import (
	"context"
	"errors"
	"fmt"
	"path"
	"reflect"
	"runtime/pprof"
	"slices"
	"strings"
	"time"

	"gospark/cell/frame"
	"gospark/cell/rt"
	"gospark/display"
)

// run runs one cell and tells how it ended.
func (w *Worker) run(m frame.Run) {
	done := w.execute(m)
	done.Gone = w.takeGone()
	if err := w.conn.Send(done); err != nil {
		// The value has no JSON form, or is too large for a frame.
		w.send(frame.Done{Run: m.ID, Gone: done.Gone, Failed: &frame.Failed{Message: "show the result: " + err.Error()}})
	}
}

// execute runs one cell to its end.
func (w *Worker) execute(m frame.Run) frame.Done {
	done := frame.Done{Run: m.ID}
	w.mu.Lock()
	entry := w.entries[m.Entry]
	w.mu.Unlock()
	if entry == nil {
		done.Failed = &frame.Failed{Message: "no cell " + m.Entry + " is loaded"}
		return done
	}
	ctx, over := context.WithCancel(context.Background())
	streams := &streams{w: w, id: m.ID, own: !m.Background}
	run := w.enter(w.context(ctx, m), streams, m.Number)
	ended := w.begin(m, run, streams)
	start := time.Now()
	var result result
	out := run.Call(func() { result = w.evaluate(run, entry) })
	done.Took = time.Since(start)
	ended()
	settle(&done, out, result)
	w.retire(run, over, done.Interrupted)
	return done
}

// context is the hook's context for the cell.
func (w *Worker) context(ctx context.Context, m frame.Run) context.Context {
	if w.opts.Context == nil {
		return ctx
	}
	return w.opts.Context(ctx, Request{
		ID: m.Cell, Number: m.Number, Meta: m.Meta,
		Show: func(o display.Output) { sink{w}.show(m.ID, o) },
	})
}

// retire ends the contexts of the runs whose goroutines have all gone, this one
// among them. Goroutines that a cell left behind keep theirs until a later cell
// looks again.
func (w *Worker) retire(run *rt.Run, over context.CancelFunc, now bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lingering = append(w.lingering, lingering{run, over})
	w.lingering = slices.DeleteFunc(w.lingering, func(l lingering) bool {
		gone := l.run.Live() == 0 || (now && l.run == run)
		if gone {
			l.over()
		}
		return gone
	})
}

// enter begins a run of package rt with the streams of a cell.
func (w *Worker) enter(ctx context.Context, s *streams, number int) *rt.Run {
	w.mu.Lock()
	w.alive[s.id]++
	w.mu.Unlock()
	return rt.Begin(ctx, rt.Info{
		ID: uint64(s.id), Number: number, Background: !s.own,
		Label: func() {
			labels := pprof.Labels("cell", fmt.Sprint(number))
			pprof.SetGoroutineLabels(pprof.WithLabels(context.Background(), labels))
		},
		Panic: func(o rt.Outcome) { w.panicked(s.id, number, o) },
		Gone:  func() { w.leave(s.id) },
		Write: s.write, Read: s.read, Replaced: w.replaced,
	})
}

// panicked tells of a panic outside of a cell's first goroutine.
func (w *Worker) panicked(id frame.RunID, number int, o rt.Outcome) {
	w.send(frame.Panicked{Run: id, Number: number, Panic: *describe(o)})
}

// leave notes that nothing is left of one run.
func (w *Worker) leave(id frame.RunID) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.alive[id]--; w.alive[id] == 0 {
		delete(w.alive, id)
		w.gone = append(w.gone, id)
	}
}

func (w *Worker) takeGone() []frame.RunID {
	w.mu.Lock()
	defer w.mu.Unlock()
	gone := w.gone
	w.gone = nil
	return gone
}

// begin notes that the cell runs; the returned function ends that, takes the
// process's own streams from it and waits for the goroutine that watches standard
// input.
func (w *Worker) begin(m frame.Run, run *rt.Run, s *streams) (ended func()) {
	cur := &running{run: run, streams: s, ended: make(chan struct{})}
	w.mu.Lock()
	w.running[m.ID] = cur
	w.mu.Unlock()
	unwatch := func() {}
	if s.own {
		unwatch = w.watchInput(m.ID)
	}
	return func() {
		w.mu.Lock()
		delete(w.running, m.ID)
		w.mu.Unlock()
		close(cur.ended)
		s.detach()
		unwatch()
	}
}

// watchInput asks for the lines that are read from the process's own standard
// input, until the returned function is called.
func (w *Worker) watchInput(id frame.RunID) (end func()) {
	ctx, cancel := context.WithCancel(context.Background())
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		w.stdin.watch(ctx, func(ctx context.Context) (string, error) {
			return w.input(ctx, id, "", false)
		})
	}()
	return func() {
		cancel()
		<-watched
	}
}

// interrupt tells a cell to stop; the second time, and when it does not stop in
// time, it is abandoned.
func (w *Worker) interrupt(id frame.RunID) {
	w.mu.Lock()
	defer w.mu.Unlock()
	cur := w.running[id]
	if cur == nil {
		return
	}
	if cur.asked {
		cur.run.Abandon()
		return
	}
	cur.asked = true
	cur.run.Stop()
	if cur.streams.own {
		w.stdin.interrupt()
	}
	go func() {
		grace := time.NewTimer(w.opts.Grace)
		defer grace.Stop()
		select {
		case <-cur.ended:
		case <-grace.C:
			cur.run.Abandon()
		}
	}()
}

// result is what a cell that returned left.
type result struct {
	value  *display.Bundle
	failed *frame.Failed
}

// evaluate runs the entry and shows its values, both as the cell.
func (w *Worker) evaluate(run *rt.Run, entry func()) result {
	entry()
	ctx := rt.Context()
	vals, err := run.Values()
	var r result
	if w.opts.Render != nil {
		value, renderErr := w.opts.Render(ctx, vals)
		r.value = value
		if err == nil {
			err = renderErr
		}
	}
	if err != nil {
		r.failed = w.failure(ctx, err)
	}
	return r
}

// failure describes a cell's error.
func (w *Worker) failure(ctx context.Context, err error) *frame.Failed {
	f := &frame.Failed{
		Message:  errorText(err),
		Type:     fmt.Sprintf("%T", err),
		Canceled: ctx.Err() != nil && (errors.Is(err, context.Canceled) || errors.Is(err, rt.Stopped)),
	}
	f.Causes = causes(err)
	if w.opts.Fail != nil {
		f.Value = w.opts.Fail(err)
	}
	if b, ok := display.Of(err); ok && f.Value == nil {
		f.Value = &b
	}
	return f
}

// errorText is what an error says. One that holds a nil pointer often has no text: its
// method needs what the pointer does not point to.
func errorText(err error) (text string) {
	defer func() {
		if p := recover(); p != nil {
			text = fmt.Sprintf("%T, whose own method panicked: %v", err, p)
			if v := reflect.ValueOf(err); v.Kind() == reflect.Pointer && v.IsNil() {
				text = fmt.Sprintf("a nil %T in an error that is not nil", err)
			}
		}
	}()
	return err.Error()
}

// causes are the texts of the errors that one wraps. A method that panics ends them.
func causes(err error) (texts []string) {
	defer func() { _ = recover() }()
	for cause := errors.Unwrap(err); cause != nil; cause = errors.Unwrap(cause) {
		texts = append(texts, cause.Error())
	}
	return texts
}

// settle writes the cell's end into done.
func settle(done *frame.Done, out rt.Outcome, r result) {
	switch out.How {
	case rt.Panicked:
		done.Panic = describe(out)
	case rt.Exited:
		done.Exit = &out.Code
	case rt.Interrupted:
		done.Interrupted = true
	case rt.Abandoned:
		done.Interrupted, done.Abandoned = true, true
	default:
		done.Value, done.Failed = r.value, r.failed
	}
}

// describe keeps of a panic what concerns the user.
func describe(o rt.Outcome) *frame.Panic {
	p := &frame.Panic{Value: panicText(o.Value)}
	for _, f := range o.Frames {
		if file := path.Base(f.File); strings.HasPrefix(file, "cell[") {
			p.Frames = append(p.Frames, frame.Frame{Func: f.Func, File: file, Line: f.Line})
		}
	}
	return p
}

// panicText is a panic's value as the runtime would print it.
func panicText(v any) (text string) {
	defer func() {
		if p := recover(); p != nil {
			text = fmt.Sprintf("%T, whose own method panicked as well", v)
		}
	}()
	switch v := v.(type) {
	case error:
		return v.Error()
	case fmt.Stringer:
		return v.String()
	case string:
		return v
	}
	return fmt.Sprintf("%T(%v)", v, v)
}
