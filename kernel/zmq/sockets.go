package zmq

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/go-zeromq/zmq4"
	"golang.org/x/sync/errgroup"

	"gospark/kernel/wire"
	"gospark/kernel/zmq/curve"
)

// ErrNoPeer is returned for a message to a front end that is not connected to
// that channel (any more).
var ErrNoPeer = errors.New("zmq: no such peer")

// Limits bound what peers can make the kernel hold, by default for each channel.
// A zero field means its default.
type Limits struct {
	Handshakes    int           // handshakes under way: 128
	HandshakeTime time.Duration // for one handshake: 10 s
	Peers         int           // connections: 256
	Message       int           // bytes of one received message: 256 MiB
	Queue         int           // bytes queued for one peer: 128 MiB

	// For all peers of all channels together:

	Received int // bytes of messages that the kernel has not taken: 512 MiB
	Queued   int // bytes queued: 512 MiB
}

func (l Limits) orDefaults() Limits {
	return Limits{
		Handshakes:    cmp.Or(l.Handshakes, 128),
		HandshakeTime: cmp.Or(l.HandshakeTime, 10*time.Second),
		Peers:         cmp.Or(l.Peers, 256),
		Message:       cmp.Or(l.Message, 256<<20),
		Queue:         cmp.Or(l.Queue, 128<<20),
		Received:      cmp.Or(l.Received, 512<<20),
		Queued:        cmp.Or(l.Queued, 512<<20),
	}
}

// Options of Listen.
type Options struct {
	Limits Limits
	// AnyUser admits local peers of other users: for containers in which the
	// front end runs under another uid.
	AnyUser bool
	Log     *slog.Logger // nil discards

	owner ownerCheck
	keys  *curve.Keys
}

// Sockets are the five sockets of one kernel. See [Sockets.Start] for its
// goroutines.
type Sockets struct {
	conn     wire.Connection
	channels [wire.Channels]*channel
	once     sync.Once
	closed   error // what Close returns
}

// Listen binds the sockets where the connection says. Ports that are 0 are
// chosen; Connection tells which. Peers are kept waiting until Start. Where the
// connection has CURVE keys, every peer must encrypt with them.
func Listen(ctx context.Context, c wire.Connection, o Options) (*Sockets, error) {
	o.Limits = o.Limits.orDefaults()
	o.owner = ownerCheck(!o.AnyUser)
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if c.CurvePublicKey != "" || c.CurveSecretKey != "" {
		var err error
		if o.keys, err = curve.ParseKeys(c.CurvePublicKey, c.CurveSecretKey); err != nil {
			return nil, fmt.Errorf("CURVE keys of the connection file: %w", err)
		}
	}
	in, st := newIntake(o.Limits.Received, o.Limits.Peers*int(wire.Channels)), newStore(o.Limits.Queued)
	s := &Sockets{conn: c}
	for ch := range wire.Channels {
		ln, err := listen(ctx, &s.conn, ch)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("listen for %s: %w", ch, err), s.unbind())
		}
		s.channels[ch] = newChannel(newGuard(ch, ln, o, in, st))
	}
	return s, nil
}

// unbind closes what Listen has bound so far.
func (s *Sockets) unbind() error {
	var err error
	for _, c := range s.channels {
		if c != nil {
			err = errors.Join(err, c.guard.ln.Close())
		}
	}
	return err
}

// socketType is PUB for iopub. The heartbeat is a ROUTER too: it sends back all
// frames, so it needs no state for each peer, and no message can upset it.
func socketType(ch wire.Channel) zmq4.SocketType {
	if ch == wire.IOPub {
		return zmq4.Pub
	}
	return zmq4.Router
}

// Connection is where the sockets listen, with the ports that were chosen.
func (s *Sockets) Connection() wire.Connection { return s.conn }

// Start lets peers in. welcome makes the frames that a new subscriber of iopub
// receives before anything else; it is called from several goroutines.
//
// From here to Close each channel has its guard's goroutines and zmq4's, and a
// receiver (see channel). Start is called once.
func (s *Sockets) Start(welcome func(topic []byte) [][]byte) error {
	for _, c := range s.channels {
		c.guard.welcome = welcome
		if err := c.start(); err != nil {
			return fmt.Errorf("start %s: %w", c.guard.channel, err)
		}
	}
	return nil
}

// Recv waits for the next message on shell, control or stdin. The first frame
// is the peer's identity.
func (s *Sockets) Recv(ctx context.Context, from wire.Channel) ([][]byte, error) {
	select {
	case f := <-s.channels[from].received:
		return f, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Send queues a message and does not wait for any peer. The first frame is the
// peer's identity, or the topic on iopub. The frames must not be changed
// afterwards.
func (s *Sockets) Send(to wire.Channel, frames [][]byte) error {
	return s.channels[to].send(frames)
}

// Pace waits until the subscribers of iopub that read at all have little left to
// read. Who publishes much calls it between messages, so that a fast program
// does not fill the queues of an honest front end.
func (s *Sockets) Pace(ctx context.Context) error {
	return s.channels[wire.IOPub].pace(ctx)
}

// Close sends what is queued, until ctx ends, and closes everything. Nothing of
// Sockets runs when it returns. Later calls wait for the first and return the
// same.
func (s *Sockets) Close(ctx context.Context) error {
	s.once.Do(func() {
		var g errgroup.Group
		for _, c := range s.channels {
			g.Go(func() error { return c.stop(ctx) })
		}
		s.closed = g.Wait()
	})
	return s.closed
}
