package launcher

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// answerTimeout bounds how long a supervisor may take to say how it is.
const answerTimeout = 5 * time.Second

// Status returns the servers of this user, by profile; tokens are left out. A
// profile whose server has ended, however it ended, is not listed. An error may
// come beside servers: it is about others.
func Status(ctx context.Context, o Options) ([]Server, error) {
	o = o.withDefaults()
	base, err := Folder(o)
	if err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(base)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look into the state folder: %w", err)
	}
	var servers []Server
	var errs []error
	for _, e := range entries {
		if !e.IsDir() || CheckName(e.Name()) != nil {
			continue
		}
		s, err := status(ctx, o, e.Name())
		if errors.Is(err, ErrNotRunning) {
			continue
		}
		if err != nil {
			errs = append(errs, err)
			continue
		}
		servers = append(servers, s)
	}
	return servers, errors.Join(errs...)
}

// status asks one supervisor.
func status(ctx context.Context, o Options, profile string) (Server, error) {
	e, err := ask(ctx, o, profile, request{Op: opStatus, Client: o.Client})
	if err != nil {
		return Server{}, err
	}
	if e.Server == nil {
		return Server{}, ErrNotRunning // it has just ended
	}
	return *e.Server, nil
}

// HungError says that a supervisor is there and does not answer.
type HungError struct {
	Profile string
	PID     int // of the supervisor; 0 when the system does not say
}

// Error names the process.
func (e *HungError) Error() string {
	return fmt.Sprintf("the supervisor of profile %s (process %d) does not answer", e.Profile, e.PID)
}

// ask sends one request and returns the first event of the answer; *HungError
// when there is none.
func ask(ctx context.Context, o Options, profile string, req request) (event, error) {
	var e event
	conn, err := reach(ctx, o, profile)
	if err != nil {
		return e, err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	_ = conn.SetDeadline(time.Now().Add(min(answerTimeout, o.Stall) + req.Drain))
	if err = json.NewEncoder(conn).Encode(req); err == nil {
		err = json.NewDecoder(conn).Decode(&e)
	}
	switch {
	case ctx.Err() != nil:
		return e, ctx.Err()
	case errors.Is(err, os.ErrDeadlineExceeded):
		pid, _ := peerPID(conn)
		return e, &HungError{Profile: profile, PID: pid}
	case err != nil:
		return e, ErrNotRunning // it ended while it was asked
	}
	return e, nil
}

// reach connects to the supervisor of a profile; ErrNotRunning when there is none.
func reach(ctx context.Context, o Options, profile string) (*net.UnixConn, error) {
	f, err := openExisting(o, profile)
	if err != nil {
		return nil, err
	}
	defer f.close()
	conn, err := f.dial(ctx)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ECONNREFUSED) {
		return nil, ErrNotRunning
	}
	return conn, err
}

// openExisting opens a profile's folder without making it.
func openExisting(o Options, profile string) (*folder, error) {
	if profile == "" {
		profile = DefaultProfile
	}
	if err := CheckName(profile); err != nil {
		return nil, err
	}
	base, err := Folder(o)
	if err != nil {
		return nil, err
	}
	if !isDir(filepath.Join(base, profile)) {
		return nil, ErrNotRunning
	}
	return openFolder(o, profile)
}

// DefaultDrain is how long running jobs may go on when a server is stopped.
const DefaultDrain = 10 * time.Second

// Stop ends the server of a profile and returns when it is dead. Jobs that run
// may go on for the time of drain. When others
// than the caller's process hold leases it returns an *InUseError and does
// nothing, unless force is set. ErrNotRunning when there is no server. A
// supervisor that does not answer is a *HungError; with force it is killed, and
// the server with it.
func Stop(ctx context.Context, o Options, profile string, force bool, drain time.Duration) error {
	o = o.withDefaults()
	e, err := ask(ctx, o, profile, request{Op: opStop, Client: o.Client, Force: force, Drain: drain})
	var hung *HungError
	if errors.As(err, &hung) && force && hung.PID > 1 {
		// The system named the process that holds the socket, and it is our own.
		err = syscall.Kill(hung.PID, syscall.SIGKILL)
	}
	if err != nil {
		return err
	}
	if e.InUse != nil {
		return &InUseError{Clients: e.InUse}
	}
	f, err := openExisting(o, profile)
	if err != nil {
		return err
	}
	defer f.close()
	lock, err := f.lock(ctx, aliveLock)
	if err != nil {
		return fmt.Errorf("wait for the end of the server: %w", err)
	}
	return lock.Close()
}
