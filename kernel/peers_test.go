package kernel_test

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"gospark/kernel/kerneltest"
)

// spawn starts this test binary as a kernel, with wrap's words before the command.
func spawn(t *testing.T, env []string, wrap ...string) *kerneltest.Process {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return kerneltest.Spawn(t, func(file string) *exec.Cmd {
		words := append(wrap, self)
		cmd := exec.Command(words[0], words[1:]...)
		cmd.Env = append(append(os.Environ(), asKernel+"="+file), env...)
		return cmd
	})
}

// jupyter_client and libzmq, which share no line with us.
func TestFieldFrontEnds(t *testing.T) {
	if testing.Short() {
		t.Skip("needs the Python environment")
	}
	p := spawn(t, nil)
	python := filepath.Join("..", ".venv", "bin", "python")
	cmd := exec.Command(python, filepath.Join("testdata", "peers.py"), p.File)
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
	if err := p.Ended(); err != nil {
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
			r := rig{Frontend: p.Connect("front-end"), conn: p.Conn}
			cell := r.running("wait", nil)
			if err := p.Process.Signal(syscall.SIGINT); err != nil {
				t.Fatal(err)
			}
			if a := r.Wait(cell, true); a.Reply.Text("ename") != "Interrupted" {
				t.Errorf("%+v", a.Reply)
			}
			r.Ask("control", "shutdown_request", map[string]any{})
			if err := p.Ended(); err != nil {
				t.Error(err)
			}
		})
	}
}
