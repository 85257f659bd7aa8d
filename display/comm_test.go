package display

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
)

// front is a sink with a front end that takes comms.
type front struct {
	recorder
	events CommEvents
	opened func(CommLink, json.RawMessage) CommEvents
	log    []string
}

func (f *front) OpenComm(target string, data json.RawMessage, e CommEvents) (CommLink, error) {
	if target == "refused" {
		return nil, errors.New("nobody is there")
	}
	f.log = append(f.log, fmt.Sprintf("open %s %s", target, data))
	f.events = e
	return f, nil
}

func (f *front) HandleComm(_ string, opened func(CommLink, json.RawMessage) CommEvents) error {
	f.opened = opened
	return nil
}

func (f *front) ID() string { return "id" }

func (f *front) Send(data json.RawMessage, buffers [][]byte) error {
	f.log = append(f.log, fmt.Sprintf("%s %q", data, buffers))
	return nil
}

func (f *front) Close() error {
	f.log = append(f.log, "close")
	return nil
}

func TestComm(t *testing.T) {
	f := &front{}
	Install(f)
	t.Cleanup(func() { Install(nil) })
	if _, err := OpenComm("refused", nil, nil); err == nil || err.Error() != "open comm refused: nobody is there" {
		t.Errorf("refused: %v", err)
	}
	var got []string
	c, err := OpenComm("w", struct{ A int }{1}, func(data json.RawMessage, buffers [][]byte) {
		got = append(got, fmt.Sprintf("%s %q", data, buffers))
	})
	if err != nil {
		t.Fatal(err)
	}
	f.events.Message(json.RawMessage(`1`), [][]byte{{'x'}})
	c.OnMessage(nil)
	f.events.Message(json.RawMessage(`2`), nil)
	f.events.Closed()
	c.OnClose(func() { got = append(got, "closed") })
	f.events.Closed()
	if err := errors.Join(c.Send(map[string]int{"b": 2}, []byte("raw")), c.Close()); err != nil {
		t.Error(err)
	}
	if err := c.Send(func() {}); err == nil || !strings.Contains(err.Error(), "comm w: ") {
		t.Errorf("no JSON: %v", err)
	}
	if want := `[1 ["x"] closed]`; fmt.Sprint(got) != want {
		t.Errorf("got %v, want %s", got, want)
	}
	if want := `[open w {"A":1} {"b":2} ["raw"] close]`; fmt.Sprint(f.log) != want {
		t.Errorf("sent %v, want %s", f.log, want)
	}
}

func TestHandleComm(t *testing.T) {
	f := &front{}
	Install(f)
	t.Cleanup(func() { Install(nil) })
	var got []string
	if err := HandleComm("w", func(c *Comm, data json.RawMessage) {
		got = append(got, c.ID(), c.Target(), string(data))
		c.OnMessage(func(data json.RawMessage, _ [][]byte) { got = append(got, string(data)) })
	}); err != nil {
		t.Fatal(err)
	}
	events := f.opened(f, json.RawMessage(`0`))
	events.Opened()
	events.Message(json.RawMessage(`1`), nil)
	if want := "[id w 0 1]"; fmt.Sprint(got) != want {
		t.Errorf("got %v, want %s", got, want)
	}
}

func TestCommWithoutAFrontEnd(t *testing.T) {
	if _, err := OpenComm("w", nil, nil); !errors.Is(err, errNoFrontEnd) {
		t.Error(err)
	}
	if err := HandleComm("w", nil); !errors.Is(err, errNoFrontEnd) {
		t.Error(err)
	}
}
