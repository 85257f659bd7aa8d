package launcher

import (
	"encoding/json"
	"net"
	"sync"
	"time"
)

// Lease keeps a server alive for its holder: it is an open connection to the
// supervisor. A process that dies gives its leases back.
//
// Goroutine: one reader, started by newLease, ended by Close or by the end of
// the server.
type Lease struct {
	server  Server
	differs []string
	conn    *net.UnixConn
	done    chan struct{}

	mu     sync.Mutex // guards the fields below
	closed bool
	err    error
}

func newLease(conn *net.UnixConn, in *json.Decoder, s Server, differs []string) *Lease {
	l := &Lease{server: s, differs: differs, conn: conn, done: make(chan struct{})}
	go l.read(in)
	return l
}

// read waits for the end of the server, or of the lease.
func (l *Lease) read(in *json.Decoder) {
	defer close(l.done)
	defer l.conn.Close()
	gone := &GoneError{Reason: "the server's supervisor was killed, and the server with it"}
	for {
		var e event
		if err := in.Decode(&e); err != nil {
			break
		}
		if e.Gone != nil {
			gone = e.Gone
			break
		}
		if e.Failed != nil {
			gone = &GoneError{Reason: e.Failed.Cause, Advice: e.Failed.Advice}
			break
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.closed {
		l.err = gone
	}
}

// Server is the server as it was when the lease began.
func (l *Lease) Server() Server { return l.server }

// Differs names the settings in which the running server is not what the caller
// asked for: somebody else started it with another content of the profile. A
// restart gives the caller's own.
func (l *Lease) Differs() []string { return l.differs }

// Describe tells the supervisor more of the lease's holder, for Status.
func (l *Lease) Describe(c Client) error {
	line, err := json.Marshal(c)
	if err != nil {
		return err
	}
	if err := l.conn.SetWriteDeadline(time.Now().Add(writeTimeout)); err != nil {
		return err
	}
	_, err = l.conn.Write(append(line, '\n'))
	return err
}

// Done is closed when the server is gone, or the lease was closed.
func (l *Lease) Done() <-chan struct{} { return l.done }

// Err says why the server is gone, a *GoneError; nil before Done and after Close.
func (l *Lease) Err() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.err
}

// Close gives the lease back; the server stays while others hold one, and then
// for the idle time. It may be called more than once.
func (l *Lease) Close() error {
	l.mu.Lock()
	if !l.closed && l.err == nil {
		l.closed = true
	}
	l.mu.Unlock()
	l.conn.Close()
	<-l.done
	return nil
}
