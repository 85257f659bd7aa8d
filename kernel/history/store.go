package history

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"sync"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"gospark/kernel"
	"gospark/kernel/wire"
)

// Bounds of one cell. A longer input is not kept: a part of it is not what was
// run. A longer output is cut.
const (
	maxInput  = 1 << 20
	maxOutput = 64 << 10
)

// How long things may take.
const (
	findTime  = 2 * time.Second // a search
	retryTime = time.Second     // between two attempts while another kernel holds the file
	// gather is how long a cell may wait to be written, with those that follow it:
	// the write then neither competes with the answer nor comes once for each of many.
	gather = 50 * time.Millisecond
)

// rescued is how many cells are taken along when history has to leave its file.
const rescued = 1000

// Store is history in a file, or in memory. It is safe for concurrent use.
type Store struct {
	path  string // "" is memory
	log   *slog.Logger
	noted chan struct{} // holds a token when there are cells to write
	more  url.Values    // parameters of the connection: tests make files read-only or small

	// io guards the field below and orders what touches the file. It is taken
	// before mu.
	io sync.Mutex
	db *database // nil: not yet needed

	// mu guards the field below.
	mu      sync.Mutex
	pending []kernel.Entry // not yet written
}

var _ kernel.History = (*Store)(nil)

// New keeps history in a file, which is made when it is needed; an empty path
// keeps it in memory, for one kernel. A nil log discards.
func New(path string, log *slog.Logger) *Store {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Store{path: path, log: log, noted: make(chan struct{}, 1)}
}

// Add notes a cell of this kernel's session.
func (s *Store) Add(e kernel.Entry) {
	if len(e.Input) > maxInput {
		return
	}
	if e.Output != nil {
		cut := cutText(*e.Output, maxOutput)
		e.Output = &cut
	}
	s.mu.Lock()
	s.pending = append(s.pending, e)
	s.mu.Unlock()
	select {
	case s.noted <- struct{}{}:
	default:
	}
}

// Run writes what was noted, until ctx ends.
func (s *Store) Run(ctx context.Context) error {
	for {
		select {
		case <-s.noted:
		case <-ctx.Done():
			return nil
		}
		pause(ctx, gather)
		for ctx.Err() == nil && s.write(ctx) != nil { // another kernel holds the file
			pause(ctx, retryTime)
		}
	}
}

// pause waits, at most until ctx ends.
func pause(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}

// Find returns what a request asks for, oldest first.
func (s *Store) Find(ctx context.Context, q wire.HistoryRequest) ([]kernel.Entry, error) {
	ctx, cancel := context.WithTimeout(ctx, findTime)
	defer cancel()
	_ = s.write(ctx) // what cannot be written now is written later
	s.io.Lock()
	defer s.io.Unlock()
	if err := s.open(ctx); err != nil {
		return nil, err
	}
	return s.db.find(ctx, q)
}

// Close writes what is left, until ctx ends, and closes the file.
func (s *Store) Close(ctx context.Context) error {
	err := s.write(ctx)
	s.io.Lock()
	defer s.io.Unlock()
	if s.db == nil {
		return err
	}
	return errors.Join(err, s.db.close())
}

// write writes what was noted. It fails only where trying again later will help.
func (s *Store) write(ctx context.Context) error {
	s.io.Lock()
	defer s.io.Unlock()
	s.mu.Lock()
	entries := s.pending
	s.pending = nil
	s.mu.Unlock()
	if len(entries) == 0 {
		return nil
	}
	err := s.open(ctx)
	if err == nil {
		err = s.db.add(ctx, entries)
	}
	if err == nil {
		return nil
	}
	if !passing(err) {
		err = s.leave(ctx, err, entries)
	}
	if err != nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.pending = append(entries, s.pending...)
	}
	return err
}

// open opens the file where that has not happened; io is held.
func (s *Store) open(ctx context.Context) error {
	if s.db != nil {
		return nil
	}
	db, err := openDatabase(ctx, s.path, s.more)
	if err != nil && !passing(err) {
		return s.leave(ctx, err, nil)
	}
	s.db = db
	return err
}

// passing reports whether an error is no fault of the file.
func passing(err error) bool {
	return busy(err) || code(err) == sqlite3.SQLITE_INTERRUPT ||
		errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// busy reports whether another kernel holds the file.
func busy(err error) bool { return code(err) == sqlite3.SQLITE_BUSY }

// code is SQLite's primary result code of an error, or 0.
func code(err error) int {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return 0
	}
	return e.Code() & 0xff
}

// leave goes on in memory, with the last cells that the file still tells and
// with entries; io is held.
func (s *Store) leave(ctx context.Context, why error, entries []kernel.Entry) error {
	s.log.Warn("history: the file cannot be used; this kernel keeps history in memory only. "+
		"Free space, make it writable or move it away, or set GOSPARK_HISTORY to another file or to off, and restart the kernel",
		"file", s.path, "error", why)
	memory, err := openDatabase(ctx, "", nil)
	if err != nil {
		return err
	}
	if s.db != nil {
		memory.rescue(ctx, s.db)
		_ = s.db.close() // it is broken: nothing is lost by it
	}
	s.db = memory
	if len(entries) == 0 {
		return nil
	}
	return memory.add(ctx, entries)
}
