package notebook

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"gospark/kernel"
)

// A subshell's Go cell runs beside the main shell's, with its own output; comms
// reach the cells meanwhile.
func TestGoBesideGo(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the worker")
	}
	b := open(t, withGo(t, Options{}))
	b.good("gate := make(chan string)\nheard := make(chan string, 1)\ndisplay.HandleComm(\"gate\", func(c *display.Comm, data json.RawMessage) {\n\tc.OnMessage(func(data json.RawMessage, _ [][]byte) { heard <- string(data); gate <- \"comm\" })\n})")
	s, busy := &screen{}, make(chan struct{}, 10)
	s.seen = func(string) { busy <- struct{}{} }
	ended := make(chan error)
	go func() {
		_, err := b.Execute(t.Context(), kernel.Cell{ID: "main", Number: 2, Code: "fmt.Println(\"waits\")\nfmt.Println(<-gate, <-gate)"}, s)
		ended <- err
	}()
	<-busy
	beside := &screen{}
	got, err := b.Execute(t.Context(), kernel.Cell{ID: "beside", Number: 3, Subshell: "1", Code: "fmt.Println(\"beside\")\ngate <- \"subshell\"\nlen(gate)"}, beside)
	if err != nil || got.Value == nil || got.Value.Text() != "0" || beside.out() != "beside\n" {
		t.Errorf("%v, %q, %v", got, beside.out(), err)
	}
	h, ok := b.CommOpen(t.Context(), &frontEnd{}, "gate", kernel.CommMessage{})
	if !ok {
		t.Fatal("the cell's target is unknown")
	}
	h.Message(t.Context(), kernel.CommMessage{Data: json.RawMessage(`"hello"`)})
	if err := <-ended; err != nil || s.out() != "waits\nsubshell comm\n" {
		t.Errorf("%q, %v", s.out(), err)
	}
	if got := b.good("<-heard"); !strings.Contains(got, "hello") {
		t.Errorf("the comm brought %s", got)
	}
	h.Closed(context.Background(), kernel.CommMessage{})
	holds(t, b.good("var name string\n_, err := fmt.Scan(&name)\nerr.Error()"), "cannot be asked for input")
}

// Magics and SQL of a subshell run beside a busy cell, and so do front ends'
// questions.
func TestBesideBusyCell(t *testing.T) {
	server := serveScript(t)
	b := open(t, Options{Remote: server.url("")})
	f := b.panel()
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	busy := make(chan struct{})
	s := &screen{}
	s.seen = func(string) { close(busy) }
	ended := make(chan error)
	go func() {
		_, err := b.Execute(ctx, kernel.Cell{ID: "busy", Number: 1, Code: "!echo busy; exec sleep 1000"}, s)
		ended <- err
	}()
	<-busy
	f.state("detached", 1)
	for _, code := range []string{"%env HOME", "%spark", "%%sql\nselect 1"} {
		_, err := b.Execute(t.Context(), kernel.Cell{ID: code, Number: 2, Subshell: "1", Code: code}, &screen{})
		if code != "%%sql\nselect 1" && err != nil { // this server runs no query, but it is asked
			t.Errorf("%s: %v", code, err)
		}
	}
	if got, err := b.Complete(t.Context(), "%spa", 4); err != nil || len(got.Matches) == 0 {
		t.Error(got, err)
	}
	holds(t, string(f.asks(fixture(t, "request_status")).raw), `"state":"ready","running":1`)
	if len(server.began()) != 1 || b.running.count() != 1 || b.running.find("busy") == nil {
		t.Errorf("%d sessions, %d cells", len(server.began()), b.running.count())
	}
	interrupt()
	if err := <-ended; err == nil {
		t.Error("the busy cell was not interrupted")
	}
}
