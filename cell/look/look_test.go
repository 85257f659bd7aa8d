//go:build linux && (amd64 || arm64)

package look

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unsafe"
)

func TestMain(m *testing.M) {
	if err := Install(); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// stopped runs f on a goroutine with a label of its own, and tells what it panicked with.
func stopped(f func()) (mark uintptr, value <-chan any) {
	labels, end := make(chan uintptr), make(chan any, 1)
	go func() {
		defer func() { end <- recover() }()
		pprof.SetGoroutineLabels(pprof.WithLabels(context.Background(), pprof.Labels("a", "b")))
		labels <- uintptr(Label())
		f()
	}()
	return <-labels, end
}

// work looks as often as it can, with values in all registers that a loop may use.
func work(over *atomic.Bool) (n int) {
	a, b, c, d, e, f, g, h := 1, 2, 3, 4, 5, 6, 7, 8
	for !over.Load() {
		Look()
		a, b, c, d, e, f, g, h = b, c, d, e, f, g, h, a
		n++
	}
	if a+b+c+d+e+f+g+h != 36 {
		panic(fmt.Sprint(a, b, c, d, e, f, g, h))
	}
	return n
}

// others are goroutines that work on until the returned function ends them, which
// reports those that stopped before.
func others(t *testing.T, n int) (end func()) {
	t.Helper()
	var over atomic.Bool
	var all sync.WaitGroup
	for range n {
		label, end := stopped(func() { work(&over) })
		Know(label)
		all.Go(func() {
			if v := <-end; v != nil {
				t.Errorf("another goroutine: %v", v)
			}
			Forget(label)
		})
	}
	return func() { over.Store(true); all.Wait() }
}

// stop stops f, which runs on a goroutine with a label of its own.
func stop(t *testing.T, f func()) {
	t.Helper()
	label, end := stopped(f)
	Stop(label)
	awaitStop(t, end)
	Forget(label)
}

// awaitStop closes the door until a goroutine has stopped.
func awaitStop(t *testing.T, end <-chan any) {
	t.Helper()
	Close()
	if v := <-end; !IsStop(v) {
		t.Errorf("got %v", v)
	}
	Open()
}

func TestOnlyWhatIsToStopStops(t *testing.T) {
	defer others(t, 3)()
	for range 8 {
		stop(t, func() { work(new(atomic.Bool)) })
		runtime.GC() // walks the stacks of those that go on
	}
}

func TestRest(t *testing.T) {
	defer others(t, 1)()
	_, rest := stopped(func() { work(new(atomic.Bool)) })
	Rest(true)
	defer Rest(false)
	awaitStop(t, rest)
}

// Who does not look for long while the door opens and closes for another is stopped, too.
func TestWhoSeldomLooks(t *testing.T) {
	defer others(t, 1)()
	stop(t, func() {
		for {
			Look()
			for began := time.Now(); time.Since(began) < 5*time.Millisecond; {
			}
		}
	})
}

func TestLabels(t *testing.T) {
	marks := make([]struct{ a, b int }, 1000)
	for i := range marks {
		Know(uintptr(unsafe.Pointer(&marks[i])))
	}
	for i := range marks {
		if i%2 == 0 {
			Stop(uintptr(unsafe.Pointer(&marks[i])))
		}
	}
	for i := range marks {
		if at := uintptr(unsafe.Pointer(&marks[i])); goesOn(at) != (i%2 != 0) {
			t.Errorf("label %d: %v", i, goesOn(at))
		} else {
			Forget(at)
		}
	}
	if stops.labels.at[0] != 0 || !goesOn(0) {
		t.Error("what was forgotten is known")
	}
}

// A nil pointer of one's own is a nil pointer as ever, whether the door is closed or not.
func TestNilPointer(t *testing.T) {
	label, end := stopped(func() { Close(); var p *struct{ a, b int }; fmt.Println(p.b) })
	Know(label)
	defer Forget(label)
	if v := <-end; !IsStop(v) {
		t.Errorf("got %v", v)
	}
	Open()
}

func BenchmarkLook(b *testing.B) {
	for b.Loop() {
		for range 1000 {
			Look()
		}
	}
}
