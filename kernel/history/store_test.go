package history

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"gospark/kernel"
	"gospark/kernel/wire"
)

// open opens a store that is closed, and so written, at the end of the test.
func open(t *testing.T, path string) *Store {
	t.Helper()
	s := New(path, nil)
	t.Cleanup(func() { shut(t, s) })
	return s
}

func shut(t *testing.T, s *Store) {
	t.Helper()
	if err := s.Close(context.Background()); err != nil { // once more does nothing
		t.Error(err)
	}
}

func entry(line int, input string, output ...string) kernel.Entry {
	e := kernel.Entry{Line: line, Input: input}
	if len(output) > 0 {
		e.Output = &output[0]
	}
	return e
}

// find asks again where only the disk was too slow.
func find(t *testing.T, s *Store, q wire.HistoryRequest) ([]kernel.Entry, error) {
	t.Helper()
	for {
		entries, err := s.Find(t.Context(), q)
		if !errors.Is(err, context.DeadlineExceeded) || t.Context().Err() != nil {
			return entries, err
		}
	}
}

// found writes what a request finds: session.line input=output.
func found(t *testing.T, s *Store, q wire.HistoryRequest) string {
	t.Helper()
	entries, err := find(t, s, q)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		text := fmt.Sprintf("%d.%d %s", e.Session, e.Line, e.Input)
		if e.Output != nil {
			text += "=" + *e.Output
		}
		all = append(all, text)
	}
	return strings.Join(all, ", ")
}

// file is a history of two earlier sessions.
func file(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "data", "history.sqlite")
	for i := range 2 {
		s := New(path, nil)
		s.Add(entry(1, "same"))
		s.Add(entry(2, fmt.Sprintf("x%d", i), "out"))
		shut(t, s)
	}
	return path
}

func TestFind(t *testing.T) {
	s := open(t, file(t))
	last := 2
	if got := found(t, s, wire.HistoryRequest{Access: wire.Range, Session: -1}); got != "2.1 same, 2.2 x1=out" {
		t.Errorf("before the first cell: %s", got) // this session will be the third
	}
	s.Add(entry(1, "same"))
	s.Add(entry(2, "é/[y]"))
	for _, tt := range []struct {
		ask  wire.HistoryRequest
		want string
	}{
		{wire.HistoryRequest{Access: wire.Tail, N: 3}, "2.2 x1=out, 3.1 same, 3.2 é/[y]"},
		{wire.HistoryRequest{Access: wire.Tail}, "1.1 same, 1.2 x0=out, 2.1 same, 2.2 x1=out, 3.1 same, 3.2 é/[y]"},
		{wire.HistoryRequest{Access: wire.Range}, "3.1 same, 3.2 é/[y]"},
		{wire.HistoryRequest{Access: wire.Range, Start: 2}, "3.2 é/[y]"},
		{wire.HistoryRequest{Access: wire.Range, Start: 1, Stop: &last}, "3.1 same"},
		{wire.HistoryRequest{Access: wire.Range, Session: 1}, "1.1 same, 1.2 x0=out"},
		{wire.HistoryRequest{Access: wire.Range, Session: -2, Start: 2}, "1.2 x0=out"},
		{wire.HistoryRequest{Access: wire.Range, Session: -7}, ""},
		{wire.HistoryRequest{Access: wire.Search, Pattern: "s*"}, "1.1 same, 2.1 same, 3.1 same"},
		{wire.HistoryRequest{Access: wire.Search, Pattern: "s*", N: 2}, "2.1 same, 3.1 same"},
		{wire.HistoryRequest{Access: wire.Search, Pattern: "?*", Unique: true, N: 3}, "2.2 x1=out, 3.1 same, 3.2 é/[y]"},
		{wire.HistoryRequest{Access: wire.Search, Unique: true}, "1.2 x0=out, 2.2 x1=out, 3.1 same, 3.2 é/[y]"},
		{wire.HistoryRequest{Access: wire.Search, Pattern: "?/[[]*"}, "3.2 é/[y]"},
		{wire.HistoryRequest{Access: wire.Search, Pattern: "["}, ""},
	} {
		if got := found(t, s, tt.ask); got != tt.want {
			t.Errorf("%+v: %s, want %s", tt.ask, got, tt.want)
		}
	}
}

func TestModes(t *testing.T) {
	path := file(t)
	for name, want := range map[string]os.FileMode{path: 0o600, filepath.Dir(path): os.ModeDir | 0o700} {
		if i, err := os.Stat(name); err != nil || i.Mode() != want {
			t.Errorf("%s: %v, %v", name, i.Mode(), err)
		}
	}
}

// Nothing is opened before it is needed, and Run writes without being asked.
func TestLazyAndRun(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.sqlite")
	s := open(t, path)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- s.Run(ctx) }()
	if _, err := os.Stat(path); err == nil {
		t.Error("the file was made at the start")
	}
	s.Add(entry(1, "a"))
	other := open(t, path)
	for found(t, other, wire.HistoryRequest{}) != "1.1 a" && t.Context().Err() == nil {
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// Kernels that need a new file at the same moment all get it.
func TestFirstAtOnce(t *testing.T) {
	for range 20 {
		path := filepath.Join(t.TempDir(), "history.sqlite")
		var work sync.WaitGroup
		for range 4 {
			s := open(t, path)
			work.Go(func() {
				if _, err := find(t, s, wire.HistoryRequest{Access: wire.Tail}); err != nil {
					t.Error(err)
				}
			})
		}
		work.Wait()
	}
}

// Kernels that write at once lose nothing, and see each other's cells.
func TestManyWriters(t *testing.T) {
	const writers, cells = 4, 100
	path := filepath.Join(t.TempDir(), "history.sqlite")
	var work sync.WaitGroup
	for range writers {
		s := open(t, path)
		work.Go(func() {
			for line := range cells {
				s.Add(entry(line+1, "x"))
				if _, err := s.Find(t.Context(), wire.HistoryRequest{N: 1}); err != nil { // and writes
					t.Error(err)
				}
			}
			shut(t, s)
		})
	}
	work.Wait()
	s := open(t, path)
	if got := strings.Count(found(t, s, wire.HistoryRequest{N: 1000}), "x"); got != writers*cells {
		t.Errorf("%d cells", got)
	}
	for session := 1; session <= writers; session++ {
		if got := strings.Count(found(t, s, wire.HistoryRequest{Access: wire.Range, Session: session}), "x"); got != cells {
			t.Errorf("session %d has %d cells", session, got)
		}
	}
}

// Where the file cannot be used, history goes on in memory and says so once.
func TestFallback(t *testing.T) {
	damaged := file(t)
	if err := os.WriteFile(damaged, []byte(strings.Repeat("no database ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	plain := filepath.Join(t.TempDir(), "plain")
	if err := os.WriteFile(plain, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	newer := file(t)
	d, err := openDatabase(t.Context(), newer, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.db.Exec("PRAGMA user_version = 2"); err != nil {
		t.Fatal(err)
	}
	if err := d.close(); err != nil {
		t.Fatal(err)
	}
	const mine = "1.1 a, 1.2 b"
	const earlier = "1.1 same, 1.2 x0=out, 2.1 same, 2.2 x1=out, "
	for name, tt := range map[string]struct {
		path, why string
		more      url.Values
		want      string
	}{
		"damaged":      {damaged, "not a database", nil, mine},
		"no folder":    {filepath.Join(plain, "history.sqlite"), "not a directory", nil, mine},
		"newer layout": {newer, "a newer gospark", nil, mine},
		"read-only":    {file(t), "readonly", url.Values{"mode": {"ro"}}, earlier + "3.1 a, 3.2 b"},
		"no space":     {file(t), "full", url.Values{"_pragma": {"max_page_count(5)"}}, earlier + "3.1 a" + strings.Repeat(".", 9000) + ", 3.2 b"},
	} {
		t.Run(name, func(t *testing.T) {
			var log strings.Builder
			s := New(tt.path, slog.New(slog.NewTextHandler(&log, nil)))
			s.more = tt.more
			t.Cleanup(func() { shut(t, s) })
			first := "a"
			if name == "no space" {
				first += strings.Repeat(".", 9000)
			}
			s.Add(entry(1, first))
			found(t, s, wire.HistoryRequest{})
			s.Add(entry(2, "b"))
			if got := found(t, s, wire.HistoryRequest{}); got != tt.want {
				t.Errorf("%.300s", got)
			}
			if got := log.String(); strings.Count(got, "memory only") != 1 || !strings.Contains(got, tt.why) || !strings.Contains(got, tt.path) {
				t.Error(got)
			}
		})
	}
}

func TestBounds(t *testing.T) {
	s := open(t, file(t))
	s.Add(entry(1, strings.Repeat("x", maxInput+1)))
	s.Add(entry(2, "long", strings.Repeat("é", maxOutput)))
	got := found(t, s, wire.HistoryRequest{N: 1})
	if !strings.HasPrefix(got, "3.2 long=é") || !strings.HasSuffix(got, "é…") || len(got) > maxOutput+20 {
		t.Errorf("%d bytes", len(got))
	}
	for _, tt := range []struct {
		cells, bytes int
		want         string
	}{
		{5, maxBytes, "1.1 same, 1.2 x0=out, 2.1 same, 2.2 x1=out, 3.2 long"},
		{4, maxBytes, "2.1 same, 2.2 x1=out, 3.2 long"}, // a session goes as a whole
		{4, 0, "3.2 long"},
	} {
		tx, err := s.db.db.Begin()
		if err != nil {
			t.Fatal(err)
		}
		if err := prune(t.Context(), tx, tt.cells, tt.bytes); err != nil {
			t.Fatal(err)
		}
		if err := tx.Commit(); err != nil {
			t.Fatal(err)
		}
		if got := found(t, s, wire.HistoryRequest{}); !strings.HasPrefix(got, tt.want) {
			t.Errorf("%d cells: %.100s, want %s", tt.cells, got, tt.want)
		}
	}
}
