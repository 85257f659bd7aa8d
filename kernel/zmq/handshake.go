package zmq

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"time"

	"github.com/go-zeromq/zmq4"

	"gospark/kernel/wire"
	"gospark/kernel/zmq/curve"
)

// accepted says which types of socket may connect to one of ours.
func accepted(own zmq4.SocketType) []string {
	if own == zmq4.Pub {
		return []string{string(zmq4.Sub), string(zmq4.XSub)}
	}
	return []string{string(zmq4.Dealer), string(zmq4.Req), string(zmq4.Router)}
}

// handshake makes a peer of a connection.
func (g *guard) handshake(p *peer) error {
	end := time.Now().Add(g.limits.HandshakeTime)
	if err := p.SetDeadline(end); err != nil {
		return err
	}
	h, err := g.shake(p, end)
	if err == nil {
		p.identity = h.identity
		err = g.admit(p)
	}
	if err != nil {
		if permanent(err) {
			_, _ = p.Conn.Write(appendFrame(nil, flagCommand, refusal()))
		}
		return err
	}
	// What zmq4 reads first: the peer's greeting and READY, in canonical form.
	p.in = append(greeting(zmq4.NullSecurity), ready(hello{h.socketType, p.identity})...)
	if err := g.open(p); err != nil {
		return fmt.Errorf("write READY: %w", err)
	}
	return nil
}

// permanent reports whether an honest peer would only be refused again. It is
// told so, and libzmq ends its attempts. Others may come back.
func permanent(err error) bool {
	var network net.Error
	return !errors.Is(err, errIdentity) && !errors.Is(err, errPeers) && !errors.Is(err, io.EOF) &&
		!errors.Is(err, io.ErrUnexpectedEOF) && !errors.As(err, &network)
}

// shake greets a peer and reads what it says of itself. Our READY follows once
// the peer is admitted: until then no honest peer sends anything that a refusal
// could lose.
func (g *guard) shake(p *peer, end time.Time) (hello, error) {
	if err := g.greetings(p, end); err != nil {
		return hello{}, err
	}
	p.steps.Add(1)
	if err := g.owner.check(p.Conn); err != nil {
		return hello{}, err
	}
	introduce := g.introduceNull
	if g.keys != nil {
		introduce = g.introduceCurve
	}
	h, err := introduce(p)
	if err == nil && !slices.Contains(accepted(g.typ), h.socketType) {
		err = fmt.Errorf("a %q socket cannot talk to %s", h.socketType, g.typ)
	}
	return h, err
}

// greetings exchanges greetings. The mechanism follows in a second step: libzmq
// leaves without a word when it sees one that it does not speak, and then nobody
// could tell the user why. A peer that waits for it gets it all the same.
func (g *guard) greetings(p *peer, end time.Time) error {
	mechanism := zmq4.NullSecurity
	if g.keys != nil {
		mechanism = zmq4.CurveSecurity
	}
	own := greeting(mechanism)
	if _, err := p.Conn.Write(own[:versionLen]); err != nil {
		return err
	}
	if _, err := p.br.Peek(1); err != nil {
		return fmt.Errorf("read greeting: %w", err)
	}
	_ = p.SetReadDeadline(time.Now().Add(stepPatience))
	_, _ = p.br.Peek(greetingLen)
	if _, err := p.Conn.Write(own[versionLen:]); err != nil {
		return err
	}
	_ = p.SetReadDeadline(end)
	var theirs [greetingLen]byte
	if _, err := io.ReadFull(p.br, theirs[:]); err != nil {
		return fmt.Errorf("read greeting: %w", err)
	}
	return checkGreeting(theirs[:], mechanism)
}

// stepPatience is how long a peer may keep its mechanism back to see ours first.
const stepPatience = 250 * time.Millisecond

// introduceNull reads the peer's READY.
func (g *guard) introduceNull(p *peer) (hello, error) {
	body, err := readCommand(p.br)
	if err != nil {
		return hello{}, fmt.Errorf("read READY: %w", err)
	}
	return parseReady(body)
}

// introduceCurve goes through CURVE's commands up to INITIATE. The heartbeat
// admits any key: jupyter_client makes a new one for each heartbeat socket. Such
// a peer still has to know the connection file's public key.
func (g *guard) introduceCurve(p *peer) (hello, error) {
	s := curve.NewServer(g.keys, g.channel == wire.Heartbeat)
	body, err := readCommand(p.br)
	if err != nil {
		return hello{}, fmt.Errorf("read HELLO: %w", err)
	}
	welcome, err := s.Hello(body)
	if err != nil {
		return hello{}, fmt.Errorf("HELLO: %w", err)
	}
	p.steps.Add(1)
	if _, err := p.Conn.Write(appendFrame(nil, flagCommand, welcome)); err != nil {
		return hello{}, fmt.Errorf("write WELCOME: %w", err)
	}
	if body, err = readCommand(p.br); err != nil {
		return hello{}, fmt.Errorf("read INITIATE: %w", err)
	}
	metadata, err := s.Initiate(body)
	if err != nil {
		return hello{}, fmt.Errorf("INITIATE: %w", err)
	}
	p.curve = s
	return parseProperties(metadata)
}

// admit gives a peer its place, if need be after asking the one that has its
// identity whether it lives: one that does stays, so nobody can take another's
// replies; one that does not has lost its connection without our knowledge, and
// the newcomer is the same front end again.
func (g *guard) admit(p *peer) error {
	g.intake.enter(p) // before others can see p, and make it leave again
	g.store.enter(p)
	rival, loser, err := g.places.admit(p)
	if rival != nil {
		if rival.lives() {
			return errIdentity
		}
		rival.fail(errReplaced)
		rival, loser, err = g.places.admit(p)
	}
	switch {
	case err != nil:
		return err
	case rival != nil: // came back meanwhile
		return errIdentity
	case loser != nil:
		loser.fail(errPlace)
	}
	return nil
}

// open sends our READY and starts the peer's writer.
func (g *guard) open(p *peer) error {
	own := hello{socketType: string(g.typ)}
	frame, seal := ready(own), plain
	if p.curve != nil {
		frame, seal = appendFrame(nil, flagCommand, p.curve.Ready(properties(own))), sealing(p.curve)
	}
	p.out.seal = seal
	if _, err := p.Conn.Write(frame); err != nil {
		return err
	}
	if err := p.Conn.SetDeadline(time.Time{}); err != nil {
		return err
	}
	g.work.Go(func() {
		if err := p.out.run(p.Conn); err != nil {
			p.fail(err)
		}
	})
	return nil
}

// readCommand reads one command of a handshake.
func readCommand(br *bufio.Reader) ([]byte, error) {
	head, err := readHeader(br)
	if err != nil {
		return nil, err
	}
	if !head.command || head.size > curve.MaxHandshake {
		return nil, errReady
	}
	body, err := readBody(br, head.size, nil)
	if err != nil {
		return nil, err
	}
	if name, rest, ok := cutName(body); ok && name == "ERROR" {
		return nil, fmt.Errorf("the peer refused: %q", rest)
	}
	return body, nil
}
