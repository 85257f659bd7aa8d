package rt

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
	"strings"
	"testing"

	"gospark/cell/look"
)

func TestMain(m *testing.M) {
	if err := look.Install(); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

func begin(t *testing.T, panics chan Outcome) *Run {
	t.Helper()
	return Begin(t.Context(), Info{ID: 7, Label: labels(t.Name()), Panic: func(o Outcome) { panics <- o }})
}

func labels(name string) func() {
	return func() {
		pprof.SetGoroutineLabels(pprof.WithLabels(context.Background(), pprof.Labels("cell", name)))
	}
}

func TestOutcomes(t *testing.T) {
	for _, c := range []struct {
		name string
		f    func()
		how  How
		code int
	}{
		{"return", func() {}, Returned, 0},
		{"goexit", runtime.Goexit, Returned, 0},
		{"panic", func() { panic("x") }, Panicked, 0},
		{"exit", func() { Exit(3) }, Exited, 3},
		{"exit survives recover", func() { defer func() { _ = recover() }(); Exit(4) }, Exited, 4},
		{"exit in a goroutine", func() { Go(func() { Exit(5) }); <-Context().Done() }, Exited, 5},
		{"fatal", func() { Exiting(func(...any) {})(1) }, Exited, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := begin(t, nil).Call(c.f)
			if o.How != c.how || o.Code != c.code {
				t.Errorf("got %v code %d, want %v code %d", o.How, o.Code, c.how, c.code)
			}
		})
	}
}

func TestPanicFrames(t *testing.T) {
	o := begin(t, nil).Call(func() { panic("x") })
	var names []string
	for _, f := range o.Frames {
		names = append(names, f.Func)
	}
	if o.Value != "x" || !strings.Contains(strings.Join(names, " "), "TestPanicFrames") {
		t.Errorf("value %v, frames %v", o.Value, names)
	}
}

func TestInterruptStopsOnlyItsOwnRun(t *testing.T) {
	panics := make(chan Outcome, 2)
	stop := make(chan bool)
	alive := make(chan bool)
	old := begin(t, panics)
	old.Call(func() {
		Go(func() {
			for {
				Look()
				select {
				case alive <- true:
				case <-stop:
					return
				default:
				}
			}
		})
	})
	started := make(chan bool)
	loop := begin(t, panics)
	end := make(chan Outcome)
	go func() {
		end <- loop.Call(func() {
			close(started)
			for {
				Look()
			}
		})
	}()
	<-started
	loop.Stop()
	if o := <-end; o.How != Interrupted {
		t.Fatalf("got %v", o)
	}
	<-alive
	if old.Live() != 1 {
		t.Errorf("%d goroutines of the other run live, want 1", old.Live())
	}
	stop <- true
}

// A cell's own recover is told why its goroutine ends; a nil pointer stays one.
func TestRecovered(t *testing.T) {
	r := begin(t, nil)
	var got []any
	keep := func() { got = append(got, Recovered(recover())) }
	r.Call(func() {
		var none *struct{ a int }
		func() { defer keep(); none.a = 1 }()
		r.Stop()
		func() { defer keep(); Look() }()
	})
	if len(got) != 2 || got[0] == Stopped || got[1] != Stopped {
		t.Errorf("got %v", got)
	}
}

func TestContext(t *testing.T) {
	r := begin(t, nil)
	o := r.Call(func() {
		Go(func() { r.Stop() })
		<-Context().Done()
		if !errors.Is(context.Cause(Context()), Stopped) {
			panic("cause")
		}
	})
	if o.How != Interrupted {
		t.Errorf("got %v %v", o.How, o.Value)
	}
}

func TestAbandon(t *testing.T) {
	r := begin(t, nil)
	block, started := make(chan bool), make(chan bool)
	go func() { <-started; r.Abandon() }()
	if o := r.Call(func() { close(started); <-block }); o.How != Abandoned {
		t.Errorf("got %v", o.How)
	}
	close(block)
}

func TestGoroutinePanics(t *testing.T) {
	panics := make(chan Outcome, 1)
	for name, f := range map[string]func(){
		"Go":    func() { Go(func() { panic("x") }) },
		"Wrap":  func() { go Wrap(func(int, ...string) error { panic("x") })(1, "a") },
		"Wrap0": func() { go Wrap(func() { panic("x") })() },
		"Wrap1": func() { go Wrap1(func(int) { panic("x") })(1) },
		"Wrap2": func() { go Wrap2(func(int, int) { panic("x") })(1, 2) },
		"Wrap3": func() { go Wrap3(func(int, int, int) { panic("x") })(1, 2, 3) },
	} {
		begin(t, panics).Call(f)
		if o := <-panics; o.Value != "x" {
			t.Errorf("%s: got %v", name, o)
		}
	}
}

func TestResults(t *testing.T) {
	for _, c := range []struct {
		f    func()
		vals int
		err  bool
	}{
		{func() { Result(1, 2) }, 2, false},
		{func() { ResultError(1, nil) }, 1, false},
		{func() { ResultError(1, errors.New("x")) }, 1, true},
		{func() {}, 0, false},
	} {
		r := begin(t, nil)
		r.Call(c.f)
		if v, err := r.Values(); len(v) != c.vals || (err != nil) != c.err {
			t.Errorf("got %v, %v", v, err)
		}
	}
}
