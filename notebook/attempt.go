package notebook

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"gospark/launcher"
	"gospark/notebook/sparkview"
	"gospark/sparkclient"
	"gospark/sparkclient/connect"
)

// releaseTime is how long the end of a session may take.
const releaseTime = 2 * time.Second

// serve answers a request, with a new connection unless the present one will do.
func (c *connection) serve(ctx context.Context, current state, r request) {
	if !r.force && (r.seen != current.epoch || current.stage == ready) {
		r.served <- current.epoch
		return
	}
	c.release(current)
	next := state{stage: connecting, target: r.target, since: time.Now(), epoch: current.epoch + 1, former: current.former}
	ctx, cancel := context.WithCancel(ctx)
	defer c.begin(nil)
	defer cancel()
	c.begin(cancel)
	c.set(next)
	r.served <- next.epoch
	c.attach(ctx, next)
}

// begin notes how the attempt that begins can be abandoned.
func (c *connection) begin(abandon context.CancelFunc) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.abandon = abandon
}

// attach makes the connection that next describes and records how it went.
func (c *connection) attach(ctx context.Context, next state) {
	url := next.target.URL
	var err error
	switch {
	case next.target.wrong != nil:
		err = next.target.wrong
	case next.target.Fresh != nil:
		url, err = next.target.Fresh(ctx)
	case url == "":
		next.lease, err = launcher.Attach(ctx, c.launch, next.target.Profile, func(p launcher.Phase) {
			next.phases = append(next.phases[:len(next.phases):len(next.phases)], p)
			c.set(next)
		})
		if err == nil {
			server := next.lease.Server()
			url = fmt.Sprintf("sc://%s/;token=%s", server.Address, server.Token)
		}
	}
	if err == nil {
		next, err = c.open(ctx, next, url)
	}
	if err != nil {
		c.fail(ctx, next, err)
		return
	}
	if next.lease != nil {
		who := c.launch.Client
		who.Session = next.engine.SessionID()
		if err := next.lease.Describe(who); err != nil {
			c.log.Info("tell the server's supervisor of the session", "err", err)
		}
	}
	next.stage, next.phases = ready, nil
	c.set(next)
}

// fail records that an attempt came to nothing.
func (c *connection) fail(ctx context.Context, next state, err error) {
	if next.lease != nil {
		err = errors.Join(err, next.lease.Close())
	}
	if ctx.Err() != nil {
		err = errAbandoned
	}
	c.log.Info("no Spark session", "err", err)
	c.set(state{stage: failed, target: next.target, epoch: next.epoch, err: err, former: next.former})
}

// open begins the session of next, or joins it, and asks for a setting, which
// proves that the server answers and takes the token. Not for the version: Sail
// answers that only beside an installed PySpark.
func (c *connection) open(ctx context.Context, next state, url string) (state, error) {
	options, err := connect.Parse(url)
	if err != nil {
		return next, err
	}
	options.UserID = cmp.Or(options.UserID, c.user)
	options.SessionID = cmp.Or(next.target.Session, options.SessionID)
	next.joined = options.SessionID != "" && !next.target.Own
	engine, err := connect.Open(options)
	if err != nil {
		return next, err
	}
	session := sparkclient.New(func(context.Context) (sparkclient.Engine, error) { return engine, nil })
	if _, err := session.Conf().Get(ctx, "spark.sql.session.timeZone"); err != nil {
		return next, errors.Join(err, engine.Close())
	}
	next.engine, next.session = engine, session
	next.join = sparkview.Endpoint{URL: url, User: options.UserID, Session: engine.SessionID(), Epoch: next.epoch}
	return next, nil
}

// release ends what a state holds: the session on the server, unless it is
// somebody else's, the connection and the lease. It has a deadline of its own:
// it runs when the notebook's context is over already.
func (c *connection) release(s state) {
	if s.engine != nil {
		end := s.engine.Close
		if !s.joined && !s.gone() {
			ctx, cancel := context.WithTimeout(context.Background(), releaseTime)
			defer cancel()
			end = func() error { return s.engine.Release(ctx) }
		}
		if err := end(); err != nil {
			c.log.Info("release the Spark session", "err", err)
		}
	}
	if s.lease != nil {
		if err := s.lease.Close(); err != nil {
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
