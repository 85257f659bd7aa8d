package zmq

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/go-zeromq/zmq4"
	"github.com/go-zeromq/zmq4/transport"

	"gospark/kernel/wire"
	"gospark/kernel/zmq/curve"
)

var errListenOnly = errors.New("zmq: the guard only listens")

// guard stands between the peers of one channel and zmq4, as zmq4's transport
// and listener.
//
// Goroutines: serve (accepts; started by Sockets.Start, ends when the listener
// is closed), greet (one for each peer that has not finished its handshake;
// started by serve, ends by the handshake's deadline), and for each admitted
// peer a writer (see peer). stop ends them all and waits for them.
type guard struct {
	channel wire.Channel
	typ     zmq4.SocketType
	limits  Limits
	owner   ownerCheck
	keys    *curve.Keys // nil: nothing is encrypted
	log     *slog.Logger
	ln      net.Listener
	intake  *intake // of all the kernel's guards, like store
	store   *store

	welcome func(topic []byte) [][]byte // set before serve

	ready   chan net.Conn // from greet to zmq4's Accept
	quit    chan struct{} // closed by stop
	closed  chan struct{} // closed by zmq4, through Close
	once    sync.Once
	work    sync.WaitGroup // every goroutine of the guard
	pending pending
	places  *places
	quiet   quiet
}

func newGuard(ch wire.Channel, ln net.Listener, o Options, in *intake, s *store) *guard {
	return &guard{
		channel: ch, typ: socketType(ch), limits: o.Limits, owner: o.owner, keys: o.keys, log: o.Log, ln: ln,
		intake: in, store: s,
		ready: make(chan net.Conn), quit: make(chan struct{}), closed: make(chan struct{}),
		pending: pending{most: o.Limits.Handshakes},
		places:  newPlaces(socketType(ch) == zmq4.Router, o.Limits.Peers),
	}
}

// entrance is the transport under which zmq4 knows a guard.
type entrance struct{ g *guard }

// Listen gives zmq4 the guard as its listener.
func (e entrance) Listen(context.Context, string) (net.Listener, error) { return e.g, nil }

// Dial refuses.
func (e entrance) Dial(context.Context, transport.Dialer, string) (net.Conn, error) {
	return nil, errListenOnly
}

// Addr leaves an endpoint as it is: the guard knows where it listens.
func (e entrance) Addr(endpoint string) (string, error) { return endpoint, nil }

// Addr is where the guard listens.
func (g *guard) Addr() net.Addr { return g.ln.Addr() }

// Accept hands zmq4 the next admitted peer. It returns an error only once zmq4
// itself has closed the guard: zmq4 would call again at once, for ever.
func (g *guard) Accept() (net.Conn, error) {
	select {
	case c := <-g.ready:
		return c, nil
	case <-g.closed:
		return nil, net.ErrClosed
	}
}

// Close is called by zmq4 when its socket is closed.
func (g *guard) Close() error {
	g.once.Do(func() { close(g.closed) })
	return nil
}

func (g *guard) stopping() bool {
	select {
	case <-g.quit:
		return true
	default:
		return false
	}
}

// serve accepts until the listener is closed.
func (g *guard) serve() {
	for {
		c, err := g.ln.Accept()
		switch {
		case err == nil:
			p := newPeer(c, g)
			g.pending.begin(p)
			g.work.Go(func() { g.greet(p) })
		case g.stopping() || errors.Is(err, net.ErrClosed):
			return
		default: // out of file descriptors, say: others may be closed in a moment
			g.log.Warn("zmq: accept", "channel", g.channel, "error", err)
			select {
			case <-time.After(acceptPause):
			case <-g.quit:
				return
			}
		}
	}
}

// acceptPause keeps a failing accept from taking a whole CPU.
const acceptPause = 50 * time.Millisecond

// greet shakes hands with one peer and hands it to zmq4.
func (g *guard) greet(p *peer) {
	err := g.handshake(p)
	g.pending.end(p)
	if err != nil {
		_ = p.Close()
		g.refused(p, err)
		return
	}
	select {
	case g.ready <- p:
	case <-g.quit:
		p.end()
		_ = p.Close()
	}
}

// stop refuses new peers, waits until the others have received what is queued
// for them, or ctx ends, or they stop reading, and ends them. zmq4 must still
// be running: its readers have to see the end.
func (g *guard) stop(ctx context.Context) {
	close(g.quit)
	_ = g.ln.Close()
	g.pending.close()
	var wg sync.WaitGroup
	for _, p := range g.places.all() {
		wg.Go(func() { p.depart(ctx) })
	}
	wg.Wait()
	g.work.Wait()
}

// refused tells of a peer that was not admitted: a flood of them, once a second.
func (g *guard) refused(p *peer, err error) {
	if g.stopping() || errors.Is(err, net.ErrClosed) { // or it lost its place to others
		return
	}
	if more, ok := g.quiet.speak(time.Now()); ok {
		g.log.Warn("zmq: peer refused", "channel", g.channel, "peer", p.RemoteAddr().String(), "error", err, "unsaid", more)
	}
}

// quiet keeps repeated words apart by a second.
type quiet struct {
	// mu guards the fields below.
	mu     sync.Mutex
	spoke  time.Time
	unsaid int
}

// speak reports whether to say it now, and how often it was not said.
func (q *quiet) speak(now time.Time) (unsaid int, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if now.Sub(q.spoke) < time.Second {
		q.unsaid++
		return 0, false
	}
	unsaid, q.unsaid, q.spoke = q.unsaid, 0, now
	return unsaid, true
}
