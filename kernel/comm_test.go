package kernel_test

import (
	"context"
	"fmt"
	"testing"

	"gospark/kernel"
	"gospark/kernel/kerneltest"
)

// parrot repeats what it hears.
type parrot struct {
	comm   kernel.Comm
	closed chan struct{}
}

func (p parrot) Message(_ context.Context, m kernel.CommMessage) { _ = p.comm.Send(m) }
func (p parrot) Closed(_ context.Context, _ kernel.CommMessage)  { close(p.closed) }

func TestCommFromFrontEnd(t *testing.T) {
	p := parrot{closed: make(chan struct{})}
	r := start(t, &kerneltest.Interpreter{
		OnExecute: echo,
		OnComm: func(_ context.Context, c kernel.Comm, target string, m kernel.CommMessage) (kernel.CommHandler, bool) {
			p.comm = c
			return p, target == "parrot" && string(m.Data) == `{"n":1}`
		},
	})
	cell := r.running("wait", nil) // comms do not wait behind it
	data := map[string]any{"n": 1}
	r.Wait(r.Send("shell", "comm_open", map[string]any{"comm_id": "c", "target_name": "parrot", "data": data}), false)
	a := r.Ask("shell", "comm_info_request", map[string]any{"target_name": "parrot"})
	if got := fmt.Sprint(a.Reply.Content["comms"]); got != "map[c:map[target_name:parrot]]" {
		t.Error(got)
	}
	a = r.Wait(r.SendRequest(kerneltest.Request{
		Channel: "shell", Type: "comm_msg", Content: map[string]any{"comm_id": "c", "data": data},
		Metadata: map[string]any{"version": "2.1.0"}, Buffers: [][]byte{{0, 255}, {}},
	}), false)
	o := a.Outputs()
	if len(o) != 1 || o[0].Type != "comm_msg" || o[0].Text("comm_id") != "c" || fmt.Sprint(o[0].Content["data"]) != "map[n:1]" ||
		fmt.Sprint(o[0].Metadata) != "map[version:2.1.0]" || fmt.Sprint(o[0].Buffers) != "[[0 255] []]" {
		t.Errorf("%+v", o)
	}
	r.Wait(r.Send("shell", "comm_close", map[string]any{"comm_id": "c", "data": data}), false)
	<-p.closed
	if err := p.comm.Send(kernel.CommMessage{}); err == nil {
		t.Error("sent on a closed comm")
	}
	// A comm outlives the subshell that its messages name.
	r.Wait(r.SendRequest(kerneltest.Request{Channel: "shell", Type: "comm_close", Subshell: "gone", Content: map[string]any{"comm_id": "c"}}), false)
	a = r.Wait(r.Send("shell", "comm_open", map[string]any{"comm_id": "d", "target_name": "nobody", "data": data}), false)
	if o := a.Outputs(); len(o) != 1 || o[0].Type != "comm_close" || o[0].Text("comm_id") != "d" {
		t.Errorf("%+v", o)
	}
	r.Wait(r.Send("shell", "comm_msg", map[string]any{"comm_id": "d", "data": data}), false)
	r.Ask("control", "interrupt_request", map[string]any{})
	r.Wait(cell, true)
}

func TestCommFromCell(t *testing.T) {
	p := parrot{closed: make(chan struct{})}
	r := start(t, cellOf(func(_ context.Context, out kernel.Output) error {
		var err error
		p.comm, err = out.OpenComm("widget", kernel.CommMessage{Data: []byte(`{"n":1}`)}, p)
		return err
	}))
	a := r.Execute("")
	o := a.Outputs()
	if len(o) != 1 || o[0].Type != "comm_open" || o[0].Text("target_name") != "widget" || fmt.Sprint(o[0].Content["data"]) != "map[n:1]" {
		t.Fatalf("%+v", o)
	}
	id := r.Send("shell", "comm_close", map[string]any{"comm_id": p.comm.ID(), "data": map[string]any{}})
	r.Wait(id, false)
	<-p.closed
}
