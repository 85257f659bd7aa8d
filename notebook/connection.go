package notebook

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"gospark/launcher"
	"gospark/notebook/sparkview"
	"gospark/sparkclient"
	"gospark/sparkclient/connect"
)

// target is what a notebook wants to be connected to: a remote endpoint where
// URL is set, else the shared server of a profile.
type target struct {
	URL     string
	Profile launcher.Profile
	Session string // id of an existing session to join; empty for one of its own
}

// stage says how far a connection is.
type stage int

const (
	detached   stage = iota // nothing asked for yet, or stopped by the user
	connecting              // on the way
	ready                   // session may be used
	failed                  // err says why
	lost                    // it was ready, and the server went away
)

// state is one moment of a connection. It is copied, never changed in place.
type state struct {
	stage   stage
	target  target
	since   time.Time
	phases  []launcher.Phase     // while connecting
	lease   *launcher.Lease      // of a shared server; nil for a remote one
	session *sparkclient.Session // when ready
	join    sparkview.Endpoint   // what the worker needs to join the session; holds the token
	epoch   int                  // counts the sessions, so that the worker notices a new one
	err     error                // when failed or lost
}

// request asks for a connection to target. It is void when the connection has
// changed since the asker looked: of many who ask at once, one is served.
type request struct {
	target target
	seen   int // the epoch that the asker saw
}

// loss says that a cell found the session of an epoch to be gone.
type loss struct {
	epoch int
	err   error
}

// connection ties a notebook to its Spark server. One goroutine, run, makes and
// ends connections, so that an impatient cell that is interrupted while it
// waits does not break what other cells wait for. Everybody else reads a [state]
// and waits for the next one.
type connection struct {
	launch  launcher.Options
	user    string
	log     *slog.Logger
	wanted  chan request
	dropped chan chan struct{}
	losses  chan loss

	// mu guards the fields below.
	mu      sync.Mutex
	now     state
	changed chan struct{} // closed at the next change
}

func newConnection(o launcher.Options, user string, log *slog.Logger) *connection {
	return &connection{
		launch:  o,
		user:    user,
		log:     log,
		wanted:  make(chan request),
		dropped: make(chan chan struct{}),
		losses:  make(chan loss),
		changed: make(chan struct{}),
	}
}

// run serves until ctx ends, then releases the session and the lease. It is
// started once, by [Notebook.Start].
func (c *connection) run(ctx context.Context) {
	defer c.release()
	for {
		current, _ := c.peek()
		var gone <-chan struct{}
		if current.stage == ready && current.lease != nil {
			gone = current.lease.Done()
		}
		select {
		case <-ctx.Done():
			return
		case r := <-c.wanted:
			if r.seen == current.epoch {
				c.release()
				c.attach(ctx, r.target)
			}
		case done := <-c.dropped:
			c.release()
			c.set(state{stage: detached, target: current.target, epoch: current.epoch})
			close(done)
		case l := <-c.losses:
			if l.epoch == current.epoch && current.stage == ready {
				c.lost(current, l.err)
			}
		case <-gone:
			c.lost(current, current.lease.Err())
		}
	}
}

// lost lets go of a connection that is of no more use.
func (c *connection) lost(current state, err error) {
	c.log.Warn("the Spark server went away", "err", err)
	c.release()
	c.set(state{stage: lost, target: current.target, epoch: current.epoch, err: err})
}

// attach connects to t and records how it went.
func (c *connection) attach(ctx context.Context, t target) {
	before, _ := c.peek()
	next := state{stage: connecting, target: t, since: time.Now(), epoch: before.epoch + 1}
	c.set(next)
	var err error
	url := t.URL
	if url == "" {
		next.lease, err = launcher.Attach(ctx, c.launch, t.Profile, func(p launcher.Phase) {
			next.phases = append(next.phases[:len(next.phases):len(next.phases)], p)
			c.set(next)
		})
		if err == nil {
			server := next.lease.Server()
			url = fmt.Sprintf("sc://%s/;token=%s", server.Address, server.Token)
		}
	}
	if err == nil {
		next.session, err = c.open(ctx, url, t.Session)
	}
	if err != nil {
		if next.lease != nil {
			err = errors.Join(err, next.lease.Close())
		}
		c.log.Warn("no Spark session", "err", err)
		c.set(state{stage: failed, target: t, epoch: next.epoch, err: err})
		return
	}
	next.stage, next.phases = ready, nil
	next.join = sparkview.Endpoint{URL: url, User: c.user, Session: next.session.ID(), Epoch: next.epoch}
	c.set(next)
}

// open begins a session, or joins the one with the id join, and asks for the
// version, which proves that the server answers and takes the token.
func (c *connection) open(ctx context.Context, url, join string) (*sparkclient.Session, error) {
	options, err := connect.Parse(url)
	if err != nil {
		return nil, err
	}
	options.UserID = c.user
	if join != "" {
		options.SessionID = join
	}
	engine, err := connect.Open(options)
	if err != nil {
		return nil, err
	}
	session := sparkclient.New(func(context.Context) (sparkclient.Engine, error) { return engine, nil })
	if _, err := session.Version(ctx); err != nil {
		return nil, errors.Join(err, session.Close(ctx))
	}
	return session, nil
}

// release ends the session on the server and gives the lease back. It has its
// own deadline: it runs when the notebook's context is over already.
func (c *connection) release() {
	current, _ := c.peek()
	if current.session != nil && !current.gone() {
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		defer cancel()
		if err := current.session.Close(ctx); err != nil {
			c.log.Info("release the Spark session", "err", err)
		}
	}
	if current.lease != nil {
		if err := current.lease.Close(); err != nil {
			c.log.Info("give the lease back", "err", err)
		}
	}
}

// gone reports whether the server of a state is known to have ended.
func (s state) gone() bool {
	if s.lease == nil {
		return false
	}
	select {
	case <-s.lease.Done():
		return true
	default:
		return false
	}
}

func (c *connection) set(s state) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = s
	close(c.changed)
	c.changed = make(chan struct{})
}

// peek returns the state and a channel that is closed when it changes.
func (c *connection) peek() (state, <-chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now, c.changed
}

// connect asks run for a connection to t, also where there is one already, and
// does not wait for it. It returns the epoch that was current before.
func (c *connection) connect(ctx context.Context, t target) (seen int, err error) {
	s, _ := c.peek()
	select {
	case c.wanted <- request{target: t, seen: s.epoch}:
		return s.epoch, nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

// disconnect ends the connection and waits until it has ended.
func (c *connection) disconnect(ctx context.Context) error {
	done := make(chan struct{})
	select {
	case c.dropped <- done:
	case <-ctx.Done():
		return ctx.Err()
	}
	<-done
	return nil
}

// lose reports that the current session is gone, as a cell noticed; the next use
// connects anew.
func (c *connection) lose(ctx context.Context, err error) {
	s, _ := c.peek()
	select {
	case c.losses <- loss{epoch: s.epoch, err: err}:
	case <-ctx.Done():
	}
}

// await returns a state that is ready, connecting first where nothing is on the
// way. tell hears what is going on, at each change and each second.
func (c *connection) await(ctx context.Context, tell func(state)) (state, error) {
	s, _ := c.peek()
	switch s.stage {
	case ready:
		return s, nil
	case connecting:
		return c.after(ctx, s.epoch-1, tell)
	}
	seen, err := c.connect(ctx, s.target)
	if err != nil {
		return state{}, err
	}
	return c.after(ctx, seen, tell)
}

// after waits for the outcome of a connection younger than epoch.
func (c *connection) after(ctx context.Context, epoch int, tell func(state)) (state, error) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		s, changed := c.peek()
		if s.epoch > epoch {
			switch s.stage {
			case ready:
				return s, nil
			case failed, lost, detached:
				return state{}, s.err
			}
			tell(s)
		}
		select {
		case <-ctx.Done():
			return state{}, ctx.Err()
		case <-changed:
		case <-tick.C:
		}
	}
}
