package sparkclient

import (
	"context"
	"errors"
	"slices"
)

// AddTag makes all further operations of the session carry a tag.
func (s *Session) AddTag(tag string) { s.setTags(append(s.Tags(), tag)) }

// RemoveTag ends what AddTag began.
func (s *Session) RemoveTag(tag string) {
	s.setTags(slices.DeleteFunc(s.Tags(), func(t string) bool { return t == tag }))
}

// ClearTags removes all tags of the session.
func (s *Session) ClearTags() { s.setTags(nil) }

// Tags are the session's tags.
func (s *Session) Tags() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.tags)
}

func (s *Session) setTags(tags []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tags = tags
}

// InterruptAll stops all running operations of the session and returns their
// ids.
func (s *Session) InterruptAll(ctx context.Context) ([]string, error) {
	return s.interrupt(ctx, Interrupt{})
}

// InterruptTag stops the operations that carry the tag.
func (s *Session) InterruptTag(ctx context.Context, tag string) ([]string, error) {
	if tag == "" {
		return nil, errors.New("interrupt: the tag is empty")
	}
	return s.interrupt(ctx, Interrupt{Tag: tag})
}

// InterruptOperation stops one operation.
func (s *Session) InterruptOperation(ctx context.Context, id string) ([]string, error) {
	if id == "" {
		return nil, errors.New("interrupt: the operation's id is empty")
	}
	return s.interrupt(ctx, Interrupt{OperationID: id})
}

func (s *Session) interrupt(ctx context.Context, what Interrupt) ([]string, error) {
	e, err := s.Engine(ctx)
	if err != nil {
		return nil, err
	}
	ids, err := e.Interrupt(ctx, what)
	return ids, s.noticed(e, err)
}

// RegisterProgressHandler has handler hear of the progress of all further
// operations of the session, until remove is called. It is called from the
// goroutine that reads the operation and must not block. For the operations of
// one context see [WithProgress].
func (s *Session) RegisterProgressHandler(handler func(Progress)) (remove func()) {
	h := &handler
	s.mu.Lock()
	defer s.mu.Unlock()
	s.progress = append(slices.Clone(s.progress), h)
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.progress = slices.DeleteFunc(slices.Clone(s.progress), func(other *func(Progress)) bool { return other == h })
	}
}

// ClearProgressHandlers removes all handlers of the session.
func (s *Session) ClearProgressHandlers() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.progress = nil
}

// prepared is the context of an operation: with the session's tags and
// progress handlers.
func (s *Session) prepared(ctx context.Context) context.Context {
	s.mu.Lock()
	tags, handlers := s.tags, s.progress
	s.mu.Unlock()
	for _, h := range handlers {
		ctx = WithProgress(ctx, *h)
	}
	return WithTags(ctx, tags...)
}
