package cell

import (
	"encoding/json"
	"testing"
)

// await gives the comm that a cell has opened.
func (o *output) comm(t *testing.T) *comm {
	t.Helper()
	o.await(t, "<open ")
	for {
		o.mu.Lock()
		comms := o.comms
		o.mu.Unlock()
		if len(comms) > 0 {
			return comms[len(comms)-1]
		}
	}
}

func TestCommOfACell(t *testing.T) {
	b := newBook(t)
	first, _, err := b.run(`seen := make(chan string, 100)
c, err := display.OpenComm("widget", map[string]int{"value": 1}, func(data json.RawMessage, buffers [][]byte) {
	if string(data) == "0" { panic("zero") }
	fmt.Println("handled", string(data), len(buffers))
	seen <- string(data)
})
fmt.Println("opened", c.ID(), err)
c.Send([]int{1, 2}, []byte("raw"))`)
	if err != nil {
		t.Fatal(err)
	}
	want := "<open widget {\"value\":1}>opened front-widget <nil>\n<front-widget: [1,2] [\"raw\"]>"
	first.await(t, want)
	// Messages are handled in order, beside a running cell, under the cell that
	// opened the comm; a panic ends one of them only.
	busy := b.start(false, "fmt.Println(\"runs\")\nfor range 3 { <-seen }\nfor ctx.Err() == nil {}")
	busy.await(t, "runs")
	h := first.comm(t).handler
	h.Message(json.RawMessage(`1`), nil)
	h.Message(json.RawMessage(`0`), nil)
	h.Message(json.RawMessage(`2`), [][]byte{{1}, {2}})
	h.Message(json.RawMessage(`3`), nil)
	first.await(t, "handled 3 0\n")
	if got, want := first.String(), want+"handled 1 0\npanic in a goroutine of cell 1: zero\n  cell[1]:3, in Cell1.func1\nhandled 2 2\nhandled 3 0\n"; got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	busy.stop()
	<-busy.ended
	if got := busy.String(); got != "runs\n" {
		t.Errorf("the running cell shows %q", got)
	}
	// An interrupted cell's comms go on.
	b.want("c.Send(\"more\")\nc.Close()\nc.Send(1).Error()", "=> comm widget: it is closed")
	first.await(t, "<front-widget: \"more\" []><front-widget closed>")
	b.want(`_, err = display.OpenComm("refused", nil, nil); err.Error()`, "=> open comm refused: no such target")
	b.want(`_, err = display.OpenComm("widget", func() {}, nil); err != nil`, "=> true")
}

func TestCommClosedByTheFrontEnd(t *testing.T) {
	b := newBook(t)
	out, _, err := b.run(`c, _ := display.OpenComm("w", nil, nil)
c.OnMessage(func(data json.RawMessage, _ [][]byte) { fmt.Println(string(data)) })
c.OnClose(func() { fmt.Println("closed", c.Send(1)) })`)
	if err != nil {
		t.Fatal(err)
	}
	h := out.comm(t).handler
	h.Message(json.RawMessage(`"last"`), nil)
	h.Closed()
	out.await(t, "\"last\"\nclosed comm w: it is closed\n")
}

func TestCommOpenedByTheFrontEnd(t *testing.T) {
	b := newBook(t)
	front := &output{changed: make(chan struct{}, 1)}
	if _, ok := b.r.CommOpen(&comm{out: front, id: "f1"}, "echo", nil); ok {
		t.Error("a target before the first cell")
	}
	out, _, err := b.run(`display.HandleComm("echo", func(c *display.Comm, data json.RawMessage) {
	fmt.Println("opened", c.ID(), c.Target(), string(data))
	c.OnMessage(func(data json.RawMessage, b [][]byte) { c.Send(data, b...) })
	c.Send("hello")
})`)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := b.r.CommOpen(&comm{out: front, id: "f2"}, "other", nil); ok {
		t.Error("another target")
	}
	h, ok := b.r.CommOpen(&comm{out: front, id: "f3"}, "echo", json.RawMessage(`{"a":1}`))
	if !ok {
		t.Fatal("the target is not known")
	}
	h.Message(json.RawMessage(`5`), [][]byte{[]byte("x")})
	front.await(t, "<f3: \"hello\" []><f3: 5 [\"x\"]>")
	out.await(t, "opened f3 echo {\"a\":1}\n")
	// A reset closes what the cells had open, and forgets what they handled.
	if err := b.r.Reset(t.Context()); err != nil {
		t.Fatal(err)
	}
	front.await(t, "<f3 closed>")
	if _, ok := b.r.CommOpen(&comm{out: front, id: "f4"}, "echo", nil); ok {
		t.Error("the target is still known")
	}
	h.Message(json.RawMessage(`6`), nil) // too late, and no harm
	h.Closed()
}

// A handler that does not return must not take all memory.
func TestCommOfASlowHandler(t *testing.T) {
	b := newBook(t)
	out, _, err := b.run(`c, _ := display.OpenComm("slow", nil, func(json.RawMessage, [][]byte) { select {} })`)
	if err != nil {
		t.Fatal(err)
	}
	h := out.comm(t).handler
	for range 70 {
		h.Message(json.RawMessage(`1`), [][]byte{make([]byte, 1<<20)})
	}
	out.await(t, "a comm was closed: 64 MB of messages wait for its handler\n")
	out.await(t, "<front-slow closed>")
	b.want("c.Send(1) != nil", "=> true")
}
