package worker

import (
	"context"
	"fmt"

	"gospark/cell/frame"
	"gospark/cell/rt"
	"gospark/display"
)

// sink sends what cells show to the kernel. Each call waits until the kernel
// has it, so that text printed afterwards comes after it.
type sink struct{ w *Worker }

func (s sink) Show(o display.Output) { s.show(runID(), o) }

func (s sink) show(run frame.RunID, o display.Output) {
	s.tell(func(seq uint64) frame.Message { return frame.Show{Seq: seq, Run: run, Output: o} })
}

func (s sink) Clear(wait bool) {
	s.tell(func(seq uint64) frame.Message { return frame.Clear{Seq: seq, Run: runID(), Wait: wait} })
}

func (s sink) Input(prompt string, password bool) (string, error) {
	return s.w.input(rt.Context(), runID(), prompt, password)
}

func (s sink) Render(v any) display.Bundle {
	if s.w.opts.Render != nil {
		if b, err := s.w.opts.Render(rt.Context(), []any{v}); err == nil && b != nil {
			return *b
		}
	}
	return display.Plain(fmt.Sprint(v))
}

// tell asks the kernel for something that cannot fail. It does not end with the
// cell's context: a deferred call of an interrupted cell may still show things,
// and the kernel always answers.
func (s sink) tell(build func(seq uint64) frame.Message) {
	if _, err := s.w.calls.ask(context.Background(), build); err != nil {
		panic(fmt.Errorf("display: %w", err))
	}
}

// input asks the person for a line.
func (w *Worker) input(ctx context.Context, run frame.RunID, prompt string, password bool) (string, error) {
	line, err := w.calls.ask(ctx, func(seq uint64) frame.Message {
		return frame.Input{Seq: seq, Run: run, Prompt: prompt, Password: password}
	})
	return string(line), err
}
