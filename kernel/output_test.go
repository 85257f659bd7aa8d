package kernel_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"gospark/display"
	"gospark/kernel"
	"gospark/kernel/kerneltest"
	"gospark/kernel/wire"
)

// running code as the one cell.
func cellOf(f func(ctx context.Context, out kernel.Output) error) *kerneltest.Interpreter {
	return &kerneltest.Interpreter{
		OnExecute: func(ctx context.Context, _ kernel.Cell, out kernel.Output) (kernel.Result, error) {
			return kernel.Result{}, f(ctx, out)
		},
	}
}

// outline writes outputs in short.
func outline(ms []kerneltest.Message) string {
	var b strings.Builder
	for _, m := range ms {
		switch m.Type {
		case "stream":
			fmt.Fprintf(&b, "%s:%s ", m.Text("name"), m.Text("text"))
		case "clear_output":
			fmt.Fprintf(&b, "clear:%v ", m.Content["wait"])
		default:
			fmt.Fprintf(&b, "%s:%v:%v ", m.Type, m.Content["data"], m.Content["transient"])
		}
	}
	return strings.TrimSpace(b.String())
}

func TestOutputOrder(t *testing.T) {
	x := display.Output{Bundle: display.Bundle{Data: map[string]any{"text/plain": "X"}}, ID: "1"}
	r := start(t, cellOf(func(_ context.Context, out kernel.Output) error {
		out.Stream(wire.Stdout, "a")
		out.Stream(wire.Stdout, "b")
		out.Stream(wire.Stderr, "c")
		out.Show(x)
		out.Stream(wire.Stdout, "d")
		x.Update = true
		out.Show(x)
		out.Clear(true)
		out.Stream(wire.Stdout, "é"[:1])
		out.Stream(wire.Stdout, "é"[1:])
		return nil
	}))
	want := "stdout:ab stderr:c display_data:map[text/plain:X]:map[display_id:1] stdout:d " +
		"update_display_data:map[text/plain:X]:map[display_id:1] clear:true stdout:é"
	if got := outline(r.Execute("").Outputs()); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}

// Text reaches the front end while the cell still runs.
func TestTextBeforeTheEnd(t *testing.T) {
	r := start(t, &kerneltest.Interpreter{OnExecute: echo})
	r.running("wait", nil)
}

func TestManyLines(t *testing.T) {
	const n = 100_000
	r := start(t, cellOf(func(_ context.Context, out kernel.Output) error {
		for i := range n {
			out.Stream(wire.Stdout, fmt.Sprintf("ä line %d\n", i))
		}
		return nil
	}))
	var text strings.Builder
	a := r.Execute("")
	for _, m := range a.Outputs() {
		text.WriteString(m.Text("text"))
	}
	lines := strings.Split(strings.TrimSuffix(text.String(), "\n"), "\n")
	if len(lines) != n {
		t.Fatalf("%d lines", len(lines))
	}
	for i, l := range lines {
		if l != fmt.Sprintf("ä line %d", i) {
			t.Fatalf("line %d is %q", i, l)
		}
	}
	if len(a.IOPub) > 100 {
		t.Errorf("%d messages", len(a.IOPub))
	}
}

// What a goroutine writes after its cell has ended belongs to that cell.
func TestLateOutput(t *testing.T) {
	outs := make(chan kernel.Output, 1)
	r := start(t, cellOf(func(_ context.Context, out kernel.Output) error {
		outs <- out
		return nil
	}))
	first := r.send("", nil)
	r.AllowLate(first)
	r.Wait(first, true)
	out := <-outs
	r.Execute("")
	out.Stream(wire.Stdout, "late")
	if m := r.Await(func(m kerneltest.Message) bool { return m.Type == "stream" }); m.ParentID != first {
		t.Errorf("%+v", m)
	}
	if _, err := out.Input(t.Context(), "?", false); err == nil {
		t.Error("input after the end")
	}
}

func TestOutputWithoutCell(t *testing.T) {
	outs := make(chan kernel.Output, 1)
	r := start(t, &kerneltest.Interpreter{OnStart: func(_ context.Context, out kernel.Output) error {
		outs <- out
		return nil
	}})
	(<-outs).Stream(wire.Stdout, "news")
	if m := r.Await(func(m kerneltest.Message) bool { return m.Type == "stream" }); m.ParentID != "" {
		t.Errorf("%+v", m)
	}
}

func TestInput(t *testing.T) {
	r := start(t, &kerneltest.Interpreter{OnExecute: echo})
	question := func(id string) string {
		return r.Await(func(m kerneltest.Message) bool { return m.ParentID == id && m.Channel == "stdin" }).ID
	}
	for _, parent := range []bool{true, false} { // some front ends name the question
		id := r.send("ask name?", nil)
		q := question(id)
		if !parent {
			q = ""
		}
		r.SendUnder("stdin", "input_reply", "not-"+q, map[string]any{"value": "wrong"})
		r.SendUnder("stdin", "input_reply", q, map[string]any{"value": "Ada"})
		if got := outline(r.Wait(id, true).Outputs()); got != "stdout:Ada" {
			t.Error(got)
		}
	}
	a := r.Wait(r.send("ask", map[string]any{"allow_stdin": false}), true)
	if a.Reply.Text("status") != "error" {
		t.Errorf("%+v", a.Reply)
	}
	id := r.send("ask", nil)
	question(id)
	r.Ask("control", "interrupt_request", map[string]any{})
	if a := r.Wait(id, true); a.Reply.Text("ename") != "Interrupted" {
		t.Errorf("%+v", a.Reply)
	}
	r.Quiet()
}
