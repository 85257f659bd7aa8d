package kernel_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"gospark/kernel"
	"gospark/kernel/kerneltest"
	"gospark/kernel/wire"
)

// subshell creates one.
func (r rig) subshell() string {
	return r.Ask("control", "create_subshell_request", nil).Reply.Text("subshell_id")
}

// sendIn sends a cell to a subshell.
func (r rig) sendIn(subshell, code string) string {
	return r.SendRequest(kerneltest.Request{
		Channel: "shell", Type: "execute_request", Subshell: subshell, Content: map[string]any{"code": code},
	})
}

// printed waits until a cell prints.
func (r rig) printed(id string) string {
	return r.Await(func(m kerneltest.Message) bool { return m.ParentID == id && m.Type == "stream" }).Text("text")
}

// busyAgain reads the status that follows another request's idle while a cell
// runs: it comes after what the cell has printed.
func (r rig) busyAgain(cell string) {
	begun := func(m kerneltest.Message) bool { return m.ParentID == cell && m.Text("execution_state") == "busy" }
	first := r.Await(begun)
	r.Await(begun)
	r.Keep(first)
}

func (r rig) subshells() string {
	return fmt.Sprint(r.Ask("control", "list_subshell_request", nil).Reply.Content["subshell_id"])
}

func TestSubshells(t *testing.T) {
	var mu sync.Mutex
	var seen []kernel.Cell
	r := start(t, &kerneltest.Interpreter{OnExecute: func(ctx context.Context, c kernel.Cell, out kernel.Output) (kernel.Result, error) {
		mu.Lock()
		seen = append(seen, c)
		mu.Unlock()
		return echo(ctx, c, out)
	}})
	if got := fmt.Sprint(r.Ask("shell", "kernel_info_request", nil).Reply.Content["supported_features"]); got != "[kernel subshells]" {
		t.Error(got)
	}
	if got := r.subshells(); got != "[]" {
		t.Error(got)
	}
	one, two := r.subshell(), r.subshell()
	if got := r.subshells(); got != fmt.Sprintf("[%s %s]", one, two) {
		t.Error(got)
	}
	// One cell runs in the parent subshell and in each other one, at once.
	var running []string
	for _, shell := range []string{"", one, two} {
		id := r.sendIn(shell, "wait")
		r.printed(id)
		running = append(running, id)
	}
	queued := r.sendIn(one, "print b")
	r.Ask("shell", "kernel_info_request", nil) // so queued has arrived
	a := r.Ask("control", "interrupt_request", nil)
	if a.Reply.Channel != "control" {
		t.Errorf("%+v", a.Reply)
	}
	for _, id := range running {
		if a := r.Wait(id, true); a.Reply.Text("ename") != "Interrupted" || a.Reply.Content["execution_count"] == 0.0 {
			t.Errorf("%+v", a.Reply)
		}
	}
	if a := r.Wait(queued, true); a.Reply.Text("status") != "aborted" || len(a.Reply.Content) != 1 {
		t.Errorf("%+v", a.Reply)
	}
	mu.Lock()
	defer mu.Unlock()
	for i, shell := range []string{"", one, two} {
		if c := seen[i]; c.Subshell != shell || c.Number != i+1 { // the execution count is shared
			t.Errorf("%+v", c)
		}
	}
}

// A failure aborts what is queued in its own subshell only.
func TestSubshellStopsOnError(t *testing.T) {
	free := make(chan struct{})
	r := start(t, &kerneltest.Interpreter{OnExecute: func(ctx context.Context, c kernel.Cell, out kernel.Output) (kernel.Result, error) {
		if c.Code == "gate" {
			out.Stream(wire.Stdout, "at the gate")
			<-free
			return kernel.Result{}, nil
		}
		return echo(ctx, c, out)
	}})
	sub := r.subshell()
	gate := r.sendIn("", "gate")
	r.printed(gate)
	behind := r.sendIn("", "print a")
	ids := []string{r.sendIn(sub, "fail"), r.sendIn(sub, "print never")}
	var got []string
	for _, id := range ids {
		got = append(got, r.Wait(id, true).Reply.Text("status"))
		r.busyAgain(gate)
	}
	close(free)
	for _, id := range []string{gate, behind, r.sendIn(sub, "print on")} {
		got = append(got, r.Wait(id, true).Reply.Text("status"))
	}
	if want := []string{"error", "aborted", "ok", "ok", "ok"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestDeleteSubshell(t *testing.T) {
	r := start(t, &kerneltest.Interpreter{OnExecute: echo})
	sub := r.subshell()
	running, queued := r.sendIn(sub, "wait"), r.sendIn(sub, "print never")
	r.printed(running)
	r.Ask("shell", "kernel_info_request", nil) // so queued has arrived
	del := r.Send("control", "delete_subshell_request", map[string]any{"subshell_id": sub})
	if a := r.Wait(running, true); a.Reply.Text("status") != "error" {
		t.Errorf("%+v", a.Reply)
	}
	if a := r.Wait(queued, true); a.Reply.Text("status") != "aborted" {
		t.Errorf("%+v", a.Reply)
	}
	if a := r.Wait(del, true); a.Reply.Type != "delete_subshell_reply" || a.Reply.Text("status") != "ok" || a.Reply.Channel != "control" {
		t.Errorf("%+v", a.Reply)
	}
	if got := r.subshells(); got != "[]" {
		t.Error(got)
	}
	for _, id := range []string{
		r.sendIn(sub, "print never"),
		r.SendRequest(kerneltest.Request{Channel: "shell", Type: "complete_request", Subshell: sub, Content: map[string]any{"code": "x"}}),
		r.Send("control", "delete_subshell_request", map[string]any{"subshell_id": sub}),
		r.Send("control", "delete_subshell_request", map[string]any{"subshell_id": ""}), // the parent subshell stays
	} {
		if a := r.Wait(id, true); a.Reply.Text("ename") != "UnknownSubshell" || types(a.IOPub) != "busy idle" {
			t.Errorf("%+v", a)
		}
	}
	if a := r.Execute("print on"); a.Reply.Text("status") != "ok" {
		t.Errorf("%+v", a.Reply)
	}
	r.Quiet()
}

func TestSubshellsAreBounded(t *testing.T) {
	r := start(t, &kerneltest.Interpreter{})
	for range 256 {
		r.subshell()
	}
	if a := r.Ask("control", "create_subshell_request", nil); a.Reply.Text("ename") != "TooManySubshells" {
		t.Errorf("%+v", a.Reply)
	}
	if a := r.Ask("control", "shutdown_request", map[string]any{}); a.Reply.Text("status") != "ok" {
		t.Errorf("%+v", a.Reply)
	}
	if err := r.wait(); err != nil {
		t.Error(err)
	}
}

// Each subshell asks for input by itself.
func TestSubshellInput(t *testing.T) {
	r := start(t, &kerneltest.Interpreter{OnExecute: echo})
	ids := []string{r.sendIn("", "ask"), r.sendIn(r.subshell(), "ask")}
	questions := make(map[string]string)
	for _, id := range ids {
		questions[id] = r.Await(func(m kerneltest.Message) bool { return m.ParentID == id && m.Channel == "stdin" }).ID
	}
	slices.Reverse(ids) // the later question is answered first
	for _, id := range ids {
		r.SendUnder("stdin", "input_reply", questions[id], map[string]any{"value": "for " + id})
		if got := outline(r.Wait(id, true).Outputs()); got != "stdout:for "+id {
			t.Error(got)
		}
	}
}

// A cell in a subshell and the parent subshell's cell both keep the kernel busy.
func TestBusyWhileAnyCellRuns(t *testing.T) {
	r := start(t, &kerneltest.Interpreter{OnExecute: echo})
	sub := r.subshell()
	waiting := r.sendIn(sub, "wait")
	r.printed(waiting)
	r.Execute("print done")
	r.busyAgain(waiting)
	r.Ask("control", "interrupt_request", nil)
	r.Wait(waiting, true)
}
