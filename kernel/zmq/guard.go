package zmq

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/go-zeromq/zmq4"
	"github.com/go-zeromq/zmq4/transport"

	"gospark/kernel/wire"
)

var (
	errListenOnly = errors.New("zmq: the guard only listens")
	errIdentity   = errors.New("another peer has that identity")
	errPeers      = errors.New("too many peers")
)

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
	log     *slog.Logger
	ln      net.Listener

	welcome func(topic []byte) [][]byte // set before serve

	ready  chan net.Conn // from greet to zmq4's Accept
	quit   chan struct{} // closed by stop
	closed chan struct{} // closed by zmq4, through Close
	once   sync.Once
	work   sync.WaitGroup // every goroutine of the guard

	// mu guards the fields below.
	mu      sync.Mutex
	greeted []net.Conn // handshakes under way, oldest first
	peers   map[*peer]struct{}
	byID    map[string]*peer
	next    uint32 // numbers peers without an identity
}

func newGuard(ch wire.Channel, typ zmq4.SocketType, ln net.Listener, o Options) *guard {
	return &guard{
		channel: ch, typ: typ, limits: o.Limits, owner: o.owner, log: o.Log, ln: ln,
		ready: make(chan net.Conn), quit: make(chan struct{}), closed: make(chan struct{}),
		peers: make(map[*peer]struct{}), byID: make(map[string]*peer),
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
			g.begin(c)
			g.work.Go(func() { g.greet(c) })
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

// begin notes a handshake. When too many are under way the oldest loses its
// place: an honest peer needs a moment, so the oldest is the one that hangs.
func (g *guard) begin(c net.Conn) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.greeted) >= g.limits.Handshakes {
		_ = g.greeted[0].Close()
		g.greeted = g.greeted[1:]
	}
	g.greeted = append(g.greeted, c)
}

// greet shakes hands with one peer and hands it to zmq4.
func (g *guard) greet(c net.Conn) {
	p, err := g.handshake(c)
	g.end(c)
	if err == nil {
		select {
		case g.ready <- p:
			return
		case <-g.quit:
		}
		p.end()
		_ = p.Close()
		return
	}
	_ = c.Close()
	if !g.stopping() {
		g.log.Warn("zmq: peer refused", "channel", g.channel, "peer", c.RemoteAddr().String(), "error", err)
	}
}

// end takes a handshake off the list.
func (g *guard) end(c net.Conn) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for i, o := range g.greeted {
		if o == c {
			g.greeted = append(g.greeted[:i], g.greeted[i+1:]...)
			return
		}
	}
}

func (g *guard) handshake(c net.Conn) (*peer, error) {
	if err := c.SetDeadline(time.Now().Add(g.limits.HandshakeTime)); err != nil {
		return nil, err
	}
	if err := g.owner.check(c); err != nil {
		return nil, err
	}
	br := bufio.NewReaderSize(c, 32<<10)
	h, err := shake(c, br, g.typ)
	if err != nil {
		return nil, err
	}
	p := &peer{
		Conn: c, g: g, br: br, out: newOutbox(g.limits.Queue), split: newSplitter(),
		eof: make(chan struct{}), identity: h.identity,
	}
	if err := g.admit(p); err != nil {
		return nil, err
	}
	// What zmq4 reads first: the peer's greeting and READY, in canonical form.
	p.in = append(greeting(), ready(hello{h.socketType, p.identity})...)
	if _, err := c.Write(ready(hello{socketType: string(g.typ)})); err != nil {
		g.forget(p)
		return nil, fmt.Errorf("write READY: %w", err)
	}
	if err := c.SetDeadline(time.Time{}); err != nil {
		g.forget(p)
		return nil, err
	}
	g.work.Go(func() {
		if err := p.out.run(c); err != nil {
			p.fail(err)
		}
	})
	return p, nil
}

// admit gives a peer its place, and an identity when it has none.
func (g *guard) admit(p *peer) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.peers) >= g.limits.Peers {
		return errPeers
	}
	if p.identity == "" {
		g.next++
		p.identity = string(binary.BigEndian.AppendUint32([]byte{0}, g.next))
	}
	if g.typ == zmq4.Router && g.byID[p.identity] != nil {
		return errIdentity
	}
	g.peers[p] = struct{}{}
	g.byID[p.identity] = p
	return nil
}

func (g *guard) forget(p *peer) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.peers, p)
	if g.byID[p.identity] == p {
		delete(g.byID, p.identity)
	}
}

// knows reports whether a peer with that identity is connected.
func (g *guard) knows(identity []byte) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.byID[string(identity)] != nil
}

// all lists the admitted peers.
func (g *guard) all() []*peer {
	g.mu.Lock()
	defer g.mu.Unlock()
	out := make([]*peer, 0, len(g.peers))
	for p := range g.peers {
		out = append(out, p)
	}
	return out
}

// stop refuses new peers, waits until the others have received what is queued
// for them, or ctx ends, or they stop reading, and ends them. zmq4 must still
// be running: its readers have to see the end.
func (g *guard) stop(ctx context.Context) {
	close(g.quit)
	_ = g.ln.Close()
	g.mu.Lock()
	for _, c := range g.greeted {
		_ = c.Close()
	}
	g.mu.Unlock()
	var wg sync.WaitGroup
	for _, p := range g.all() {
		wg.Go(func() { p.depart(ctx) })
	}
	wg.Wait()
	g.work.Wait()
}

// Patience with peers at the end.
const (
	stallPatience = 300 * time.Millisecond // with one that takes nothing more
	leavePatience = 250 * time.Millisecond // with one that does not close its side
)

// depart sends the rest and ends the connection.
func (p *peer) depart(ctx context.Context) {
	p.out.drain(ctx, 0, stallPatience)
	p.leave(leavePatience)
	select {
	case <-p.eof:
	case <-ctx.Done():
	}
	_ = p.Close()
}
