package worker

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"runtime"
	"runtime/debug"
	"syscall"
	"time"

	"gospark/cell/frame"
	"gospark/cell/look"
	"gospark/cell/rt"
	_ "gospark/cell/worker/std" // every cell's standard library
	"gospark/display"
)

// SocketFD is the file descriptor on which the worker finds its kernel.
const SocketFD = 3

// DefaultGrace is how long an interrupted cell may take to stop.
const DefaultGrace = 2 * time.Second

// maxStack is where an endless recursion ends. The run-time's own limit of a
// gigabyte takes seconds and all the memory of a small machine to reach.
const maxStack = 256 << 20

// Options are the hooks of the main package. All may be nil.
type Options struct {
	// Context makes the context under which a cell runs from ctx, which ends
	// when the cell was interrupted or its last goroutine has gone.
	Context func(ctx context.Context, req Request) context.Context
	// Render turns the values of a cell's last expressions, of which there may
	// be none, into what is shown; nil shows nothing. Its error is the cell's.
	// It runs as part of the cell: an interrupt and a panic in a String method
	// are the cell's own.
	Render func(ctx context.Context, vals []any) (*display.Bundle, error)
	// Fail describes the error with which a cell ended, for the kernel; nil
	// leaves it at the message.
	Fail func(err error) *display.Bundle
	// Setup is called once, before the first cell.
	Setup func(w *Worker)
	// Grace replaces DefaultGrace.
	Grace time.Duration
}

// Request is a cell that is about to run.
type Request struct {
	ID     string            // unique in the kernel's life
	Number int               // execution count
	Meta   map[string]string // what the kernel sent along
	// Show shows something in the cell's output, from any goroutine and also
	// after the cell ended.
	Show func(display.Output)
}

// Serve is the worker's main function. It returns when the kernel has gone; the
// process should then exit at once.
func Serve(o Options) error {
	syscall.CloseOnExec(SocketFD)
	if err := syscall.SetNonblock(SocketFD, true); err != nil { // so that a wait costs no thread
		return fmt.Errorf("worker: no kernel (it is started by gospark, not by hand): %w", err)
	}
	if err := look.Install(); err != nil {
		fmt.Fprintln(os.Stderr, "worker: an interrupt will stop the goroutines of all cells:", err)
	}
	file := os.NewFile(SocketFD, "kernel")
	w, err := newWorker(o, frame.NewConn(file))
	if err != nil {
		return err
	}
	debug.SetMaxStack(maxStack)
	log.SetOutput(logWriter{w.files[rt.Stderr]})
	display.Install(sink{w})
	if o.Setup != nil {
		o.Setup(w)
	}
	if err := w.conn.Send(frame.Ready{GoVersion: runtime.Version()}); err != nil {
		return err
	}
	go w.work()
	return w.receive()
}

// receive hands the kernel's messages on until the kernel has gone. Only what
// changes the process waits behind the same; cells, replies, interrupts and comms
// never do.
func (w *Worker) receive() error {
	for {
		m, err := w.conn.Receive()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("worker: %w", err)
		}
		switch m := m.(type) {
		case frame.Load, frame.Chdir:
			w.jobs <- m
		case frame.Setenv:
			_ = os.Setenv(m.Name, m.Value) // the kernel's own system has taken it
		case frame.Run:
			go w.run(m)
		case frame.Ping:
			w.send(m)
		case frame.Interrupt:
			w.interrupt(m.Run)
		case frame.Reply:
			w.calls.answer(m)
		case frame.CommOpen:
			w.commOpened(m)
		case frame.CommMsg:
			w.comms.message(m)
		case frame.CommClose:
			w.comms.closed(m.Comm)
		default:
			return fmt.Errorf("worker: unexpected message %T", m)
		}
	}
}

// work does the jobs in order, for the life of the process.
func (w *Worker) work() {
	var loaded pages
	for m := range w.jobs {
		var answer frame.Message
		switch m := m.(type) {
		case frame.Load:
			answer = w.load(m)
		case frame.Chdir:
			answer = chdir(m)
		}
		w.send(answer)
		loaded.giveBack()
	}
}
