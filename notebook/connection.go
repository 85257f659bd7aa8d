package notebook

import (
	"context"
	"errors"
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
	URL string
	// Fresh makes URL with a token of this moment, where a profile says how.
	Fresh   func(context.Context) (string, error)
	Profile launcher.Profile
	Session string // id of an existing session to join; empty for one of its own
	Own     bool   // the session to join is this notebook's own: a copy that it made
	custom  bool   // it has settings that are not the files'
	wrong   error  // why the files' profile cannot be used
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

// String is the stage in one word; front ends read it.
func (s stage) String() string {
	return [...]string{"detached", "connecting", "ready", "failed", "lost"}[s]
}

// state is one moment of a connection. It is copied, never changed in place.
type state struct {
	stage   stage
	target  target
	since   time.Time
	phases  []launcher.Phase     // while connecting
	lease   *launcher.Lease      // of a shared server; nil for a remote one
	engine  *connect.Session     // when ready; session works with it
	joined  bool                 // the session is somebody else's: it is left to them
	session *sparkclient.Session // when ready
	join    sparkview.Endpoint   // what the worker needs to join the session; holds the token
	epoch   int                  // counts the attempts, so that the worker notices a new session
	err     error                // when failed or lost
	former  error                // why the session before this one was lost; nil where none was
}

// request asks for a connection to target.
type request struct {
	target target
	// force makes a new connection whatever there is. Without it, one that was
	// made since the asker looked will do: of many who ask at once, one is served.
	force  bool
	seen   int      // the epoch that the asker saw
	served chan int // gets the epoch that answers the request; has room for it
}

// loss says that a cell found the session of an epoch to be gone.
type loss struct {
	epoch int
	err   error
	noted chan struct{} // closed when the state tells it
}

// Reasons why a wait for a connection ends without one.
var (
	errAbandoned = errors.New("the connection was given up for another one")
	errStopped   = errors.New("the connection to Spark was ended")
	errEnding    = errors.New("the notebook is ending")
)

// reasonWait is how long a loss waits for the supervisor to say why.
const reasonWait = 2 * time.Second

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
	ended   chan struct{} // closed when run returns

	// mu guards the fields below.
	mu      sync.Mutex
	now     state
	changed chan struct{}      // closed at the next change
	abandon context.CancelFunc // ends the attempt that is on the way; nil for none
}

func newConnection(o launcher.Options, user string, log *slog.Logger) *connection {
	return &connection{
		launch:  o,
		user:    user,
		log:     log,
		wanted:  make(chan request),
		dropped: make(chan chan struct{}),
		losses:  make(chan loss),
		ended:   make(chan struct{}),
		changed: make(chan struct{}),
	}
}

// run serves until ctx ends, then releases the session and the lease. It is
// started once, by [Notebook.Start].
func (c *connection) run(ctx context.Context) {
	defer close(c.ended)
	defer c.drop()
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
			c.serve(ctx, current, r)
		case done := <-c.dropped:
			c.drop()
			close(done)
		case l := <-c.losses:
			if l.epoch == current.epoch && current.stage == ready {
				c.lost(current, reason(ctx, current, l.err))
			}
			close(l.noted)
		case <-gone:
			c.lost(current, current.lease.Err())
		}
	}
}

// drop ends the connection.
func (c *connection) drop() {
	current, _ := c.peek()
	c.release(current)
	c.set(state{stage: detached, target: current.target, epoch: current.epoch})
}

// reason is why a session is gone: the supervisor of a server that died knows
// more than err, which is what a request met.
func reason(ctx context.Context, s state, err error) error {
	if s.lease == nil || !errors.Is(err, sparkclient.ErrUnavailable) {
		return err
	}
	timer := time.NewTimer(reasonWait)
	defer timer.Stop()
	select {
	case <-s.lease.Done():
		return s.lease.Err()
	case <-timer.C:
	case <-ctx.Done():
	}
	return err
}

// lost lets go of a connection that is of no more use.
func (c *connection) lost(current state, err error) {
	c.log.Info("the Spark session is lost", "err", err)
	c.release(current)
	t := current.target
	switch {
	case errors.Is(err, sparkclient.ErrSessionLost):
		t.Session, t.Own = "", false // the server does not take it again
	case errors.Is(err, sparkclient.ErrUnauthenticated) && t.Fresh != nil:
		t.Session, t.Own = current.engine.SessionID(), !current.joined // it is there for the next token
	}
	c.set(state{stage: lost, target: t, epoch: current.epoch, err: err, former: err})
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

// connect asks for a connection to t, also where there is one already or another
// is on the way, and does not wait for it. It returns its epoch.
func (c *connection) connect(ctx context.Context, t target) (epoch int, err error) {
	c.stopAttempt()
	return c.ask(ctx, request{target: t, force: true, served: make(chan int, 1)})
}

// stopAttempt abandons the attempt that is on the way; a server that it started
// goes on starting.
func (c *connection) stopAttempt() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.abandon != nil {
		c.abandon()
	}
}

// ask hands a request to run and returns the epoch that answers it.
func (c *connection) ask(ctx context.Context, r request) (epoch int, err error) {
	select {
	case c.wanted <- r:
		return <-r.served, nil
	case <-ctx.Done():
		return 0, ctx.Err()
	case <-c.ended:
		return 0, errEnding
	}
}

// disconnect ends the connection, or the attempt to make one, and waits until it
// has ended.
func (c *connection) disconnect(ctx context.Context) error {
	c.stopAttempt()
	done := make(chan struct{})
	select {
	case c.dropped <- done:
		<-done
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-c.ended:
		return nil
	}
}

// lose reports that the session of an epoch is gone, as a cell noticed by err;
// the next use connects anew. It returns why, as far as anybody knows.
func (c *connection) lose(ctx context.Context, epoch int, err error) error {
	l := loss{epoch: epoch, err: err, noted: make(chan struct{})}
	select {
	case c.losses <- l:
		<-l.noted
	case <-ctx.Done():
	case <-c.ended:
	}
	if s, _ := c.peek(); s.epoch == epoch && s.stage == lost {
		return s.err
	}
	return err
}

// await returns a state that is ready, connecting first where nothing is on the
// way. tell hears what is going on, at each change and each second.
func (c *connection) await(ctx context.Context, tell func(state)) (state, error) {
	s, _ := c.peek()
	epoch := s.epoch
	switch s.stage {
	case ready:
		return s, nil
	case connecting:
	default:
		var err error
		if epoch, err = c.ask(ctx, request{target: s.target, seen: s.epoch, served: make(chan int, 1)}); err != nil {
			return state{}, err
		}
	}
	return c.after(ctx, epoch, tell)
}

// after waits for the outcome of the attempt of an epoch, or of the one that
// took its place.
func (c *connection) after(ctx context.Context, epoch int, tell func(state)) (state, error) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		s, changed := c.peek()
		switch {
		case s.epoch < epoch:
		case s.stage == ready:
			return s, nil
		case s.stage == detached:
			return state{}, errStopped
		case s.stage != connecting:
			return state{}, s.err
		default:
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
