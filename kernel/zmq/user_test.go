package zmq_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"gospark/kernel/kerneltest"
	"gospark/kernel/wire"
	"gospark/kernel/zmq"
)

// asPeer makes the test binary a peer: "NETWORK ADDRESS". It lets a process of
// another user connect.
const asPeer = "GOSPARK_TEST_PEER"

func TestMain(m *testing.M) {
	if where := os.Getenv(asPeer); where != "" {
		if err := bePeer(where); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// bePeer wants an echo from shell.
func bePeer(where string) error {
	network, address, _ := strings.Cut(where, " ")
	c, err := kerneltest.Dial(network, address, "DEALER", "")
	if err != nil {
		return err
	}
	if err := c.Send([]byte("hello")); err != nil {
		return err
	}
	f, command, err := c.Recv()
	if err == nil && (command || string(f[0]) != "hello") {
		err = fmt.Errorf("%q instead of an echo", f)
	}
	return err
}

// asNobody runs a peer of user 65534.
func asNobody(t *testing.T, dir string, s *zmq.Sockets) error {
	t.Helper()
	network, address := where(s, wire.Shell)
	cmd := exec.CommandContext(t.Context(), filepath.Join(dir, "peer"))
	cmd.Env, cmd.Dir = []string{asPeer + "=" + network + " " + address, "GORACE=atexit_sleep_ms=0"}, dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return errors.New(string(out))
	}
	if err != nil {
		t.Fatal(err)
	}
	return nil
}

// program is a folder in which other users can run this test binary.
func program(t *testing.T) string {
	t.Helper()
	dir := public(t)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(self)
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "peer"), b, 0o755)
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// A process of another user is refused over every transport, and admitted where
// that is wanted.
func TestAnotherUser(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root can start a process of another user")
	}
	dir := program(t)
	for name, c := range map[string]wire.Connection{
		"tcp": tcp(), "tcp6": {Transport: "tcp", IP: "::1"}, "all addresses": {Transport: "tcp", IP: "*"},
		"ipc": {Transport: "ipc", IP: filepath.Join(dir, "k")},
	} {
		t.Run(name, func(t *testing.T) {
			l := new(logged)
			s := open(t, c, zmq.Options{Log: l.logger()})
			if c.Transport == "ipc" { // its mode alone keeps others out
				if err := asNobody(t, dir, s); err == nil || !strings.Contains(err.Error(), "permission denied") {
					t.Error(err)
				}
			}
			letIn(t, s)
			if err := asNobody(t, dir, s); err == nil {
				t.Error("admitted")
			}
			l.says(t, "the peer belongs to user 65534, the kernel to user 0")
			echoed(t, dial(t, s, wire.Shell, "DEALER", ""), "hello")
		})
		t.Run(name+", any user", func(t *testing.T) {
			s := open(t, c, zmq.Options{AnyUser: true})
			letIn(t, s)
			if err := asNobody(t, dir, s); err != nil {
				t.Errorf("refused where any user may connect: %v", err)
			}
		})
	}
}

// letIn takes the protection of its mode off a unix socket.
func letIn(t *testing.T, s *zmq.Sockets) {
	t.Helper()
	if network, path := where(s, wire.Shell); network == "unix" {
		if err := os.Chmod(path, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// logged is what was logged.
type logged struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write takes a line.
func (l *logged) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(b)
}

// String is all of it.
func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// says waits until the log has some words.
func (l *logged) says(t *testing.T, words string) {
	t.Helper()
	for end := time.Now().Add(patience); !strings.Contains(l.String(), words); {
		if time.Now().After(end) {
			t.Fatalf("the log does not say %q: %s", words, l)
		}
		time.Sleep(time.Millisecond) // polls a condition
	}
}

// about is what was logged of a peer.
func (l *logged) about(peer string) string {
	var lines []string
	for line := range strings.Lines(l.String()) {
		if strings.Contains(line, peer) {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "")
}

func (l *logged) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(io.Writer(l), nil))
}
