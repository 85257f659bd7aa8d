package cell

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// usage is what a process holds: resident memory in kB, descriptors, threads.
type usage struct{ memory, files, threads int }

func usageOf(t *testing.T, pid int) (u usage) {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		name, rest, _ := strings.Cut(line, ":")
		value, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
		switch name {
		case "RssAnon":
			u.memory, _ = strconv.Atoi(value)
		case "Threads":
			u.threads, _ = strconv.Atoi(value)
		}
	}
	files, _ := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", pid))
	u.files = len(files)
	return u
}

// Cells that run again cost nothing for good: neither the worker nor the kernel
// grows, and nothing is left of goroutines, timers and comms.
func TestSoak(t *testing.T) {
	if testing.Short() {
		t.Skip("thousands of cells")
	}
	b := newBook(t)
	cells := []string{
		"n := 0",
		"n++; fmt.Println(n)",
		"{ var wg sync.WaitGroup; for range 3 { wg.Go(func() { fmt.Print(n) }) }; wg.Wait() }",
		"time.AfterFunc(0, func() { fmt.Print(1) })",
		"go func() { fmt.Print(2) }()",
		"{ c, _ := display.OpenComm(\"w\", nil, func(json.RawMessage, [][]byte) {}); c.Send(1); c.Close() }",
		"display.Text(\"x\").Text(\"y\")",
		"panic(n)",
		"fmt.Print(strings.Repeat(\"x\", 1000))",
	}
	round := func(times int) {
		for i := range times * len(cells) {
			_, _, err := b.run(cells[i%len(cells)])
			if failed := strings.HasPrefix(cells[i%len(cells)], "panic"); (err != nil) != failed {
				t.Fatalf("%s: %v", cells[i%len(cells)], err)
			}
		}
		b.ok("runtime.GC()")
	}
	round(50) // heaps find their size
	pid := b.r.worker.pid
	worker, kernel := usageOf(t, pid), usageOf(t, os.Getpid())
	round(300)
	b.ok("runtime.GC()")
	for _, p := range []struct {
		name   string
		before usage
		after  usage
	}{{"worker", worker, usageOf(t, pid)}, {"kernel", kernel, usageOf(t, os.Getpid())}} {
		t.Logf("%s before %+v, after %+v", p.name, p.before, p.after)
		if p.after.memory > p.before.memory+20<<10 || p.after.files > p.before.files || p.after.threads > p.before.threads+8 {
			t.Errorf("the %s grows: before %+v, after %+v", p.name, p.before, p.after)
		}
	}
	p := b.r.worker
	p.runs.mu.Lock()
	defer p.runs.mu.Unlock()
	if n := len(p.runs.known); n > 200 { // a kept result, a display handle, keeps its run
		t.Errorf("%d runs are remembered", n)
	}
}
