package zmq

import (
	"bytes"
	"context"
	"errors"
	"io"
	"testing"
	"time"
)

func TestOutboxBudget(t *testing.T) {
	o := newOutbox(10)
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
	o := newOutbox(1 << 20)
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
	if !o.drain(t.Context(), 0, time.Minute) {
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
	o := newOutbox(1 << 20)
	_ = o.put([]byte("x"))
	if o.drain(t.Context(), 0, 0) {
		t.Error("drained")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if o.drain(ctx, 0, time.Hour) {
		t.Error("drained")
	}
	o.close()
	if !o.drain(t.Context(), 0, time.Hour) {
		t.Error("a closed box has nothing left")
	}
}
