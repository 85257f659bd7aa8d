package worker

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"

	"gospark/cell/frame"
	"gospark/cell/rt"

	_ "gospark/cell/measure" // %%bench and %%test need not wait for it
)

// Worker is the process's one worker. Its goroutines: receive reads the socket,
// work does the jobs that receive queues, every cell has two (one waits for the
// other), and every comm has one while it has messages; all of them end with the
// process.
type Worker struct {
	opts  Options
	conn  *frame.Conn
	jobs  chan frame.Message
	calls *calls
	stdin *stdin
	comms comms
	// files are the process's own streams: user code may replace os.Stdout.
	files [3]*os.File

	// mu guards the fields below.
	mu        sync.Mutex
	entries   map[string]func() // the loaded cells' functions by name
	running   map[frame.RunID]*running
	lingering []lingering         // runs that may have goroutines left
	alive     map[frame.RunID]int // runs of that id of which something may be left
	gone      []frame.RunID       // those of which nothing is, for the next Done
}

// running is a cell that runs.
type running struct {
	run     *rt.Run
	streams *streams
	ended   chan struct{}
	// asked tells that it was interrupted before; Worker.mu guards it.
	asked bool
}

// lingering is a run that may have goroutines left; over ends its context.
type lingering struct {
	run  *rt.Run
	over context.CancelFunc
}

// jobQueue is more than the kernel ever has under way, which is one.
const jobQueue = 4

func newWorker(o Options, conn *frame.Conn) (*Worker, error) {
	if o.Grace == 0 {
		o.Grace = DefaultGrace
	}
	w := &Worker{
		opts: o, conn: conn,
		jobs:    make(chan frame.Message, jobQueue),
		calls:   newCalls(conn),
		files:   [3]*os.File{os.Stdin, os.Stdout, os.Stderr},
		entries: map[string]func(){},
		running: map[frame.RunID]*running{},
		alive:   map[frame.RunID]int{},
	}
	w.comms.init()
	var err error
	w.stdin, err = newStdin()
	return w, err
}

// Call asks the kernel's function of that name and waits for its answer. It may
// be called from any goroutine of a cell.
func (w *Worker) Call(ctx context.Context, name string, payload []byte) ([]byte, error) {
	return w.calls.ask(ctx, func(seq uint64) frame.Message {
		return frame.Call{Seq: seq, Run: runID(), Name: name, Payload: payload}
	})
}

// send writes to the kernel. A kernel that cannot be reached has gone: receive
// ends the process then.
func (w *Worker) send(m frame.Message) {
	if err := w.conn.Send(m); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
}

// runID is the run that the calling goroutine belongs to, 0 for none.
func runID() frame.RunID {
	if r := rt.Running(); r != nil {
		return frame.RunID(r.Info().ID)
	}
	return 0
}

// calls are the requests that wait for the kernel's reply.
type calls struct {
	conn *frame.Conn

	// mu guards the fields below.
	mu      sync.Mutex
	last    uint64
	waiting map[uint64]chan frame.Reply
}

func newCalls(conn *frame.Conn) *calls {
	return &calls{conn: conn, waiting: map[uint64]chan frame.Reply{}}
}

// ask sends the message that build makes and waits for its reply or ctx.
func (c *calls) ask(ctx context.Context, build func(seq uint64) frame.Message) ([]byte, error) {
	reply := make(chan frame.Reply, 1)
	c.mu.Lock()
	c.last++
	seq := c.last
	c.waiting[seq] = reply
	c.mu.Unlock()
	defer func() {
		c.mu.Lock()
		delete(c.waiting, seq)
		c.mu.Unlock()
	}()
	if err := c.conn.Send(build(seq)); err != nil {
		return nil, err
	}
	select {
	case r := <-reply:
		if r.Error != "" {
			return r.Payload, errors.New(r.Error)
		}
		return r.Payload, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// answer delivers a reply; nobody may be waiting for it any more.
func (c *calls) answer(r frame.Reply) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if reply, ok := c.waiting[r.Seq]; ok {
		reply <- r
		delete(c.waiting, r.Seq)
	}
}
