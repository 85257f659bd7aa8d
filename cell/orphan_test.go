package cell

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"gospark/cell/internal/testcell"
)

// orphanKernel makes the test binary a kernel that is killed while a cell runs.
const orphanKernel = "GOSPARK_TEST_ORPHAN"

func TestOrphanKernel(t *testing.T) {
	if os.Getenv(orphanKernel) == "" {
		t.Skip("this is the other process of TestWorkerDiesWithItsKernel")
	}
	r := New(Options{CacheDir: testcell.Cache(t), Source: testcell.Source(t), Worker: testcell.Worker})
	out := &output{changed: make(chan struct{}, 1)}
	if _, err := r.Run(t.Context(), Request{ID: "a", Number: 1, Code: "exec.Command(\"sleep\", \"1000\").Start()"}, out); err != nil {
		t.Fatal(err)
	}
	fmt.Printf("worker %d %s\n", r.worker.pid, r.workspace.Dir())
	_, err := r.Run(t.Context(), Request{ID: "b", Number: 2, Code: "for { func() { defer func() { recover() }(); select {} }() }"}, out)
	t.Fatal(err)
}

// A kernel that is killed leaves no worker, whatever the worker is doing, and
// nothing that the cells started; the next kernel removes its files.
func TestWorkerDiesWithItsKernel(t *testing.T) {
	newBook(t) // built before
	cmd := exec.Command(os.Args[0], "-test.run=^TestOrphanKernel$", "-test.v")
	cmd.Env = append(os.Environ(), orphanKernel+"=1")
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	pid, dir := 0, ""
	for lines := bufio.NewScanner(pipe); pid == 0 && lines.Scan(); {
		if words := strings.Fields(lines.Text()); len(words) == 3 && words[0] == "worker" {
			pid, _ = strconv.Atoi(words[1])
			dir = words[2]
		}
	}
	if pid == 0 || !groupAlive(pid) {
		t.Fatalf("no worker: %d", pid)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	for deadline := time.Now().Add(waitFor); groupAlive(pid); {
		if time.Now().After(deadline) {
			t.Fatal("the worker outlives its kernel")
		}
	}
	newBook(t) // its start cleans up
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the dead kernel's workspace is still there: %v", err)
	}
}
