package kernel

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"

	"github.com/google/uuid"

	"gospark/kernel/wire"
)

// comms are the open comms. Their messages are handled by runComms in the order
// of their arrival, beside a running cell.
type comms struct {
	queue queue

	// mu guards the field below.
	mu   sync.Mutex
	open map[string]*openComm
}

func (c *comms) init() {
	c.queue.init()
	c.open = make(map[string]*openComm)
}

func (c *comms) add(o *openComm) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open[o.id] = o
}

// remove forgets a comm and reports whether it was open.
func (c *comms) remove(id string) (*openComm, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	o, ok := c.open[id]
	delete(c.open, id)
	return o, ok
}

func (c *comms) find(id string) (*openComm, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	o, ok := c.open[id]
	return o, ok
}

// openComm is one comm. It is a Comm for its handler.
type openComm struct {
	k          *kernel
	id, target string

	// mu guards the fields below.
	mu      sync.Mutex
	handler CommHandler
	parent  *request // the front end's last message, or the cell that opened it
}

// ID is the comm's id.
func (c *openComm) ID() string { return c.id }

// Send sends a message to the front end.
func (c *openComm) Send(m CommMessage) error {
	if _, ok := c.k.comms.find(c.id); !ok {
		return fmt.Errorf("comm %s (%s) is closed", c.id, c.target)
	}
	if err := m.check(c.target); err != nil {
		return err
	}
	content := wire.CommMsg{CommID: c.id, Data: wire.CommData(m.Data)}
	c.k.publishWith(c.lastParent(), content, parcelOf(m))
	return nil
}

// Close closes the comm; once it is closed there is nothing to do.
func (c *openComm) Close(m CommMessage) error {
	if err := m.check(c.target); err != nil {
		return err
	}
	if _, ok := c.k.comms.remove(c.id); ok {
		content := wire.CommClose{CommID: c.id, Data: wire.CommData(m.Data)}
		c.k.publishWith(c.lastParent(), content, parcelOf(m))
	}
	return nil
}

// check refuses what is no JSON; a front end would drop it without a word.
func (m CommMessage) check(target string) error {
	for _, raw := range []json.RawMessage{m.Data, m.Metadata} {
		if len(raw) > 0 && !json.Valid(raw) {
			return fmt.Errorf("comm %s: %q is no JSON", target, raw[:min(len(raw), 80)])
		}
	}
	return nil
}

func parcelOf(m CommMessage) parcel { return parcel{metadata: m.Metadata, buffers: m.Buffers} }

// commMessage is what a front end's message says to a handler.
func commMessage(r *request, data json.RawMessage) CommMessage {
	return CommMessage{Data: wire.CommData(data), Metadata: r.Metadata, Buffers: r.Buffers}
}

func (c *openComm) lastParent() *request {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.parent
}

// hear notes the front end's last message and returns who handles it.
func (c *openComm) hear(r *request) CommHandler {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.parent = r
	return c.handler
}

// openComm opens a comm on behalf of a cell.
func (k *kernel) openComm(o *output, target string, m CommMessage, handler CommHandler) (Comm, error) {
	if err := m.check(target); err != nil {
		return nil, err
	}
	c := &openComm{k: k, id: uuid.NewString(), target: target, handler: handler, parent: o.request}
	k.comms.add(c)
	o.sendWith(wire.CommOpen{CommID: c.id, TargetName: target, Data: wire.CommData(m.Data)}, parcelOf(m))
	return c, nil
}

// runComms is the goroutine that handles comm messages.
func (k *kernel) runComms(ctx context.Context) error {
	for {
		t, ok := k.comms.queue.take(ctx)
		if !ok || ctx.Err() != nil {
			return nil
		}
		k.handle(ctx, t.request, t.handler)
	}
}

// commOpen answers comm_open: a target that nobody knows is closed again.
func (k *kernel) commOpen(ctx context.Context, c call[wire.CommOpen]) (wire.None, error) {
	if _, dup := k.comms.find(c.Body.CommID); dup || c.Body.CommID == "" {
		return wire.None{}, fmt.Errorf("comm_open with id %q, which is empty or in use", c.Body.CommID)
	}
	o := &openComm{k: k, id: c.Body.CommID, target: c.Body.TargetName, parent: c.request}
	k.comms.add(o) // before it is asked: the handler may send at once
	handler, ok := k.interp.CommOpen(ctx, o, c.Body.TargetName, commMessage(c.request, c.Body.Data))
	if !ok {
		return wire.None{}, o.Close(CommMessage{})
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.handler = handler
	return wire.None{}, nil
}

func (k *kernel) commMsg(ctx context.Context, c call[wire.CommMsg]) (wire.None, error) {
	o, ok := k.comms.find(c.Body.CommID)
	if !ok {
		return wire.None{}, fmt.Errorf("comm_msg for comm %q, which is not open", c.Body.CommID)
	}
	if h := o.hear(c.request); h != nil {
		h.Message(ctx, commMessage(c.request, c.Body.Data))
	}
	return wire.None{}, nil
}

func (k *kernel) commClose(ctx context.Context, c call[wire.CommClose]) (wire.None, error) {
	if o, ok := k.comms.remove(c.Body.CommID); ok {
		if h := o.hear(c.request); h != nil {
			h.Closed(ctx, commMessage(c.request, c.Body.Data))
		}
	}
	return wire.None{}, nil
}

func (k *kernel) commInfo(_ context.Context, c call[wire.CommInfoRequest]) (wire.CommInfoReply, error) {
	k.comms.mu.Lock()
	defer k.comms.mu.Unlock()
	rep := wire.CommInfoReply{Comms: make(map[string]wire.CommInfo)}
	for id, o := range k.comms.open {
		if c.Body.TargetName == "" || c.Body.TargetName == o.target {
			rep.Comms[id] = wire.CommInfo{TargetName: o.target}
		}
	}
	return rep, nil
}
