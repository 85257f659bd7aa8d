package notebook

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"gospark/display"
	"gospark/kernel"
	"gospark/magic/sqltext"
)

// catalogWait bounds how long a completion may wait for the catalog.
const catalogWait = 2 * time.Second

// completeSQL offers tables where a table belongs, and else the columns of the
// statement's tables, functions and keywords. It never starts a server.
func (n *Notebook) completeSQL(ctx context.Context, query string, cursor, offset int) kernel.Completion {
	ctx, cancel := context.WithTimeout(ctx, catalogWait)
	defer cancel()
	s, _ := n.spark.peek()
	p := sqltext.PlaceAt(query, cursor)
	c := kernel.Completion{Start: p.Start + offset, End: cursor + offset}
	var found []kernel.Match
	switch {
	case len(p.Before) > 0:
		found = n.behindDot(ctx, s, p)
	case p.Table:
		found = append(n.tablesIn(ctx, s, ""), names(p.CTEs, "table")...)
		found = append(append(found, n.databases(ctx, s)...), n.catalogs(ctx, s)...)
	default:
		found = n.inExpression(ctx, s, p)
	}
	quote := p.Start < cursor && query[p.Start] == '`'
	seen := map[string]bool{}
	for _, m := range found {
		if !hasPrefixFold(m.Text, p.Typed) || seen[m.Type+m.Text] {
			continue
		}
		seen[m.Type+m.Text] = true
		if m.Type != "keyword" && m.Type != "function" && (quote || needsQuotes(m.Text)) {
			m.Text = "`" + strings.ReplaceAll(m.Text, "`", "``") + "`"
		}
		c.Matches = append(c.Matches, m)
	}
	return c
}

// behindDot completes "x.": columns of the table or alias x, tables of the
// database x, databases of the catalog x.
func (n *Notebook) behindDot(ctx context.Context, s state, p sqltext.Place) []kernel.Match {
	name := quoted(p.Before)
	if p.Table {
		found := n.tablesIn(ctx, s, name)
		if len(found) == 0 && len(p.Before) == 1 && slices.ContainsFunc(n.catalogs(ctx, s), func(m kernel.Match) bool { return strings.EqualFold(m.Text, p.Before[0]) }) {
			found = n.databases(ctx, s)
		}
		return found
	}
	for _, source := range p.Sources {
		if strings.EqualFold(source.Alias, p.Before[0]) || strings.EqualFold(strings.Trim(lastName(source.Table), "`"), p.Before[0]) {
			return n.columns(ctx, s, source.Table)
		}
	}
	return n.columns(ctx, s, name)
}

// inExpression are the columns in scope first, then what they are called by,
// functions and keywords. Where nothing is typed, only the former.
func (n *Notebook) inExpression(ctx context.Context, s state, p sqltext.Place) []kernel.Match {
	var found []kernel.Match
	for _, source := range p.Sources {
		found = append(found, n.columns(ctx, s, source.Table)...)
	}
	for _, source := range p.Sources {
		found = append(found, kernel.Match{Text: cmp.Or(source.Alias, strings.Trim(lastName(source.Table), "`")), Type: "table", Signature: source.Table})
	}
	if p.Typed == "" {
		return append(found, names(strings.Fields(startWords), "keyword")...)
	}
	found = append(found, n.functions(ctx, s)...)
	found = append(found, n.tablesIn(ctx, s, "")...)
	return append(found, names(strings.Fields(sqlWords), "keyword")...)
}

// startWords may follow where nothing is typed yet; sqlWords are the keywords
// worth completing.
const (
	startWords = `SELECT FROM WHERE GROUP ORDER LIMIT`
	sqlWords   = `ALTER AND ANTI AS ASC BETWEEN BY CASE CAST CREATE CROSS CUBE CURRENT DELETE DESC DESCRIBE DISTINCT
DROP ELSE END EXCEPT EXISTS EXPLAIN FALSE FILTER FROM FULL GROUP GROUPING HAVING IN INNER INSERT INTERSECT INTERVAL INTO
IS JOIN LATERAL LEFT LIKE LIMIT MERGE NATURAL NOT NULL NULLS OFFSET ON OR ORDER OUTER OVER OVERWRITE PARTITION PIVOT
QUALIFY RANGE RECURSIVE REPLACE RIGHT RLIKE ROLLUP ROW ROWS SELECT SEMI SET SHOW TABLE TABLES TABLESAMPLE TEMPORARY THEN
TRUE UNION UNPIVOT UPDATE USING VALUES VIEW WHEN WHERE WINDOW WITH`
)

func names(all []string, kind string) []kernel.Match {
	matches := make([]kernel.Match, len(all))
	for i, name := range all {
		matches[i] = kernel.Match{Text: name, Type: kind}
	}
	return matches
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

// needsQuotes reports whether a name is none without backquotes.
func needsQuotes(name string) bool {
	return name == "" || name[0] >= '0' && name[0] <= '9' || strings.IndexFunc(name, func(r rune) bool {
		return r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	}) >= 0
}

// quoted writes a name of several parts.
func quoted(parts []string) string {
	all := make([]string, len(parts))
	for i, part := range parts {
		all[i] = part
		if needsQuotes(part) || isKeyword(part) {
			all[i] = "`" + strings.ReplaceAll(part, "`", "``") + "`"
		}
	}
	return strings.Join(all, ".")
}

// isKeyword reports whether a name is a word of SQL, too.
func isKeyword(name string) bool {
	return slices.Contains(strings.Fields(sqlWords), strings.ToUpper(name))
}

func lastName(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }

// inspectSQL shows what the word at the cursor is: a column of the statement's
// tables, a table with its columns, or a function with its usage.
func (n *Notebook) inspectSQL(ctx context.Context, query string, cursor int) *display.Bundle {
	ctx, cancel := context.WithTimeout(ctx, catalogWait)
	defer cancel()
	s, _ := n.spark.peek()
	for cursor < len(query) && (query[cursor] == '_' || query[cursor] >= '0' && query[cursor] <= '9' || query[cursor] >= 'A' && query[cursor] <= 'z') {
		cursor++
	}
	p := sqltext.PlaceAt(query, cursor)
	if p.Typed == "" {
		return nil
	}
	for _, source := range p.Sources {
		for _, m := range n.columns(ctx, s, source.Table) {
			if strings.EqualFold(m.Text, p.Typed) && !p.Table {
				return text(source.Table + "." + m.Text + ": " + m.Signature)
			}
		}
		if strings.EqualFold(source.Alias, p.Typed) {
			return tablePage(source.Table, n.columns(ctx, s, source.Table))
		}
	}
	table := quoted(append(slices.Clone(p.Before), p.Typed))
	if columns := n.columns(ctx, s, table); len(columns) > 0 {
		return tablePage(table, columns)
	}
	if usage := n.usage(ctx, s, p.Typed); usage != "" {
		return text(usage)
	}
	return nil
}

func tablePage(table string, columns []kernel.Match) *display.Bundle {
	var b strings.Builder
	b.WriteString(table + "\n")
	for _, c := range columns {
		b.WriteString("  " + c.Text + " " + c.Signature + "\n")
	}
	return text(b.String())
}
