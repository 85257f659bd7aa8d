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
		case frame.Ready, frame.Ack, frame.Done:
			select {
			case p.answers <- m:
			case <-ctx.Done():
				return
			}
		case frame.Ping:
			p.drain() // the worker lives: what looked like its last words was not
		case frame.Show:
			p.inOrder(m.Cell, m.Seq, func(out Output) { out.Show(m.Output) })
		case frame.Clear:
			p.inOrder(m.Cell, m.Seq, func(out Output) { out.Clear(m.Wait) })
		case frame.Panicked:
			p.inOrder(m.Cell, 0, func(out Output) { out.Stderr(p.trace(m)) })
		case frame.Input:
			group.Go(func() { p.input(ctx, m) })
		case frame.Call:
			group.Go(func() { p.call(ctx, m) })
		}
	}
}

// inOrder writes to a cell's output what comes after all text so far.
func (p *process) inOrder(cell string, seq uint64, write func(Output)) {
	p.drain()
	if out := p.output(cell); out != nil {
		write(out)
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
	if out := p.output(m.Cell); out != nil {
		ctx, cancel := p.question(ctx)
		defer cancel()
		line, err = out.Input(ctx, m.Prompt, m.Password)
	}
	p.reply(m.Seq, []byte(line), err)
}

// call answers a question of the worker with one of the kernel's functions.
func (p *process) call(ctx context.Context, m frame.Call) {
	var payload []byte
	err := fmt.Errorf("the kernel has no function %q", m.Name)
	if f := p.calls[m.Name]; f != nil {
		ctx, cancel := p.question(ctx)
		defer cancel()
		payload, err = f(ctx, m.Cell, m.Payload)
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
// with the running cell.
func (p *process) question(ctx context.Context) (context.Context, context.CancelFunc) {
	p.mu.Lock()
	cell := p.ctx
	p.mu.Unlock()
	ctx, cancel := context.WithCancel(ctx)
	if cell == nil || cell.Err() != nil {
		return ctx, cancel // asked by what an earlier cell left running
	}
	stop := context.AfterFunc(cell, cancel)
	return ctx, func() { stop(); cancel() }
}

// trace writes a panic of a goroutine for people: it belongs to no result.
func (p *process) trace(m frame.Panicked) string {
	var b strings.Builder
	fmt.Fprintf(&b, "panic in a goroutine of cell %d: %s\n", m.Number, p.name(m.Panic.Value))
	for _, f := range m.Panic.Frames {
		fmt.Fprintf(&b, "  %s:%d, in %s\n", f.File, f.Line, p.name(f.Func))
	}
	return b.String()
}
