package zmq

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"syscall"
	"time"

	"gospark/kernel/wire"
)

// listen opens a channel's listener and writes a free port into the connection
// where it asks for port 0.
func listen(ctx context.Context, c *wire.Connection, ch wire.Channel) (net.Listener, error) {
	if c.Transport == "ipc" {
		return listenIPC(ctx, c.IP, c.Port(ch))
	}
	return listenTCP(ctx, c.IP, c.Port(ch))
}

func listenTCP(ctx context.Context, ip string, port *int) (net.Listener, error) {
	if ip == "*" {
		ip = ""
	}
	var lc net.ListenConfig
	ln, err := lc.Listen(ctx, "tcp", net.JoinHostPort(ip, strconv.Itoa(*port)))
	if err != nil {
		return nil, err
	}
	*port = ln.Addr().(*net.TCPAddr).Port
	return ln, nil
}

// ipcListener is a unix socket that takes its file with it.
type ipcListener struct {
	net.Listener
	path string
	file os.FileInfo
}

// Close closes the socket and removes its file, unless another kernel has put
// its own there.
func (l *ipcListener) Close() error {
	err := l.Listener.Close()
	return errors.Join(err, removeSame(l.path, l.file))
}

// listenIPC listens at "base-port", as jupyter_client names ipc sockets.
func listenIPC(ctx context.Context, base string, port *int) (net.Listener, error) {
	for free := 1; *port == 0; free++ {
		if _, err := os.Lstat(ipcPath(base, free)); errors.Is(err, os.ErrNotExist) {
			*port = free
		} else if err != nil {
			return nil, err
		}
	}
	path := ipcPath(base, *port)
	if len(path) > maxPath {
		return nil, fmt.Errorf("the path %s has %d bytes, and a unix socket's may have %d: choose a shorter folder (JUPYTER_RUNTIME_DIR)", path, len(path), maxPath)
	}
	ln, err := bind(ctx, path)
	if errors.Is(err, syscall.EADDRINUSE) {
		if err := removeStale(ctx, path); err != nil {
			return nil, err
		}
		ln, err = bind(ctx, path)
	}
	return ln, err
}

// maxPath is the longest path of a unix socket (sun_path, with its end).
const maxPath = 107

func ipcPath(base string, port int) string { return base + "-" + strconv.Itoa(port) }

// bind makes the socket; it fails where there is anything already. The file is
// private from the beginning: Linux gives it the mode that the socket has.
func bind(ctx context.Context, path string) (net.Listener, error) {
	lc := net.ListenConfig{Control: func(_, _ string, c syscall.RawConn) error {
		return c.Control(func(fd uintptr) { _ = syscall.Fchmod(int(fd), 0o600) })
	}}
	ln, err := lc.Listen(ctx, "unix", path)
	if err != nil {
		return nil, err
	}
	ln.(*net.UnixListener).SetUnlinkOnClose(false)
	if err = os.Chmod(path, 0o600); err == nil { // other systems
		var file os.FileInfo
		if file, err = os.Lstat(path); err == nil {
			return &ipcListener{Listener: ln, path: path, file: file}, nil
		}
	}
	return nil, errors.Join(err, ln.Close(), os.Remove(path))
}

// removeStale removes a socket's file that a dead process has left, and refuses
// one that lives, or might, and anything else.
func removeStale(ctx context.Context, path string) error {
	info, err := os.Lstat(path)
	if err != nil {
		return err
	}
	if info.Mode()&os.ModeSocket == 0 {
		return fmt.Errorf("%s exists and is no socket", path)
	}
	d := net.Dialer{Timeout: time.Second}
	c, err := d.DialContext(ctx, "unix", path)
	if err == nil {
		_ = c.Close()
		return fmt.Errorf("%s is in use", path)
	}
	if !errors.Is(err, syscall.ECONNREFUSED) {
		return fmt.Errorf("%s may be in use: %w", path, err)
	}
	return removeSame(path, info)
}

// removeSame removes a path where it is still the same file.
func removeSame(path string, file os.FileInfo) error {
	now, err := os.Lstat(path)
	if err != nil || !os.SameFile(now, file) {
		return nil
	}
	return os.Remove(path)
}
