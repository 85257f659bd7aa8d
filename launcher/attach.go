package launcher

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// attempts bounds how often a caller that lost its supervisor before the server
// was ready tries again.
const attempts = 10

// answerWait bounds how long a supervisor may say nothing to a new caller.
const answerWait = 30 * time.Second

// restartAdvice is what helps with a server that cannot be used.
const restartAdvice = "`gospark server stop -f` and start it again"

// errLost says that the supervisor went away before the server was ready.
var errLost = errors.New("the server's supervisor went away")

// Attach returns a lease on the server of the profile and starts the server
// when none runs; however many call at once, there is one server. phase, which
// may be nil, is called for each step while the server starts, also when
// somebody else started it.
//
// Errors: *StartError when the server does not start, *FolderError or
// *PeerError when the state folder cannot be trusted, ctx's error. When ctx
// ends, a start that has begun goes on, and the next call finds the server.
func Attach(ctx context.Context, o Options, p Profile, phase func(Phase)) (*Lease, error) {
	o, p = o.withDefaults(), p.withDefaults()
	if err := p.check(); err != nil {
		return nil, err
	}
	if phase == nil {
		phase = func(Phase) {}
	}
	f, err := openFolder(o, p.Name)
	if err != nil {
		return nil, err
	}
	defer f.close()
	a := attacher{options: o, profile: p, folder: f, phase: phase, began: time.Now()}
	for range attempts {
		lease, err := a.attach(ctx)
		if !errors.Is(err, errLost) {
			return lease, err
		}
		if err := pause(ctx, poll); err != nil {
			return nil, err
		}
	}
	return nil, &StartError{
		Cause: "its supervisor went away each time it was started", LogPath: f.file(supervisorLog),
		LogTail: strings.Split(a.supervisorSays(), "\n"),
	}
}

// attacher is one call of Attach.
type attacher struct {
	options Options
	profile Profile
	folder  *folder
	phase   func(Phase)
	began   time.Time
}

// attach makes one attempt.
func (a *attacher) attach(ctx context.Context) (*Lease, error) {
	conn, err := a.connect(ctx)
	if err != nil {
		return nil, err
	}
	// A read cannot be given up otherwise.
	keep := context.AfterFunc(ctx, func() { conn.Close() })
	lease, err := a.join(conn)
	if keep() && err == nil {
		return lease, nil
	}
	if lease != nil {
		_ = lease.Close()
	}
	conn.Close()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return nil, err
}

// join asks for a lease and waits until the server is ready.
func (a *attacher) join(conn *net.UnixConn) (*Lease, error) {
	req := request{Op: opAttach, Client: a.options.Client, Profile: a.profile}
	if err := json.NewEncoder(conn).Encode(req); err != nil {
		return nil, errLost
	}
	in := json.NewDecoder(conn)
	// A supervisor has something to say at once; after that only Spark's pace counts.
	_ = conn.SetReadDeadline(time.Now().Add(min(answerWait, a.options.Stall)))
	for {
		var e event
		err := in.Decode(&e)
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return nil, a.hung(conn)
		}
		if err != nil {
			return nil, errLost
		}
		_ = conn.SetReadDeadline(time.Time{})
		switch {
		case e.Phase != nil:
			a.phase(*e.Phase)
		case e.Failed != nil:
			return nil, e.Failed
		case e.Gone != nil: // it was stopped while it started
			return nil, &StartError{Cause: e.Gone.Reason, Advice: e.Gone.Advice}
		case e.Server != nil:
			if !listens(e.Server.Address) {
				return nil, a.awaitEnd(conn, in, e.Server.Address)
			}
			if err := ownPort(e.Server.Address); err != nil {
				return nil, &StartError{Cause: err.Error(), Advice: restartAdvice}
			}
			return newLease(conn, in, *e.Server, e.Differs), nil
		}
	}
}

// listens reports whether something takes connections at an address of this
// machine. What is too busy to say so in time does, too.
func listens(address string) bool {
	conn, err := net.DialTimeout("tcp", address, connectWait) //nolint:noctx // the loopback answers at once
	if err == nil {
		conn.Close()
	}
	return !errors.Is(err, syscall.ECONNREFUSED)
}

// awaitEnd waits until a supervisor notices that the server, which it has just
// handed out, is dead; errLost then.
func (a *attacher) awaitEnd(conn *net.UnixConn, in *json.Decoder, address string) error {
	_ = conn.SetReadDeadline(time.Now().Add(min(answerWait, a.options.Stall)))
	for {
		var e event
		err := in.Decode(&e)
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return &StartError{Cause: "the server runs but no longer listens at " + address, Advice: restartAdvice, LogPath: a.folder.file(logName)}
		}
		if err != nil || e.Gone != nil {
			return errLost
		}
	}
}

// hung explains a supervisor that accepts and does not answer.
func (a *attacher) hung(conn *net.UnixConn) error {
	who := "the server's supervisor"
	if pid, err := peerPID(conn); err == nil {
		who += fmt.Sprintf(" (process %d)", pid)
	}
	return &StartError{
		Cause: who + " does not answer", Advice: "end it with `gospark server stop --force --profile " + a.profile.Name + "`",
		LogPath: a.folder.file(supervisorLog),
	}
}

// connect returns a connection to the supervisor, which it starts if there is none.
func (a *attacher) connect(ctx context.Context) (*net.UnixConn, error) {
	if conn, err := a.dial(ctx); conn != nil || err != nil {
		return conn, err
	}
	lock, err := a.folder.lock(ctx, startLock)
	if err != nil {
		return nil, err
	}
	defer lock.Close()
	waiting := false
	for {
		if conn, err := a.dial(ctx); conn != nil || err != nil {
			return conn, err
		}
		held, err := a.folder.held(aliveLock)
		if err != nil {
			return nil, err
		}
		if !held {
			return a.launch(ctx)
		}
		if !waiting {
			waiting = true
			a.phase(Phase{Text: "Waiting for the last server to end", Elapsed: time.Since(a.began)})
		}
		if err := pause(ctx, poll); err != nil {
			return nil, err
		}
	}
}

// dial connects; no connection and no error means that nobody listens.
func (a *attacher) dial(ctx context.Context) (*net.UnixConn, error) {
	conn, err := a.folder.dial(ctx)
	switch {
	case err == nil:
		return conn, nil
	case errors.Is(err, os.ErrNotExist), errors.Is(err, syscall.ECONNREFUSED):
		return nil, nil
	case errors.Is(err, syscall.EAGAIN): // more callers at once than the socket queues
		return nil, errLost
	case ctx.Err() != nil:
		return nil, ctx.Err()
	default:
		return nil, fmt.Errorf("connect to the server's supervisor: %w", err)
	}
}

// launch starts a supervisor and waits until it answers. start.lock is held.
func (a *attacher) launch(ctx context.Context) (*net.UnixConn, error) {
	cmd, err := a.supervisor()
	if err != nil {
		return nil, err
	}
	log, err := a.folder.root.OpenFile(supervisorLog, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the supervisor's log: %w", err)
	}
	cmd.Stdout, cmd.Stderr = log, log
	err = cmd.Start()
	log.Close()
	if err != nil {
		return nil, &StartError{Cause: fmt.Sprintf("the supervisor %s cannot be started: %v", cmd.Path, err)}
	}
	ended := make(chan struct{})
	go func() { // reaps it, however long it outlives this call
		defer close(ended)
		_ = cmd.Wait()
	}()
	for {
		if conn, err := a.dial(ctx); conn != nil || err != nil {
			return conn, err
		}
		select {
		case <-ended:
			return nil, a.stillborn(cmd)
		default:
		}
		if err := pause(ctx, poll); err != nil {
			return nil, err
		}
	}
}

// stillborn explains a supervisor that ended before it answered: it could not
// even open its socket.
func (a *attacher) stillborn(cmd *exec.Cmd) error {
	if held, err := a.folder.held(aliveLock); err == nil && held {
		return errLost // another one was first
	}
	if !cmd.ProcessState.Exited() || cmd.ProcessState.Success() {
		return errLost // it was killed, or stopped, before this caller reached it
	}
	said := a.supervisorSays()
	cause := "the supervisor ended at once"
	if said != "" {
		cause += ": " + firstLineOf(said)
	}
	advice := ""
	if strings.Contains(said, syscall.ENOSPC.Error()) {
		advice = "free some space on the disk"
	}
	return &StartError{Cause: cause, Advice: advice, LogTail: strings.Split(said, "\n"), LogPath: a.folder.file(supervisorLog)}
}

func (a *attacher) supervisorSays() string {
	b, err := a.folder.root.ReadFile(supervisorLog)
	if err != nil {
		return ""
	}
	const limit = 8 << 10
	return strings.TrimSpace(string(b[max(0, len(b)-limit):]))
}

func firstLineOf(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

// supervisor is the command of the supervisor: in a session of its own, so that
// neither the terminal nor the front end ends it; the profile on its standard
// input, so that no secret is on the command line.
func (a *attacher) supervisor() (*exec.Cmd, error) {
	argv := a.options.Command
	if argv == nil {
		exe, err := os.Executable()
		if err != nil {
			return nil, fmt.Errorf("find gospark's own program: %w", err)
		}
		argv = []string{exe, "server", "run", "--profile", a.profile.Name}
	}
	base, err := Folder(a.options)
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(launch{Profile: a.profile, Options: launchOptions{
		RuntimeDir: base, Prefixes: a.options.Prefixes, Stall: a.options.Stall, Starter: a.options.Client.PID, Version: a.options.Version,
	}})
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(argv[0], argv[1:]...) //nolint:noctx // it outlives the caller
	cmd.Env = withEnv(a.options.Env, map[string]string{launchEnv: "1"})
	cmd.Dir = "/"
	cmd.Stdin = bytes.NewReader(append(text, '\n'))
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	return cmd, nil
}
