package notebook

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"gospark/cell"
	"gospark/cell/source"
	"gospark/magic/sqltext"
	"gospark/notebook/sparkview"
	"gospark/render"
	"gospark/sparkclient"
)

// bindError says that the Go values for a query's parameters cannot be had.
type bindError struct {
	missing []string // names for which there is no Go variable
	err     error    // why the others have no value in Spark
}

func (e *bindError) Error() string {
	if len(e.missing) > 0 {
		return "there is no Go variable " + strings.Join(e.missing, ", ")
	}
	return e.err.Error()
}

func (e *bindError) Unwrap() error { return e.err }

// binding are the arguments of the statements of one cell. They are fetched from
// the worker when the first statement needs them, all together.
type binding struct {
	names []string
	args  []any // of Session.SQL
}

// arguments are what a statement is to be run with; nothing where it has no
// parameters, so that SQL without them needs no Go.
func (n *Notebook) arguments(ctx context.Context, r *run, b *binding, s sqltext.Statement) ([]any, error) {
	if len(sqltext.Names(s.Text)) == 0 {
		return nil, nil
	}
	if b.args == nil {
		encoded, err := n.goValues(ctx, r, b.names)
		if err != nil {
			return nil, err
		}
		b.args = []any{encoded}
	}
	return b.args, nil
}

// parameters are the names of all parameters of a cell's statements.
func parameters(statements []sqltext.Statement) []string {
	var all []string
	for _, s := range statements {
		all = append(all, sqltext.Names(s.Text)...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// goValues asks the worker for the values of Go variables, as values of Spark.
func (n *Notebook) goValues(ctx context.Context, r *run, names []string) (sparkclient.Arguments, error) {
	if missing := n.unknown(names); len(missing) > 0 {
		return nil, &bindError{missing: missing}
	}
	var code strings.Builder
	for _, name := range names {
		fmt.Fprintf(&code, "%q: %s, ", name, name)
	}
	value, err := n.runAside(ctx, r, "sparkclient.Named{"+code.String()+"}", map[string]string{sparkview.MetaBind: "1"})
	var failed *cell.CellError
	var compile *source.CompileError
	switch {
	case errors.As(err, &failed), errors.As(err, &compile):
		return nil, &bindError{err: err}
	case err != nil:
		return nil, err
	}
	encoded, ok := sparkview.DecodeArguments(value)
	if !ok {
		return nil, errors.New("the Go process did not hand over the values of the query's parameters")
	}
	return encoded, nil
}

// unknown are the names that are no Go variables.
func (n *Notebook) unknown(names []string) []string {
	vars := n.cells.Vars()
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		return slices.ContainsFunc(vars, func(v source.Var) bool { return v.Name == name })
	})
}

// bindWords are for parameters that have no value.
func bindWords(_ *run, err error) (render.Failure, bool) {
	var e *bindError
	if !errors.As(err, &e) {
		return render.Failure{}, false
	}
	f := render.Failure{Name: "parameter", Message: e.Error()}
	if len(e.missing) > 0 {
		f.Advice = []string{"`:" + e.missing[0] + "` takes the value of the Go variable `" + e.missing[0] + "`: declare it in a cell, such as `" + e.missing[0] + " := 60`",
			"`%go vars` lists those that there are"}
		return f, true
	}
	f.Advice = []string{"numbers, strings, booleans, dates, times, decimals, `[]byte`, rows, and slices and maps of these can be bound",
		"a DataFrame is no value: keep it as a view, `df.CreateOrReplaceTempView(ctx, name)`"}
	return f, true
}
