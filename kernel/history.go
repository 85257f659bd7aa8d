package kernel

import (
	"context"
	"path"
	"slices"
	"sync"

	"gospark/display"
	"gospark/kernel/wire"
)

// Entry is one cell in the history.
type Entry struct {
	Session int // 1 is the first session that the history knows
	Line    int // execution count
	Input   string
	Output  *string // text/plain of the result; nil for none
}

// History remembers cells. It is safe for concurrent use.
type History interface {
	// Add remembers a cell of this session.
	Add(Entry)
	// Find returns the entries that a request asks for, oldest first.
	Find(ctx context.Context, q wire.HistoryRequest) ([]Entry, error)
}

// Memory is a History that ends with the process. Its one session is number 1.
type Memory struct {
	// mu guards the field below.
	mu      sync.Mutex
	entries []Entry
}

// memorySession is the number of the only session.
const memorySession = 1

// NewMemory returns an empty history.
func NewMemory() *Memory { return &Memory{} }

// Add remembers a cell.
func (m *Memory) Add(e Entry) {
	m.mu.Lock()
	defer m.mu.Unlock()
	e.Session = memorySession
	m.entries = append(m.entries, e)
}

// Find searches what was added.
func (m *Memory) Find(_ context.Context, q wire.HistoryRequest) ([]Entry, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch q.Access {
	case wire.Range:
		return inRange(m.entries, q), nil
	case wire.Search:
		return lastOf(matching(m.entries, q), q.N), nil
	default: // tail, as the specification's default
		return lastOf(slices.Clone(m.entries), q.N), nil
	}
}

func inRange(all []Entry, q wire.HistoryRequest) []Entry {
	if q.Session != 0 && q.Session != memorySession {
		return nil
	}
	var out []Entry
	for _, e := range all {
		if e.Line >= q.Start && (q.Stop == nil || e.Line < *q.Stop) {
			out = append(out, e)
		}
	}
	return out
}

// matching are the entries that fit a glob, each input once where that was asked.
func matching(all []Entry, q wire.HistoryRequest) []Entry {
	var out []Entry
	for _, e := range all {
		if !glob(q.Pattern, e.Input) {
			continue
		}
		if q.Unique { // the last one stays
			out = slices.DeleteFunc(out, func(o Entry) bool { return o.Input == e.Input })
		}
		out = append(out, e)
	}
	return out
}

// glob matches * and ? against the whole text, as SQLite's GLOB does; an empty
// pattern fits everything.
func glob(pattern, text string) bool {
	if pattern == "" {
		return true
	}
	// path.Match stops * at slashes: there are none in what it is given.
	swap := func(s string) string { return string(replaceRune([]rune(s), '/', '\uE000')) }
	ok, err := path.Match(swap(pattern), swap(text))
	return ok && err == nil
}

func replaceRune(s []rune, old, now rune) []rune {
	for i, r := range s {
		if r == old {
			s[i] = now
		}
	}
	return s
}

// lastOf are the last n entries; 0 asks for all.
func lastOf(all []Entry, n int) []Entry {
	if n > 0 && n < len(all) {
		return all[len(all)-n:]
	}
	return all
}

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
