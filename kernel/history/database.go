package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	_ "modernc.org/sqlite" // registers sqlite

	"gospark/kernel"
	"gospark/kernel/wire"
)

// Bounds of the file. The oldest sessions go when one of them is passed.
const (
	maxCells = 50_000
	maxBytes = 128 << 20
)

// maxFound bounds what one request finds; tailDefault is what a tail request
// without a number finds, as in IPython.
const (
	maxFound    = 10_000
	tailDefault = 10
)

// busyTime is how long one statement waits for another kernel's, and busyPause
// how long between two looks where SQLite does not wait by itself.
const (
	busyTime  = 5 * time.Second
	busyPause = 5 * time.Millisecond
)

// layout is the version of the tables.
const layout = 1

const tables = `
CREATE TABLE IF NOT EXISTS sessions (session INTEGER PRIMARY KEY AUTOINCREMENT, start TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS history (session INTEGER, line INTEGER, input TEXT NOT NULL, output TEXT,
	PRIMARY KEY (session, line)) WITHOUT ROWID;
PRAGMA user_version = 1`

// database is an open file, or memory, with this kernel's session in it. It is
// used by one goroutine at a time.
type database struct {
	db      *sql.DB
	session int // 0: no cell was kept yet
}

// openDatabase opens a file, or memory for an empty path.
func openDatabase(ctx context.Context, path string, more url.Values) (*database, error) {
	values := url.Values{
		"_txlock": {"immediate"}, // what reads and then writes must not find the file changed
		"_pragma": {fmt.Sprintf("busy_timeout(%d)", busyTime.Milliseconds()), "journal_mode(wal)", "synchronous(normal)", "cache_size(-256)"},
	}
	for k, v := range more {
		values[k] = append(values[k], v...)
	}
	name := url.URL{Scheme: "file", Opaque: ":memory:", RawQuery: values.Encode()}
	if path != "" {
		if err := makeFile(path); err != nil {
			return nil, err
		}
		name.Opaque = (&url.URL{Path: path}).EscapedPath()
	}
	db, err := sql.Open("sqlite", name.String())
	if err != nil {
		return nil, fmt.Errorf("open the history: %w", err)
	}
	db.SetMaxOpenConns(1) // memory is a connection's own
	d := &database{db: db}
	if err := d.prepareWhenFree(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return d, nil
}

// prepareWhenFree prepares the file. Where another kernel prepares it at this
// moment it waits, as the busy timeout does for all but the change to WAL: for
// that SQLite asks no busy handler.
func (d *database) prepareWhenFree(ctx context.Context) error {
	deadline := time.After(busyTime)
	for {
		err := d.prepare(ctx)
		if !busy(err) {
			return err
		}
		select {
		case <-time.After(busyPause):
		case <-deadline:
			return err
		case <-ctx.Done():
			return err
		}
	}
}

// makeFile makes the file where there is none, for this user only.
func makeFile(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("make the folder of the history: %w", err)
	}
	f, err := os.OpenFile(path, os.O_RDONLY|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("make the history: %w", err)
	}
	return f.Close()
}

// prepare makes the tables where there are none.
func (d *database) prepare(ctx context.Context) error {
	var version int
	if err := d.db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return fmt.Errorf("read the history: %w", err)
	}
	switch {
	case version == layout:
		return nil
	case version > layout:
		return fmt.Errorf("a newer gospark wrote the history (layout %d)", version)
	}
	if _, err := d.db.ExecContext(ctx, tables); err != nil {
		return fmt.Errorf("make the history's tables: %w", err)
	}
	return nil
}

func (d *database) close() error {
	if err := d.db.Close(); err != nil {
		return fmt.Errorf("close the history: %w", err)
	}
	return nil
}

// add writes cells of this session, all or none.
func (d *database) add(ctx context.Context, entries []kernel.Entry) error {
	tx, err := d.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("write history: %w", err)
	}
	session, err := d.insert(ctx, tx, entries)
	if err == nil {
		err = tx.Commit()
	}
	if err != nil {
		return errors.Join(fmt.Errorf("write history: %w", err), ended(tx.Rollback()))
	}
	d.session = session
	return nil
}

// ended is the error of ending a transaction that may have ended by itself.
func ended(err error) error {
	if errors.Is(err, sql.ErrTxDone) {
		return nil
	}
	return err
}

func (d *database) insert(ctx context.Context, tx *sql.Tx, entries []kernel.Entry) (session int, err error) {
	if session = d.session; session == 0 {
		if session, err = begin(ctx, tx); err != nil {
			return 0, err
		}
	}
	for _, e := range entries {
		_, err := tx.ExecContext(ctx, "INSERT OR REPLACE INTO history VALUES (?, ?, ?, ?)", session, e.Line, e.Input, e.Output)
		if err != nil {
			return 0, err
		}
	}
	return session, nil
}

// begin takes the next session number, and makes room for a session.
func begin(ctx context.Context, tx *sql.Tx) (session int, err error) {
	r, err := tx.ExecContext(ctx, "INSERT INTO sessions (start) VALUES (?)", time.Now().UTC().Format(time.RFC3339))
	if err != nil {
		return 0, err
	}
	id, err := r.LastInsertId()
	if err != nil {
		return 0, err
	}
	return int(id), prune(ctx, tx, maxCells, maxBytes)
}

// prune drops the oldest sessions but for the last so many cells; half of them
// where the file holds too many bytes.
func prune(ctx context.Context, tx *sql.Tx, cells, most int) error {
	var bytes int
	err := tx.QueryRowContext(ctx, `SELECT (p.page_count - f.freelist_count) * s.page_size
		FROM pragma_page_count p, pragma_freelist_count f, pragma_page_size s`).Scan(&bytes)
	if err != nil {
		return err
	}
	if bytes > most {
		if err := tx.QueryRowContext(ctx, "SELECT count(*) / 2 FROM history").Scan(&cells); err != nil {
			return err
		}
	}
	var oldest int
	err = tx.QueryRowContext(ctx, "SELECT session FROM history ORDER BY session DESC, line DESC LIMIT 1 OFFSET ?", cells).Scan(&oldest)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	for _, table := range []string{"history", "sessions"} {
		if err == nil {
			_, err = tx.ExecContext(ctx, "DELETE FROM "+table+" WHERE session <= ?", oldest)
		}
	}
	return err
}

// find answers a request, oldest first.
func (d *database) find(ctx context.Context, q wire.HistoryRequest) ([]kernel.Entry, error) {
	const columns = "SELECT session, line, input, output FROM history "
	n := maxFound
	if q.N > 0 {
		n = min(q.N, n)
	}
	switch {
	case q.Access == wire.Range:
		session, err := d.number(ctx, q.Session)
		if err != nil {
			return nil, err
		}
		const where = "WHERE session = ? AND line >= ? AND (? IS NULL OR line < ?) ORDER BY line LIMIT ?"
		return d.query(ctx, columns+where, session, q.Start, q.Stop, q.Stop, maxFound)
	case q.Access == wire.Search && q.Unique:
		const where = `SELECT session, line, input, output FROM
			(SELECT *, max((session << 32) + line) FROM history WHERE input GLOB ? GROUP BY input)
			ORDER BY session DESC, line DESC LIMIT ?`
		return d.last(ctx, where, pattern(q), n)
	case q.Access == wire.Search:
		return d.last(ctx, columns+"WHERE input GLOB ? ORDER BY session DESC, line DESC LIMIT ?", pattern(q), n)
	case q.N <= 0:
		n = tailDefault
	}
	return d.last(ctx, columns+"ORDER BY session DESC, line DESC LIMIT ?", n)
}

func pattern(q wire.HistoryRequest) string {
	if q.Pattern == "" {
		return "*"
	}
	return q.Pattern
}

// number is a session's number: 0 is this one, -1 the one before. Where this one
// has kept nothing yet it is the next.
func (d *database) number(ctx context.Context, asked int) (int, error) {
	if asked > 0 {
		return asked, nil
	}
	now := d.session
	if now == 0 {
		row := d.db.QueryRowContext(ctx, "SELECT coalesce(max(session), 0) + 1 FROM sessions")
		if err := row.Scan(&now); err != nil {
			return 0, fmt.Errorf("search the history: %w", err)
		}
	}
	return now + asked, nil
}

// last is query for rows that come in the opposite order.
func (d *database) last(ctx context.Context, text string, args ...any) ([]kernel.Entry, error) {
	found, err := d.query(ctx, text, args...)
	slices.Reverse(found)
	return found, err
}

func (d *database) query(ctx context.Context, text string, args ...any) ([]kernel.Entry, error) {
	rows, err := d.db.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, fmt.Errorf("search the history: %w", err)
	}
	defer rows.Close()
	var found []kernel.Entry
	for rows.Next() {
		var e kernel.Entry
		if err := rows.Scan(&e.Session, &e.Line, &e.Input, &e.Output); err != nil {
			return nil, fmt.Errorf("read the history: %w", err)
		}
		found = append(found, e)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("search the history: %w", err)
	}
	return found, nil
}

// rescue takes over the session and the last cells of another database, as far
// as it can still be read.
func (d *database) rescue(ctx context.Context, from *database) {
	entries, err := from.find(ctx, wire.HistoryRequest{Access: wire.Tail, N: rescued})
	if err != nil {
		return
	}
	for _, e := range entries {
		_, err := d.db.ExecContext(ctx, "INSERT INTO history VALUES (?, ?, ?, ?)", e.Session, e.Line, e.Input, e.Output)
		if err != nil {
			return
		}
	}
	if d.session = from.session; d.session == 0 {
		if n, err := from.number(ctx, 0); err == nil {
			d.session = n
		}
	}
}

// cutText is at most n bytes of s, no character cut in two.
func cutText(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return strings.Clone(s[:n]) + "…"
}
