package launcher

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"sync"
	"time"
)

const (
	// requestTimeout bounds how long a caller may take to say what it wants.
	requestTimeout = 10 * time.Second
	// writeTimeout bounds how long a caller may not read.
	writeTimeout = 5 * time.Second
)

// desk answers the supervisor's socket.
//
// Goroutines: serve accepts and starts one handler a connection, which starts
// one reader while it is a lease. The hub ends, then the listener is closed and
// ctx cancelled: leases are told the end, connections that still owe a request
// are dropped, and serve returns when all handlers have.
type desk struct {
	hub   *hub
	pages *pages // nil where there is no Web UI
}

// serve accepts connections until the listener is closed.
func (d *desk) serve(ctx context.Context, l *net.UnixListener) {
	var handlers sync.WaitGroup
	defer handlers.Wait()
	for {
		conn, err := l.AcceptUnix()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil { // most likely out of file descriptors: not for ever
			if pause(ctx, poll) != nil {
				return
			}
			continue
		}
		handlers.Go(func() {
			defer conn.Close()
			defer context.AfterFunc(ctx, func() { _ = conn.SetReadDeadline(time.Unix(1, 0)) })()
			d.handle(ctx, conn)
		})
	}
}

// handle answers one connection. A connection that fails is only the caller's
// loss; nothing is reported.
func (d *desk) handle(ctx context.Context, conn *net.UnixConn) {
	if checkPeer(conn) != nil {
		return
	}
	var req request
	_ = conn.SetReadDeadline(time.Now().Add(requestTimeout))
	if json.NewDecoder(io.LimitReader(conn, mib)).Decode(&req) != nil {
		return
	}
	switch req.Op {
	case opAttach:
		d.attach(ctx, conn, req)
	case opStatus:
		s := d.hub.snapshot()
		s.Token, s.API, s.UI = "", "", d.pages.link()
		s.Memory = resident(s.PID)
		_ = send(conn, event{Server: &s})
	case opStop:
		d.stop(conn, req)
	}
}

// attach is the life of a lease: tell all there is to tell, until either side ends.
func (d *desk) attach(ctx context.Context, conn *net.UnixConn, req request) {
	id, ok := d.hub.join(req.Client)
	if !ok {
		return // the caller finds the connection closed and starts the next server
	}
	defer d.hub.leave(id)
	left := make(chan struct{})
	var reader sync.WaitGroup
	defer reader.Wait()
	defer conn.Close()
	_ = conn.SetReadDeadline(time.Time{})
	reader.Go(func() {
		defer close(left)
		d.listen(conn, id, req.Client)
	})
	t := teller{hub: d.hub, pages: d.pages, conn: conn, want: req.Profile}
	for t.tell() {
		select {
		case <-t.changed:
		case <-ctx.Done(): // the hub has ended: one more round tells it
		case <-left:
			if ctx.Err() == nil {
				return
			}
		}
	}
}

// listen hears what the holder of a lease says of itself, until it leaves. Who it
// is, it has said when it came.
func (d *desk) listen(conn *net.UnixConn, id int, holder Client) {
	in := json.NewDecoder(conn)
	for {
		told := Client{}
		if in.Decode(&told) != nil {
			break
		}
		told.PID = holder.PID
		d.hub.describe(id, told)
	}
	_, _ = io.Copy(io.Discard, conn) // what is no JSON ends no lease
}

// teller tells one lease what it has not been told yet.
type teller struct {
	hub     *hub
	pages   *pages
	conn    *net.UnixConn
	want    Profile
	told    int // phases
	ready   bool
	changed <-chan struct{} // closed when there may be more to tell
}

// tell sends what is new; false when there is nothing more to come.
func (t *teller) tell() bool {
	v := t.hub.look(t.told, t.want)
	t.changed = v.changed
	for _, p := range v.phases {
		if send(t.conn, event{Phase: &p}) != nil {
			return false
		}
	}
	t.told += len(v.phases)
	if v.server != nil && !t.ready {
		t.ready = true
		v.server.UI = t.pages.link()
		if send(t.conn, event{Server: v.server, Differs: v.differs}) != nil {
			return false
		}
	}
	if v.end != nil {
		_ = send(t.conn, *v.end)
		return false
	}
	return true
}

// stop asks for the end, unless others would lose their server, and tells it.
func (d *desk) stop(conn *net.UnixConn, req request) {
	if others := d.hub.others(req.Client.PID); len(others) > 0 && !req.Force {
		_ = send(conn, event{InUse: others})
		return
	}
	d.hub.askStop(stopOrder{GoneError{Reason: "the server was stopped by " + req.Client.describe()}, req.Drain})
	for {
		v := d.hub.look(0, req.Profile)
		if v.end != nil {
			_ = send(conn, *v.end)
			return
		}
		<-v.changed
	}
}

// send writes one event.
func send(conn *net.UnixConn, e event) error {
	b, err := json.Marshal(e)
	if err != nil {
		return err
	}
	if err := conn.SetWriteDeadline(time.Now().Add(writeTimeout)); err != nil {
		return err
	}
	_, err = conn.Write(append(b, '\n'))
	return err
}
