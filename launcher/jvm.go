package launcher

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"syscall"
	"time"
)

// jvm is one running server process.
//
// Goroutines, all started by startJVM and ended by the end of the process:
//   - run starts the process and reaps it. It keeps its thread, because the
//     system kills the child when the thread that started it ends.
//   - read hands the process's output, line by line, to the caller's function.
type jvm struct {
	pid  int
	done chan struct{}    // closed when the process is dead and its output read
	exit *os.ProcessState // valid after done
}

// outputGrace is how long the output may stay open after the process's death:
// a stray child could hold it for ever.
const outputGrace = 2 * time.Second

// startJVM starts the command with its output going to line. lock is handed to
// the process, so that it stays held for as long as the process lives.
func startJVM(c command, lock *os.File, line func([]byte)) (*jvm, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("make a pipe for the server's output: %w", err)
	}
	cmd := exec.Command(c.path, c.args...) //nolint:noctx // ended by terminate, with a grace
	cmd.Env, cmd.Dir = c.env, c.dir
	cmd.Stdout, cmd.Stderr = w, w
	cmd.ExtraFiles = []*os.File{lock}
	cmd.SysProcAttr = childAttr()

	j := &jvm{done: make(chan struct{})}
	started := make(chan error, 1)
	var reading sync.WaitGroup
	reading.Go(func() { read(r, line) })
	go j.run(cmd, started, c.idle, func() {
		w.Close()
	}, func() {
		_ = r.SetReadDeadline(time.Now().Add(outputGrace))
		reading.Wait()
		r.Close()
	})
	if err := <-started; err != nil {
		<-j.done
		return nil, err
	}
	return j, nil
}

// run is the life of the process.
func (j *jvm) run(cmd *exec.Cmd, started chan<- error, idle bool, afterStart, afterExit func()) {
	runtime.LockOSThread() // for good: the thread ends with this goroutine
	if idle {
		yieldThread() // the child inherits it
	}
	defer close(j.done)
	err := cmd.Start()
	afterStart()
	if err == nil {
		j.pid = cmd.Process.Pid
	}
	started <- err
	if err == nil {
		waitExit(j.pid)
		_ = syscall.Kill(-j.pid, syscall.SIGKILL) // what it left behind; not reaped yet, so the number is still its own
		_ = cmd.Wait()
		j.exit = cmd.ProcessState
	}
	afterExit()
}

// maxLine bounds how much of a line is kept together.
const maxLine = 64 << 10

// read hands lines, without their ends, to line until the input ends.
func read(r *os.File, line func([]byte)) {
	in := bufio.NewReaderSize(r, maxLine)
	for {
		text, err := in.ReadSlice('\n')
		if len(text) > 0 {
			line(trimEnd(text))
		}
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return
		}
	}
}

func trimEnd(b []byte) []byte {
	for len(b) > 0 && (b[len(b)-1] == '\n' || b[len(b)-1] == '\r') {
		b = b[:len(b)-1]
	}
	return b
}

// terminate asks the process to end and, after the grace or at the end of ctx,
// kills its group. It returns when the process is dead.
func (j *jvm) terminate(ctx context.Context, grace time.Duration) {
	j.signal(syscall.SIGTERM)
	t := time.NewTimer(grace)
	defer t.Stop()
	select {
	case <-j.done:
		return
	case <-t.C:
	case <-ctx.Done():
	}
	j.signal(syscall.SIGKILL)
	<-j.done
}

// signal sends to the process group unless the process is dead already.
func (j *jvm) signal(sig syscall.Signal) {
	select {
	case <-j.done:
	default:
		_ = syscall.Kill(-j.pid, sig)
	}
}
