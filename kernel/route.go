package kernel

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"gospark/kernel/wire"
)

// request is one message from a front end.
type request struct {
	wire.Message
	channel wire.Channel
	began   time.Time // when its handler began

	// Set for cells only.
	shell  *subshell
	order  uint64 // among the cells of its subshell
	number int    // execution count of its reply
}

// call is a request with its content decoded.
type call[Req wire.Content] struct {
	*request
	Body Req
}

// lane says who runs a handler.
type lane int

const (
	inline lane = iota // the socket's reader: what takes no time
	beside             // a goroutine of its own, maxBeside at once
	apart              // a goroutine of its own, for as long as a cell may take
	comm               // the comm goroutine, in order
	cell               // the goroutine of its subshell, in order
	last               // the socket's reader, which then ends the kernel
)

// maxBeside bounds the requests that are answered beside at once.
const maxBeside = 32

// handler answers one type of request.
type handler struct {
	lane  lane
	reply string // msg_type of the reply; "" for none
	run   func(context.Context, *request) (wire.Content, error)
}

// on adapts a typed function to a handler: the content is decoded once, here.
func on[Req, Rep wire.Content](l lane, f func(context.Context, call[Req]) (Rep, error)) (string, handler) {
	var req Req
	var rep Rep
	return req.MsgType(), handler{l, rep.MsgType(), func(ctx context.Context, r *request) (wire.Content, error) {
		body, err := wire.Into[Req](r.Message)
		if err != nil {
			return nil, err
		}
		return f(ctx, call[Req]{r, body})
	}}
}

// table lists every request that the kernel answers. Each is accepted on shell
// and on control.
func (k *kernel) table() map[string]handler {
	t := make(map[string]handler)
	add := func(name string, h handler) { t[name] = h }
	add(on(inline, k.kernelInfo))
	add(on(inline, k.commInfo))
	add(on(inline, k.interrupt))
	add(on(inline, k.usage))
	add(on(inline, k.createSubshell))
	add(on(inline, k.listSubshells))
	add(on(apart, k.deleteSubshell))
	add(on(beside, k.searchHistory))
	add(on(beside, k.complete))
	add(on(beside, k.inspect))
	add(on(beside, k.isComplete))
	add(on(comm, k.commOpen))
	add(on(comm, k.commMsg))
	add(on(comm, k.commClose))
	add(on(cell, k.execute))
	add(on(last, k.shutdown))
	return t
}

// unknown is the handler of requests that nobody knows: bracketed, not answered.
func (k *kernel) unknown() handler {
	return handler{run: func(_ context.Context, r *request) (wire.Content, error) {
		return nil, fmt.Errorf("unknown message type %q", r.Header.MsgType)
	}}
}

// listen receives requests on shell or control until ctx ends.
func (k *kernel) listen(ctx context.Context, ch wire.Channel) error {
	for {
		r, err := k.receive(ctx, ch)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			k.log.Warn("kernel: message ignored", "channel", ch, "error", err)
		default:
			if err := k.dispatch(ctx, r); err != nil {
				return err
			}
		}
	}
}

// receive takes one message off a socket.
func (k *kernel) receive(ctx context.Context, ch wire.Channel) (*request, error) {
	frames, err := k.sockets.Recv(ctx, ch)
	if err != nil {
		return nil, err
	}
	m, err := k.signer.Decode(frames)
	if err != nil {
		return nil, err
	}
	return &request{Message: m, channel: ch}, nil
}

// refusal is the handler of a request that cannot be routed, because of err.
func refusal(h handler, err error) handler {
	return handler{reply: h.reply, run: func(context.Context, *request) (wire.Content, error) { return nil, err }}
}

// dispatch gives a request to its lane. It never waits for anything.
func (k *kernel) dispatch(ctx context.Context, r *request) error {
	h, ok := k.routes[r.Header.MsgType]
	if !ok {
		h = k.unknown()
	}
	switch h.lane {
	case comm: // a comm belongs to no subshell, and outlives the one that its messages name
		k.comms.queue.push(task{r, h})
		return nil
	case last:
		k.handle(ctx, r, h)
		return errShutdown
	case cell:
		if err := k.cells.push(task{r, h}); err != nil {
			k.handle(ctx, r, refusal(h, err))
		}
		return nil
	}
	if err := k.cells.knows(r.Header.SubshellID); err != nil {
		h = refusal(h, err)
	}
	switch h.lane {
	case beside:
		k.group.Go(func() error {
			select {
			case k.beside <- struct{}{}:
				k.handle(ctx, r, h)
				<-k.beside
			case <-ctx.Done():
			}
			return nil
		})
	case apart:
		k.group.Go(func() error {
			k.handle(ctx, r, h)
			return nil
		})
	default:
		k.handle(ctx, r, h)
	}
	return nil
}

// handle is the one bracket around every handler: busy, the handler with its
// panics caught, the reply, idle.
func (k *kernel) handle(ctx context.Context, r *request, h handler) {
	r.began = time.Now()
	k.publish(r, wire.KernelStatus{State: wire.Busy})
	defer k.idle(r)
	rep, err := fenced(ctx, r, h)
	if err != nil {
		rep = k.failed(r, h, err)
	}
	if rep.MsgType() != "" {
		k.reply(r, rep)
	}
}

// idle ends the bracket. Front ends take the last status for the kernel's: while
// a cell runs, the kernel is busy again at once.
func (k *kernel) idle(r *request) {
	k.publish(r, wire.KernelStatus{State: wire.Idle})
	k.cells.whileRunning(func(running *request) {
		k.publish(running, wire.KernelStatus{State: wire.Busy})
	})
}

// fenced runs a handler; a panic becomes an error.
func fenced(ctx context.Context, r *request, h handler) (rep wire.Content, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return h.run(ctx, r)
}

// failed makes the reply to a request that failed, and shows the error where a
// cell did. What is no *Error is a fault of the kernel and logged.
func (k *kernel) failed(r *request, h handler, err error) wire.Content {
	var e *Error
	if !errors.As(err, &e) {
		k.log.Error("kernel: request failed", "type", r.Header.MsgType, "error", err)
		e = &Error{Name: "kernel fault", Value: firstLine(err.Error())}
	}
	if h.reply == "" {
		return wire.None{}
	}
	rep := wire.ErrorReply{
		Type: h.reply, Status: wire.Failed, Name: e.Name, Value: e.Value, Traceback: traceback(e),
	}
	if h.lane == cell {
		if r.number == 0 { // it failed before it began
			r.number = k.cells.number()
		}
		rep.ExecutionCount = &r.number
		k.publish(r, wire.Error{Name: rep.Name, Value: rep.Value, Traceback: rep.Traceback})
		if e.Details != nil {
			data, metadata := parts(e.Details)
			k.publish(r, wire.DisplayData{Data: data, Metadata: metadata})
		}
	}
	return rep
}
