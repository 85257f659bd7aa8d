package launcher

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// maxSocketPath is the size of sun_path.
const maxSocketPath = 108

// pathOfFD names a file below an open directory by a short path.
func pathOfFD(fd uintptr, name string) (string, bool) {
	return path.Join(fmt.Sprintf("/proc/self/fd/%d", fd), name), true
}

// childAttr puts a child into a process group of its own and has the system
// kill it when the thread that started it ends.
func childAttr() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// peerUID asks the system which user is at the other end.
func peerUID(conn *net.UnixConn) (int, error) {
	cred, err := peer(conn)
	if err != nil {
		return 0, err
	}
	return int(cred.Uid), nil
}

// peerPID asks the system which process listens, or listened, at the other end.
func peerPID(conn *net.UnixConn) (int, error) {
	cred, err := peer(conn)
	if err != nil {
		return 0, err
	}
	return int(cred.Pid), nil
}

func peer(conn *net.UnixConn) (*unix.Ucred, error) {
	raw, err := conn.SyscallConn()
	if err != nil {
		return nil, err
	}
	var cred *unix.Ucred
	var credErr error
	err = raw.Control(func(fd uintptr) {
		cred, credErr = unix.GetsockoptUcred(int(fd), unix.SOL_SOCKET, unix.SO_PEERCRED)
	})
	return cred, errors.Join(err, credErr)
}

// waitExit waits for a child's end without reaping it.
func waitExit(pid int) {
	for {
		err := unix.Waitid(unix.P_PID, pid, nil, unix.WEXITED|unix.WNOWAIT, nil)
		if err != unix.EINTR { //nolint:errorlint // a bare errno
			return
		}
	}
}

// yieldThread makes this thread, and the processes it starts, run only when
// nothing else wants the processor. It is a courtesy: failing is no error.
func yieldThread() {
	_ = unix.SchedSetAttr(0, &unix.SchedAttr{Size: unix.SizeofSchedAttr, Policy: unix.SCHED_IDLE}, 0)
}

// portOwners lists the users who listen on a TCP port of this machine, as the
// system's tables have it (proc(5), /proc/net/tcp).
func portOwners(port int) ([]int, error) {
	const listening, stateAt, localAt, uidAt = "0A", 3, 1, 7
	var out []int
	for _, table := range []string{"/proc/self/net/tcp", "/proc/self/net/tcp6"} {
		b, err := os.ReadFile(table)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		for line := range strings.Lines(string(b)) {
			f := strings.Fields(line)
			if len(f) <= uidAt || f[stateAt] != listening {
				continue
			}
			_, hex, _ := strings.Cut(f[localAt], ":")
			if n, err := strconv.ParseInt(hex, 16, 32); err != nil || int(n) != port {
				continue
			}
			if uid, err := strconv.Atoi(f[uidAt]); err == nil {
				out = append(out, uid)
			}
		}
	}
	return out, nil
}

// resident is the memory that a process holds, in bytes, as the system's table
// has it (proc(5), /proc/PID/statm); 0 where it cannot be read.
func resident(pid int) int64 {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if f := strings.Fields(string(b)); err == nil && len(f) > 1 {
		pages, _ := strconv.ParseInt(f[1], 10, 64)
		return pages * int64(os.Getpagesize())
	}
	return 0
}
