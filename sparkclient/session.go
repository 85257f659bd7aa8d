package sparkclient

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"

	"gospark/sparkclient/internal/plan"
)

// Session is one notebook's state on a Spark Connect server. It may be used by
// several goroutines. It reaches for the server at its first request and again
// when the server or the session was lost.
type Session struct {
	open   func(context.Context) (Engine, error)
	plans  atomic.Int64 // the last plan id given; begins at random, see New
	folder atomic.Value // string, of relative paths; empty: the server's

	listeners listenerBus // of streaming queries

	// turn is held (by an element in it) while engine is read or replaced;
	// a channel, so that a waiter can give up.
	turn   chan struct{}
	engine Engine

	// mu guards the fields below.
	mu           sync.Mutex
	tags         []string
	progress     []*func(Progress)
	id           string // of the engine last used
	stopped      bool
	observations map[int64]*Observation // by the plan id of what they observe, until the first values
	unused       []string               // ids of checkpoints that nothing refers to any more
}

// New makes a session that gets its engine from open. A session calls open at
// its first request, and again after [ErrSessionLost] or [ErrUnavailable]; open
// may return the same engine again when nothing is wrong with it.
//
// Plan ids begin at random: a plan may come from another process that shares
// the server-side session, and the ids in it must differ from ours.
func New(open func(ctx context.Context) (Engine, error)) *Session {
	s := &Session{open: open, turn: make(chan struct{}, 1)}
	s.listeners.session = s
	s.plans.Store(rand.Int64N(1<<40) << 20)
	return s
}

// Engine is what the session works with; it is opened when it is not yet.
func (s *Session) Engine(ctx context.Context) (Engine, error) {
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if s.engine != nil {
		return s.engine, nil
	}
	e, err := s.open(ctx)
	if err != nil {
		return nil, err
	}
	s.engine = e
	s.mu.Lock()
	s.id, s.stopped = e.SessionID(), false
	s.mu.Unlock()
	return e, nil
}

// noticed forgets an engine that says that it is of no more use.
func (s *Session) noticed(e Engine, err error) error {
	if errors.Is(err, ErrSessionLost) || errors.Is(err, ErrUnavailable) {
		s.turn <- struct{}{}
		if s.engine == e {
			s.engine = nil
		}
		<-s.turn
	}
	return err
}

// ID is the id of the server-side session, empty before the first request.
func (s *Session) ID() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.id
}

// Close ends the session on the server: its operations stop, its temporary
// views and artifacts go. A session that was never used has nothing to end.
func (s *Session) Close(ctx context.Context) error {
	s.listeners.close()
	s.turn <- struct{}{}
	e := s.engine
	s.engine = nil
	<-s.turn
	s.mu.Lock()
	s.stopped = true
	s.mu.Unlock()
	if e == nil {
		return nil
	}
	return e.Release(ctx)
}

// Stop is Close, under PySpark's name.
func (s *Session) Stop(ctx context.Context) error { return s.Close(ctx) }

// IsStopped says whether the session was closed and not used since: the next
// use of a closed session begins a new one.
func (s *Session) IsStopped() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stopped
}

// NewSession is another session on the same server, with its own temporary
// views and configuration.
func (s *Session) NewSession() *Session {
	return New(func(ctx context.Context) (Engine, error) {
		e, err := s.Engine(ctx)
		if err != nil {
			return nil, err
		}
		return e.NewSession(), nil
	})
}

// CloneSession is another session that begins with a copy of this one's
// temporary views and configuration.
func (s *Session) CloneSession(ctx context.Context) (*Session, error) {
	e, err := s.Engine(ctx)
	if err != nil {
		return nil, err
	}
	clone, err := e.CloneSession(ctx)
	if err != nil {
		return nil, s.noticed(e, err)
	}
	c := New(func(context.Context) (Engine, error) { return clone, nil })
	_, err = c.Engine(ctx)
	return c, err
}

// Version is Spark's version on the server.
func (s *Session) Version(ctx context.Context) (string, error) {
	r, err := analyze(ctx, s, &plan.AnalyzePlanRequest{Analyze: &plan.AnalyzePlanRequestSparkVersion{}})
	if err != nil {
		return "", err
	}
	if r.SparkVersion == nil {
		return "", errAnswer("the version")
	}
	return r.SparkVersion.Version, nil
}

// ParseDDL reads a schema such as "id BIGINT, name STRING" as Spark does.
func (s *Session) ParseDDL(ctx context.Context, ddl string) (*StructType, error) {
	r, err := analyze(ctx, s, &plan.AnalyzePlanRequest{Analyze: &plan.AnalyzePlanRequestDDLParse{DdlString: ddl}})
	if err != nil {
		return nil, err
	}
	if r.DdlParse == nil {
		return nil, errAnswer("the schema")
	}
	return schemaFromPlan(r.DdlParse.Parsed)
}

// analyze asks the server about a plan without running it.
func analyze(ctx context.Context, s *Session, request *plan.AnalyzePlanRequest) (*plan.AnalyzePlanResponse, error) {
	e, err := s.Engine(ctx)
	if err != nil {
		return nil, err
	}
	b, err := e.Analyze(ctx, plan.Encode(request))
	if err != nil {
		return nil, s.noticed(e, err)
	}
	var r plan.AnalyzePlanResponse
	if err := plan.Decode(b, &r); err != nil {
		return nil, fmt.Errorf("read the server's analysis: %w", err)
	}
	return &r, nil
}

// execute starts an operation.
func (s *Session) execute(ctx context.Context, p *plan.Plan) (Stream, error) {
	e, err := s.Engine(ctx)
	if err != nil {
		return nil, err
	}
	stream, err := e.Execute(s.prepared(ctx), plan.Encode(p))
	if err != nil {
		return nil, s.noticed(e, err)
	}
	return operation{stream, s, e, ctx}, nil
}

// operation is a stream that tells its session of a lost server, and of what
// the server told beside the rows when it ends.
type operation struct {
	Stream
	session *Session
	engine  Engine
	ctx     context.Context // the operation's: it has who wants to know
}

func (o operation) Next() (Batch, error) {
	b, err := o.Stream.Next()
	if isEnd(err) {
		if failed := o.session.executed(o.ctx, o.Stream); failed != nil {
			return nil, failed
		}
	}
	return b, o.session.noticed(o.engine, err)
}

// answers decodes what a stream brought beside rows.
func answers(stream Stream) ([]*plan.ExecutePlanResponse, error) {
	var list []*plan.ExecutePlanResponse
	for _, b := range stream.Answers() {
		var r plan.ExecutePlanResponse
		if err := plan.Decode(b, &r); err != nil {
			return nil, fmt.Errorf("read the server's answer: %w", err)
		}
		list = append(list, &r)
	}
	return list, nil
}

// run executes a command to its end and returns what it answered.
func run(ctx context.Context, s *Session, command *plan.Command) (list []*plan.ExecutePlanResponse, err error) {
	stream, err := s.execute(ctx, &plan.Plan{Command: command})
	if err != nil {
		return nil, err
	}
	defer func() { err = firstError(err, stream.Close()) }()
	for {
		if _, err := stream.Next(); isEnd(err) {
			return answers(stream)
		} else if err != nil {
			return nil, err
		}
	}
}

func errAnswer(what string) error {
	return fmt.Errorf("the server's answer lacks %s", what)
}
