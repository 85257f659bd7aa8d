package notebook

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"gospark/display"
	"gospark/magic"
	"gospark/magic/sqltext"
	"gospark/notebook/sparkview"
	"gospark/render"
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

// timeoutError says that a cell took longer than it was given.
type timeoutError struct{ after time.Duration }

func (e *timeoutError) Error() string { return "the statements ran longer than " + lasting(e.after) }

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
	if c.Timeout > 0 {
		timeout := &timeoutError{after: c.Timeout}
		within, cancel := context.WithTimeoutCause(ctx, c.Timeout, timeout)
		defer cancel()
		last, err := n.statements(within, r, st, statements, c)
		if err != nil && errors.Is(context.Cause(within), timeout) {
			return nil, timeout
		}
		return last, err
	}
	return n.statements(ctx, r, st, statements, c)
}

func (n *Notebook) statements(ctx context.Context, r *run, st state, statements []sqltext.Statement, c magic.SQL) (*display.Bundle, error) {
	var last *display.Bundle
	bound := &binding{names: parameters(statements)}
	for i, s := range statements {
		if last != nil {
			r.out.Show(display.Output{Bundle: *last})
		}
		q := query{session: st.session, epoch: st.epoch, Statement: s, SQL: c}
		if i < len(statements)-1 {
			q.SQL = magic.SQL{Rows: c.Rows, Quiet: c.Quiet}
		}
		var err error
		if q.args, err = n.arguments(ctx, r, bound, s); err == nil {
			last, err = n.statement(ctx, r, q)
		}
		if err != nil {
			return nil, &sqlError{err: err, statement: s, line: c.Line + s.Line - 1, prefix: q.prefix()}
		}
	}
	return last, nil
}

// query is one statement with what is to be done about it.
type query struct {
	magic.SQL
	sqltext.Statement
	session *sparkclient.Session
	epoch   int   // of the session
	args    []any // of Session.SQL: the values of its parameters
}

// prefix asks for a plan instead of a result. It is SQL and not a request of
// its own, because a command would run before its plan could be asked for.
func (q query) prefix() string {
	switch q.Explain {
	case "":
		return ""
	case "simple":
		return "EXPLAIN "
	}
	return "EXPLAIN " + strings.ToUpper(q.Explain) + " "
}

// errRuns refuses to look at a statement that would run.
var errRuns = errors.New("this statement does something: its columns cannot be asked for without running it")

// statement runs one statement and says what came of it.
func (n *Notebook) statement(ctx context.Context, r *run, q query) (*display.Bundle, error) {
	r.track.Label(oneLine(q.Text))
	effect := sqltext.EffectOf(q.Text)
	switch {
	case q.Explain != "":
		return n.plan(ctx, q)
	case q.Schema && effect.Did != "":
		return nil, errRuns
	}
	began := time.Now()
	if effect.ChangesCatalog() || q.View != "" {
		defer n.catalog.forget()
	}
	df := q.session.SQL(ctx, q.Text, q.args...)
	if err := df.Err(); err != nil {
		return nil, err
	}
	if (q.Quiet || q.Var != "") && effect.Did == "" { // nothing may be asked of it, or only later
		if _, err := df.Schema(ctx); err != nil {
			return nil, err
		}
	}
	n.kept.note(q.epoch, q, effect)
	if err := n.keep(ctx, r, df, q); err != nil {
		return nil, err
	}
	b, err := n.result(ctx, df, q, time.Since(began))
	if errors.Is(err, sparkview.ErrNoColumns) {
		did := effect.String()
		if did == "" {
			did = cmp.Or(q.Verb, "statement") + " done"
		}
		return text(did + " in " + lasting(time.Since(began))), nil
	}
	return b, err
}

// result shows what a statement returns, in the form that was asked for.
func (n *Notebook) result(ctx context.Context, df *sparkclient.DataFrame, q query, took time.Duration) (*display.Bundle, error) {
	switch {
	case q.Quiet:
		return nil, nil
	case q.Schema:
		return schemaTable(ctx, df, "")
	case q.Count:
		began := time.Now()
		count, err := df.Count(ctx)
		if err != nil {
			return nil, err
		}
		return text(render.Count(count, "row") + ", counted in " + lasting(took+time.Since(began))), nil
	}
	b, err := shownAs(ctx, df, q)
	if err != nil {
		return nil, err
	}
	return &b, nil
}

// shownAs runs a query for a chart, a profile or a table.
func shownAs(ctx context.Context, df *sparkclient.DataFrame, q query) (display.Bundle, error) {
	switch {
	case q.Plot.Kind != "":
		return sparkview.Plot(ctx, df, sparkview.PlotSpec(q.Plot))
	case q.Profile:
		return sparkview.Profile(ctx, df)
	}
	return sparkview.Frame(ctx, df, sparkview.FrameOptions{
		Rows:    q.Rows,
		Hint:    "-n " + fmt.Sprint(10*max(q.Rows, sparkview.DefaultRows)),
		Tabs:    q.IsQuery(),
		Explain: "`%%sql --explain=formatted` shows how Spark runs it, without running it.",
		Profile: "`%%sql --profile` sums up every column by one pass over the data.",
	})
}

// plan shows how Spark would run a statement, which does not run.
func (n *Notebook) plan(ctx context.Context, q query) (*display.Bundle, error) {
	rows, err := q.session.SQL(ctx, q.prefix()+q.Text, q.args...).Collect(ctx)
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
func (n *Notebook) keep(ctx context.Context, r *run, df *sparkclient.DataFrame, q query) error {
	if q.View != "" {
		if err := df.CreateOrReplaceTempView(ctx, q.View); err != nil {
			return fmt.Errorf("make the view %s: %w", q.View, err)
		}
		n.kept.noteView(q.epoch, q.View, df)
	}
	if q.Var == "" {
		return nil
	}
	plan, err := df.MarshalPlan()
	if err != nil {
		return fmt.Errorf("hand the result to Go: %w", err)
	}
	_, err = n.runGo(ctx, r, fmt.Sprintf("%s := spark.FromPlan([]byte(%q));", q.Var, plan))
	return err
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
