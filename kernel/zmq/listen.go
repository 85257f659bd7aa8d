package zmq

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
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
	if now, e := os.Lstat(l.path); e == nil && os.SameFile(now, l.file) {
		err = errors.Join(err, os.Remove(l.path))
	}
	return err
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
	if err := replaceable(ctx, path); err != nil {
		return nil, err
	}
	return bind(ctx, path)
}

func ipcPath(base string, port int) string { return base + "-" + strconv.Itoa(port) }

// bind makes the socket beside its place and moves it there once it is private:
// nobody can connect before, and a stale file is replaced in one step.
func bind(ctx context.Context, path string) (net.Listener, error) {
	beside := path + "~"
	if err := os.Remove(beside); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	var lc net.ListenConfig
	ln, err := lc.Listen(ctx, "unix", beside)
	if err != nil {
		return nil, err
	}
	ln.(*net.UnixListener).SetUnlinkOnClose(false)
	var file os.FileInfo
	if err = os.Chmod(beside, 0o600); err == nil {
		if file, err = os.Lstat(beside); err == nil {
			err = os.Rename(beside, path)
		}
	}
	if err != nil {
		return nil, errors.Join(err, ln.Close(), os.Remove(beside))
	}
	return &ipcListener{Listener: ln, path: path, file: file}, nil
}

// replaceable refuses a path where something lives or which is no socket.
func replaceable(ctx context.Context, path string) error {
	info, err := os.Lstat(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if info.Mode()&os.ModeSocket == 0 {
		return fmt.Errorf("%s exists and is no socket", path)
	}
	d := net.Dialer{Timeout: time.Second}
	c, err := d.DialContext(ctx, "unix", path)
	if err != nil {
		return nil // nobody listens: stale
	}
	_ = c.Close()
	return fmt.Errorf("%s is in use", path)
}
