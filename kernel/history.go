package kernel

import (
	"context"

	"gospark/display"
	"gospark/kernel/wire"
)

// Entry is one cell in the history.
type Entry struct {
	Session int // counts the kernels that kept a cell
	Line    int // execution count
	Input   string
	Output  *string // text/plain of the result; nil for none
}

// History remembers cells. It is safe for concurrent use. Package history has
// the one that outlives the kernel.
type History interface {
	// Run does the work of History that waits for files, until ctx ends.
	Run(ctx context.Context) error
	// Add remembers a cell of this kernel's session. It waits for nothing.
	Add(Entry)
	// Find returns the entries that a request asks for, oldest first.
	Find(ctx context.Context, q wire.HistoryRequest) ([]Entry, error)
	// Close keeps what is not kept yet, until ctx ends.
	Close(ctx context.Context) error
}

// forgetful is a History that remembers nothing.
type forgetful struct{}

func (forgetful) Run(context.Context) error                                  { return nil }
func (forgetful) Add(Entry)                                                  {}
func (forgetful) Close(context.Context) error                                { return nil }
func (forgetful) Find(context.Context, wire.HistoryRequest) ([]Entry, error) { return nil, nil }

// searchHistory answers history_request.
func (k *kernel) searchHistory(ctx context.Context, c call[wire.HistoryRequest]) (wire.HistoryReply, error) {
	found, err := k.history.Find(ctx, c.Body)
	if err != nil {
		return wire.HistoryReply{}, err
	}
	rep := wire.HistoryReply{History: make([]wire.HistoryEntry, 0, len(found))}
	for _, e := range found {
		rep.History = append(rep.History, wire.HistoryEntry{
			Session: e.Session, Line: e.Line, Input: e.Input, Output: e.Output, WithOutput: c.Body.Output,
		})
	}
	return rep, nil
}

// plainText is a result as history keeps it.
func plainText(b *display.Bundle) *string {
	if b == nil {
		return nil
	}
	if s, ok := b.Data["text/plain"].(string); ok {
		return &s
	}
	return nil
}
