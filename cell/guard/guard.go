// Package guard ends process groups with this process, however it dies.
//
// The operating system can end a child with its parent (the parent's death
// signal), but not what the child has started. So a group that must not be left
// behind has a guard: a shell, half a page of memory, that waits at a pipe whose
// other end only this process holds. The pipe's end, which comes also after a
// SIGKILL, makes it kill the group.
//
// The package knows nothing of what the groups are for.
package guard

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

// script waits for a line, which says that all is well, or for the end.
const script = `trap '' HUP INT TERM; read -r _ || kill -s KILL -- "-$0"`

// Guard watches over one process group.
type Guard struct {
	group int
	cmd   *exec.Cmd
	pipe  *os.File
}

// Start starts a guard for the process group.
func Start(group int) (*Guard, error) {
	read, write, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("guard a process group: %w", err)
	}
	defer func() { _ = read.Close() }()
	cmd := exec.Command("/bin/sh", "-c", script, strconv.Itoa(group)) //nolint:noctx // it ends by the pipe
	cmd.Stdin = read
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // no signal for this process's group reaches it
	if err := cmd.Start(); err != nil {
		return nil, errors.Join(fmt.Errorf("guard a process group: %w", err), write.Close())
	}
	return &Guard{group, cmd, write}, nil
}

// Stop ends the guard and leaves the group alone. It may be called on nil.
func (g *Guard) Stop() {
	if g == nil {
		return
	}
	_, _ = g.pipe.WriteString("\n")
	_ = g.pipe.Close()
	_ = g.cmd.Wait()
}

// alive reports whether anything is left of the group.
func (g *Guard) alive() bool { return !errors.Is(unix.Kill(-g.group, 0), unix.ESRCH) }

// Set guards groups that may outlive those who started them. The zero value is
// ready.
type Set struct {
	// mu guards the field below.
	mu     sync.Mutex
	guards []*Guard
}

// Add guards a group for as long as anything is left of it. Where no guard can be
// had, the group goes without.
func (s *Set) Add(group int) {
	s.Sweep()
	g, err := Start(group)
	if err != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.guards = append(s.guards, g)
}

// Sweep ends the guards of groups that are no more. Who knows that a group has
// ended calls it.
func (s *Set) Sweep() {
	s.mu.Lock()
	var over, left []*Guard
	for _, g := range s.guards {
		if g.alive() {
			left = append(left, g)
		} else {
			over = append(over, g)
		}
	}
	s.guards = left
	s.mu.Unlock()
	for _, g := range over {
		g.Stop()
	}
}
