package launcher

import (
	"errors"
	"net"
	"syscall"

	"golang.org/x/sys/unix"
)

// maxSocketPath is the size of sun_path.
const maxSocketPath = 104

// pathOfFD has no equal on macOS.
func pathOfFD(uintptr, string) (string, bool) { return "", false }

// childAttr puts a child into a process group of its own. macOS cannot tie a
// child's life to its parent's; alive.lock still keeps a second server away.
func childAttr() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

// peerUID asks the system which user is at the other end.
func peerUID(conn *net.UnixConn) (int, error) {
	raw, err := conn.SyscallConn()
	if err != nil {
		return 0, err
	}
	var cred *unix.Xucred
	var credErr error
	err = raw.Control(func(fd uintptr) {
		cred, credErr = unix.GetsockoptXucred(int(fd), unix.SOL_LOCAL, unix.LOCAL_PEERCRED)
	})
	if err != nil {
		return 0, err
	}
	if credErr != nil {
		return 0, credErr
	}
	return int(cred.Uid), nil
}

// waitExit cannot wait without reaping on macOS: the caller's own wait does it.
func waitExit(int) {}

// yieldThread does nothing on macOS, where a thread has no priority of its own.
func yieldThread() {}

// peerPID asks the system which process is at the other end.
func peerPID(conn *net.UnixConn) (int, error) {
	raw, err := conn.SyscallConn()
	if err != nil {
		return 0, err
	}
	pid, pidErr := 0, error(nil)
	err = raw.Control(func(fd uintptr) {
		pid, pidErr = unix.GetsockoptInt(int(fd), unix.SOL_LOCAL, unix.LOCAL_PEERPID)
	})
	return pid, errors.Join(err, pidErr)
}

// portOwners is not known on macOS.
func portOwners(int) ([]int, error) { return nil, nil }

// resident is the memory that a process holds; this system tells it only to
// programs with more rights than ours.
func resident(int) int64 { return 0 }
