package connect

import (
	"context"
	"fmt"
	"sync"

	"github.com/google/uuid"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	"gospark/sparkclient"
	"gospark/sparkclient/connect/pb"
)

// Session is one server-side session: a [sparkclient.Engine]. Its methods may be
// called from several goroutines.
//
// When the server loses the session (it was restarted, or the session expired),
// every request that was meant for it fails with [sparkclient.ErrSessionLost];
// requests after that begin a new, empty one, under another id where the server
// does not take the old one again.
type Session struct {
	link *link

	mu     sync.Mutex // guards the fields below
	now    identity
	closed bool
}

var _ sparkclient.Engine = (*Session)(nil)

// identity is what a request says of its session.
type identity struct {
	id       string  // session id
	observed *string // the server's own id of the session, once it was seen
	user     *pb.UserContext
	client   *string // client type
}

// Open makes a session on the server of o. Nothing is sent before the first
// request, so that a server which does not answer is noticed there.
func Open(o Options) (*Session, error) {
	o, err := o.check()
	if err != nil {
		return nil, err
	}
	l, err := newLink(o)
	if err != nil {
		return nil, err
	}
	return newSession(l, o.SessionID), nil
}

func newSession(l *link, id string) *Session {
	client := l.options.clientType()
	user := &pb.UserContext{UserId: l.options.UserID, UserName: l.options.UserID}
	return &Session{link: l, now: identity{id: id, user: user, client: &client}}
}

// SessionID is the id of the server-side session.
func (s *Session) SessionID() string { return s.identity().id }

// Options are those the session was opened with, completed, and with its
// present id: another client that opens them shares the session.
func (s *Session) Options() Options {
	o := s.link.options
	o.SessionID = s.SessionID()
	return o
}

// NewSession is another, empty session on the same connection.
func (s *Session) NewSession() sparkclient.Engine {
	other := newSession(s.link, uuid.NewString())
	other.closed = !s.link.retain()
	return other
}

// CloneSession is another session on the same connection that begins with this
// one's configuration, temporary views and functions.
func (s *Session) CloneSession(ctx context.Context) (sparkclient.Engine, error) {
	id := uuid.NewString()
	response, err := call(ctx, s, s.link.stub.CloneSession, func(me identity) *pb.CloneSessionRequest {
		return &pb.CloneSessionRequest{
			SessionId: me.id, ClientObservedServerSideSessionId: me.observed, UserContext: me.user, ClientType: me.client,
			NewSessionId: &id,
		}
	})
	if err != nil {
		return nil, fmt.Errorf("clone the session: %w", err)
	}
	if !s.link.retain() {
		return nil, errClosed
	}
	clone := newSession(s.link, response.GetNewSessionId())
	clone.now.observed = observed(response.GetNewServerSideSessionId())
	return clone, nil
}

// Release ends the session on the server and lets go of the connection.
func (s *Session) Release(ctx context.Context) error {
	if !s.close() {
		return nil
	}
	me := s.identity()
	_, err := s.link.stub.ReleaseSession(ctx, &pb.ReleaseSessionRequest{SessionId: me.id, UserContext: me.user, ClientType: me.client})
	if err != nil {
		err = fmt.Errorf("release the session: %w", s.explain(ctx, me, err))
	}
	if closeErr := s.link.close(); err == nil && closeErr != nil {
		err = fmt.Errorf("close the connection: %w", closeErr)
	}
	return err
}

// Close lets go of the connection and leaves the session to the server, for
// others who share it.
func (s *Session) Close() error {
	if !s.close() {
		return nil
	}
	return s.link.close()
}

// close says whether the session was open.
func (s *Session) close() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	was := !s.closed
	s.closed = true
	return was
}

func (s *Session) identity() identity {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

// open is identity for a new request.
func (s *Session) open() (identity, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return identity{}, errClosed
	}
	return s.now, nil
}

// observe takes note of the server's own session id in an answer to a request
// of me. Another id than before means a new session behind the old name.
func (s *Session) observe(me identity, serverSide string) error {
	if serverSide == "" {
		return nil // engines other than Spark
	}
	if me.observed == nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.now.id == me.id && s.now.observed == nil {
			s.now.observed = &serverSide
		}
		return nil
	}
	if *me.observed != serverSide {
		s.lose(me, false)
		return fmt.Errorf("%w: the server was restarted", sparkclient.ErrSessionLost)
	}
	return nil
}

// lose forgets the session that me spoke of, unless that happened already.
func (s *Session) lose(me identity, renamed bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.now.id != me.id || s.now.observed != me.observed {
		return
	}
	s.now.observed = nil
	if renamed {
		s.now.id = uuid.NewString()
	}
}

// observed is the optional form of a server-side session id.
func observed(serverSide string) *string {
	if serverSide == "" {
		return nil
	}
	return &serverSide
}

// answer is what all responses have in common.
type answer interface {
	GetServerSideSessionId() string
}

// call sends one request, again where that helps, and checks the answer.
func call[Req proto.Message, Rep answer](
	ctx context.Context, s *Session,
	rpc func(context.Context, Req, ...grpc.CallOption) (Rep, error),
	request func(identity) Req,
) (Rep, error) {
	var response Rep
	me, err := s.open()
	if err != nil {
		return response, err
	}
	err = s.link.attempts().do(ctx, func() (err error) {
		response, err = rpc(ctx, request(me))
		return err
	})
	if err != nil {
		return response, s.explain(ctx, me, err)
	}
	return response, s.observe(me, response.GetServerSideSessionId())
}
