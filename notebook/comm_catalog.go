package notebook

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"gospark/kernel"
	"gospark/notebook/sparkview"
	"gospark/sparkclient"
)

// Bounds of what a tree of the catalog is told.
const (
	mostEntries = 1000 // of one place
	mostFound   = 200
	leastSought = 2 // characters
	// searchWait bounds a search: what is not looked at is told, and a later search
	// goes on from there, because what was read is remembered.
	searchWait  = 10 * time.Second
	previewRows = 100
	// previewCell stands for a cell in the tag of a preview's operation.
	previewCell = "preview"
)

// commPlace is a catalog, or a schema in one; no path is where catalogs are.
type commPlace struct {
	Path []string `json:"path,omitempty"`
}

// commTable is a table or view.
type commTable struct {
	Table string `json:"table"` // its name in SQL, as an entry has it
}

// commText is what is looked for.
type commText struct {
	Text string `json:"text"`
}

// commEntries is what is in a place.
type commEntries struct {
	Entries []commEntry `json:"entries"`
	Left    int         `json:"left,omitempty"` // how many more there are
	// Unseen tells of a search that it did not get through all schemas.
	Unseen int `json:"unseen,omitempty"`
}

// commEntry is one thing of the catalog.
type commEntry struct {
	Name    string   `json:"name"`
	Kind    string   `json:"kind"` // catalog, schema, table, view, temporary view, global temporary view, column
	Path    []string `json:"path,omitempty"`
	SQL     string   `json:"sql"`               // what is written in a query, quoted where it has to be
	Type    string   `json:"type,omitempty"`    // of a column
	Table   string   `json:"table,omitempty"`   // of a column that was found: its table's SQL
	Current bool     `json:"current,omitempty"` // names without a catalog, or schema, are looked for there
}

// commPreview is a table's first rows, as a MIME bundle.
type commPreview struct {
	Data map[string]any `json:"data"`
}

// commCatalogEvent tells that what was told of the catalog may hold no longer.
type commCatalogEvent struct {
	Version int `json:"version"`
}

// entriesOf bounds what is told.
func entriesOf(all []commEntry) commEntries {
	shown := all[:min(len(all), mostEntries)]
	if shown == nil {
		shown = []commEntry{}
	}
	return commEntries{Entries: shown, Left: len(all) - len(shown)}
}

// commCatalog tells what is in a place.
func (n *Notebook) commCatalog(ctx context.Context, c commPlace) (commEntries, error) {
	s, _ := n.spark.peek()
	if s.stage != ready {
		return commEntries{}, errNoServer
	}
	var all []commEntry
	var err error
	if len(c.Path) == 0 {
		all, err = n.rootEntries(ctx, s)
	} else {
		all, err = n.placeEntries(ctx, s, c.Path)
	}
	if err != nil {
		return commEntries{}, err
	}
	return entriesOf(all), nil
}

// rootEntries are the catalogs and the temporary views.
func (n *Notebook) rootEntries(ctx context.Context, s state) ([]commEntry, error) {
	catalogs, err := n.askCatalogs(ctx, s)
	if err != nil {
		return nil, err
	}
	current, err := n.currentPlace(ctx, s)
	if err != nil {
		return nil, err
	}
	var all []commEntry
	for _, name := range catalogs {
		all = append(all, commEntry{Name: name, Kind: "catalog", Path: []string{name}, SQL: quoted([]string{name}), Current: name == current[0]})
	}
	views, err := n.temporaryViews(ctx, s)
	return append(all, views...), err
}

// temporaryViews are the session's own, and the global ones.
func (n *Notebook) temporaryViews(ctx context.Context, s state) ([]commEntry, error) {
	var all []commEntry
	tables, err := n.askTables(ctx, s, "")
	if err != nil {
		return nil, err
	}
	for _, m := range tables {
		if m.Signature == temporaryKind {
			all = append(all, commEntry{Name: m.Text, Kind: m.Signature, SQL: quoted([]string{m.Text})})
		}
	}
	for _, m := range n.tablesIn(ctx, s, globalDatabase) { // an engine may have none
		if m.Signature == globalKind {
			all = append(all, commEntry{Name: m.Text, Kind: m.Signature, SQL: quoted([]string{globalDatabase, m.Text})})
		}
	}
	return all, nil
}

// placeEntries are the schemas of a catalog, or the tables of a schema, which may
// have schemas, too.
func (n *Notebook) placeEntries(ctx context.Context, s state, path []string) ([]commEntry, error) {
	current, err := n.currentPlace(ctx, s)
	if err != nil {
		return nil, err
	}
	schemas, err := n.askSchemas(ctx, s, path)
	if err != nil && len(path) == 1 {
		return nil, err
	}
	var all []commEntry
	for _, inner := range schemas {
		all = append(all, commEntry{
			Name: inner[len(inner)-1], Kind: "schema", Path: inner, SQL: quoted(withoutCatalog(inner, current[0])), Current: slices.Equal(inner, current),
		})
	}
	if len(path) == 1 {
		return all, nil
	}
	tables, err := n.askTables(ctx, s, quoted(path))
	if err != nil {
		return nil, err
	}
	views := n.viewsIn(ctx, s, quoted(path))
	for _, m := range tables {
		if m.Signature != tableKind {
			continue
		}
		one := commEntry{Name: m.Text, Kind: tableKind, SQL: quoted(withoutCatalog(append(slices.Clone(path), m.Text), current[0]))}
		if views[m.Text] {
			one.Kind = viewKind
		}
		all = append(all, one)
	}
	return all, nil
}

// withoutCatalog leaves the current catalog out of a name. The schema stays: a
// temporary view may have the name of a table.
func withoutCatalog(name []string, current string) []string {
	if len(name) > 1 && name[0] == current {
		return name[1:]
	}
	return name
}

// askCatalogs are the names of the catalogs: those that Spark has loaded, and those
// that are configured, which it loads when they are used.
func (n *Notebook) askCatalogs(ctx context.Context, s state) ([]string, error) {
	loaded, err := n.askCatalog(ctx, s, "all catalogs", func(ctx context.Context, session *sparkclient.Session) ([]kernel.Match, error) {
		all, err := session.Catalog().ListCatalogs(ctx)
		if err != nil {
			return nil, err
		}
		matches := make([]kernel.Match, len(all))
		for i, c := range all {
			matches[i] = kernel.Match{Text: c.Name}
		}
		conf, err := session.Conf().All(ctx)
		for key := range conf {
			if name, ok := strings.CutPrefix(key, "spark.sql.catalog."); ok && !strings.Contains(name, ".") {
				matches = append(matches, kernel.Match{Text: name})
			}
		}
		return matches, err
	})
	names := make([]string, 0, len(loaded))
	for _, m := range loaded {
		names = append(names, m.Text)
	}
	slices.Sort(names)
	return slices.Compact(names), err
}

// currentPlace is the current catalog and schema.
func (n *Notebook) currentPlace(ctx context.Context, s state) ([]string, error) {
	matches, err := n.askCatalog(ctx, s, "current", func(ctx context.Context, session *sparkclient.Session) ([]kernel.Match, error) {
		row, err := session.SQL(ctx, "SELECT current_catalog(), current_schema()").First(ctx)
		if err != nil {
			return nil, err
		}
		catalog, _ := row.At(0).(string)
		schema, _ := row.At(1).(string)
		return []kernel.Match{{Text: catalog}, {Text: schema}}, nil
	})
	if err != nil {
		return nil, err
	}
	return append([]string{matches[0].Text}, splitName(matches[1].Text)...), nil
}

// askSchemas are the paths of the schemas that lie directly in a catalog or schema.
func (n *Notebook) askSchemas(ctx context.Context, s state, path []string) ([][]string, error) {
	matches, err := n.askCatalog(ctx, s, "schemas "+quoted(path), func(ctx context.Context, session *sparkclient.Session) ([]kernel.Match, error) {
		rows, err := session.SQL(ctx, "SHOW NAMESPACES IN "+quoted(path)).Collect(ctx)
		matches := make([]kernel.Match, 0, len(rows))
		for _, r := range rows {
			name, _ := r.At(0).(string)
			matches = append(matches, kernel.Match{Text: name})
		}
		return matches, err
	})
	var all [][]string
	for _, m := range matches {
		all = append(all, append([]string{path[0]}, splitName(m.Text)...))
	}
	slices.SortFunc(all, slices.Compare[[]string])
	return all, err
}

// viewsIn are the names of the views in a schema; none where its catalog has no views.
func (n *Notebook) viewsIn(ctx context.Context, s state, schema string) map[string]bool {
	views := map[string]bool{}
	for _, m := range n.fromCatalog(ctx, s, "views "+schema, func(ctx context.Context, session *sparkclient.Session) ([]kernel.Match, error) {
		rows, err := session.SQL(ctx, "SHOW VIEWS IN "+schema).Collect(ctx)
		if ctx.Err() == nil {
			err = nil // that a catalog knows no views is remembered
		}
		matches := make([]kernel.Match, 0, len(rows))
		for _, r := range rows {
			name, _ := r.Get("viewName").(string)
			if temporary, _ := r.Get("isTemporary").(bool); !temporary {
				matches = append(matches, kernel.Match{Text: name})
			}
		}
		return matches, err
	}) {
		views[m.Text] = true
	}
	return views
}

// splitName is a name of several parts that [quoted] may have written.
func splitName(name string) []string {
	var parts []string
	var part strings.Builder
	inside := false
	for i := 0; i < len(name); i++ {
		switch c := name[i]; {
		case c == '`' && inside && strings.HasPrefix(name[i+1:], "`"):
			part.WriteByte(c)
			i++
		case c == '`':
			inside = !inside
		case c == '.' && !inside:
			parts = append(parts, part.String())
			part.Reset()
		default:
			part.WriteByte(c)
		}
	}
	return append(parts, part.String())
}

// commColumns are the columns of a table or view.
func (n *Notebook) commColumns(ctx context.Context, c commTable) (commEntries, error) {
	s, _ := n.spark.peek()
	columns, err := n.askColumns(ctx, s, c.Table)
	if err != nil {
		return commEntries{}, err
	}
	all := make([]commEntry, len(columns))
	for i, m := range columns {
		all[i] = columnEntry(m, "")
	}
	return entriesOf(all), nil
}

func columnEntry(m kernel.Match, table string) commEntry {
	return commEntry{Name: m.Text, Kind: "column", SQL: quoted([]string{m.Text}), Type: m.Signature, Table: table}
}

// commRefresh forgets what is known, which every open comm hears.
func (n *Notebook) commRefresh(context.Context, commNone) (commNone, error) {
	n.catalog.forget()
	return commNone{}, nil
}

// commPreview runs a table's first rows, beside the cells.
func (n *Notebook) commPreview(ctx context.Context, c commTable) (commPreview, error) {
	s, _ := n.spark.peek()
	if s.stage != ready {
		return commPreview{}, errNoServer
	}
	ctx = sparkclient.WithTags(ctx, "gospark-"+previewCell)
	b, err := sparkview.Frame(ctx, s.session.Table(c.Table), sparkview.FrameOptions{Rows: previewRows, Hint: "in a cell: %%sql -n 1000"})
	if err != nil {
		return commPreview{}, err
	}
	return commPreview{Data: b.Data}, nil
}

// search looks for names in the catalog; a later search takes its place.
func (c *channel) search(ctx context.Context, p commText) (commEntries, error) {
	ctx, cancel := c.only(ctx, &c.seeking)
	defer cancel()
	s, _ := c.n.spark.peek()
	if s.stage != ready {
		return commEntries{}, errNoServer
	}
	if len([]rune(p.Text)) < leastSought {
		return commEntries{Entries: []commEntry{}}, nil
	}
	ctx, cancel = context.WithTimeout(ctx, searchWait)
	defer cancel()
	return c.n.find(ctx, s, strings.ToLower(p.Text))
}

// find walks through the catalogs, and through the columns of the tables that are
// known already. Names that begin with the text come first.
func (n *Notebook) find(ctx context.Context, s state, text string) (commEntries, error) {
	root, err := n.rootEntries(ctx, s)
	if err != nil {
		return commEntries{}, err
	}
	var found []commEntry
	unseen := 0
	for places := root; len(places) > 0; places = places[1:] {
		one := places[0]
		if strings.Contains(strings.ToLower(one.Name), text) {
			found = append(found, one)
		}
		switch one.Kind {
		case "column":
			continue
		case "catalog", "schema":
			inner, err := n.placeEntries(ctx, s, one.Path)
			if err != nil {
				unseen++ // one that cannot be read hides no other
			}
			for i := range inner {
				if inner[i].Path == nil {
					inner[i].Path = one.Path
				}
			}
			places = append(places, inner...)
		default:
			for _, m := range n.catalog.columnsOf(s, one.SQL) {
				places = append(places, columnEntry(m, one.SQL))
			}
		}
	}
	slices.SortStableFunc(found, func(a, b commEntry) int {
		return cmp.Compare(rank(a, text), rank(b, text))
	})
	out := entriesOf(found[:min(len(found), mostFound)])
	out.Left, out.Unseen = len(found)-len(out.Entries), unseen
	return out, nil
}

func rank(e commEntry, text string) int {
	switch name := strings.ToLower(e.Name); {
	case name == text:
		return 0
	case strings.HasPrefix(name, text):
		return 1
	}
	return 2
}

// columnsOf are the columns of a table where they are known; nobody is asked.
func (c *catalog) columnsOf(s state, table string) []kernel.Match {
	c.mu.Lock()
	defer c.mu.Unlock()
	k := c.known[columnsKey+strings.ToLower(table)]
	if c.epoch != s.epoch || k == nil {
		return nil
	}
	select {
	case <-k.got:
		return k.matches
	default:
		return nil
	}
}
