package cell

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"

	"gospark/cell/frame"
)

// receive reads the worker's messages until the socket ends.
func (p *process) receive(ctx context.Context, group *sync.WaitGroup) {
	for {
		m, err := p.conn.Receive()
		if err != nil {
			// Without its socket a worker is of no use: a cell wrote to the
			// descriptor, or closed it, or the process is ending anyway.
			if !errors.Is(err, os.ErrClosed) && p.alive() {
				p.kill()
			}
			return
		}
		switch m := m.(type) {
		case frame.Ready, frame.Ack:
			select {
			case p.answers <- m:
			case <-ctx.Done():
				return
			}
		case frame.Done:
			p.drain()
			p.runs.finish(m)
		case frame.Write:
			p.write(m)
		case frame.Ping:
			p.drain() // the worker lives: what looked like its last words was not
		case frame.Show:
			p.inOrder(m.Run, m.Seq, func(out Output) { out.Show(m.Output) })
		case frame.Clear:
			p.inOrder(m.Run, m.Seq, func(out Output) { out.Clear(m.Wait) })
		case frame.Panicked:
			p.inOrder(m.Run, 0, func(out Output) { out.Stderr(p.trace(m)) })
		case frame.CommTarget, frame.CommOpen, frame.CommMsg, frame.CommClose:
			p.comm(m)
		case frame.Input:
			group.Go(func() { p.input(ctx, m) })
		case frame.Call:
			group.Go(func() { p.call(ctx, m) })
		}
	}
}

// write hands on what a run printed beside the process's own streams.
func (p *process) write(m frame.Write) {
	r := p.runs.find(m.Run)
	if r == nil {
		return
	}
	if p.runs.settle(r) {
		p.drain()
	}
	if m.Stderr {
		r.out.Stderr(string(m.Text))
	} else {
		r.out.Stdout(string(m.Text))
	}
}

// inOrder writes to a cell's output what comes after all text so far.
func (p *process) inOrder(run frame.RunID, seq uint64, write func(Output)) {
	p.drain()
	if r := p.runs.find(run); r != nil {
		write(r.out)
	}
	if seq != 0 {
		_ = p.conn.Send(frame.Reply{Seq: seq})
	}
}

// input asks the person on behalf of the worker.
func (p *process) input(ctx context.Context, m frame.Input) {
	p.drain()
	var line string
	err := errors.New("nobody can be asked")
	if r := p.runs.find(m.Run); r != nil {
		ctx, cancel := r.question(ctx)
		defer cancel()
		line, err = r.out.Input(ctx, m.Prompt, m.Password)
	}
	p.reply(m.Seq, []byte(line), err)
}

// call answers a question of the worker with one of the kernel's functions.
func (p *process) call(ctx context.Context, m frame.Call) {
	var payload []byte
	err := fmt.Errorf("the kernel has no function %q", m.Name)
	r := p.runs.find(m.Run)
	if f := p.calls[m.Name]; f != nil && r != nil {
		ctx, cancel := r.question(ctx)
		defer cancel()
		payload, err = f(ctx, r.cell, m.Payload)
	}
	p.reply(m.Seq, payload, err)
}

func (p *process) reply(seq uint64, payload []byte, err error) {
	r := frame.Reply{Seq: seq, Payload: payload}
	if err != nil {
		r.Error = err.Error()
	}
	_ = p.conn.Send(r) // a worker that has gone needs no answer
}

// question is the context of a question: it ends with the worker (ctx), and
// with the cell that asks, if that runs.
func (r *cellRun) question(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	if r.ctx.Err() != nil {
		return ctx, cancel // asked by what an earlier cell left running
	}
	stop := context.AfterFunc(r.ctx, cancel)
	return ctx, func() { stop(); cancel() }
}

// trace writes a panic of a goroutine for people: it belongs to no result.
func (p *process) trace(m frame.Panicked) string {
	var b strings.Builder
	fmt.Fprintf(&b, "panic in a goroutine of cell %d: %s\n", m.Number, p.name(m.Panic.Value))
	for _, f := range m.Panic.Frames {
		fmt.Fprintf(&b, "  %s:%d, in %s\n", f.File, f.Line, strings.TrimPrefix(p.name(f.Func), "repl."))
	}
	return b.String()
}
