package launcher

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// Names of the files in a profile's folder.
const (
	startLock     = "start.lock"
	aliveLock     = "alive.lock"
	socketName    = "sock"
	registryName  = "server.json"
	logName       = "server.log"
	supervisorLog = "supervisor.log"
)

// poll is how often a condition in the file system is looked at.
const poll = 20 * time.Millisecond

// Folder returns the state folder: o.RuntimeDir, else $GOSPARK_RUNTIME_DIR,
// else $XDG_RUNTIME_DIR/gospark, else a folder of this machine in the user's
// cache (a home may be shared by machines, a server is not).
func Folder(o Options) (string, error) {
	o = o.withDefaults()
	if o.RuntimeDir != "" {
		return filepath.Abs(o.RuntimeDir)
	}
	if d := getenv(o.Env, "GOSPARK_RUNTIME_DIR"); d != "" {
		return filepath.Abs(d)
	}
	if d := getenv(o.Env, "XDG_RUNTIME_DIR"); filepath.IsAbs(d) && isDir(d) {
		return filepath.Join(d, "gospark"), nil
	}
	cache, err := userDir(o.Env, "XDG_CACHE_HOME", ".cache")
	if err != nil {
		return "", err
	}
	host, err := os.Hostname()
	if err != nil || host == "" {
		host = "localhost"
	}
	return filepath.Join(cache, "gospark", "run", filepath.Base(host)), nil
}

// userDir is a base folder of the user: the XDG variable, else below the home.
func userDir(env []string, variable, below string) (string, error) {
	if d := getenv(env, variable); filepath.IsAbs(d) {
		return d, nil
	}
	home := getenv(env, "HOME")
	if home == "" {
		return "", fmt.Errorf("neither $%s nor $HOME is set, so there is no place for gospark's files", variable)
	}
	return filepath.Join(home, below), nil
}

func isDir(path string) bool {
	fi, err := os.Stat(path)
	return err == nil && fi.IsDir()
}

// folder is the private folder of one profile. All access goes through the
// directory that was opened and checked, so a later swap of the path by somebody
// else changes nothing.
type folder struct {
	root *os.Root
	path string
}

// openFolder makes the profile's folder where needed and checks that it, and
// the state folder above, are private to this user.
func openFolder(o Options, profile string) (*folder, error) {
	if err := CheckName(profile); err != nil {
		return nil, err
	}
	base, err := Folder(o)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(base), 0o700); err != nil {
		return nil, fmt.Errorf("make the state folder: %w", err)
	}
	if err := privateDir(base); err != nil {
		return nil, err
	}
	path := filepath.Join(base, profile)
	if err := privateDir(path); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, fmt.Errorf("open the state folder: %w", err)
	}
	fi, err := root.Stat(".")
	if err == nil {
		err = checkPrivate(path, fi)
	}
	if err != nil {
		root.Close()
		return nil, err
	}
	return &folder{root: root, path: path}, nil
}

// privateDir makes dir (mode 0700) unless it is there, and checks it.
func privateDir(dir string) error {
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("make the state folder: %w", err)
	}
	fi, err := os.Lstat(dir)
	if err != nil {
		return fmt.Errorf("look at the state folder: %w", err)
	}
	return checkPrivate(dir, fi)
}

func checkPrivate(dir string, fi fs.FileInfo) error {
	uid, ok := owner(fi)
	switch {
	case fi.Mode()&fs.ModeSymlink != 0:
		return &FolderError{Path: dir, Problem: "is a symbolic link"}
	case !fi.IsDir():
		return &FolderError{Path: dir, Problem: "is not a folder"}
	case !ok || uid != os.Getuid():
		return &FolderError{Path: dir, Problem: fmt.Sprintf("belongs to uid %d, not to uid %d", uid, os.Getuid())}
	case fi.Mode().Perm()&0o077 != 0:
		return &FolderError{Path: dir, Problem: fmt.Sprintf("is open to others (mode %04o)", fi.Mode().Perm())}
	}
	return nil
}

// FolderError says that the state folder cannot be trusted.
type FolderError struct{ Path, Problem string }

// Error names the folder and what is wrong with it.
func (e *FolderError) Error() string {
	return fmt.Sprintf("the state folder %s %s; remove it, or set GOSPARK_RUNTIME_DIR to a folder of your own with mode 0700", e.Path, e.Problem)
}

func (f *folder) close() { _ = f.root.Close() }

// file is the full path of a file in the folder, for messages and for the JVM.
func (f *folder) file(name string) string { return filepath.Join(f.path, name) }

// write replaces a file by a new one with mode 0600: readers see the old or the
// new text, never a part.
func (f *folder) write(name string, data []byte) error {
	tmp := name + ".tmp"
	_ = f.root.Remove(tmp)
	w, err := f.root.OpenFile(tmp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("write %s: %w", f.file(name), err)
	}
	_, err = w.Write(data)
	err = errors.Join(err, w.Close())
	if err == nil {
		err = f.root.Rename(tmp, name)
	}
	if err != nil {
		_ = f.root.Remove(tmp)
		return fmt.Errorf("write %s: %w", f.file(name), err)
	}
	return nil
}

// registry reads server.json.
func (f *folder) registry() (Server, error) {
	var s Server
	b, err := f.root.ReadFile(registryName)
	if err != nil {
		return s, err
	}
	if err := json.Unmarshal(b, &s); err != nil {
		return s, fmt.Errorf("%s is damaged: %w", f.file(registryName), err)
	}
	return s, nil
}

// socketPath returns a path of the socket that fits into a socket address (108
// bytes on Linux), and what to call when it is no longer needed.
func (f *folder) socketPath() (string, func(), error) {
	path := f.file(socketName)
	if len(path) < maxSocketPath {
		return path, func() {}, nil
	}
	dir, err := f.root.Open(".")
	if err != nil {
		return "", nil, fmt.Errorf("open the state folder: %w", err)
	}
	short, ok := pathOfFD(dir.Fd(), socketName)
	if !ok {
		dir.Close()
		return "", nil, &FolderError{Path: f.path, Problem: "has too long a path for a socket"}
	}
	return short, func() { dir.Close() }, nil
}

// listen opens the supervisor's socket; the caller holds alive.lock, so an
// older socket is a leftover.
func (f *folder) listen() (*net.UnixListener, error) {
	if err := f.root.Remove(socketName); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("remove the socket of an earlier supervisor: %w", err)
	}
	path, done, err := f.socketPath()
	if err != nil {
		return nil, err
	}
	defer done()
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		return nil, fmt.Errorf("open the supervisor's socket: %w", err)
	}
	l.SetUnlinkOnClose(false) // the path may be a short-lived alias; unlinked by name, under alive.lock
	if err := f.root.Chmod(socketName, 0o600); err != nil {
		l.Close()
		return nil, fmt.Errorf("close the socket to others: %w", err)
	}
	return l, nil
}

// dial connects to the supervisor and checks that it runs as this user.
func (f *folder) dial(ctx context.Context) (*net.UnixConn, error) {
	path, done, err := f.socketPath()
	if err != nil {
		return nil, err
	}
	defer done()
	var d net.Dialer
	c, err := d.DialContext(ctx, "unix", path)
	if err != nil {
		return nil, err
	}
	conn := c.(*net.UnixConn)
	if err := checkPeer(conn); err != nil {
		conn.Close()
		return nil, err
	}
	return conn, nil
}

// checkPeer refuses a connection whose other end runs as another user.
func checkPeer(conn *net.UnixConn) error {
	uid, err := peerUID(conn)
	if err != nil {
		return fmt.Errorf("ask who is at the other end: %w", err)
	}
	if uid != os.Getuid() {
		return &PeerError{UID: uid}
	}
	return nil
}

// ownPort refuses an address on this machine where another user listens: no
// token goes there. Where the system does not tell, it is believed.
func ownPort(address string) error {
	_, text, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("the server's address %q: %w", address, err)
	}
	port, err := strconv.Atoi(text)
	if err != nil {
		return fmt.Errorf("the server's address %q: %w", address, err)
	}
	owners, err := portOwners(port)
	if err != nil {
		return fmt.Errorf("ask who listens on port %d: %w", port, err)
	}
	for _, uid := range owners {
		if uid != os.Getuid() {
			return fmt.Errorf("port %d, where the server should be, belongs to uid %d, not to uid %d: no token was sent", port, uid, os.Getuid())
		}
	}
	return nil
}

// PeerError says that the other end of the supervisor's socket is another user.
type PeerError struct{ UID int }

// Error names the stranger.
func (e *PeerError) Error() string {
	return fmt.Sprintf("the other end of the supervisor's socket runs as uid %d, not as uid %d: nothing was sent", e.UID, os.Getuid())
}
