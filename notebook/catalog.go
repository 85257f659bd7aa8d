package notebook

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"gospark/kernel"
	"gospark/sparkclient"
	"gospark/sparkclient/functions"
)

// fresh is how long what the catalog said is believed: others may change tables
// too.
const fresh = time.Minute

// asking is how long a question to the catalog may take, also where nobody waits
// for the answer any more: the next Tab has it.
const asking = 30 * time.Second

// catalog remembers what a session's catalog holds, so that Tab and the panel's tree
// need not wait for the server. A statement that changes the catalog makes it forget.
//
// Goroutines: each question is asked by one of the notebook's tasks, which ends
// with the answer or after the time asking.
type catalog struct {
	mu    sync.Mutex // guards the fields below
	epoch int        // of the session that known is about
	known map[string]*known
	// version counts how often it has forgotten, or begun with a new session.
	version int
	changed chan struct{} // closed at the next change of version; nil where nobody waits
}

// known is one answer of the catalog, or one that is on its way.
type known struct {
	got     chan struct{} // closed when the fields below tell
	matches []kernel.Match
	since   time.Time
	err     error // why there are none; Tab does not care
	ok      bool  // the answer may be believed, an error included
}

// forget drops what may have changed; what Spark itself has stays.
func (c *catalog) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for key := range c.known {
		if !lastingKey(key) {
			delete(c.known, key)
		}
	}
	c.renew()
}

// renew counts the version on and wakes who waits for that. mu is held.
func (c *catalog) renew() {
	c.version++
	if c.changed != nil {
		close(c.changed)
		c.changed = nil
	}
}

// changes returns the version, and a channel that is closed when there is a new one.
func (c *catalog) changes() (version int, changed <-chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.changed == nil {
		c.changed = make(chan struct{})
	}
	return c.version, c.changed
}

// settingsKey is the key of all settings.
const settingsKey = "settings"

// lastingKey reports whether an answer holds as long as the session.
func lastingKey(key string) bool { return key == settingsKey || strings.HasPrefix(key, "usage ") }

// question asks a session's catalog for something.
type question func(context.Context, *sparkclient.Session) ([]kernel.Match, error)

// fromCatalog is the answer under a key, for who can do without: what failed, or does
// not come before ctx ends, is none, this time.
func (n *Notebook) fromCatalog(ctx context.Context, s state, key string, ask question) []kernel.Match {
	matches, _ := n.askCatalog(ctx, s, key, ask)
	return matches
}

// askCatalog is the answer under a key, asked for where there is none that is fresh.
func (n *Notebook) askCatalog(ctx context.Context, s state, key string, ask question) ([]kernel.Match, error) {
	if s.stage != ready {
		return nil, errNoServer
	}
	k := n.catalog.find(s, key, func(k *known) {
		n.tasks.Go(func() error {
			n.catalog.answer(k, s, key, ask)
			return nil
		})
	})
	select {
	case <-k.got:
		return slices.Clip(k.matches), k.err // who appends must not write behind what others share
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// find is what is known under a key, or will be: start is called where the
// question has to be asked.
func (c *catalog) find(s state, key string, start func(*known)) *known {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.epoch != s.epoch || c.known == nil {
		c.epoch, c.known = s.epoch, map[string]*known{}
		c.renew()
	}
	if k := c.known[key]; k != nil && !k.stale(key) {
		return k
	}
	k := &known{got: make(chan struct{})}
	c.known[key] = k
	start(k)
	return k
}

// stale reports whether an answer is too old, or none.
func (k *known) stale(key string) bool {
	select {
	case <-k.got:
		return !k.ok || !lastingKey(key) && time.Since(k.since) > fresh
	default:
		return false
	}
}

// answer asks. It has a deadline of its own: whoever pressed Tab may have gone on.
func (*catalog) answer(k *known, s state, key string, ask question) {
	defer close(k.got)
	ctx, cancel := context.WithTimeout(context.Background(), asking)
	defer cancel()
	k.matches, k.err = ask(ctx, s.session)
	k.since, k.ok = time.Now(), k.err == nil || ctx.Err() == nil && strings.HasPrefix(key, columnsKey)
}

// columnsKey begins the keys of columns: that a table has none is remembered, too.
const columnsKey = "columns "

// Kinds of tables, as Match.Signature has them.
const (
	tableKind     = "table"
	viewKind      = "view"
	temporaryKind = "temporary view"
	globalKind    = "global temporary view"
)

// globalDatabase is where Spark keeps global temporary views.
const globalDatabase = "global_temp"

// tablesIn are the tables and views of a database, as SQL writes its name; of the
// current one, temporary views included, where it is empty. What fails is none.
func (n *Notebook) tablesIn(ctx context.Context, s state, database string) []kernel.Match {
	tables, _ := n.askTables(ctx, s, database)
	return tables
}

// askTables is tablesIn, with what failed. SHOW TABLES does not look into each of
// them, as the catalog's own list does.
func (n *Notebook) askTables(ctx context.Context, s state, database string) ([]kernel.Match, error) {
	return n.askCatalog(ctx, s, "tables "+database, func(ctx context.Context, session *sparkclient.Session) ([]kernel.Match, error) {
		query := "SHOW TABLES"
		if database != "" {
			query += " IN " + database
		}
		rows, err := session.SQL(ctx, query).Collect(ctx)
		matches := make([]kernel.Match, 0, len(rows))
		for _, r := range rows {
			m := kernel.Match{Type: "table", Signature: tableKind}
			m.Text, _ = r.Get("tableName").(string)
			namespace, _ := r.Get("namespace").(string)
			temporary, _ := r.Get("isTemporary").(bool)
			switch {
			case temporary && namespace != "":
				m.Signature = globalKind
			case temporary:
				m.Signature = temporaryKind
			}
			if m.Signature != temporaryKind || database == "" { // Spark lists them with every database
				matches = append(matches, m)
			}
		}
		return matches, err
	})
}

// databases are the databases of the current catalog.
func (n *Notebook) databases(ctx context.Context, s state) []kernel.Match {
	return n.fromCatalog(ctx, s, "databases", func(ctx context.Context, session *sparkclient.Session) ([]kernel.Match, error) {
		all, err := session.Catalog().ListDatabases(ctx)
		matches := make([]kernel.Match, len(all))
		for i, d := range all {
			matches[i] = kernel.Match{Text: d.Name, Type: "schema"}
		}
		return matches, err
	})
}

// catalogs are the catalogs that the session has.
func (n *Notebook) catalogs(ctx context.Context, s state) []kernel.Match {
	return n.fromCatalog(ctx, s, "catalogs", func(ctx context.Context, session *sparkclient.Session) ([]kernel.Match, error) {
		all, err := session.Catalog().ListCatalogs(ctx)
		matches := make([]kernel.Match, len(all))
		for i, d := range all {
			matches[i] = kernel.Match{Text: d.Name, Type: "catalog"}
		}
		return matches, err
	})
}

// columns are the columns of a table, as its name is written in SQL; none where
// there is no such table.
func (n *Notebook) columns(ctx context.Context, s state, table string) []kernel.Match {
	if table == "" {
		return nil
	}
	columns, _ := n.askColumns(ctx, s, table)
	return columns
}

// askColumns is columns, with what failed.
func (n *Notebook) askColumns(ctx context.Context, s state, table string) ([]kernel.Match, error) {
	return n.askCatalog(ctx, s, columnsKey+strings.ToLower(table), func(ctx context.Context, session *sparkclient.Session) ([]kernel.Match, error) {
		schema, err := session.Table(table).Schema(ctx)
		if err != nil {
			return nil, err
		}
		matches := make([]kernel.Match, len(schema.Fields))
		for i, f := range schema.Fields {
			matches[i] = kernel.Match{Text: f.Name, Type: "column", Signature: f.Type.SimpleString()}
		}
		return matches, nil
	})
}

// functions are Spark's own, of which this program has a table, and those of
// the user.
func (n *Notebook) functions(ctx context.Context, s state) []kernel.Match {
	found := n.fromCatalog(ctx, s, "functions", func(ctx context.Context, session *sparkclient.Session) ([]kernel.Match, error) {
		rows, err := session.SQL(ctx, "SHOW USER FUNCTIONS").Collect(ctx)
		var matches []kernel.Match
		for _, r := range rows {
			if name, ok := r.At(0).(string); ok {
				matches = append(matches, kernel.Match{Text: lastName(name), Type: "function", Signature: name})
			}
		}
		return matches, err
	})
	own := functions.Signatures()
	for _, name := range slices.Sorted(maps.Keys(own)) {
		found = append(found, kernel.Match{Text: name, Type: "function", Signature: own[name]})
	}
	return found
}

// usage is what Spark says of a function; empty where there is none of that name.
func (n *Notebook) usage(ctx context.Context, s state, name string) string {
	if needsQuotes(name) {
		return ""
	}
	lines := n.fromCatalog(ctx, s, "usage "+strings.ToLower(name), func(ctx context.Context, session *sparkclient.Session) ([]kernel.Match, error) {
		rows, err := session.SQL(ctx, "DESCRIBE FUNCTION EXTENDED "+name).Collect(ctx)
		if ctx.Err() != nil {
			return nil, err
		}
		var matches []kernel.Match
		for _, r := range rows {
			if line, ok := r.At(0).(string); ok && !strings.HasPrefix(line, "Class:") {
				matches = append(matches, kernel.Match{Text: strings.TrimRight(line, "\n ")})
			}
		}
		return matches, nil
	})
	var all []string
	for _, line := range lines {
		all = append(all, line.Text)
	}
	return strings.Join(all, "\n")
}

// settings are the keys that SET -v tells, with their meaning, and those of
// Spark's core that it does not.
func (n *Notebook) settings(ctx context.Context, s state) []kernel.Match {
	found := n.fromCatalog(ctx, s, settingsKey, func(ctx context.Context, session *sparkclient.Session) ([]kernel.Match, error) {
		rows, err := session.SQL(ctx, "SET -v").Collect(ctx)
		var matches []kernel.Match
		for _, r := range rows {
			key, _ := r.At(0).(string)
			meaning := ""
			if r.Len() > 2 {
				meaning, _ = r.At(2).(string)
			}
			matches = append(matches, kernel.Match{Text: key, Type: "property", Signature: firstSentence(meaning)})
		}
		return matches, err
	})
	return append(coreSettings(), found...)
}

// firstSentence is enough of a setting's meaning for a list.
func firstSentence(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	first, _, found := strings.Cut(s, ". ")
	if found {
		return first + "."
	}
	return s
}
