package sparkclient

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"

	"gospark/sparkclient/internal/plan"
)

// StreamingQueryListener hears of all streaming queries of a session. Functions
// that are nil are not called; they run one after another and should be quick.
type StreamingQueryListener struct {
	OnQueryStarted    func(QueryStartedEvent)
	OnQueryProgress   func(QueryProgressEvent)
	OnQueryIdle       func(QueryIdleEvent)
	OnQueryTerminated func(QueryTerminatedEvent)
	// OnError hears that a function of the listener panicked, or that events
	// no longer come because the session was lost: add the listener again then.
	OnError func(error)
}

// AddListener has the listener hear of the session's queries, from Start on
// which returned after this. The events come over an operation of their own,
// which lasts until the last listener is removed or the session is closed.
func (m StreamingQueries) AddListener(ctx context.Context, l *StreamingQueryListener) error {
	return m.session.listeners.add(ctx, l)
}

// RemoveListener ends what AddListener began; events that are on their way are
// delivered first.
func (m StreamingQueries) RemoveListener(ctx context.Context, l *StreamingQueryListener) error {
	return m.session.listeners.remove(ctx, l)
}

// ListListeners are the listeners of the session.
func (m StreamingQueries) ListListeners() []*StreamingQueryListener {
	return m.session.listeners.all()
}

// listenerBus gives the events of a session's streaming queries to listeners.
//
// It has one goroutine while there are listeners: add starts it, it reads the
// operation that brings the events, and remove or close ends it and waits.
type listenerBus struct {
	session *Session

	turn   sync.Mutex // held while a listener is added or removed
	cancel context.CancelFunc
	done   sync.WaitGroup

	mu      sync.Mutex // guards the fields below
	list    []*StreamingQueryListener
	leaving bool // the events are to end
}

func (b *listenerBus) all() []*StreamingQueryListener {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.list)
}

func (b *listenerBus) set(list []*StreamingQueryListener) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.list = list
}

func (b *listenerBus) add(ctx context.Context, l *StreamingQueryListener) error {
	if l == nil {
		return errors.New("add a listener: it is nil")
	}
	b.turn.Lock()
	defer b.turn.Unlock()
	list := b.all()
	if slices.Contains(list, l) {
		return nil
	}
	b.set(append(list, l))
	if len(list) > 0 {
		return nil
	}
	if err := b.start(ctx); err != nil {
		b.end()
		return fmt.Errorf("add a listener: %w", err)
	}
	return nil
}

// start begins to receive events and waits until the server says that they come.
func (b *listenerBus) start(ctx context.Context) error {
	outlives, cancel := context.WithCancel(context.Background()) // the listener outlives the call, and ctx
	b.cancel = cancel
	added := make(chan error, 2) // of the answer and of the end
	b.done.Go(func() { added <- b.receive(outlives, func() { added <- nil }) })
	select {
	case err := <-added:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// receive reads events until the operation ends.
func (b *listenerBus) receive(ctx context.Context, added func()) error {
	listening := WithAnswers(ctx, func(answer []byte) { b.answer(answer, added) })
	stream, err := b.session.execute(listening, &plan.Plan{Command: &plan.Command{
		CommandType: &plan.StreamingQueryListenerBusCommand{AddListenerBusListener: new(true)}}})
	if err != nil {
		return err
	}
	defer stream.Close() // its end is known
	for {
		_, err := stream.Next()
		if err == nil {
			continue
		}
		if isEnd(err) {
			err = errors.New("the server ended them")
		}
		for _, l := range b.lose(ctx) {
			l.failed(fmt.Errorf("the events of streaming queries no longer come: %w", err))
		}
		return err
	}
}

// lose are the listeners that were to hear more, and are forgotten; none where the
// events were to end.
func (b *listenerBus) lose(ctx context.Context) []*StreamingQueryListener {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.leaving || ctx.Err() != nil {
		return nil
	}
	lost := b.list
	b.list = nil
	return lost
}

// leave says whether the events are to end.
func (b *listenerBus) leave(leaving bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.leaving = leaving
}

func (b *listenerBus) answer(answer []byte, added func()) {
	var r plan.ExecutePlanResponse
	if err := plan.Decode(answer, &r); err != nil || r.StreamingQueryListenerEventsResult == nil {
		return
	}
	if r.StreamingQueryListenerEventsResult.ListenerBusListenerAdded != nil {
		added()
	}
	for _, e := range r.StreamingQueryListenerEventsResult.Events {
		switch e.EventType {
		case plan.QueryProgressEvent:
			post(b, e.EventJson, func(l *StreamingQueryListener) func(QueryProgressEvent) { return l.OnQueryProgress })
		case plan.QueryIdleEvent:
			post(b, e.EventJson, func(l *StreamingQueryListener) func(QueryIdleEvent) { return l.OnQueryIdle })
		case plan.QueryTerminatedEvent:
			post(b, e.EventJson, func(l *StreamingQueryListener) func(QueryTerminatedEvent) { return l.OnQueryTerminated })
		}
	}
}

// started tells that a query has begun, which the answer to its start says.
func (b *listenerBus) started(event string) {
	post(b, event, func(l *StreamingQueryListener) func(QueryStartedEvent) { return l.OnQueryStarted })
}

// post calls one of the functions of each listener with an event.
func post[E any](b *listenerBus, text string, function func(*StreamingQueryListener) func(E)) {
	var event E
	err := json.Unmarshal([]byte(text), &event)
	for _, l := range b.all() {
		if err != nil {
			l.failed(fmt.Errorf("read an event of a streaming query: %w", err))
		} else if f := function(l); f != nil {
			l.guarded(func() { f(event) })
		}
	}
}

// guarded calls f, a listener's own, whose panic is not the program's end.
func (l *StreamingQueryListener) guarded(f func()) {
	defer func() {
		if cause := recover(); cause != nil {
			l.failed(fmt.Errorf("a listener panicked: %v", cause))
		}
	}()
	f()
}

func (l *StreamingQueryListener) failed(err error) {
	if l.OnError != nil {
		l.OnError(err)
	}
}

func (b *listenerBus) remove(ctx context.Context, l *StreamingQueryListener) error {
	b.turn.Lock()
	defer b.turn.Unlock()
	list := b.all()
	rest := slices.DeleteFunc(slices.Clone(list), func(other *StreamingQueryListener) bool { return other == l })
	if len(rest) == len(list) {
		return nil
	}
	if len(rest) > 0 {
		b.set(rest)
		return nil
	}
	b.leave(true)
	defer b.leave(false)
	_, err := run(ctx, b.session, &plan.Command{CommandType: &plan.StreamingQueryListenerBusCommand{
		RemoveListenerBusListener: new(true)}})
	if err != nil {
		b.end()
		return fmt.Errorf("remove a listener: %w", err)
	}
	stop := context.AfterFunc(ctx, b.cancel)
	b.done.Wait() // the server sends the rest of the events and ends
	stop()
	b.end()
	return nil
}

// close removes all listeners without asking the server.
func (b *listenerBus) close() {
	b.turn.Lock()
	defer b.turn.Unlock()
	b.end()
}

// end ends the goroutine and forgets the listeners; turn is held.
func (b *listenerBus) end() {
	if b.cancel != nil {
		b.cancel()
		b.done.Wait()
		b.cancel = nil
	}
	b.set(nil)
}
