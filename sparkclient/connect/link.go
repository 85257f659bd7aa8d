package connect

import (
	"context"
	"errors"
	"sync"
	"time"

	"google.golang.org/grpc"

	"gospark/sparkclient/connect/pb"
)

// detachedLimit bounds requests that must be sent although the context that
// caused them has ended: interrupts and releases.
const detachedLimit = 10 * time.Second

// closeLimit is how long the end of a connection waits for such requests.
const closeLimit = 2 * time.Second

// errClosed is what a session that was released says.
var errClosed = errors.New("the Spark session was closed here")

// link is one connection that sessions share.
//
// Its goroutines, apart from gRPC's, are the detached requests: each is started
// by detach, ends with its request (at most detachedLimit) and is waited for by
// the last close.
type link struct {
	options Options
	conn    *grpc.ClientConn
	stub    pb.SparkConnectServiceClient
	base    context.Context // the values of detached requests; ends with the connection
	cancel  context.CancelFunc

	mu   sync.Mutex // guards the fields below
	refs int
	wait sync.WaitGroup // Add only while refs > 0
}

func newLink(o Options, extra ...grpc.DialOption) (*link, error) {
	conn, err := dial(o, extra...)
	if err != nil {
		return nil, err
	}
	base, cancel := context.WithCancel(context.Background())
	return &link{options: o, conn: conn, stub: pb.NewSparkConnectServiceClient(conn), base: base, cancel: cancel, refs: 1}, nil
}

// retain lets one more session use the connection, unless it is closed.
func (l *link) retain() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.refs == 0 {
		return false
	}
	l.refs++
	return true
}

// close lets go of the connection; the last user closes it.
func (l *link) close() error {
	l.mu.Lock()
	l.refs--
	last := l.refs == 0
	l.mu.Unlock()
	if !last {
		return nil
	}
	timer := time.AfterFunc(closeLimit, l.cancel)
	l.wait.Wait()
	timer.Stop()
	l.cancel()
	return l.conn.Close()
}

// detach runs f beside the caller with a context that survives the caller's;
// it does not when the connection is closed.
func (l *link) detach(f func(context.Context)) (running bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.refs == 0 {
		return false
	}
	l.wait.Go(func() {
		ctx, cancel := context.WithTimeout(l.base, detachedLimit)
		defer cancel()
		f(ctx)
	})
	return true
}

// attempts begins the retries of one request.
func (l *link) attempts() *attempts { return &attempts{patience: l.options.Patience} }
