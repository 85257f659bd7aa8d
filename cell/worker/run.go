package worker

import (
	"context"
	"errors"
	"fmt"
	"path"
	"runtime/pprof"
	"slices"
	"strings"
	"time"

	"gospark/cell/frame"
	"gospark/cell/rt"
	"gospark/display"
)

// run runs one cell to its end.
func (w *Worker) run(m frame.Run) frame.Done {
	done := frame.Done{Cell: m.Cell}
	entry := w.entries[m.Entry]
	if entry == nil {
		done.Failed = &frame.Failed{Message: "no cell " + m.Entry + " is loaded"}
		return done
	}
	ctx, over := context.WithCancel(context.Background())
	run := rt.Begin(w.context(ctx, m), w.info(m))
	ended := w.begin(m.Cell, run)
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
		Show: func(o display.Output) { sink{w}.show(m.Cell, o) },
	})
}

// retire ends the contexts of the runs whose goroutines have all gone, this one
// among them. Goroutines that a cell left behind keep theirs until a later cell
// looks again.
func (w *Worker) retire(run *rt.Run, over context.CancelFunc, now bool) {
	w.lingering = append(w.lingering, lingering{run, over})
	w.lingering = slices.DeleteFunc(w.lingering, func(l lingering) bool {
		gone := l.run.Live() == 0 || (now && l.run == run)
		if gone {
			l.over()
		}
		return gone
	})
}

// info describes the run to package rt.
func (w *Worker) info(m frame.Run) rt.Info {
	return rt.Info{
		ID: m.Cell, Number: m.Number,
		Label: func() {
			labels := pprof.Labels("cell", fmt.Sprint(m.Number))
			pprof.SetGoroutineLabels(pprof.WithLabels(context.Background(), labels))
		},
		Panic: func(o rt.Outcome) {
			w.send(frame.Panicked{Cell: m.Cell, Number: m.Number, Panic: *describe(o)})
		},
	}
}

// begin makes run the current one; the returned function ends that and waits
// for the goroutine that watches standard input.
func (w *Worker) begin(id string, run *rt.Run) (ended func()) {
	cur := &running{id: id, run: run, ended: make(chan struct{})}
	w.mu.Lock()
	w.current = cur
	w.mu.Unlock()
	ctx, cancel := context.WithCancel(context.Background())
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		w.stdin.watch(ctx, func(ctx context.Context) (string, error) {
			return w.input(ctx, id, "", false)
		})
	}()
	return func() {
		w.mu.Lock()
		w.current = nil
		w.mu.Unlock()
		close(cur.ended)
		cancel()
		<-watched
	}
}

// interrupt tells the cell to stop; the second time, and when it does not stop
// in time, it is abandoned.
func (w *Worker) interrupt(id string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	cur := w.current
	if cur == nil || cur.id != id {
		return
	}
	if cur.asked {
		cur.run.Abandon()
		return
	}
	cur.asked = true
	cur.run.Stop()
	w.stdin.interrupt()
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
		Message:  err.Error(),
		Type:     fmt.Sprintf("%T", err),
		Canceled: ctx.Err() != nil && (errors.Is(err, context.Canceled) || errors.Is(err, rt.Stopped)),
	}
	for cause := errors.Unwrap(err); cause != nil; cause = errors.Unwrap(cause) {
		f.Causes = append(f.Causes, cause.Error())
	}
	if w.opts.Fail != nil {
		f.Value = w.opts.Fail(err)
	}
	if b, ok := display.Of(err); ok && f.Value == nil {
		f.Value = &b
	}
	return f
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
