package kernel

import (
	"context"
	"fmt"
	"sync"

	"gospark/kernel/wire"
)

// inputs is what waits for lines from front ends: one question at a time.
// listenStdin hands the line to whoever waits.
type inputs struct {
	turn chan struct{} // holds a token while a question is open

	// mu guards the fields below.
	mu     sync.Mutex
	id     string      // msg_id of the open question; "" when there is none
	answer chan string // where its line goes
}

func (in *inputs) init() { in.turn = make(chan struct{}, 1) }

// input asks the front end that sent r, and waits for the line, the end of ctx
// or the end of the cell.
func (k *kernel) input(ctx context.Context, r *request, over <-chan struct{}, q wire.InputRequest) (string, error) {
	select {
	case k.inputs.turn <- struct{}{}:
		defer func() { <-k.inputs.turn }()
	case <-over:
		return "", ErrNoStdin
	case <-ctx.Done():
		return "", ctx.Err()
	}
	answer := make(chan string, 1)
	if !k.ask(r, q, answer) {
		return "", fmt.Errorf("%w: no stdin channel", ErrNoStdin)
	}
	defer k.inputs.expect("", nil)
	select {
	case line := <-answer:
		return line, nil
	case <-over:
		return "", context.Canceled
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// ask sends a question; nobody can answer it before it is noted.
func (k *kernel) ask(r *request, q wire.InputRequest, answer chan string) bool {
	k.inputs.mu.Lock()
	defer k.inputs.mu.Unlock()
	k.inputs.id = k.send(wire.Stdin, r, r.Identities, q)
	k.inputs.answer = answer
	return k.inputs.id != ""
}

func (in *inputs) expect(id string, answer chan string) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.id, in.answer = id, answer
}

// deliver hands over a line and reports whether anybody wanted it. Some front
// ends do not say which question they answer; others answer an old one.
func (in *inputs) deliver(parent, line string) bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.id == "" || parent != "" && parent != in.id {
		return false
	}
	in.answer <- line // has room: it is forgotten at once
	in.id, in.answer = "", nil
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
		} else if !k.inputs.deliver(r.ParentID(), line.Value) {
			k.log.Info("kernel: nobody waits for this input")
		}
	}
}
