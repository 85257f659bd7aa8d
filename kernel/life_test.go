package kernel_test

import (
	"context"
	"errors"
	"os/exec"
	"testing"

	"gospark/kernel"
	"gospark/kernel/kerneltest"
)

func TestShutdown(t *testing.T) {
	for _, restart := range []bool{false, true} {
		for _, channel := range []string{"control", "shell"} {
			var closed []bool
			r := start(t, &kerneltest.Interpreter{OnExecute: echo, OnClose: func(_ context.Context, restart bool) error {
				closed = append(closed, restart)
				return nil
			}})
			cell, queued := r.running("wait", nil), r.send("print never", nil)
			r.Ask("shell", "kernel_info_request", map[string]any{}) // so queued has arrived
			a := r.Ask(channel, "shutdown_request", map[string]any{"restart": restart})
			if a.Reply.Content["restart"] != restart || a.Outputs()[0].Type != "shutdown_reply" {
				t.Errorf("%+v", a)
			}
			if a := r.Wait(cell, true); a.Reply.Text("status") != "error" {
				t.Errorf("%+v", a.Reply)
			}
			if a := r.Wait(queued, true); a.Reply.Text("status") != "aborted" {
				t.Errorf("%+v", a.Reply)
			}
			if err := r.wait(); err != nil {
				t.Error(err)
			}
			if len(closed) != 1 || closed[0] != restart {
				t.Errorf("closed %v", closed)
			}
		}
	}
}

// An interpreter that obeys nothing does not keep the kernel from answering and
// ending.
func TestShutdownInEndlessLoop(t *testing.T) {
	free := make(chan struct{})
	r := start(t, cellOf(func(_ context.Context, out kernel.Output) error {
		out.Stream("stdout", "looping")
		<-free
		return nil
	}))
	t.Cleanup(func() { close(free) })
	r.running("", nil)
	if a := r.Ask("control", "shutdown_request", map[string]any{}); a.Reply.Type != "shutdown_reply" {
		t.Errorf("%+v", a)
	}
	if err := r.wait(); !errors.Is(err, kernel.ErrStuck) {
		t.Error(err)
	}
}

func TestContextEnds(t *testing.T) {
	r := start(t, &kerneltest.Interpreter{OnExecute: echo})
	cell := r.running("wait", nil)
	r.stop()
	if a := r.Wait(cell, true); a.Reply.Text("status") != "error" {
		t.Errorf("%+v", a.Reply)
	}
	if err := r.wait(); err != nil {
		t.Error(err)
	}
}

func TestStartFails(t *testing.T) {
	var r struct{ closed bool }
	failure := errors.New("no")
	i := &kerneltest.Interpreter{
		OnStart: func(context.Context, kernel.Output) error { return failure },
		OnClose: func(context.Context, bool) error { r.closed = true; return nil },
	}
	kerneltest.NoLeaks(t)
	err := kernel.Serve(t.Context(), kernel.Options{Sockets: listen(t), Interpreter: i})
	if !errors.Is(err, failure) || !r.closed {
		t.Error(err, r.closed)
	}
}

func TestParentGone(t *testing.T) {
	parent := exec.Command("cat")
	in, err := parent.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	r := start(t, &kerneltest.Interpreter{}, func(o *kernel.Options) { o.Parent = parent.Process.Pid })
	r.Ask("shell", "kernel_info_request", map[string]any{})
	_ = in.Close()
	_ = parent.Wait()
	if err := r.wait(); !errors.Is(err, kernel.ErrParentGone) {
		t.Error(err)
	}
}

func TestParentOfAnotherWorld(t *testing.T) {
	r := start(t, &kerneltest.Interpreter{}, func(o *kernel.Options) { o.Parent = 1 << 30 })
	r.Ask("shell", "kernel_info_request", map[string]any{})
	r.stop()
	if err := r.wait(); err != nil {
		t.Error(err)
	}
}

// The kernel's own handler works where SIGINT was inherited ignored; see
// TestSignals for the process.
func TestIgnoredMessages(t *testing.T) {
	r := start(t, &kerneltest.Interpreter{OnExecute: echo})
	good := `{"msg_id":"x","session":"s","username":"u","date":"","msg_type":"kernel_info_request","version":"5.3"}`
	for _, frames := range [][]string{
		{},
		{"<IDS|MSG>"},
		{"<IDS|MSG>", "", good, "{}", "{}", "{}"},
		{"<IDS|MSG>", "00", good, "{}", "{}", "{}"},
		{"a", "b", "c", "d", "e", "f", "g"},
	} {
		raw := [][]byte{[]byte("")}
		for _, f := range frames {
			raw = append(raw, []byte(f))
		}
		for _, channel := range []string{"shell", "control", "stdin"} {
			r.SendRaw(channel, raw...)
		}
	}
	r.SendUnder("stdin", "input_reply", "", map[string]any{"value": "nobody asked"})
	if a := r.Wait(r.Send("shell", "no_such_request", map[string]any{}), false); types(a.IOPub) != "busy idle" {
		t.Errorf("%+v", a)
	}
	if a := r.Execute("print a"); a.Reply.Text("status") != "ok" {
		t.Errorf("%+v", a)
	}
	r.Quiet()
}
