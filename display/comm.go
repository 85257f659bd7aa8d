package display

import (
	"encoding/json"
	"errors"
	"fmt"
	"sync"
)

// Comm is a channel between cells and something in the front end: a widget, an
// extension. Its methods may be called from any goroutine, also after the cell
// that opened it has ended.
//
// What the front end sends is handled one message after the other, beside
// running cells, by goroutines of the cell that opened or took the comm. A panic
// there is shown under that cell, and the comm goes on.
type Comm struct {
	target string
	link   CommLink

	// mu guards the fields below.
	mu      sync.Mutex
	message func(data json.RawMessage, buffers [][]byte)
	closed  func()
}

// OpenComm opens a comm to whatever handles target in the front end, with data
// (any value that encodes to JSON) as its first message. onMessage, which may be
// nil, is called for each message that comes back.
func OpenComm(target string, data any, onMessage func(data json.RawMessage, buffers [][]byte)) (*Comm, error) {
	comms, ok := sink().(Comms)
	if !ok {
		return nil, fmt.Errorf("open comm %s: %w", target, errNoFrontEnd)
	}
	raw, err := rawJSON(data)
	if err != nil {
		return nil, fmt.Errorf("open comm %s: %w", target, err)
	}
	c := &Comm{target: target, message: onMessage}
	if c.link, err = comms.OpenComm(target, raw, c.events()); err != nil {
		return nil, fmt.Errorf("open comm %s: %w", target, err)
	}
	return c, nil
}

// HandleComm takes the comms that a front end opens for target. opened is called
// for each, with the first message's data; it should call [Comm.OnMessage] before
// it returns. A later call for the same target replaces an earlier one.
func HandleComm(target string, opened func(c *Comm, data json.RawMessage)) error {
	comms, ok := sink().(Comms)
	if !ok {
		return fmt.Errorf("handle comm %s: %w", target, errNoFrontEnd)
	}
	return comms.HandleComm(target, func(link CommLink, data json.RawMessage) CommEvents {
		c := &Comm{target: target, link: link}
		events := c.events()
		events.Opened = func() { opened(c, data) }
		return events
	})
}

var errNoFrontEnd = errors.New("there is no front end here")

// ID is the comm's id in the front end (comm_id).
func (c *Comm) ID() string { return c.link.ID() }

// Target is the name that the comm was opened for.
func (c *Comm) Target() string { return c.target }

// Send sends data (any value that encodes to JSON) and raw buffers.
func (c *Comm) Send(data any, buffers ...[]byte) error {
	raw, err := rawJSON(data)
	if err == nil {
		err = c.link.Send(raw, buffers)
	}
	if err != nil {
		return fmt.Errorf("comm %s: %w", c.target, err)
	}
	return nil
}

// Close closes the comm. Closing it twice does nothing.
func (c *Comm) Close() error { return c.link.Close() }

// OnMessage replaces what handles messages.
func (c *Comm) OnMessage(f func(data json.RawMessage, buffers [][]byte)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.message = f
}

// OnClose sets what is called when the front end has closed the comm.
func (c *Comm) OnClose(f func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = f
}

// MIMEBundle makes a comm that is a cell's result show nothing.
func (c *Comm) MIMEBundle() Bundle { return Bundle{} }

func (c *Comm) events() CommEvents {
	return CommEvents{
		Message: func(data json.RawMessage, buffers [][]byte) {
			c.mu.Lock()
			f := c.message
			c.mu.Unlock()
			if f != nil {
				f(data, buffers)
			}
		},
		Closed: func() {
			c.mu.Lock()
			f := c.closed
			c.mu.Unlock()
			if f != nil {
				f()
			}
		},
	}
}

// Comms is what a [Sink] implements as well where a front end takes comms.
type Comms interface {
	// OpenComm opens a comm whose events are told one at a time.
	OpenComm(target string, data json.RawMessage, events CommEvents) (CommLink, error)
	// HandleComm calls opened for each comm that a front end opens for target,
	// and then its events, one at a time.
	HandleComm(target string, opened func(link CommLink, data json.RawMessage) CommEvents) error
}

// CommEvents are what the front end does with a comm. Opened is nil where a cell
// opened it.
type CommEvents struct {
	Opened  func()
	Message func(data json.RawMessage, buffers [][]byte)
	Closed  func()
}

// CommLink is the sink's side of one comm.
type CommLink interface {
	ID() string
	Send(data json.RawMessage, buffers [][]byte) error
	Close() error
}
