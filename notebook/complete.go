package notebook

import (
	"context"
	"strings"
	"time"

	"gospark/cell/source"
	"gospark/display"
	"gospark/kernel"
	"gospark/kernel/wire"
	"gospark/magic"
)

// Complete answers Tab: magics and their options here, names of tables inside
// SQL from the catalog, everything else as Go.
func (n *Notebook) Complete(ctx context.Context, code string, cursor int) (kernel.Completion, error) {
	found := magic.Complete(code, cursor, n.lookup(ctx))
	switch found.Language {
	case magic.InMagic:
		return fromMagic(found), nil
	case magic.InSQL:
		return n.completeSQL(ctx, found.Part, cursor-found.Offset, found.Offset), nil
	case magic.InGo:
		return n.completeGo(found.Part, cursor-found.Offset, found.Offset), nil
	}
	return kernel.Completion{Start: cursor, End: cursor}, nil
}

func fromMagic(found magic.Completion) kernel.Completion {
	c := kernel.Completion{Start: found.Start, End: found.End}
	for _, m := range found.Candidates {
		c.Matches = append(c.Matches, kernel.Match{Text: m.Text, Type: m.Type, Signature: m.Doc})
	}
	return c
}

func (n *Notebook) completeGo(code string, cursor, offset int) kernel.Completion {
	candidates, start, end := n.cells.Complete(code, cursor)
	c := kernel.Completion{Start: start + offset, End: end + offset}
	for _, m := range candidates {
		c.Matches = append(c.Matches, kernel.Match{Text: m.Text, Type: m.Kind, Signature: m.Detail})
	}
	return c
}

// catalogWait bounds how long a completion may wait for the catalog.
const catalogWait = 2 * time.Second

// completeSQL offers tables of the current database and, after "table.", their
// columns. It never starts a server.
func (n *Notebook) completeSQL(ctx context.Context, query string, cursor, offset int) kernel.Completion {
	start := cursor
	for start > 0 && isWord(query[start-1]) {
		start--
	}
	c := kernel.Completion{Start: start + offset, End: cursor + offset}
	prefix := strings.ToLower(query[start:cursor])
	ctx, cancel := context.WithTimeout(ctx, catalogWait)
	defer cancel()
	if start > 0 && query[start-1] == '.' {
		for _, m := range n.columnsOf(ctx, wordBefore(query[:start-1])) {
			c.Matches = appendMatch(c.Matches, m, prefix)
		}
		return c
	}
	for _, m := range n.tableNames(ctx) {
		c.Matches = appendMatch(c.Matches, m, prefix)
	}
	for _, word := range strings.Fields(sqlWords) {
		if prefix != "" {
			c.Matches = appendMatch(c.Matches, kernel.Match{Text: word, Type: "keyword"}, prefix)
		}
	}
	return c
}

// sqlWords are the keywords worth completing.
const sqlWords = `ALTER AND ANTI AS ASC BETWEEN BY CASE CAST CREATE CROSS CUBE CURRENT DELETE DESC DESCRIBE DISTINCT
DROP ELSE END EXCEPT EXISTS EXPLAIN FALSE FILTER FROM FULL GROUP GROUPING HAVING IN INNER INSERT INTERSECT INTERVAL INTO
IS JOIN LATERAL LEFT LIKE LIMIT MERGE NATURAL NOT NULL NULLS OFFSET ON OR ORDER OUTER OVER OVERWRITE PARTITION PIVOT
QUALIFY RANGE RECURSIVE REPLACE RIGHT RLIKE ROLLUP ROW ROWS SELECT SEMI SET SHOW TABLE TABLES TABLESAMPLE TEMPORARY THEN
TRUE UNION UNPIVOT UPDATE USING VALUES VIEW WHEN WHERE WINDOW WITH`

func appendMatch(all []kernel.Match, m kernel.Match, prefix string) []kernel.Match {
	if strings.HasPrefix(strings.ToLower(m.Text), prefix) {
		return append(all, m)
	}
	return all
}

func isWord(b byte) bool {
	return b == '_' || b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= 0x80
}

func wordBefore(s string) string {
	i := len(s)
	for i > 0 && isWord(s[i-1]) {
		i--
	}
	return s[i:]
}

// tableNames lists the tables and views that the session sees; none where
// there is no session yet.
func (n *Notebook) tableNames(ctx context.Context) []kernel.Match {
	s, _ := n.spark.peek()
	if s.stage != ready {
		return nil
	}
	tables, err := s.session.Catalog().ListTables(ctx)
	if err != nil {
		return nil
	}
	matches := make([]kernel.Match, len(tables))
	for i, t := range tables {
		matches[i] = kernel.Match{Text: t.Name, Type: "table"}
	}
	return matches
}

// columnsOf lists the columns of a table; none where there is no such table.
func (n *Notebook) columnsOf(ctx context.Context, table string) []kernel.Match {
	s, _ := n.spark.peek()
	if s.stage != ready || table == "" {
		return nil
	}
	schema, err := s.session.Table(table).Schema(ctx)
	if err != nil {
		return nil
	}
	matches := make([]kernel.Match, len(schema.Fields))
	for i, f := range schema.Fields {
		matches[i] = kernel.Match{Text: f.Name, Type: "column", Signature: f.Type.SimpleString()}
	}
	return matches
}

// lookup answers what completion of magics asks of a running notebook.
func (n *Notebook) lookup(ctx context.Context) magic.Lookup {
	return func(kind magic.Dynamic, _ string) []magic.Candidate {
		var found []magic.Candidate
		switch kind {
		case magic.Tables, magic.Views:
			ctx, cancel := context.WithTimeout(ctx, catalogWait)
			defer cancel()
			for _, m := range n.tableNames(ctx) {
				found = append(found, magic.Candidate{Text: m.Text, Type: "table"})
			}
		case magic.Variables:
			for _, v := range n.cells.Vars() {
				found = append(found, magic.Candidate{Text: v.Name, Type: "variable", Doc: v.Type})
			}
		case magic.ConfKeys:
			found = n.confKeys(ctx)
		}
		return found
	}
}

func (n *Notebook) confKeys(ctx context.Context) []magic.Candidate {
	s, _ := n.spark.peek()
	if s.stage != ready {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, catalogWait)
	defer cancel()
	all, err := s.session.Conf().All(ctx)
	if err != nil {
		return nil
	}
	var found []magic.Candidate
	for key := range all {
		found = append(found, magic.Candidate{Text: key, Type: "property"})
	}
	return found
}

// Inspect answers Shift-Tab for Go, and for a magic with its help.
func (n *Notebook) Inspect(ctx context.Context, code string, cursor, detail int) (*display.Bundle, error) {
	part := magic.Complete(code, cursor, nil)
	switch part.Language {
	case magic.InGo:
		doc, ok := n.cells.Inspect(part.Part, cursor-part.Offset, detail)
		if !ok {
			return nil, nil
		}
		page := docPage(doc)
		return &page, nil
	case magic.InSQL:
		return n.inspectTable(ctx, part.Part, cursor-part.Offset)
	}
	return nil, nil
}

// docPage shows what is known of a Go symbol.
func docPage(doc source.Doc) display.Bundle {
	var markdown strings.Builder
	plain := strings.TrimSpace(doc.Signature + "\n\n" + doc.Text)
	markdown.WriteString("```go\n" + doc.Signature + "\n```\n\n" + doc.Text + "\n")
	if doc.Path != "" {
		markdown.WriteString("\n*" + doc.Path + "*\n")
		plain += "\n\n" + doc.Path
	}
	if doc.Source != "" {
		markdown.WriteString("\n```go\n" + doc.Source + "\n```\n")
		plain += "\n\n" + doc.Source
	}
	return display.Rich("text/markdown", markdown.String(), plain)
}

// inspectTable shows the columns of the table whose name stands at cursor.
func (n *Notebook) inspectTable(ctx context.Context, query string, cursor int) (*display.Bundle, error) {
	end := cursor
	for end < len(query) && isWord(query[end]) {
		end++
	}
	ctx, cancel := context.WithTimeout(ctx, catalogWait)
	defer cancel()
	table := wordBefore(query[:end])
	columns := n.columnsOf(ctx, table)
	if len(columns) == 0 {
		return nil, nil
	}
	var b strings.Builder
	b.WriteString(table + "\n")
	for _, c := range columns {
		b.WriteString("  " + c.Text + " " + c.Signature + "\n")
	}
	return text(b.String()), nil
}

// IsComplete says whether Enter runs a console's input.
func (n *Notebook) IsComplete(_ context.Context, code string) (wire.IsCompleteReply, error) {
	status, goText := magic.IsComplete(code)
	indent := ""
	if status == magic.AskGo {
		s, in := n.cells.IsComplete(goText)
		status, indent = magic.Status(s), in
	}
	return wire.IsCompleteReply{Status: wire.Completeness(status), Indent: indent}, nil
}

// CommOpen refuses every target: this version has no browser part yet.
func (n *Notebook) CommOpen(context.Context, kernel.Comm, string, []byte) (kernel.CommHandler, bool) {
	return nil, false
}
