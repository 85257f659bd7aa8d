package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"gospark/kernel/kerneltest"
)

// kernelProgram makes the command of a kernel that has no Spark and no Go and keeps to
// folders of the test; wrap's words come before it.
func kernelProgram(t *testing.T, wrap ...string) func(file string) *exec.Cmd {
	t.Helper()
	dir := t.TempDir()
	return func(file string) *exec.Cmd {
		program, err := exec.LookPath("gospark")
		if err != nil {
			t.Fatal(err)
		}
		words := append(wrap[:len(wrap):len(wrap)], program, "kernel", "--lazy", file)
		cmd := exec.Command(words[0], words[1:]...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "HOME="+dir, "XDG_DATA_HOME=", "XDG_CACHE_HOME=", "GOSPARK_HISTORY=",
			"GOSPARK_RUNTIME_DIR="+filepath.Join(dir, "run"), "GOSPARK_CACHE_DIR="+filepath.Join(dir, "cache"), "JPY_PARENT_PID=", "GORACE=atexit_sleep_ms=0")
		return cmd
	}
}

// inherited are ways in which a kernel may be started.
func inherited(signals string) map[string][]string {
	return map[string][]string{
		"as it is": nil, "ignored": {"sh", "-c", `trap "" ` + signals + `; exec "$0" "$@"`},
	}
}

// waiting runs a script that does not end, and returns its process id.
func waiting(f *kerneltest.Frontend) (cell, pid string) {
	cell = f.Send("shell", "execute_request", map[string]any{"code": "!echo $$; exec sleep 1000"})
	m := f.Await(func(m kerneltest.Message) bool { return m.ParentID == cell && m.Type == "stream" })
	return cell, strings.TrimSpace(m.Text("text"))
}

// gone waits for the end of a process.
func gone(t *testing.T, pid string) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(5 * time.Millisecond) { // polls a condition
		stat, err := os.ReadFile(filepath.Join("/proc", pid, "stat"))
		if err != nil || strings.Contains(string(stat), ") Z ") {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("process %s is left", pid)
		}
	}
}

// SIGTERM and SIGHUP end the kernel as a shutdown does, whatever it inherited:
// the cell is answered, what it started ends.
func TestSignalsEndTheKernel(t *testing.T) {
	for name, s := range map[string]syscall.Signal{"TERM": syscall.SIGTERM, "HUP": syscall.SIGHUP} {
		for how, wrap := range inherited(name) {
			t.Run(name+" "+how, func(t *testing.T) {
				p := kerneltest.Spawn(t, kernelProgram(t, wrap...))
				f := p.Connect("front-end")
				cell, pid := waiting(f)
				if err := p.Process.Signal(s); err != nil {
					t.Fatal(err)
				}
				if a := f.Wait(cell, true); a.Reply.Text("status") != "error" {
					t.Errorf("%+v", a.Reply)
				}
				if err := p.Ended(); err != nil {
					t.Error(err)
				}
				gone(t, pid)
			})
		}
	}
}

// SIGINT interrupts the cell and nothing else.
func TestSIGINTInterrupts(t *testing.T) {
	for how, wrap := range inherited("INT") {
		t.Run(how, func(t *testing.T) {
			p := kerneltest.Spawn(t, kernelProgram(t, wrap...))
			f := p.Connect("front-end")
			cell, pid := waiting(f)
			if err := p.Process.Signal(syscall.SIGINT); err != nil {
				t.Fatal(err)
			}
			if a := f.Wait(cell, true); a.Reply.Text("ename") != "interrupted" {
				t.Errorf("%+v", a.Reply)
			}
			gone(t, pid)
			if a := f.Execute("!echo on"); a.Reply.Text("status") != "ok" {
				t.Errorf("%+v", a.Reply)
			}
			f.Ask("control", "shutdown_request", map[string]any{})
			if err := p.Ended(); err != nil {
				t.Error(err)
			}
		})
	}
}

// A restart finds its ports free at once, and its history.
func TestRestartKeepsPorts(t *testing.T) {
	command := kernelProgram(t)
	p := kerneltest.Spawn(t, command)
	for i := range 3 {
		f := p.Connect("front-end")
		f.Execute("!echo on")
		a := f.Ask("shell", "history_request", map[string]any{"hist_access_type": "tail", "n": 10, "raw": true, "output": false})
		if got := a.Reply.Content["history"].([]any); len(got) != i+1 {
			t.Errorf("start %d: %v", i, got)
		}
		f.Ask("control", "shutdown_request", map[string]any{"restart": true})
		if err := p.Ended(); err != nil {
			t.Fatal(err)
		}
		p.Again(command)
	}
}

// The kernel ends when the process that Jupyter names does.
func TestParentEnds(t *testing.T) {
	parent := exec.Command("sleep", "1000")
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	command := kernelProgram(t)
	p := kerneltest.Spawn(t, func(file string) *exec.Cmd {
		cmd := command(file)
		cmd.Env = append(cmd.Env, "JPY_PARENT_PID="+strconv.Itoa(parent.Process.Pid))
		return cmd
	})
	_, pid := waiting(p.Connect("front-end"))
	if err := parent.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = parent.Wait()
	if err := p.Ended(); err != nil {
		t.Error(err)
	}
	gone(t, pid)
}
