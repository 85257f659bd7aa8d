package worker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"sync"

	"gospark/cell/frame"
	"gospark/cell/rt"
	"gospark/display"
)

// comms are the open comms of the cells, and the targets for which they take new
// ones.
type comms struct {
	// mu guards the fields below.
	mu      sync.Mutex
	last    int
	open    map[string]*comm
	targets map[string]target
}

func (c *comms) init() {
	c.open = map[string]*comm{}
	c.targets = map[string]target{}
}

// target is what HandleComm was given.
type target struct {
	owner  owner
	opened func(display.CommLink, json.RawMessage) display.CommEvents
}

// owner is the run whose goroutines handle a comm. It is kept from being gone, so
// that the kernel keeps its output.
type owner struct {
	id     frame.RunID
	number int
	ctx    context.Context // for its values: the run may be over
	label  rt.Label
}

func ownerOf(r *rt.Run) owner {
	if r == nil {
		return owner{ctx: context.Background()}
	}
	return owner{
		id: frame.RunID(r.Info().ID), number: r.Info().Number,
		ctx: context.WithoutCancel(r.Context()), label: rt.Labelled(),
	}
}

// backlog is how much a comm may hold of what its handler has not taken, in bytes;
// messageSize is what a message counts beside its contents.
const (
	backlog     = 64 << 20
	messageSize = 256
)

// comm is one open comm: a queue of what the front end did, handled by deliver,
// which runs while there is something in it.
type comm struct {
	w      *Worker
	key    string
	owner  owner
	events display.CommEvents

	// mu guards the fields below.
	mu     sync.Mutex
	id     string // the front end's
	queue  []func()
	size   int // of the queue's messages
	busy   bool
	closed bool
}

// OpenComm opens a comm to the front end.
func (s sink) OpenComm(target string, data json.RawMessage, events display.CommEvents) (display.CommLink, error) {
	c := &comm{w: s.w, owner: ownerOf(rt.Running()), events: events}
	s.w.comms.add(c)
	id, err := s.w.calls.ask(rt.Context(), func(seq uint64) frame.Message {
		return frame.CommOpen{Seq: seq, Run: c.owner.id, Comm: c.key, Target: target, Data: data}
	})
	if err != nil {
		s.w.comms.take(c.key)
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.id = string(id)
	return c, nil
}

// HandleComm takes the comms that front ends open for a target.
func (s sink) HandleComm(name string, opened func(display.CommLink, json.RawMessage) display.CommEvents) error {
	c := &s.w.comms
	c.mu.Lock()
	c.targets[name] = target{ownerOf(rt.Running()), opened}
	c.mu.Unlock()
	return s.w.conn.Send(frame.CommTarget{Target: name})
}

// commOpened takes a comm that the front end has opened.
func (w *Worker) commOpened(m frame.CommOpen) {
	w.comms.mu.Lock()
	t := w.comms.targets[m.Target]
	c := &comm{w: w, key: m.Comm, id: m.ID, owner: t.owner}
	w.comms.open[m.Comm] = c
	w.comms.mu.Unlock()
	c.push(0, func() {
		c.events = t.opened(c, m.Data)
		c.events.Opened()
	})
}

// add opens a comm under a new key.
func (c *comms) add(opened *comm) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last++
	opened.key = "w" + strconv.Itoa(c.last)
	c.open[opened.key] = opened
}

// take removes a comm, nil where it is not open.
func (c *comms) take(key string) *comm {
	c.mu.Lock()
	defer c.mu.Unlock()
	taken := c.open[key]
	delete(c.open, key)
	return taken
}

// message queues a message of the front end.
func (c *comms) message(m frame.CommMsg) {
	c.mu.Lock()
	to := c.open[m.Comm]
	c.mu.Unlock()
	if to == nil {
		return // the cell closed it a moment ago
	}
	size := messageSize + len(m.Data)
	for _, b := range m.Buffers {
		size += len(b)
	}
	to.push(size, func() { to.events.Message(m.Data, m.Buffers) })
}

// closed queues the end of a comm that the front end has closed.
func (c *comms) closed(key string) {
	if to := c.take(key); to != nil {
		to.push(0, func() { to.events.Closed() })
		to.shut()
	}
}

// push queues an event. A comm whose handler is left behind for good is closed, or
// it would take all memory.
func (c *comm) push(size int, f func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return
	}
	if c.size += size; c.size > backlog {
		c.closed, c.queue = true, nil
		c.w.comms.take(c.key)
		go c.giveUp()
		return
	}
	c.queue = append(c.queue, func() {
		defer c.handled(size)
		f()
	})
	if !c.busy {
		c.busy = true
		go c.deliver()
	}
}

func (c *comm) handled(size int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.size -= size
}

// giveUp closes a comm that is too slow, and says so under its cell.
func (c *comm) giveUp() {
	text := fmt.Sprintf("a comm was closed: %d MB of messages wait for its handler\n", backlog>>20)
	c.w.send(frame.Write{Run: c.owner.id, Stderr: true, Text: []byte(text)})
	_ = c.tell(func(seq uint64) frame.Message { return frame.CommClose{Seq: seq, Comm: c.key} })
}

// deliver handles what is queued, each as a run of the comm's owner.
func (c *comm) deliver() {
	for {
		c.mu.Lock()
		if len(c.queue) == 0 {
			c.busy = false
			c.mu.Unlock()
			return
		}
		f := c.queue[0]
		c.queue = c.queue[1:]
		c.mu.Unlock()
		ctx, over := context.WithCancel(c.owner.ctx)
		run := c.w.enter(ctx, &streams{w: c.w, id: c.owner.id}, c.owner.number)
		if out := run.Call(f); out.How == rt.Panicked {
			c.w.panicked(c.owner.id, c.owner.number, out)
		}
		c.w.retire(run, over, false)
	}
}

// shut keeps the comm from taking more.
func (c *comm) shut() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	was := c.closed
	c.closed = true
	return !was
}

var errClosed = errors.New("it is closed")

// ID is the front end's id of the comm.
func (c *comm) ID() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.id
}

// Send sends a message to the front end.
func (c *comm) Send(data json.RawMessage, buffers [][]byte) error {
	c.mu.Lock()
	closed := c.closed
	c.mu.Unlock()
	if closed {
		return errClosed
	}
	return c.tell(func(seq uint64) frame.Message {
		return frame.CommMsg{Seq: seq, Comm: c.key, Data: data, Buffers: buffers}
	})
}

// Close closes the comm.
func (c *comm) Close() error {
	if !c.shut() {
		return nil
	}
	c.w.comms.take(c.key)
	return c.tell(func(seq uint64) frame.Message { return frame.CommClose{Seq: seq, Comm: c.key} })
}

// tell waits until the kernel has done what build says. Like showing something it
// does not end with the cell: deferred calls tell the front end how it ended.
func (c *comm) tell(build func(seq uint64) frame.Message) error {
	_, err := c.w.calls.ask(context.Background(), build)
	return err
}
