package worker

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// stdin makes the process's standard input ask the person. The operating system
// does not tell when somebody reads a pipe, so while a cell runs the threads of
// the process are looked at: one that is blocked in read(0) wants a line. This
// finds fmt.Scan, bufio and C code alike.
type stdin struct {
	// mu guards the fields below.
	mu    sync.Mutex
	write int // the pipe's other end, -1 after the end of input
	stop  context.CancelFunc
}

// stdinEvery is how often the threads are looked at.
const stdinEvery = 20 * time.Millisecond

func newStdin() (*stdin, error) {
	s := &stdin{write: -1}
	return s, s.renew()
}

// renew puts a fresh pipe under file descriptor 0 where the last one has ended.
func (s *stdin) renew() error {
	if s.write >= 0 {
		return nil
	}
	var fds [2]int
	if err := unix.Pipe2(fds[:], unix.O_CLOEXEC); err != nil {
		return fmt.Errorf("worker: standard input: %w", err)
	}
	defer unix.Close(fds[0])
	if err := unix.Dup3(fds[0], 0, 0); err != nil {
		return fmt.Errorf("worker: standard input: %w", err)
	}
	s.write = fds[1]
	return nil
}

// watch serves reads with ask until ctx ends. An error of ask is the end of
// input for this cell.
func (s *stdin) watch(ctx context.Context, ask func(context.Context) (string, error)) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s.mu.Lock()
	s.stop = cancel
	err := s.renew()
	s.mu.Unlock()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return
	}
	tick := time.NewTicker(stdinEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if !wanted() {
			continue
		}
		line, err := ask(ctx)
		if err != nil {
			s.end()
			return
		}
		s.feed(line + "\n")
	}
}

// interrupt ends the input of the running cell: who reads gets io.EOF.
func (s *stdin) interrupt() {
	s.mu.Lock()
	stop := s.stop
	s.mu.Unlock()
	if stop != nil {
		stop()
	}
	s.end()
}

func (s *stdin) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.write >= 0 {
		_ = unix.Close(s.write)
		s.write = -1
	}
}

// feed writes text to the pipe; what is longer than the pipe waits for readers.
func (s *stdin) feed(text string) {
	s.mu.Lock()
	fd := s.write
	s.mu.Unlock()
	for data := []byte(text); len(data) > 0 && fd >= 0; {
		n, err := unix.Write(fd, data)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return
		}
		data = data[n:]
	}
}

// wanted reports whether a thread is blocked in read(0).
func wanted() bool {
	reading := fmt.Sprintf("%d 0x0 ", unix.SYS_READ)
	calls, _ := filepath.Glob("/proc/self/task/*/syscall")
	for _, path := range calls {
		if call, err := os.ReadFile(path); err == nil && strings.HasPrefix(string(call), reading) {
			return true
		}
	}
	return false
}
