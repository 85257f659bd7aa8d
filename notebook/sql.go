package notebook

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"gospark/display"
	"gospark/magic"
	"gospark/magic/sqltext"
	"gospark/notebook/sparkview"
	"gospark/sparkclient"
)

// sqlError is an error of one SQL statement, with the statement's place in its
// cell.
type sqlError struct {
	err       error
	statement sqltext.Statement
	line      int    // of the statement in the cell
	prefix    string // what was put before the statement
}

func (e *sqlError) Error() string { return e.err.Error() }
func (e *sqlError) Unwrap() error { return e.err }

// sql runs the statements of a cell in order. The options apply to the last
// one; the results of those before are shown as they come. No statement runs
// twice: a table asks for one row more than it shows instead of counting.
func (n *Notebook) sql(ctx context.Context, r *run, c magic.SQL) (*display.Bundle, error) {
	statements := sqltext.Split(c.Query)
	if len(statements) == 0 {
		return nil, &magic.UsageError{Magic: "%%sql", Message: "there is no SQL statement in this cell", Usage: "%%sql and the statement on the lines below it"}
	}
	st, err := n.ready(ctx, r)
	if err != nil {
		return nil, err
	}
	var last *display.Bundle
	for i, s := range statements {
		if last != nil {
			r.out.Show(display.Output{Bundle: *last})
		}
		options := c
		if i < len(statements)-1 {
			options = magic.SQL{Rows: c.Rows, Quiet: c.Quiet}
		}
		run := n.statement
		prefix := ""
		if options.Explain != "" {
			run, prefix = n.plan, explainPrefix(options.Explain)
		}
		if last, err = run(ctx, r, st, s, options); err != nil {
			return nil, &sqlError{err: err, statement: s, line: c.Line + s.Line - 1, prefix: prefix}
		}
	}
	return last, nil
}

// statement runs one statement and says what came of it.
func (n *Notebook) statement(ctx context.Context, r *run, st state, s sqltext.Statement, c magic.SQL) (*display.Bundle, error) {
	r.track.Label(oneLine(s.Text))
	began := time.Now()
	df := st.session.SQL(ctx, s.Text)
	if err := df.Err(); err != nil {
		return nil, err
	}
	if err := n.keep(ctx, r, df, c); err != nil {
		return nil, err
	}
	if c.Quiet {
		return nil, nil
	}
	table, err := sparkview.Frame(ctx, df, c.Rows, "-n "+fmt.Sprint(10*max(c.Rows, sparkview.DefaultRows)))
	if errors.Is(err, sparkview.ErrNoColumns) {
		return text(fmt.Sprintf("%s done in %s", verbOf(s), lasting(time.Since(began)))), nil
	}
	if err != nil {
		return nil, err
	}
	return &table, nil
}

// explainPrefix asks for a plan instead of a result. It is SQL and not a request
// of its own, because a command would run before its plan could be asked for.
func explainPrefix(mode string) string {
	if mode == "simple" {
		return "EXPLAIN "
	}
	return "EXPLAIN " + strings.ToUpper(mode) + " "
}

// plan shows how Spark would run a statement, which does not run.
func (n *Notebook) plan(ctx context.Context, r *run, st state, s sqltext.Statement, c magic.SQL) (*display.Bundle, error) {
	r.track.Label(oneLine(s.Text))
	rows, err := st.session.SQL(ctx, explainPrefix(c.Explain)+s.Text).Collect(ctx)
	if err != nil {
		return nil, err
	}
	var plan strings.Builder
	for _, row := range rows {
		fmt.Fprintln(&plan, row.At(0))
	}
	if failed, ok := strings.CutPrefix(plan.String(), planningError); ok {
		return nil, sparkview.ParseError(failed)
	}
	return text(strings.TrimRight(plan.String(), "\n")), nil
}

// planningError is how EXPLAIN begins to tell of a statement that has no plan.
const planningError = "Error occurred during query planning:"

// keep gives a result the names that were asked for: a temporary view, a Go
// variable.
func (n *Notebook) keep(ctx context.Context, r *run, df *sparkclient.DataFrame, c magic.SQL) error {
	if c.View != "" {
		if err := df.CreateOrReplaceTempView(ctx, c.View); err != nil {
			return fmt.Errorf("make the view %s: %w", c.View, err)
		}
	}
	if c.Var == "" {
		return nil
	}
	plan, err := df.MarshalPlan()
	if err != nil {
		return fmt.Errorf("hand the result to Go: %w", err)
	}
	_, err = n.runGo(ctx, r, fmt.Sprintf("%s := spark.FromPlan([]byte(%q));", c.Var, plan))
	return err
}

func verbOf(s sqltext.Statement) string {
	if s.Verb == "" {
		return "statement"
	}
	return s.Verb
}

// oneLine is a statement as a label.
func oneLine(s string) string {
	const most = 80
	words := []rune(strings.Join(strings.Fields(s), " "))
	if len(words) > most {
		return string(words[:most-1]) + "…"
	}
	return string(words)
}
