package notebook

import (
	"context"
	"sync"

	"gospark/kernel"
)

// opener makes the notebook's side of a comm that a front end opens.
type opener func(kernel.Comm) kernel.CommHandler

// targets are the comms that front ends may open, by target name. A new one is
// one line here and a handler of its own.
func (n *Notebook) targets() map[string]opener {
	return map[string]opener{
		StatusTarget: n.openChannel,
	}
}

// CommOpen looks for the target, here and among those that Go cells handle; the
// kernel closes a comm that nobody knows.
func (n *Notebook) CommOpen(_ context.Context, c kernel.Comm, target string, m kernel.CommMessage) (kernel.CommHandler, bool) {
	if open, ok := n.targets()[target]; ok {
		return open(c), true
	}
	h, ok := n.cells.CommOpen(cellComm{c}, target, m.Data)
	return cellHandler{h}, ok
}

// errands are what front ends asked for: each is done in a goroutine of its own,
// beside cells and beside the comms' queue, which must not wait.
//
// Goroutines: run starts one for each errand and waits for them; they end with
// the notebook's context.
type errands struct {
	wanted chan func(context.Context)
	ended  chan struct{} // closed when run takes no more
}

func newErrands() *errands {
	return &errands{wanted: make(chan func(context.Context)), ended: make(chan struct{})}
}

// run is started once, by [Notebook.Start].
func (e *errands) run(ctx context.Context) error {
	var doing sync.WaitGroup
	defer doing.Wait()
	defer close(e.ended)
	for {
		select {
		case <-ctx.Done():
			return nil
		case f := <-e.wanted:
			doing.Go(func() { f(ctx) })
		}
	}
}

// do has f done, unless the notebook is ending.
func (e *errands) do(f func(context.Context)) {
	select {
	case e.wanted <- f:
	case <-e.ended:
	}
}
