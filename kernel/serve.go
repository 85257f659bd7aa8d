package kernel

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"gospark/kernel/wire"
)

// Sockets carry the frames of messages. Package zmq has the real ones.
type Sockets interface {
	// Start lets front ends in. welcome makes the first message for a new
	// subscriber of iopub; it is called from any goroutine.
	Start(welcome func(topic []byte) [][]byte) error
	// Recv waits for the next message on shell, control or stdin.
	Recv(ctx context.Context, from wire.Channel) ([][]byte, error)
	// Send queues a message; it waits for no peer.
	Send(to wire.Channel, frames [][]byte) error
	// Pace waits until subscribers that read have little left to read.
	Pace(ctx context.Context) error
	// Close sends what is queued, until ctx ends, and closes.
	Close(ctx context.Context) error
}

// Options of Serve.
type Options struct {
	Sockets     Sockets
	Key         []byte // of the connection file; empty: messages are not signed
	Interpreter Interpreter
	History     History // nil remembers nothing
	// Limit bounds what a cell shows; it is asked when a cell begins. nil means
	// DefaultLimit.
	Limit func() Limit
	// Notice says in a cell what it could not show; nil says it in few words.
	Notice func(Overflow) string
	// Spill is the folder for text that cells could not show; "" is the
	// system's folder for temporary files.
	Spill string
	// Parent is the process whose end ends the kernel (JPY_PARENT_PID); 0 for
	// none.
	Parent int
	// Interrupts stands for SIGINT where it is not nil: each value interrupts
	// the running cell. Serve handles SIGINT itself otherwise, also where it
	// inherited it ignored, as a script's background job does.
	Interrupts <-chan os.Signal
	Log        *slog.Logger // nil discards
}

// ErrParentGone is returned by Serve when the parent process has ended.
var ErrParentGone = errors.New("kernel: the parent process has ended")

// ErrStuck is returned by Serve when the interpreter did not return after it
// was closed; its goroutines are left behind.
var ErrStuck = errors.New("kernel: the interpreter does not return")

// errShutdown ends the goroutines after a shutdown_request.
var errShutdown = errors.New("kernel: shutdown was requested")

// How long the end may take. jupyter_client kills a kernel five seconds after
// it asked for shutdown.
const (
	closeTime = 2 * time.Second // for Interpreter.Close
	stuckTime = time.Second     // for its methods to return after that
	flushTime = time.Second     // for front ends to take what is queued
)

// kernel is one running kernel.
//
// Goroutines, all started by Serve and ended by its context (closing the
// interpreter apart, which may not obey): listen for shell
// and control (receive requests, run the quick ones, distribute the others),
// listenStdin (hands lines to whoever waits for input), runCells (one for each
// subshell: takes cells from its queue), runComms (takes comm messages from
// theirs), the flusher (sends text that has waited for some time), the history's Run, watchSignals
// and watchParent. listen starts a goroutine in the same group for each subshell
// that is created or deleted and for each request that is answered beside.
type kernel struct {
	sockets Sockets
	interp  Interpreter
	history History
	signer  *wire.Signer
	session string
	log     *slog.Logger
	started time.Time

	group    *errgroup.Group
	routes   map[string]handler
	cells    cells
	comms    comms
	inputs   inputs
	flusher  flusher
	spills   spills
	limit    func() Limit
	notice   func(Overflow) string
	beside   chan struct{} // a place for each request that is answered beside
	waitStop sync.Once     // closes the interpreter
}

// Serve runs a kernel until a front end asks for shutdown (nil), ctx ends (nil),
// the parent process ends (ErrParentGone) or something fails. It owns the
// sockets and the interpreter from here on and closes both. All its goroutines
// have ended when it returns, unless the error is ErrStuck.
//
// Interpreter.Start is called before the first request is read, so it has to
// return soon.
func Serve(ctx context.Context, o Options) error {
	k := newKernel(o)
	k.group, ctx = errgroup.WithContext(ctx)
	err := k.start(ctx)
	if err == nil {
		k.run(ctx, o)
		<-ctx.Done()
	}
	k.closeInterpreter(ctx, false)
	err = errors.Join(err, k.wait())
	// Detached: ctx has ended, and the last messages must still go out.
	flush, cancel := context.WithTimeout(context.WithoutCancel(ctx), flushTime)
	defer cancel()
	if e := k.sockets.Close(flush); e != nil {
		err = errors.Join(err, fmt.Errorf("close sockets: %w", e))
	}
	if e := k.history.Close(flush); e != nil {
		k.log.Error("kernel: close history", "error", e) // no reason to call the kernel's end a failure
	}
	return err
}

func newKernel(o Options) *kernel {
	k := &kernel{
		sockets: o.Sockets, interp: o.Interpreter, history: o.History, log: o.Log,
		signer: wire.NewSigner(o.Key), session: uuid.NewString(), started: time.Now(),
		beside: make(chan struct{}, maxBeside), spills: spills{parent: o.Spill}, limit: o.Limit, notice: o.Notice,
	}
	if k.limit == nil {
		k.limit = DefaultLimit
	}
	if k.notice == nil {
		k.notice = func(o Overflow) string {
			return fmt.Sprintf("\n[%d bytes and %d displays left out: %s]\n", o.Text, o.Outputs, o.File)
		}
	}
	if k.history == nil {
		k.history = forgetful{}
	}
	if k.log == nil {
		k.log = slog.New(slog.DiscardHandler)
	}
	k.cells.init()
	k.comms.init()
	k.flusher.init()
	k.routes = k.table()
	return k
}

// start opens the doors.
func (k *kernel) start(ctx context.Context) error {
	if err := k.sockets.Start(k.welcome); err != nil {
		return fmt.Errorf("start sockets: %w", err)
	}
	k.publish(nil, wire.KernelStatus{State: wire.Starting})
	if err := k.interp.Start(ctx, newOutput(k, nil, Cell{})); err != nil {
		return fmt.Errorf("start interpreter: %w", err)
	}
	return k.openSubshell(ctx, "") // the parent subshell
}

// run starts the kernel's goroutines.
func (k *kernel) run(ctx context.Context, o Options) {
	k.group.Go(func() error { return k.listen(ctx, wire.Shell) })
	k.group.Go(func() error { return k.listen(ctx, wire.Control) })
	k.group.Go(func() error { return k.listenStdin(ctx) })
	k.group.Go(func() error { return k.runComms(ctx) })
	k.group.Go(func() error { return k.flusher.run(ctx) })
	k.group.Go(func() error { return k.history.Run(ctx) })
	k.group.Go(func() error { return k.watchSignals(ctx, o.Interrupts) })
	if o.Parent > 0 {
		k.group.Go(func() error { return watchParent(ctx, o.Parent) })
	}
}

// closeInterpreter closes it once; later calls wait for the first.
func (k *kernel) closeInterpreter(ctx context.Context, restart bool) {
	k.waitStop.Do(func() {
		// Detached: a kernel that was told to end must still end its worker.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTime)
		defer cancel()
		done := make(chan error, 1)
		go func() { done <- k.interp.Close(ctx, restart) }() // left behind if it does not obey
		select {
		case err := <-done:
			if err != nil {
				k.log.Error("kernel: close interpreter", "error", err)
			}
		case <-time.After(closeTime + stuckTime/2):
			k.log.Error("kernel: the interpreter does not close")
		}
	})
}

// wait waits for the goroutines.
func (k *kernel) wait() error {
	done := make(chan error, 1)
	go func() { done <- k.group.Wait() }()
	select {
	case err := <-done:
		if errors.Is(err, errShutdown) || errors.Is(err, context.Canceled) {
			return nil
		}
		return err
	case <-time.After(stuckTime):
		return ErrStuck
	}
}

// watchSignals interrupts at each SIGINT. It installs the handler even where
// the signal was inherited ignored.
func (k *kernel) watchSignals(ctx context.Context, c <-chan os.Signal) error {
	if c == nil {
		own := make(chan os.Signal, 1)
		signal.Notify(own, syscall.SIGINT)
		defer signal.Stop(own)
		c = own
	}
	for {
		select {
		case <-c:
			k.cells.interrupt()
		case <-ctx.Done():
			return nil
		}
	}
}
