package cell

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"gospark/cell/frame"
	"gospark/cell/guard"
)

// process is one worker process. Its goroutines, all gone when done is closed:
//
//   - watch starts the process, waits for its end and then ends the others
//   - receive reads the socket; it answers what is quick itself
//   - one for each question that the worker has asked and that takes time
//   - run of the two pumps
//
// ask is called by one goroutine at a time, run by many.
type process struct {
	conn   *frame.Conn
	stdout *pump
	stderr *pump
	calls  map[string]Call
	name   func(string) string // generated names to the user's

	answers chan frame.Message // Ready and Ack, for the one who waits
	ended   chan struct{}      // the process has ended
	done    chan struct{}      // and nothing of it is left
	status  syscall.WaitStatus // set before ended is closed
	pid     int                // set before start returns
	runs    runs
	comms   comms

	obituary sync.Once   // guards the field below
	death    *WorkerDied // once somebody asked
}

// command describes the process to start.
type command struct {
	worker string
	dir    string
	env    []string
	calls  map[string]Call
	name   func(string) string
}

// start starts the worker and waits until it is ready.
func start(ctx context.Context, c command) (*process, error) {
	p := &process{
		calls: c.calls, name: c.name,
		answers: make(chan frame.Message, 1),
		ended:   make(chan struct{}), done: make(chan struct{}),
	}
	p.runs.init()
	p.comms.init()
	files, err := p.connect()
	if err != nil {
		return nil, fmt.Errorf("start the Go process: %w", err)
	}
	cmd := exec.Command(c.worker) //nolint:noctx // the worker outlives the cell that starts it; Close ends it
	cmd.Dir, cmd.Env = c.dir, c.env
	cmd.Stdout, cmd.Stderr, cmd.ExtraFiles = files[1], files[2], files[:1]
	// A group of its own ends with all that the cells started, by its guard also
	// when the kernel is killed. The kernel's death ends the worker even when it
	// does not look at its socket.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	started := make(chan error)
	go p.watch(cmd, started)
	err = <-started
	for _, f := range files {
		_ = f.Close()
	}
	if err != nil {
		<-p.done
		return nil, fmt.Errorf("start the Go process: %w", err)
	}
	if _, err := p.answer(ctx); err != nil {
		p.kill()
		<-p.done
		if errors.Is(err, errEnded) {
			reason, _ := p.reason()
			err = fmt.Errorf("the Go process does not start: %s", reason)
		}
		return nil, err
	}
	return p, nil
}

// connect makes the socket and the pipes; it returns the worker's ends: socket,
// standard output, standard error.
func (p *process) connect() (files []*os.File, err error) {
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	files = append(files, os.NewFile(uintptr(pair[1]), "worker socket"))
	if err := unix.SetNonblock(pair[0], true); err != nil {
		return nil, err
	}
	p.conn = frame.NewConn(os.NewFile(uintptr(pair[0]), "kernel socket"))
	order := &sync.Mutex{}
	for _, stream := range []struct {
		pump **pump
		emit func(Output, string)
	}{{&p.stdout, Output.Stdout}, {&p.stderr, Output.Stderr}} {
		read, write, err := newPump(order, func(text string) {
			if r := p.runs.owner(); r != nil {
				stream.emit(r.out, text)
			}
		}, func() { _ = p.conn.Send(frame.Ping{}) })
		if err != nil {
			return nil, err
		}
		*stream.pump = read
		files = append(files, write)
	}
	return files, nil
}

// watch is the process's life. The operating system ties the parent's death
// signal to the thread that started the process, so the thread stays.
func (p *process) watch(cmd *exec.Cmd, started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer close(p.done)
	err := cmd.Start()
	if err != nil {
		close(p.ended)
		p.stdout.close()
		p.stderr.close()
		_ = p.conn.Close()
		started <- err
		return
	}
	p.pid = cmd.Process.Pid
	ctx, cancel := context.WithCancel(context.Background())
	var group sync.WaitGroup
	group.Go(func() { p.receive(ctx, &group) })
	group.Go(func() { p.stdout.run(p.ended) })
	group.Go(func() { p.stderr.run(p.ended) })
	started <- nil
	// Where there is no guard, the death signal still ends the worker itself.
	guarded, _ := guard.Start(p.pid)
	defer guarded.Stop()

	// Until it is waited for, its number cannot be another process's.
	for unix.Waitid(unix.P_PID, p.pid, nil, unix.WEXITED|unix.WNOWAIT, nil) == unix.EINTR {
	}
	p.kill()
	_ = cmd.Wait()
	p.status, _ = cmd.ProcessState.Sys().(syscall.WaitStatus)
	cancel()
	p.stdout.drain()
	p.stderr.catchUp()
	close(p.ended)
	p.stdout.close()
	p.stderr.close()
	_ = p.conn.Close()
	group.Wait()
	p.comms.close()
}

// kill ends the process and all that it started.
func (p *process) kill() { _ = unix.Kill(-p.pid, unix.SIGKILL) }

func (p *process) alive() bool {
	select {
	case <-p.ended:
		return false
	default:
		return true
	}
}

// closeGrace is how long a worker may take to notice that its kernel has gone.
const closeGrace = 500 * time.Millisecond

// close ends the process and returns when nothing of it is left.
func (p *process) close() {
	_ = p.conn.Close()
	timer := time.NewTimer(closeGrace)
	defer timer.Stop()
	select {
	case <-p.done:
	case <-timer.C:
		if p.alive() {
			p.kill()
		}
		<-p.done
	}
}

// drain hands on the text that the worker wrote before the call.
func (p *process) drain() {
	p.stdout.drain()
	p.stderr.drain()
}

// errEnded means that the process ended before it answered.
var errEnded = errors.New("the Go process has ended")

// answer waits for the answer to the one request under way.
func (p *process) answer(ctx context.Context) (frame.Message, error) {
	select {
	case m := <-p.answers:
		return m, nil
	case <-p.ended:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	select {
	case m := <-p.answers: // its last word
		return m, nil
	default:
		return nil, errEnded
	}
}

// ask sends a Load or a Chdir and waits until it is done. It does not end
// before the worker has answered, or the answers would no longer belong to
// their questions; neither takes long.
func (p *process) ask(m frame.Message) (time.Duration, error) {
	if err := p.conn.Send(m); err != nil {
		return 0, errEnded
	}
	answer, err := p.answer(context.Background())
	if err != nil {
		return 0, err
	}
	ack, ok := answer.(frame.Ack)
	if !ok {
		return 0, fmt.Errorf("the worker answered %T to %T", answer, m)
	}
	if ack.Error != "" {
		return ack.Took, errors.New(ack.Error)
	}
	return ack.Took, nil
}
