package cell

import (
	"encoding/json"
	"errors"
	"strconv"
	"sync"

	"gospark/cell/frame"
)

// Comm is one open comm: a channel between cells and something in the front end,
// such as a widget.
type Comm interface {
	ID() string
	Send(data json.RawMessage, buffers [][]byte) error
	Close(data json.RawMessage) error
}

// CommHandler is told what the front end does with a comm. Its methods return at
// once and are called one at a time.
type CommHandler interface {
	Message(data json.RawMessage, buffers [][]byte)
	Closed()
}

// comms are the comms between a worker and the front ends.
type comms struct {
	// mu guards the fields below.
	mu      sync.Mutex
	last    int
	ended   bool
	open    map[string]Comm
	targets map[string]bool // that cells take comms for
}

func (c *comms) init() {
	c.open = map[string]Comm{}
	c.targets = map[string]bool{}
}

// take removes a comm, nil where it is not open.
func (c *comms) take(key string) Comm {
	c.mu.Lock()
	defer c.mu.Unlock()
	taken := c.open[key]
	delete(c.open, key)
	return taken
}

// add opens a comm, unless the worker has ended.
func (c *comms) add(key string, comm Comm) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.ended {
		c.open[key] = comm
	}
	return !c.ended
}

// close closes all: the worker has ended.
func (c *comms) close() {
	c.mu.Lock()
	open := c.open
	c.open, c.ended = map[string]Comm{}, true
	c.mu.Unlock()
	for _, comm := range open {
		_ = comm.Close(nil) // a front end that has gone needs no word
	}
}

// CommOpen offers a comm that a front end has opened to the cells; ok is false
// where none takes the target.
func (r *Runtime) CommOpen(comm Comm, target string, data json.RawMessage) (handler CommHandler, ok bool) {
	r.mu.Lock()
	p := r.shared
	r.mu.Unlock()
	if p == nil {
		return nil, false
	}
	p.comms.mu.Lock()
	known := p.comms.targets[target]
	p.comms.last++
	key := "k" + strconv.Itoa(p.comms.last)
	p.comms.mu.Unlock()
	if !known || !p.comms.add(key, comm) {
		return nil, false
	}
	err := p.conn.Send(frame.CommOpen{Comm: key, ID: comm.ID(), Target: target, Data: data})
	return commEnd{p, key}, err == nil
}

// commEnd is the worker's end of a comm.
type commEnd struct {
	p   *process
	key string
}

func (c commEnd) Message(data json.RawMessage, buffers [][]byte) {
	_ = c.p.conn.Send(frame.CommMsg{Comm: c.key, Data: data, Buffers: buffers})
}

func (c commEnd) Closed() {
	c.p.comms.take(c.key)
	_ = c.p.conn.Send(frame.CommClose{Comm: c.key})
}

// comm does what the worker wants of a comm, after all text so far.
func (p *process) comm(m frame.Message) {
	p.drain()
	switch m := m.(type) {
	case frame.CommTarget:
		p.comms.mu.Lock()
		p.comms.targets[m.Target] = true
		p.comms.mu.Unlock()
	case frame.CommOpen:
		id, err := p.openComm(m)
		p.reply(m.Seq, []byte(id), err)
	case frame.CommMsg:
		p.comms.mu.Lock()
		comm := p.comms.open[m.Comm]
		p.comms.mu.Unlock()
		err := errors.New("it is closed")
		if comm != nil {
			err = comm.Send(m.Data, m.Buffers)
		}
		p.reply(m.Seq, nil, err)
	case frame.CommClose:
		var err error
		if comm := p.comms.take(m.Comm); comm != nil {
			err = comm.Close(m.Data)
		}
		p.reply(m.Seq, nil, err)
	}
}

// openComm opens a comm under the cell that wants it.
func (p *process) openComm(m frame.CommOpen) (id string, err error) {
	r := p.runs.find(m.Run)
	if r == nil {
		return "", errors.New("no cell has run yet")
	}
	comm, err := r.out.OpenComm(m.Target, m.Data, commEnd{p, m.Comm})
	if err != nil {
		return "", err
	}
	if !p.comms.add(m.Comm, comm) {
		return "", comm.Close(nil)
	}
	return comm.ID(), nil
}
