package zmq

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

var errOwner = errors.New("the owner of the peer's socket is not to be found")

// ownerCheck refuses peers on this machine that belong to another user. Root is
// nobody else's user anyway and passes. Peers on other machines pass too: who
// listens beyond loopback wants them, and the messages are signed.
type ownerCheck bool

func (on ownerCheck) check(c net.Conn) error {
	if !on {
		return nil
	}
	uid, known, err := peerUID(c)
	if err != nil || !known {
		return err
	}
	if me := os.Getuid(); uid != me && uid != 0 {
		return fmt.Errorf("the peer belongs to user %d, the kernel to user %d", uid, me)
	}
	return nil
}

// peerUID finds out who owns the other end, where it is on this machine.
func peerUID(c net.Conn) (uid int, known bool, err error) {
	switch c := c.(type) {
	case *net.UnixConn:
		uid, err = unixUID(c)
		return uid, true, err
	case *net.TCPConn:
		local, remote := c.LocalAddr().(*net.TCPAddr), c.RemoteAddr().(*net.TCPAddr)
		if !remote.IP.IsLoopback() {
			return 0, false, nil
		}
		return tcpUID(local, remote)
	}
	return 0, false, nil
}

func unixUID(c *net.UnixConn) (int, error) {
	raw, err := c.SyscallConn()
	if err != nil {
		return 0, err
	}
	var cred *unix.Ucred
	var inner error
	err = raw.Control(func(fd uintptr) {
		cred, inner = unix.GetsockoptUcred(int(fd), unix.SOL_SOCKET, unix.SO_PEERCRED)
	})
	if err = errors.Join(err, inner); err != nil {
		return 0, fmt.Errorf("read the peer's owner: %w", err)
	}
	return int(cred.Uid), nil
}

// tcpUID looks up who owns the remote end of one of our connections: by a
// question, else in the kernel's tables. known is false where they are missing or
// do not even list our own end, as in some sandboxes.
func tcpUID(local, remote *net.TCPAddr) (uid int, known bool, err error) {
	if uid, found := diagTCP(remote, local); found {
		return uid, true, nil
	}
	if uid, found := lookTCP(remote, local); found {
		return uid, true, nil
	}
	if _, found := lookTCP(local, remote); found {
		return 0, true, errOwner
	}
	return 0, false, nil
}

// lookTCP looks a connection up in the kernel's tables.
func lookTCP(local, remote *net.TCPAddr) (uid int, found bool) {
	for _, name := range [...]string{"/proc/net/tcp", "/proc/net/tcp6"} {
		f, err := os.Open(name)
		if err != nil {
			continue
		}
		uid, found = scanTCP(bufio.NewScanner(f), tableAddr(local, name), tableAddr(remote, name))
		_ = f.Close()
		if found {
			return uid, true
		}
	}
	return 0, false
}

// scanTCP finds the row of a connection; columns 1, 2 and 7 are the local and
// the remote address and the owner.
func scanTCP(rows *bufio.Scanner, local, remote string) (uid int, found bool) {
	for rows.Scan() {
		f := strings.Fields(rows.Text())
		if len(f) > 7 && f[1] == local && f[2] == remote {
			uid, err := strconv.Atoi(f[7])
			return uid, err == nil
		}
	}
	return 0, false
}

// tableAddr writes an address as the table does: 32-bit words in the machine's
// byte order, and the port.
func tableAddr(a *net.TCPAddr, table string) string {
	ip := a.IP.To16()
	if table == "/proc/net/tcp" {
		ip = a.IP.To4() // nil for an IPv6 address, which is never found then
	}
	var b strings.Builder
	for i := 0; i+4 <= len(ip); i += 4 {
		fmt.Fprintf(&b, "%08X", binary.NativeEndian.Uint32(ip[i:]))
	}
	fmt.Fprintf(&b, ":%04X", a.Port)
	return b.String()
}
