package notebook

import (
	"context"
	"runtime/debug"
	"sync"
	"time"

	"gospark/cell"
	"gospark/notebook/sparkview"
)

// preparation gets the cell worker ready in the background, and tells a cell
// that waits for it what is going on: the first time on a machine it compiles
// the standard library for plugins, which takes a minute or two.
type preparation struct {
	began time.Time
	done  chan struct{} // closed when run returns

	// mu guards step.
	mu   sync.Mutex
	step string
}

func newPreparation() *preparation {
	return &preparation{began: time.Now(), done: make(chan struct{})}
}

// run prepares; a failure is met again, and told, by the first Go cell.
func (p *preparation) run(ctx context.Context, cells *cell.Runtime) error {
	defer close(p.done)
	defer debug.FreeOSMemory() // export data was read and a toolchain looked for: a one-time need
	return cells.Prepare(ctx, func(step string) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.step = step
	})
}

// await waits until run has returned, or ctx ends.
func (p *preparation) await(ctx context.Context, r *run) error {
	select {
	case <-p.done:
		return nil
	default:
	}
	wait := sparkview.NewWait("gospark-prepare-"+r.cell.ID, r.out.Show)
	defer wait.Close()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-p.done:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
			wait.Tell(p.what(), time.Since(p.began))
		}
	}
}

func (p *preparation) what() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.step == "" {
		return "Getting Go ready"
	}
	return p.step
}
