package kernel

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"gospark/kernel/wire"
)

// maxSubshells bounds the subshells of a kernel: a front end that creates them
// and forgets them does not fill it with goroutines.
const maxSubshells = 256

// subshell is a queue of cells that run one after the other, beside those of
// other subshells (JEP 91). The parent subshell has no id and stays as long as
// the kernel.
//
// Goroutine: runCells, started with the subshell in the kernel's group. It ends
// when end is called, or with the kernel, once every cell is answered.
type subshell struct {
	id    string
	queue queue
	stdin chan struct{} // holds a token while a question of the subshell is open
	end   context.CancelFunc
	done  chan struct{} // closed when runCells returns

	// cells.mu guards the fields below.
	order    uint64    // of the cell that came last
	arrived  time.Time // when it came
	aborted  uint64    // cells up to this one are not run
	running  *request  // the cell that runs, or nil
	stopCell context.CancelFunc
}

// unknownSubshell refuses a request for a subshell that is not there.
func unknownSubshell(id string) error {
	return &Error{Name: "UnknownSubshell", Value: fmt.Sprintf("there is no subshell %q", id)}
}

// find is the subshell with an id; c.mu is held.
func (c *cells) find(id string) (*subshell, error) {
	for _, s := range c.open {
		if s.id == id {
			return s, nil
		}
	}
	return nil, unknownSubshell(id)
}

// knows returns an error where there is no subshell with this id.
func (c *cells) knows(id string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, err := c.find(id)
	return err
}

// add makes room for one more subshell.
func (c *cells) add(s *subshell) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.open) > maxSubshells {
		return &Error{Name: "TooManySubshells", Value: fmt.Sprintf("there are %d subshells; delete one first", maxSubshells)}
	}
	c.open = append(c.open, s)
	return nil
}

// take removes a subshell: no more cells come to it.
func (c *cells) take(id string) (*subshell, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s, err := c.find(id)
	if err != nil || s.id == "" {
		return nil, unknownSubshell(id)
	}
	c.open = slices.DeleteFunc(c.open, func(o *subshell) bool { return o == s })
	return s, nil
}

// ids lists the subshells but for the parent subshell.
func (c *cells) ids() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	ids := make([]string, 0, len(c.open))
	for _, s := range c.open {
		if s.id != "" {
			ids = append(ids, s.id)
		}
	}
	return ids
}

// openSubshell adds a subshell and starts its goroutine.
func (k *kernel) openSubshell(ctx context.Context, id string) error {
	s := &subshell{id: id, stdin: make(chan struct{}, 1), done: make(chan struct{})}
	s.queue.init()
	if err := k.cells.add(s); err != nil {
		return err
	}
	ctx, s.end = context.WithCancel(ctx)
	k.group.Go(func() error { return k.runCells(ctx, s) })
	return nil
}

// createSubshell answers create_subshell_request.
func (k *kernel) createSubshell(ctx context.Context, _ call[wire.CreateSubshellRequest]) (wire.CreateSubshellReply, error) {
	rep := wire.CreateSubshellReply{SubshellID: uuid.NewString()}
	return rep, k.openSubshell(ctx, rep.SubshellID)
}

// listSubshells answers list_subshell_request.
func (k *kernel) listSubshells(context.Context, call[wire.ListSubshellRequest]) (wire.ListSubshellReply, error) {
	return wire.ListSubshellReply{SubshellID: k.cells.ids()}, nil
}

// deleteSubshell answers delete_subshell_request once the subshell has ended:
// its running cell is interrupted, those that wait are aborted.
func (k *kernel) deleteSubshell(ctx context.Context, c call[wire.DeleteSubshellRequest]) (wire.DeleteSubshellReply, error) {
	s, err := k.cells.take(c.Body.SubshellID)
	if err != nil {
		return wire.DeleteSubshellReply{}, err
	}
	s.end()
	select {
	case <-s.done:
		return wire.DeleteSubshellReply{}, nil
	case <-ctx.Done():
		return wire.DeleteSubshellReply{}, &Error{Name: "Interrupted", Value: "the kernel ends"}
	}
}
