package kernel_test

import (
	"bufio"
	"encoding/json"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"gospark/kernel/kerneltest"
	"gospark/kernel/wire"
)

// process is a kernel in a process of its own: this test binary.
type process struct {
	*exec.Cmd
	file string
	conn wire.Connection
	done chan error
}

// spawn starts it on free ports, with wrap's words before the command.
func spawn(t *testing.T, env []string, wrap ...string) process {
	t.Helper()
	ports := listen(t) // finds free ones
	conn := ports.Connection()
	if err := ports.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(conn)
	if err != nil {
		t.Fatal(err)
	}
	p := process{file: filepath.Join(t.TempDir(), "kernel.json"), conn: conn, done: make(chan error, 1)}
	if err := os.WriteFile(p.file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	words := append(wrap, self)
	p.Cmd = exec.Command(words[0], words[1:]...)
	p.Env = append(append(os.Environ(), asKernel+"="+p.file), env...)
	p.Stderr = os.Stderr
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { p.done <- p.Wait() }()
	t.Cleanup(func() { _ = p.Process.Kill() })
	return p
}

// ended waits for the process.
func (p process) ended(t *testing.T) error {
	t.Helper()
	select {
	case err := <-p.done:
		return err
	case <-time.After(20 * time.Second):
		t.Fatal("the kernel does not end")
		return nil
	}
}

// connect waits until the kernel listens, and connects.
func (p process) connect(t *testing.T) rig {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; {
		c, err := kerneltest.Dial("tcp", net.JoinHostPort(p.conn.IP, strconv.Itoa(p.conn.IOPubPort)), "SUB", "")
		if err == nil {
			_ = c.Close()
			break
		}
		if time.Now().After(deadline) {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Millisecond) // polls a condition
	}
	return rig{Frontend: kerneltest.Connect(t, p.conn, "front-end"), conn: p.conn}
}

// jupyter_client and libzmq, which share no line with us.
func TestFieldFrontEnds(t *testing.T) {
	if testing.Short() {
		t.Skip("needs the Python environment")
	}
	p := spawn(t, nil)
	python := filepath.Join("..", ".venv", "bin", "python")
	cmd := exec.Command(python, filepath.Join("testdata", "peers.py"), p.file)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatalf("%v (make .venv first)", err)
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		t.Log(lines.Text())
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
	if err := p.ended(t); err != nil {
		t.Error(err)
	}
}

// A script's background job inherits SIGINT ignored; it works all the same.
func TestSignals(t *testing.T) {
	for name, wrap := range map[string][]string{
		"normal": nil, "inherited ignored": {"sh", "-c", `trap "" INT; exec "$0"`},
	} {
		t.Run(name, func(t *testing.T) {
			p := spawn(t, nil, wrap...)
			r := p.connect(t)
			cell := r.running("wait", nil)
			if err := p.Process.Signal(syscall.SIGINT); err != nil {
				t.Fatal(err)
			}
			if a := r.Wait(cell, true); a.Reply.Text("ename") != "Interrupted" {
				t.Errorf("%+v", a.Reply)
			}
			r.Ask("control", "shutdown_request", map[string]any{})
			if err := p.ended(t); err != nil {
				t.Error(err)
			}
		})
	}
}
