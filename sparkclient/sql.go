package sparkclient

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode"

	"gospark/sparkclient/internal/plan"
)

// Named are arguments of a query by name: constants and columns for :name
// markers, and DataFrames, which the query can use as tables of that name.
type Named map[string]any

// SQL runs a SQL statement. A command (CREATE, INSERT, SET, SHOW…) runs at once
// and the DataFrame holds its result; a query stays a description. Arguments are
// either one [Named], or one that was encoded in another process ([Arguments]),
// or the values of the ? markers in order; all reach the server as values and
// never as text.
//
// An error is carried by the DataFrame: see [DataFrame.Err]. What begins with
// SELECT, VALUES or TABLE is not sent before it is used, which makes one request
// of two; an error in it comes from the action, or from [DataFrame.Schema].
func (s *Session) SQL(ctx context.Context, query string, args ...any) *DataFrame {
	input, err := s.sqlRelation(query, args)
	if err != nil {
		return s.commandFailed(ctx, err)
	}
	if isQuery(query) {
		return s.frame(input)
	}
	answers, err := run(ctx, s, &plan.Command{CommandType: &plan.SqlCommand{Input: input}})
	if err != nil {
		return s.commandFailed(ctx, err)
	}
	for _, a := range answers {
		if a.SqlCommandResult != nil {
			return s.frame(&plan.Relation{Raw: a.SqlCommandResult.Relation})
		}
	}
	return s.commandFailed(ctx, errAnswer("the result of the SQL statement"))
}

// isQuery reports whether a statement does nothing but ask. A WITH may end in an
// INSERT, and a FROM too: these are for the server to find out.
func isQuery(statement string) bool {
	word, _, _ := strings.Cut(firstWords(statement), "(")
	end := strings.IndexFunc(word, func(r rune) bool { return !unicode.IsLetter(r) })
	if end >= 0 {
		word = word[:end]
	}
	switch strings.ToUpper(word) {
	case "SELECT", "VALUES", "TABLE":
		return true
	}
	return false
}

// firstWords is a statement without the space, comments and brackets that it
// begins with; empty where they do not end, or hold one another.
func firstWords(statement string) string {
	for {
		statement = strings.TrimLeft(statement, "( \t\r\n\f")
		closing := "\n"
		body, comment := strings.CutPrefix(statement, "--")
		if !comment {
			closing = "*/"
			body, comment = strings.CutPrefix(statement, "/*")
		}
		if !comment {
			return statement
		}
		said, rest, _ := strings.Cut(body, closing)
		if closing == "*/" && strings.Contains(said, "/*") {
			return ""
		}
		statement = rest
	}
}

func (s *Session) sqlRelation(query string, args []any) (*plan.Relation, error) {
	sql := &plan.Sql{Query: query}
	if encoded, ok := encodedArguments(args); ok {
		return &plan.Relation{Common: s.common(), Raw: encoded, RelType: sql}, nil
	}
	var refs []*plan.Relation
	var err error
	if named, ok := namedArguments(args); ok {
		sql.NamedArguments, refs, err = named.split()
	} else {
		sql.PosArguments, refs, err = parts(columns(args, Lit))
	}
	if err != nil {
		return nil, fmt.Errorf("arguments of the query: %w", err)
	}
	root := &plan.Relation{Common: s.common(), RelType: sql}
	if len(refs) > 0 {
		root = &plan.Relation{Common: s.common(), RelType: &plan.WithRelations{Root: root, References: refs}}
	}
	return root, nil
}

func namedArguments(args []any) (Named, bool) {
	if len(args) != 1 {
		return nil, false
	}
	switch a := args[0].(type) {
	case Named:
		return a, true
	case map[string]any:
		return a, true
	}
	return nil, false
}

// split parts the named arguments into values and DataFrames.
func (n Named) split() (map[string]*plan.Expression, []*plan.Relation, error) {
	values := map[string]*plan.Expression{}
	var refs []*plan.Relation
	for _, name := range slices.Sorted(maps.Keys(n)) {
		if df, ok := n[name].(*DataFrame); ok {
			view := df.Alias(name)
			if view.err != nil {
				return nil, nil, view.err
			}
			refs = append(refs, view.rel)
			continue
		}
		c := argument(n[name])
		if err := c.Err(); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", name, err)
		}
		values[name] = c.expr
		refs = append(refs, c.refs...)
	}
	return values, refs, nil
}

// Table is a table or view of a catalog.
func (s *Session) Table(name string) *DataFrame { return s.Read().Table(name) }

// Range is the numbers of a column id: Range(end), Range(start, end) or
// Range(start, end, step), end excluded.
func (s *Session) Range(bounds ...int64) *DataFrame {
	r := &plan.Range{Step: 1}
	switch len(bounds) {
	case 1:
		r.Start, r.End = new(int64(0)), bounds[0]
	case 2:
		r.Start, r.End = &bounds[0], bounds[1]
	case 3:
		r.Start, r.End, r.Step = &bounds[0], bounds[1], bounds[2]
	default:
		return s.failed(errors.New("Range takes end, or start and end, or start, end and step"))
	}
	return s.frame(&plan.Relation{RelType: r})
}

func isEnd(err error) bool { return errors.Is(err, io.EOF) }
