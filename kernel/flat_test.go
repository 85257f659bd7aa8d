package kernel_test

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"testing"
	"time"

	"gospark/kernel"
	"gospark/kernel/history"
	"gospark/kernel/kerneltest"
)

// holdings is what a process holds.
type holdings struct {
	heap              uint64
	files, goroutines int
}

func held(t *testing.T) holdings {
	t.Helper()
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	files, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip(err)
	}
	return holdings{heap: m.HeapAlloc, files: len(files), goroutines: runtime.NumGoroutine()}
}

// staysFlat fails the test unless the process comes to hold no more than before,
// but for some memory.
func staysFlat(t *testing.T, before holdings, memory uint64) {
	t.Helper()
	var now holdings
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) { // polls a condition
		now = held(t)
		if now.files <= before.files && now.goroutines <= before.goroutines && now.heap <= before.heap+memory {
			return
		}
	}
	t.Errorf("%+v before, %+v now", before, now)
}

// What many cells leave behind is their history, which is in a file here, and the
// marks of their signatures, which are bounded.
func TestManyCellsLeaveNothing(t *testing.T) {
	const cells = 10_000
	r := start(t, &kerneltest.Interpreter{OnExecute: echo}, func(o *kernel.Options) {
		o.History = history.New(t.TempDir()+"/history.sqlite", nil)
	})
	run := func(n int) {
		for i := range n {
			code := []string{"print a", "value b", "silence"}[i%3]
			if i%100 == 0 {
				code = "fail" // takes settleTime
			}
			r.Execute(code)
		}
		r.Forget()
	}
	run(cells / 10)
	before := held(t)
	run(cells)
	staysFlat(t, before, 2<<20)
}

// Each front end has four connections: a thousand reconnects.
func TestManyReconnectsLeaveNothing(t *testing.T) {
	const fronts = 250
	r := start(t, &kerneltest.Interpreter{OnExecute: echo})
	r.Close() // it would read what the others are told
	connect := func(n int) {
		for i := range n {
			name := fmt.Sprintf("front-end-%d-%d", n, i)
			t.Run(name, func(t *testing.T) { // what the test knows of the front end ends with it
				f := kerneltest.Connect(t, r.conn, name)
				f.Execute("print a")
			})
		}
	}
	connect(fronts / 5)
	before := held(t)
	connect(fronts)
	staysFlat(t, before, 2<<20)
}
