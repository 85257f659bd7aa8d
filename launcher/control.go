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
// profile whose server has ended, however it ended, is not listed.
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
	for _, e := range entries {
		if !e.IsDir() || checkName(e.Name()) != nil {
			continue
		}
		s, err := status(ctx, o, e.Name())
		if errors.Is(err, ErrNotRunning) {
			continue
		}
		if err != nil {
			return servers, err
		}
		servers = append(servers, s)
	}
	return servers, nil
}

// status asks one supervisor.
func status(ctx context.Context, o Options, profile string) (Server, error) {
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	e, err := ask(ctx, o, profile, request{Op: opStatus, Client: o.Client})
	if err != nil {
		return Server{}, err
	}
	if e.Server == nil {
		return Server{}, ErrNotRunning // it has just ended
	}
	return *e.Server, nil
}

// ask sends one request and returns the first event of the answer.
func ask(ctx context.Context, o Options, profile string, req request) (event, error) {
	var e event
	conn, err := reach(ctx, o, profile)
	if err != nil {
		return e, err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	if err = json.NewEncoder(conn).Encode(req); err == nil {
		err = json.NewDecoder(conn).Decode(&e)
	}
	switch {
	case ctx.Err() != nil:
		return e, fmt.Errorf("the supervisor of profile %s does not answer: %w", profile, ctx.Err())
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
	base, err := Folder(o)
	if err != nil {
		return nil, err
	}
	if !isDir(filepath.Join(base, profile)) {
		return nil, ErrNotRunning
	}
	return openFolder(o, profile)
}

// Stop ends the server of a profile and returns when it is dead. When others
// than the caller's process hold leases it returns an *InUseError and does
// nothing, unless force is set. ErrNotRunning when there is no server.
func Stop(ctx context.Context, o Options, profile string, force bool) error {
	o = o.withDefaults()
	e, err := ask(ctx, o, profile, request{Op: opStop, Client: o.Client, Force: force})
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
