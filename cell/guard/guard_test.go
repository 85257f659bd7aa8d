package guard

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// group starts a shell in a group of its own that starts a child; the shell ends
// where leave is set.
func group(t *testing.T, leave bool) int {
	t.Helper()
	code := "sleep 1000 & echo ready; "
	if !leave {
		code += "wait"
	}
	cmd := exec.Command("/bin/sh", "-c", code)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if !bufio.NewScanner(out).Scan() {
		t.Fatal("it does not start")
	}
	pid := cmd.Process.Pid
	t.Cleanup(func() { _ = unix.Kill(-pid, unix.SIGKILL); _ = cmd.Wait() })
	return pid
}

func gone(group int) bool {
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", group))
		if errors.Is(unix.Kill(-group, 0), unix.ESRCH) || err == nil && strings.Contains(string(stat), ") Z ") {
			return true
		}
	}
	return false
}

const dying = "GOSPARK_TEST_GUARD"

// TestDying is the process that is killed in TestKilled.
func TestDying(t *testing.T) {
	pid, err := strconv.Atoi(os.Getenv(dying))
	if err != nil {
		t.Skip("this is the other process of TestKilled")
	}
	if _, err := Start(pid); err != nil {
		t.Fatal(err)
	}
	fmt.Println("guarded")
	select {}
}

func TestKilled(t *testing.T) {
	pid := group(t, false)
	cmd := exec.Command(os.Args[0], "-test.run=^TestDying$")
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%d", dying, pid))
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if !bufio.NewScanner(out).Scan() {
		t.Fatal("no guard")
	}
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	if !gone(pid) {
		t.Error("the group outlives the process that started it")
	}
}

func TestStop(t *testing.T) {
	pid := group(t, false)
	g, err := Start(pid)
	if err != nil {
		t.Fatal(err)
	}
	g.Stop()
	if !g.alive() {
		t.Error("the group was killed")
	}
	(*Guard)(nil).Stop()
}

func TestSet(t *testing.T) {
	var s Set
	pid := group(t, true)
	s.Add(pid)
	s.Sweep()
	if len(s.guards) != 1 {
		t.Errorf("%d guards of a group that lives", len(s.guards))
	}
	_ = unix.Kill(-pid, unix.SIGKILL)
	for deadline := time.Now().Add(20 * time.Second); len(s.guards) > 0 && time.Now().Before(deadline); {
		s.Sweep()
		var status syscall.WaitStatus // the group's leader is a zombie until then
		_, _ = syscall.Wait4(pid, &status, syscall.WNOHANG, nil)
	}
	if len(s.guards) != 0 {
		t.Error("the guard outlives its group")
	}
}
