package kernel_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"gospark/display"
	"gospark/kernel"
	"gospark/kernel/history"
	"gospark/kernel/kerneltest"
)

// send sends a cell without waiting for it.
func (r rig) send(code string, flags map[string]any) string {
	content := map[string]any{"code": code}
	for k, v := range flags {
		content[k] = v
	}
	return r.Send("shell", "execute_request", content)
}

// running sends a cell and waits until it prints.
func (r rig) running(code string, flags map[string]any) string {
	id := r.send(code, flags)
	r.Await(func(m kerneltest.Message) bool { return m.ParentID == id && m.Type == "stream" })
	return id
}

func types(ms []kerneltest.Message) string {
	var out []string
	for _, m := range ms {
		name := m.Type
		if s := m.Text("execution_state"); s != "" {
			name = s
		}
		out = append(out, name)
	}
	return strings.Join(out, " ")
}

func TestExecuteMessages(t *testing.T) {
	r := start(t, &kerneltest.Interpreter{OnExecute: echo})
	for _, tt := range []struct {
		code   string
		flags  map[string]any
		iopub  string
		status string
		count  float64
	}{
		{"print a", nil, "busy execute_input stream idle", "ok", 1},
		{"value a", map[string]any{"store_history": false}, "busy execute_input execute_result idle", "ok", 1},
		{"value a", nil, "busy execute_input execute_result idle", "ok", 2},
		{"print a", map[string]any{"silent": true}, "busy idle", "ok", 2},
		{"value a", map[string]any{"silent": true, "store_history": true}, "busy idle", "ok", 2},
		{"fail a", map[string]any{"silent": true}, "busy error idle", "error", 2},
		{"fail a", nil, "busy execute_input error idle", "error", 3},
		{"fault a", nil, "busy execute_input error idle", "error", 4},
		{"panic a", nil, "busy execute_input error idle", "error", 5},
		{"folded a", nil, "busy execute_input error display_data idle", "error", 6},
		{"", nil, "busy execute_input idle", "ok", 7},
	} {
		a := r.Wait(r.send(tt.code, tt.flags), true)
		if got := types(a.IOPub); got != tt.iopub {
			t.Errorf("%q %v: %s, want %s", tt.code, tt.flags, got, tt.iopub)
		}
		if a.Reply.Text("status") != tt.status || a.Reply.Content["execution_count"] != tt.count {
			t.Errorf("%q %v: %v", tt.code, tt.flags, a.Reply.Content)
		}
	}
	r.Quiet()
}

func TestErrorReply(t *testing.T) {
	r := start(t, &kerneltest.Interpreter{OnExecute: echo})
	a := r.Execute("fail too bad")
	shown := a.Outputs()[0]
	for _, m := range []kerneltest.Message{a.Reply, shown} {
		if m.Text("ename") != "Failure" || m.Text("evalue") != "too bad" || fmt.Sprint(m.Content["traceback"]) != "[Failure: too bad]" {
			t.Errorf("%+v", m)
		}
	}
	a = r.Execute("panic secret\nmore")
	if a.Reply.Text("ename") != "kernel fault" || a.Reply.Text("evalue") != "panic: secret" {
		t.Errorf("%+v", a.Reply)
	}
}

func TestMalformedContent(t *testing.T) {
	r := start(t, &kerneltest.Interpreter{OnExecute: echo})
	a := r.Ask("shell", "execute_request", map[string]any{"code": 7})
	if a.Reply.Text("status") != "error" || types(a.IOPub) != "busy error idle" {
		t.Errorf("%+v", a)
	}
	a = r.Ask("shell", "complete_request", map[string]any{"code": []int{}})
	if a.Reply.Type != "complete_reply" || a.Reply.Text("status") != "error" {
		t.Errorf("%+v", a)
	}
}

func TestStopOnError(t *testing.T) {
	for _, tt := range []struct {
		stop bool
		want []string
	}{
		{true, []string{"error", "aborted", "aborted"}},
		{false, []string{"error", "ok", "ok"}},
	} {
		t.Run(fmt.Sprint(tt.stop), func(t *testing.T) {
			r := start(t, &kerneltest.Interpreter{OnExecute: echo})
			ids := []string{
				r.send("fail", map[string]any{"stop_on_error": tt.stop}), r.send("print a", nil), r.send("print b", nil),
			}
			var got []string
			for _, id := range ids {
				got = append(got, r.Wait(id, true).Reply.Text("status"))
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("%v, want %v", got, tt.want)
			}
			if a := r.Execute("print c"); a.Reply.Text("status") != "ok" {
				t.Errorf("the next cell: %+v", a.Reply)
			}
			r.Quiet()
		})
	}
}

func TestInterrupt(t *testing.T) {
	signals := make(chan os.Signal, 1)
	r := start(t, &kerneltest.Interpreter{OnExecute: echo}, func(o *kernel.Options) { o.Interrupts = signals })
	for name, interrupt := range map[string]func(){
		"message": func() { r.Ask("control", "interrupt_request", map[string]any{}) },
		"signal":  func() { signals <- syscall.SIGINT },
	} {
		id := r.running("wait", map[string]any{"stop_on_error": false})
		queued := r.send("print never", nil)
		r.Ask("shell", "kernel_info_request", map[string]any{}) // so queued has arrived
		interrupt()
		a := r.Wait(id, true)
		if a.Reply.Text("status") != "error" || a.Reply.Text("ename") != "Interrupted" {
			t.Errorf("%s: %+v", name, a.Reply)
		}
		if a := r.Wait(queued, true); a.Reply.Text("status") != "aborted" || len(a.Outputs()) > 0 {
			t.Errorf("%s: %+v", name, a)
		}
		if a := r.Execute("print on"); a.Reply.Text("status") != "ok" {
			t.Errorf("%s: %+v", name, a.Reply)
		}
	}
	r.Quiet()
}

func TestInterruptIdle(t *testing.T) {
	r := start(t, &kerneltest.Interpreter{OnExecute: echo})
	if a := r.Ask("control", "interrupt_request", map[string]any{}); a.Reply.Text("status") != "ok" {
		t.Errorf("%+v", a.Reply)
	}
	if a := r.Execute("print a"); a.Reply.Text("status") != "ok" {
		t.Errorf("%+v", a.Reply)
	}
}

// Everything but cells is answered while a cell runs, and afterwards the kernel
// is shown as busy again.
func TestBesideCell(t *testing.T) {
	r := start(t, &kerneltest.Interpreter{OnExecute: echo})
	cell := r.running("wait", nil)
	code := map[string]any{"code": "x", "cursor_pos": 1}
	for typ, content := range map[string]map[string]any{
		"kernel_info_request": {}, "complete_request": code, "inspect_request": code,
		"is_complete_request": code, "comm_info_request": {}, "usage_request": {},
		"history_request": {"hist_access_type": "tail", "n": 1, "output": false, "raw": true},
	} {
		for _, channel := range []string{"shell", "control"} {
			a := r.Ask(channel, typ, content)
			if want := strings.Replace(typ, "request", "reply", 1); a.Reply.Type != want || a.Reply.Channel != channel || a.Reply.Text("status") == "error" {
				t.Errorf("%s: %+v", typ, a.Reply)
			}
			r.Await(func(m kerneltest.Message) bool {
				return m.ParentID == cell && m.Text("execution_state") == "busy" && m.Channel == "iopub"
			})
		}
	}
	r.Ask("control", "interrupt_request", map[string]any{})
	r.Await(func(m kerneltest.Message) bool { return m.ParentID == cell && m.Type == "error" })
}

func TestUserExpressionsAndPages(t *testing.T) {
	r := start(t, &kerneltest.Interpreter{
		OnExecute: func(_ context.Context, c kernel.Cell, _ kernel.Output) (kernel.Result, error) {
			b := display.Bundle{Data: map[string]any{"text/plain": c.Expressions["a"]}}
			return kernel.Result{Pages: []display.Bundle{b}, Expressions: map[string]kernel.Expression{
				"a": {Value: &b}, "b": {Err: &kernel.Error{Name: "N", Value: "V"}},
			}}, nil
		},
	})
	a := r.Wait(r.send("", map[string]any{"user_expressions": map[string]string{"a": "1+1", "b": "?"}}), true)
	got := fmt.Sprint(a.Reply.Content["user_expressions"], a.Reply.Content["payload"])
	want := "map[a:map[data:map[text/plain:1+1] status:ok] b:map[ename:N evalue:V status:error traceback:[N: V]]] " +
		"[map[data:map[text/plain:1+1] source:page start:0]]"
	if got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}

func TestCellFields(t *testing.T) {
	var got kernel.Cell
	r := start(t, &kerneltest.Interpreter{
		OnExecute: func(_ context.Context, c kernel.Cell, _ kernel.Output) (kernel.Result, error) {
			got = c
			return kernel.Result{}, nil
		},
	})
	id := r.send("code", map[string]any{"allow_stdin": false})
	r.Wait(id, true)
	if got.ID != id || got.Number != 1 || got.Code != "code" || got.Stdin || got.Silent || got.Session != "front-end" {
		t.Errorf("%+v", got)
	}
}

func TestHistory(t *testing.T) {
	r := start(t, &kerneltest.Interpreter{OnExecute: echo}, func(o *kernel.Options) { o.History = history.New("", nil) })
	for _, code := range []string{"value 1/2", "print b", "value 1/2", "fail"} {
		r.Execute(code)
	}
	r.Wait(r.send("print hidden", map[string]any{"store_history": false}), true)
	r.Wait(r.send("print hidden", map[string]any{"silent": true, "store_history": true}), true)
	for _, tt := range []struct {
		ask  map[string]any
		want string
	}{
		{map[string]any{"hist_access_type": "tail", "n": 2}, "[[1 3 value 1/2] [1 4 fail]]"},
		{map[string]any{"hist_access_type": "tail", "n": 2, "output": true}, "[[1 3 [value 1/2 1/2]] [1 4 [fail <nil>]]]"},
		{map[string]any{"hist_access_type": "range", "session": 0, "start": 2, "stop": 3}, "[[1 2 print b]]"},
		{map[string]any{"hist_access_type": "range", "session": 1, "start": 4}, "[[1 4 fail]]"},
		{map[string]any{"hist_access_type": "range", "session": 7}, "[]"},
		{map[string]any{"hist_access_type": "range", "session": -1}, "[]"},
		{map[string]any{"hist_access_type": "search", "pattern": "val*"}, "[[1 1 value 1/2] [1 3 value 1/2]]"},
		{map[string]any{"hist_access_type": "search", "pattern": "*/?", "unique": true}, "[[1 3 value 1/2]]"},
		{map[string]any{"hist_access_type": "search", "pattern": "*", "n": 1}, "[[1 4 fail]]"},
		{map[string]any{"hist_access_type": "search", "pattern": "[", "n": 1}, "[]"},
	} {
		a := r.Ask("shell", "history_request", tt.ask)
		if got := fmt.Sprint(a.Reply.Content["history"]); got != tt.want {
			t.Errorf("%v: %s, want %s", tt.ask, got, tt.want)
		}
	}
}

func TestCompleteAndInspect(t *testing.T) {
	r := start(t, &kerneltest.Interpreter{
		OnComplete: func(_ context.Context, code string, cursor int) (kernel.Completion, error) {
			return kernel.Completion{
				Start: cursor - 1, End: cursor,
				Matches: []kernel.Match{{Text: code[:cursor] + "!", Type: "function", Signature: "()"}},
			}, nil
		},
		OnInspect: func(_ context.Context, code string, cursor, detail int) (*display.Bundle, error) {
			if cursor == 0 {
				return nil, nil
			}
			return &display.Bundle{Data: map[string]any{"text/plain": fmt.Sprint(code[:cursor], detail)}}, nil
		},
	})
	// "é" and "😀" are one code point each, and two and four bytes.
	a := r.Ask("shell", "complete_request", map[string]any{"code": "é😀xy", "cursor_pos": 3})
	c := a.Reply.Content
	if got := fmt.Sprint(c["matches"], c["cursor_start"], c["cursor_end"]); got != "[é😀x!] 2 3" {
		t.Error(got)
	}
	want := "map[_jupyter_types_experimental:[map[end:3 signature:() start:2 text:é😀x! type:function]]]"
	if got := fmt.Sprint(c["metadata"]); got != want {
		t.Error(got)
	}
	a = r.Ask("shell", "inspect_request", map[string]any{"code": "é😀xy", "cursor_pos": 2, "detail_level": 1})
	if got := fmt.Sprint(a.Reply.Content["found"], a.Reply.Content["data"]); got != "true map[text/plain:é😀1]" {
		t.Error(got)
	}
	a = r.Ask("shell", "inspect_request", map[string]any{"code": "x", "cursor_pos": 0})
	if got := fmt.Sprint(a.Reply.Content); got != "map[data:map[] found:false metadata:map[] status:ok]" {
		t.Error(got)
	}
}

func TestUsage(t *testing.T) {
	r := start(t, &kerneltest.Interpreter{})
	a := r.Ask("control", "usage_request", map[string]any{})
	if a.Reply.Content["pid"] != float64(os.Getpid()) || a.Reply.Content["cpu_count"].(float64) < 1 {
		t.Errorf("%+v", a.Reply)
	}
	if _, err := os.Stat("/proc/self/statm"); err == nil && a.Reply.Content["kernel_memory"].(float64) < 1<<20 {
		t.Errorf("%+v", a.Reply)
	}
}

// A console's Up key: what an earlier kernel, and one that still runs, have run.
func TestHistoryOfOtherKernels(t *testing.T) {
	file := filepath.Join(t.TempDir(), "history.sqlite")
	kerneltest.NoLeaks(t)
	kernelWith := func() rig {
		return startOneMore(t, &kerneltest.Interpreter{OnExecute: echo}, func(o *kernel.Options) { o.History = history.New(file, nil) })
	}
	first := kernelWith()
	first.Execute("print first")
	first.Ask("control", "shutdown_request", map[string]any{})
	if err := first.wait(); err != nil {
		t.Fatal(err)
	}
	second, third := kernelWith(), kernelWith()
	second.Execute("print second")
	tail := map[string]any{"hist_access_type": "tail", "n": 1000, "raw": true, "output": false}
	second.Ask("shell", "history_request", tail) // it is written when this is answered
	third.Execute("print third")
	for range 2 { // the answer does not change by asking
		a := third.Ask("shell", "history_request", tail)
		if got := fmt.Sprint(a.Reply.Content["history"]); got != "[[1 1 print first] [2 1 print second] [3 1 print third]]" {
			t.Error(got)
		}
	}
	a := third.Ask("shell", "history_request", map[string]any{"hist_access_type": "range", "session": -1})
	if got := fmt.Sprint(a.Reply.Content["history"]); got != "[[2 1 print second]]" {
		t.Error(got)
	}
}
