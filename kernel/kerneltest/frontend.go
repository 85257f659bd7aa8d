package kerneltest

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net"
	"strconv"
	"sync"
	"testing"
	"time"

	"gospark/kernel/wire"
)

// patience is how long a Frontend waits for anything before it fails the test.
const patience = 20 * time.Second

// Message is a message as a Frontend sees it.
type Message struct {
	Channel  string // shell, control, iopub or stdin
	Type     string
	ID       string
	ParentID string
	Metadata map[string]any
	Content  map[string]any
	Buffers  [][]byte
}

// Request is a message from a front end. All but channel and type may be empty.
type Request struct {
	Channel, Type string
	Parent        string // msg_id of the parent header
	Subshell      string
	Content       any
	Metadata      any
	Buffers       [][]byte
}

// Text is a string in the content.
func (m Message) Text(key string) string {
	s, _ := m.Content[key].(string)
	return s
}

// Answer is everything that came for one request, up to idle and the reply.
type Answer struct {
	Reply Message   // zero for a request without one
	IOPub []Message // busy and idle included
}

// Outputs are the messages on iopub other than status and execute_input.
func (a Answer) Outputs() []Message {
	var out []Message
	for _, m := range a.IOPub {
		if m.Type != "status" && m.Type != "execute_input" {
			out = append(out, m)
		}
	}
	return out
}

// Frontend is a front end of one kernel. Its readers (one goroutine for each
// channel) end with the connections.
type Frontend struct {
	t       testing.TB
	key     []byte
	session string
	conns   map[string]*Conn
	in      chan Message
	readers sync.WaitGroup

	n     int
	asked map[string]bool // requests by id: true while open
	late  map[string]bool // requests that may have output after idle
	early []Message       // came while something else was awaited
}

// Connect connects to a kernel and waits for its welcome.
func Connect(t testing.TB, c wire.Connection, session string) *Frontend {
	t.Helper()
	f := &Frontend{
		t: t, key: []byte(c.Key), session: session, conns: make(map[string]*Conn),
		in: make(chan Message, 1024), asked: make(map[string]bool), late: make(map[string]bool),
	}
	for name, at := range map[string]struct {
		port int
		typ  string
	}{
		"shell": {c.ShellPort, "DEALER"}, "control": {c.ControlPort, "DEALER"},
		"stdin": {c.StdinPort, "DEALER"}, "iopub": {c.IOPubPort, "SUB"},
	} {
		network, address := "tcp", net.JoinHostPort(c.IP, strconv.Itoa(at.port))
		if c.Transport == "ipc" {
			network, address = "unix", c.IP+"-"+strconv.Itoa(at.port)
		}
		identity := session
		if name == "iopub" {
			identity = ""
		}
		conn, err := Dial(network, address, at.typ, identity)
		if err != nil {
			t.Fatalf("connect to %s: %v", name, err)
		}
		f.conns[name] = conn
		f.readers.Go(func() { f.read(name, conn) })
	}
	t.Cleanup(f.Close)
	if err := f.conns["iopub"].Send([]byte{1}); err != nil {
		t.Fatal(err)
	}
	if m := f.next(); m.Type != "iopub_welcome" || m.Channel != "iopub" || m.Text("subscription") != "" {
		t.Fatalf("first message %+v instead of iopub_welcome", m)
	}
	return f
}

// Close closes the connections.
func (f *Frontend) Close() {
	for _, c := range f.conns {
		_ = c.Close()
	}
	f.readers.Wait()
}

// read is the goroutine of one channel.
func (f *Frontend) read(channel string, c *Conn) {
	for {
		frames, command, err := c.Recv()
		if err != nil {
			return
		}
		if command {
			continue
		}
		m, err := f.decode(channel, frames)
		if err != nil {
			f.t.Errorf("%s: %v", channel, err)
		}
		if m.Type == "" {
			continue
		}
		select {
		case f.in <- m:
		case <-time.After(patience):
			return
		}
	}
}

// sign signs with no help from package wire.
func (f *Frontend) sign(parts [][]byte) string {
	if len(f.key) == 0 {
		return ""
	}
	mac := hmac.New(sha256.New, f.key)
	for _, p := range parts {
		mac.Write(p)
	}
	return hex.EncodeToString(mac.Sum(nil))
}

// decode reads a message and checks it against the specification. One that is
// only wrong is returned all the same.
func (f *Frontend) decode(channel string, frames [][]byte) (Message, error) {
	at := 0
	for at < len(frames) && string(frames[at]) != "<IDS|MSG>" {
		at++
	}
	if len(frames) < at+6 {
		return Message{}, fmt.Errorf("%d frames after %d identities", len(frames), at)
	}
	parts := frames[at+2 : at+6]
	if want := f.sign(parts); string(frames[at+1]) != want {
		return Message{}, fmt.Errorf("signature %s instead of %s", frames[at+1], want)
	}
	var header, parent map[string]any
	m := Message{Channel: channel}
	for i, into := range []any{&header, &parent, &m.Metadata, &m.Content} {
		if err := json.Unmarshal(parts[i], into); err != nil {
			return m, fmt.Errorf("part %d: %w: %s", i, err, parts[i])
		}
	}
	if header["version"] != "5.4" || m.Content == nil || m.Metadata == nil {
		return m, fmt.Errorf("not a message of protocol 5.4: %s", parts)
	}
	m.Type, _ = header["msg_type"].(string)
	m.ID, _ = header["msg_id"].(string)
	m.ParentID, _ = parent["msg_id"].(string)
	m.Buffers = frames[at+6:]
	return m, checkMessage(channel, header, parent, m.Content)
}

// Send sends a message and returns its msg_id, without waiting for anything.
func (f *Frontend) Send(channel, typ string, content any) string {
	return f.SendRequest(Request{Channel: channel, Type: typ, Content: content})
}

// SendUnder is Send with a parent header.
func (f *Frontend) SendUnder(channel, typ, parent string, content any) string {
	return f.SendRequest(Request{Channel: channel, Type: typ, Parent: parent, Content: content})
}

// SendRequest sends a message with everything that it may have.
func (f *Frontend) SendRequest(r Request) string {
	f.t.Helper()
	f.n++
	id := fmt.Sprintf("%s-%d", f.session, f.n)
	header := map[string]any{
		"msg_id": id, "session": f.session, "username": "test", "version": "5.3", "msg_type": r.Type,
		"date": time.Now().UTC().Format(time.RFC3339Nano), "subshell_id": nil, // as JupyterLab has it
	}
	if r.Subshell != "" {
		header["subshell_id"] = r.Subshell
	}
	parents := map[string]any{}
	if r.Parent != "" {
		parents["msg_id"] = r.Parent
	}
	var parts [][]byte
	for _, v := range []any{header, parents, orEmpty(r.Metadata), orEmpty(r.Content)} {
		b, err := json.Marshal(v)
		if err != nil {
			f.t.Fatal(err)
		}
		parts = append(parts, b)
	}
	if r.Type != "input_reply" {
		f.asked[id] = true
	}
	frames := append([][]byte{[]byte("<IDS|MSG>"), []byte(f.sign(parts))}, parts...)
	f.SendRaw(r.Channel, append(frames, r.Buffers...)...)
	return id
}

func orEmpty(v any) any {
	if v == nil {
		return map[string]any{}
	}
	return v
}

// SendRaw sends frames as they are.
func (f *Frontend) SendRaw(channel string, frames ...[]byte) {
	f.t.Helper()
	if err := f.conns[channel].Send(frames...); err != nil {
		f.t.Fatalf("send on %s: %v", channel, err)
	}
}

// next is the next message from anywhere.
func (f *Frontend) next() Message {
	f.t.Helper()
	select {
	case m := <-f.in:
		return m
	case <-time.After(patience):
		f.t.Fatalf("nothing came for %v; open requests: %v", patience, f.asked)
		return Message{}
	}
}

// Await returns the next message that fits and keeps the others for later. It
// fails the test on a message that belongs to no open request.
func (f *Frontend) Await(fits func(Message) bool) Message {
	f.t.Helper()
	for i, m := range f.early {
		if fits(m) {
			f.early = append(f.early[:i:i], f.early[i+1:]...)
			return m
		}
	}
	for {
		m := f.next()
		f.check(m)
		if fits(m) {
			return m
		}
		f.early = append(f.early, m)
	}
}

// Forget drops what was not read and what is known of requests: tests that run
// very many cells hold nothing of them.
func (f *Frontend) Forget() {
	f.early = nil
	clear(f.asked)
}

// Keep puts a message back: it is the first that Await looks at.
func (f *Frontend) Keep(m Message) { f.early = append([]Message{m}, f.early...) }

// check fails on messages that nobody asked for.
func (f *Frontend) check(m Message) {
	f.t.Helper()
	open, known := f.asked[m.ParentID]
	switch {
	case m.ParentID == "" && m.Channel == "iopub": // belongs to no request
	case !known:
		f.t.Errorf("nobody asked for %+v", m)
	case !open && !f.late[m.ParentID]:
		f.t.Errorf("came after idle: %+v", m)
	}
}

// AllowLate lets output of a request come after its idle.
func (f *Frontend) AllowLate(id string) { f.late[id] = true }

// Wait reads everything that belongs to a request: up to its idle and, for one
// on shell or control that has one, its reply.
func (f *Frontend) Wait(id string, reply bool) Answer {
	f.t.Helper()
	var a Answer
	for idle := false; !idle || reply && a.Reply.Type == ""; {
		m := f.Await(func(m Message) bool { return m.ParentID == id && m.Channel != "stdin" })
		if m.Channel != "iopub" {
			if a.Reply.Type != "" {
				f.t.Errorf("second reply: %+v", m)
			}
			a.Reply = m
			continue
		}
		a.IOPub = append(a.IOPub, m)
		idle = idle || m.Type == "status" && m.Text("execution_state") == "idle"
	}
	f.asked[id] = false
	if first := a.IOPub[0]; first.Type != "status" || first.Text("execution_state") != "busy" {
		f.t.Errorf("began with %+v instead of busy", first)
	}
	return a
}

// WaitAll reads the answers of many requests, in any order, and looks at nothing
// but that each has its reply and its idle.
func (f *Frontend) WaitAll(ids []string) {
	f.t.Helper()
	open := make(map[string]int, len(ids))
	for _, id := range ids {
		open[id] = 2
	}
	for len(open) > 0 {
		m := f.next()
		if m.Channel != "iopub" || m.Text("execution_state") == "idle" {
			if open[m.ParentID]--; open[m.ParentID] == 0 {
				delete(open, m.ParentID)
				f.asked[m.ParentID] = false
			}
		}
	}
}

// Ask sends a request and waits for all of its answer.
func (f *Frontend) Ask(channel, typ string, content any) Answer {
	f.t.Helper()
	return f.Wait(f.Send(channel, typ, content), true)
}

// Execute runs a cell.
func (f *Frontend) Execute(code string) Answer {
	f.t.Helper()
	return f.Ask("shell", "execute_request", map[string]any{"code": code})
}

// Quiet fails the test if anything is left that was not read.
func (f *Frontend) Quiet() {
	f.t.Helper()
	for _, m := range f.early {
		// The kernel says once that it starts; who subscribed in time hears it.
		if m.ParentID == "" && m.Text("execution_state") == "starting" {
			continue
		}
		f.t.Errorf("left over: %+v", m)
	}
	f.early = nil
}

// Serving runs serve in a goroutine. The function that it returns waits for the
// end and returns serve's error.
func Serving(t testing.TB, serve func(context.Context) error) (stop context.CancelFunc, wait func() error) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- serve(ctx) }()
	wait = sync.OnceValue(func() error {
		select {
		case err := <-done:
			return err
		case <-time.After(patience):
			t.Error("Serve does not return")
			return context.DeadlineExceeded
		}
	})
	t.Cleanup(func() {
		cancel()
		_ = wait()
	})
	return cancel, wait
}
