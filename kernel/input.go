package kernel

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"sync"

	"gospark/kernel/wire"
)

// inputs are the questions that wait for lines from front ends, at most one for
// each subshell. listenStdin hands the lines over.
type inputs struct {
	// mu guards the field below.
	mu   sync.Mutex
	open []*question // in the order in which they were asked
}

// question waits for a line from one front end.
type question struct {
	id       string   // msg_id of the input_request
	identity [][]byte // of the front end that was asked
	answer   chan string
}

// input asks the front end that sent r, and waits for the line, the end of ctx
// or the end of the cell.
func (k *kernel) input(ctx context.Context, r *request, over <-chan struct{}, q wire.InputRequest) (string, error) {
	select {
	case r.shell.stdin <- struct{}{}:
		defer func() { <-r.shell.stdin }()
	case <-over:
		return "", ErrNoStdin
	case <-ctx.Done():
		return "", ctx.Err()
	}
	asked, ok := k.ask(r, q)
	if !ok {
		return "", fmt.Errorf("%w: no stdin channel", ErrNoStdin)
	}
	defer k.inputs.forget(asked)
	select {
	case line := <-asked.answer:
		return line, nil
	case <-over:
		return "", context.Canceled
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// ask sends a question; nobody can answer it before it is noted.
func (k *kernel) ask(r *request, q wire.InputRequest) (*question, bool) {
	k.inputs.mu.Lock()
	defer k.inputs.mu.Unlock()
	asked := &question{identity: r.Identities, answer: make(chan string, 1)}
	asked.id = k.send(wire.Stdin, r, r.Identities, q, parcel{})
	if asked.id == "" {
		return nil, false
	}
	k.inputs.open = append(k.inputs.open, asked)
	return asked, true
}

func (in *inputs) forget(q *question) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.open = slices.DeleteFunc(in.open, func(o *question) bool { return o == q })
}

// deliver hands over a line and reports whether anybody wanted it. Only the
// front end that was asked may answer. Some do not say which question they mean:
// that is the oldest. Others answer an old one.
func (in *inputs) deliver(r *request, line string) bool {
	parent := r.ParentID()
	in.mu.Lock()
	defer in.mu.Unlock()
	at := slices.IndexFunc(in.open, func(q *question) bool {
		return (parent == "" || parent == q.id) && slices.EqualFunc(q.identity, r.Identities, bytes.Equal)
	})
	if at < 0 {
		return false
	}
	in.open[at].answer <- line // has room: it is forgotten at once
	in.open = slices.Delete(in.open, at, at+1)
	return true
}

// listenStdin receives lines until ctx ends.
func (k *kernel) listenStdin(ctx context.Context) error {
	for {
		r, err := k.receive(ctx, wire.Stdin)
		if ctx.Err() != nil {
			return nil
		}
		var line wire.InputReply
		if err == nil && r.Header.MsgType != line.MsgType() {
			err = fmt.Errorf("unknown message type %q", r.Header.MsgType)
		}
		if err == nil {
			line, err = wire.Into[wire.InputReply](r.Message)
		}
		if err != nil {
			k.log.Warn("kernel: message ignored", "channel", wire.Stdin, "error", err)
		} else if !k.inputs.deliver(r, line.Value) {
			k.log.Info("kernel: nobody waits for this input")
		}
	}
}
