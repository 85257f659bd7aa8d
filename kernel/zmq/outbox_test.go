package zmq

import (
	"bytes"
	"context"
	"errors"
	"io"
	"testing"
	"testing/synctest"
	"time"
)

func TestOutboxBudget(t *testing.T) {
	o := newOutbox(10, newStore(1<<30), plain)
	if err := o.put(make([]byte, 100)); err != nil {
		t.Error("an empty queue takes a message of any length:", err)
	}
	if err := o.put([]byte("x")); !errors.Is(err, errBudget) {
		t.Error(err)
	}
	o.close()
	if err := o.put([]byte("x")); !errors.Is(err, io.ErrClosedPipe) {
		t.Error(err)
	}
}

func TestOutboxOrder(t *testing.T) {
	o := newOutbox(1<<20, newStore(1<<30), plain)
	o.hold()
	for _, s := range []string{"b", "c"} {
		if err := o.put([]byte(s)); err != nil {
			t.Fatal(err)
		}
	}
	o.release([]byte("a"))
	var got bytes.Buffer
	done := make(chan error)
	go func() { done <- o.run(&got) }()
	if !o.drain(t.Context(), time.Minute) {
		t.Error("not drained")
	}
	o.close()
	if err := <-done; err != nil || got.String() != "abc" {
		t.Errorf("%q, %v", got.String(), err)
	}
}

// A peer that takes nothing is not waited for longer than patience; one that
// was given up stays so until it takes something.
func TestOutboxPatience(t *testing.T) {
	o := newOutbox(1<<20, newStore(1<<30), plain)
	_ = o.put([]byte("x"))
	if o.drain(t.Context(), 0) {
		t.Error("drained")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if o.drain(ctx, time.Hour) {
		t.Error("drained")
	}
	o.close()
	if !o.drain(t.Context(), time.Hour) {
		t.Error("a closed box has nothing left")
	}
}

// Who publishes is slowed down to a peer's pace only as far as the peer takes
// something.
func TestOutboxPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOutbox(1<<30, newStore(1<<30), plain)
		_ = o.put(make([]byte, paceBytes))
		o.pace(t.Context()) // not too much yet
		_ = o.put(make([]byte, 10*paceBytes))
		wait := func(want time.Duration) {
			t.Helper()
			start := time.Now()
			if o.pace(t.Context()); time.Since(start).Round(10*time.Millisecond) != want {
				t.Errorf("waited %v, want %v", time.Since(start), want)
			}
		}
		wait(paceGrace)
		wait(0)
		o.wrote(paceRate) // a second's worth
		wait(time.Second)
		wait(0)
		go func() {
			time.Sleep(100 * time.Millisecond)
			o.wrote(10*paceBytes - paceRate)
		}()
		o.wrote(paceRate)
		wait(100 * time.Millisecond)
	})
}
