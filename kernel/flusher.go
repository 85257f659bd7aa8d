package kernel

import (
	"context"
	"sync"
	"time"
)

// flusher sends text that has waited for flushAfter. Outputs add themselves;
// run, a goroutine of Serve, takes them.
type flusher struct {
	wake chan struct{} // holds a token when there are outputs

	// mu guards the field below. It is taken while an output's mu is held.
	mu      sync.Mutex
	outputs []*output
}

func (f *flusher) init() { f.wake = make(chan struct{}, 1) }

func (f *flusher) add(o *output) {
	f.mu.Lock()
	f.outputs = append(f.outputs, o)
	f.mu.Unlock()
	select {
	case f.wake <- struct{}{}:
	default:
	}
}

func (f *flusher) run(ctx context.Context) error {
	defer f.flush()
	for {
		select {
		case <-f.wake:
		case <-ctx.Done():
			return nil
		}
		select {
		case <-time.After(flushAfter):
		case <-ctx.Done():
		}
		f.flush()
	}
}

// flush sends the text of all outputs that have any.
func (f *flusher) flush() {
	f.mu.Lock()
	outputs := f.outputs
	f.outputs = nil
	f.mu.Unlock()
	for _, o := range outputs {
		o.mu.Lock()
		o.dirty = false
		o.flush(false)
		o.mu.Unlock()
	}
}
