package zmq

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"sync"

	"github.com/go-zeromq/zmq4"
	"github.com/google/uuid"

	"gospark/kernel/wire"
)

var errEmpty = errors.New("zmq: a message to a peer needs its identity and something to say")

// channel is one socket: a zmq4 socket behind its guard.
//
// Goroutine: receive (started by start) takes messages from zmq4 and offers
// them on received, or sends them back on the heartbeat; it goes on until zmq4
// is closed, so that zmq4's readers never block at the end.
type channel struct {
	guard    *guard
	socket   zmq4.Socket
	cancel   context.CancelFunc
	received chan [][]byte
	work     sync.WaitGroup
	tap      *tap // on iopub

	// mu guards the fields below, and with them the order of publishing.
	mu   sync.Mutex
	sent int // published
}

func newChannel(g *guard) *channel {
	return &channel{guard: g, received: make(chan [][]byte)}
}

// start opens the zmq4 socket and lets peers in.
func (c *channel) start() error {
	var ctx context.Context
	ctx, c.cancel = context.WithCancel(context.Background()) // ends in stop
	quiet := zmq4.WithLogger(log.New(io.Discard, "", 0))
	if c.guard.typ == zmq4.Pub {
		c.socket = zmq4.NewPub(ctx, quiet)
	} else {
		c.socket = zmq4.NewRouter(ctx, quiet)
	}
	// zmq4's table of transports is global and never forgets: a name for each.
	name := "gospark-" + uuid.NewString()
	if err := zmq4.RegisterTransport(name, entrance{c.guard}); err != nil {
		return err
	}
	if err := c.socket.Listen(name + "://" + c.guard.channel.String()); err != nil {
		return err
	}
	if c.guard.typ == zmq4.Pub {
		c.tap = newTap()
		c.guard.ready <- c.tap
		<-c.tap.noted // from here on everything published passes the tap
	} else {
		c.work.Go(func() { c.receive(ctx) })
	}
	c.guard.work.Go(c.guard.serve)
	return nil
}

// receive is the channel's goroutine.
func (c *channel) receive(ctx context.Context) {
	for {
		m, err := c.socket.Recv()
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			c.guard.log.Warn("zmq: receive", "channel", c.guard.channel, "error", err)
		default:
			c.pass(m.Frames)
		}
	}
}

// pass hands a message to the kernel, or sends it back on the heartbeat.
func (c *channel) pass(frames [][]byte) {
	defer c.guard.intake.taken(frames[1:])
	if c.guard.channel == wire.Heartbeat {
		if p := c.guard.places.find(frames[0]); p != nil {
			_ = p.send(frames[1:]) // a peer that has left misses nothing
		}
		return
	}
	select {
	case c.received <- frames:
	case <-c.guard.quit: // nobody listens any more
	}
}

// send puts frames into the outboxes: by zmq4 for subscribers. Past it for the
// others, because zmq4 starts a goroutine for each message to a ROUTER's peer,
// and silently loses one to a peer that it is about to add. The error wraps
// net.ErrClosed once the channel is being closed.
func (c *channel) send(frames [][]byte) error {
	if c.guard.stopping() {
		return fmt.Errorf("send on %s: %w", c.guard.channel, net.ErrClosed)
	}
	if c.guard.typ == zmq4.Pub {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.sent++
		return c.socket.Send(zmq4.NewMsgFrom(frames...))
	}
	if len(frames) < 2 {
		return fmt.Errorf("send on %s: %w", c.guard.channel, errEmpty)
	}
	p := c.guard.places.find(frames[0])
	if p == nil {
		return fmt.Errorf("send on %s: %w", c.guard.channel, ErrNoPeer)
	}
	p.standing.Store(true)
	if err := p.send(frames[1:]); err != nil {
		return fmt.Errorf("send on %s: %w", c.guard.channel, err)
	}
	return nil
}

// pace waits until zmq4 has passed on everything, and then for the peers.
func (c *channel) pace(ctx context.Context) error {
	c.mu.Lock()
	sent := c.sent
	c.mu.Unlock()
	if err := c.tap.await(ctx, sent); err != nil {
		return err
	}
	for _, p := range c.guard.places.all() {
		p.out.pace(ctx)
	}
	return ctx.Err()
}

// stop flushes, until ctx ends, and closes.
func (c *channel) stop(ctx context.Context) error {
	if c.socket == nil { // Start was not called
		return c.guard.ln.Close()
	}
	if c.tap != nil {
		c.flush(ctx)
	}
	c.guard.stop(ctx)
	c.cancel()
	err := c.socket.Close()
	c.work.Wait()
	return err
}

// flush waits until everything published is in the peers' outboxes, or ctx ends.
// The tap has seen the last message, but perhaps before other peers: zmq4 gives
// a message to one after the other, under the lock that it also takes to add a
// connection. So when a second tap has been added, it is through.
func (c *channel) flush(ctx context.Context) {
	defer c.tap.Close()
	c.mu.Lock()
	sent := c.sent
	c.mu.Unlock()
	if c.tap.await(ctx, sent) != nil {
		return
	}
	second := newTap()
	defer second.Close()
	select {
	case c.guard.ready <- second:
	case <-ctx.Done():
		return
	}
	select {
	case <-second.noted:
	case <-ctx.Done():
	}
}
