package kernel_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"gospark/display"
	"gospark/kernel"
	"gospark/kernel/kerneltest"
	"gospark/kernel/wire"
	"gospark/kernel/zmq"
)

// rig is a kernel under test.
type rig struct {
	*kerneltest.Frontend
	conn wire.Connection
	stop context.CancelFunc
	wait func() error
}

// listen opens sockets on free ports.
func listen(t testing.TB) *zmq.Sockets {
	t.Helper()
	conn := wire.Connection{Transport: "tcp", IP: "127.0.0.1", Key: "secret", SignatureScheme: "hmac-sha256"}
	sockets, err := zmq.Listen(t.Context(), conn, zmq.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return sockets
}

func serve(o kernel.Options) func(context.Context) error {
	return func(ctx context.Context) error { return kernel.Serve(ctx, o) }
}

// start serves a fake interpreter on free ports.
func start(t *testing.T, i *kerneltest.Interpreter, change ...func(*kernel.Options)) rig {
	t.Helper()
	kerneltest.NoLeaks(t)
	return startOneMore(t, i, change...)
}

// startOneMore is start for a test that runs more than one kernel.
func startOneMore(t *testing.T, i *kerneltest.Interpreter, change ...func(*kernel.Options)) rig {
	t.Helper()
	sockets := listen(t)
	o := kernel.Options{Sockets: sockets, Key: []byte(sockets.Connection().Key), Interpreter: i}
	for _, c := range change {
		c(&o)
	}
	stop, wait := kerneltest.Serving(t, serve(o))
	r := rig{conn: sockets.Connection(), stop: stop, wait: wait}
	r.Frontend = kerneltest.Connect(t, r.conn, "front-end")
	return r
}

// echo runs little commands: print TEXT, fail, wait, show, panic, ….
func echo(ctx context.Context, c kernel.Cell, out kernel.Output) (kernel.Result, error) {
	verb, rest, _ := strings.Cut(c.Code, " ")
	switch verb {
	case "print":
		out.Stream(wire.Stdout, rest)
	case "fail":
		return kernel.Result{}, &kernel.Error{Name: "Failure", Value: rest}
	case "folded":
		details := display.Plain(rest)
		return kernel.Result{}, &kernel.Error{Name: "Failure", Value: "short", Details: &details}
	case "fault":
		return kernel.Result{}, errors.New(rest)
	case "panic":
		panic(rest)
	case "wait":
		out.Stream(wire.Stdout, "waiting")
		<-ctx.Done()
		return kernel.Result{}, fmt.Errorf("run: %w", ctx.Err())
	case "ask":
		line, err := out.Input(ctx, rest, false)
		if err != nil {
			return kernel.Result{}, err
		}
		out.Stream(wire.Stdout, line)
	case "value":
		b := display.Bundle{Data: map[string]any{"text/plain": rest}}
		return kernel.Result{Value: &b}, nil
	}
	return kernel.Result{}, nil
}

func TestKernelInfo(t *testing.T) {
	r := start(t, &kerneltest.Interpreter{})
	for _, channel := range []string{"shell", "control"} {
		a := r.Ask(channel, "kernel_info_request", map[string]any{})
		if a.Reply.Channel != channel || a.Reply.Text("protocol_version") != "5.4" || a.Reply.Text("status") != "ok" {
			t.Errorf("%s: %+v", channel, a.Reply)
		}
	}
	r.Quiet()
}

func TestExecute(t *testing.T) {
	r := start(t, &kerneltest.Interpreter{OnExecute: echo})
	a := r.Execute("print hello")
	if o := a.Outputs(); len(o) != 1 || o[0].Type != "stream" || o[0].Text("text") != "hello" {
		t.Errorf("%+v", o)
	}
	a = r.Execute("value 42")
	if o := a.Outputs(); len(o) != 1 || o[0].Type != "execute_result" || fmt.Sprint(o[0].Content["data"]) != "map[text/plain:42]" {
		t.Errorf("%+v", o)
	}
	if n := a.Reply.Content["execution_count"]; n != 2.0 {
		t.Errorf("count %v", n)
	}
	r.Quiet()
}
