package sparkview

import (
	"context"
	"errors"
	"fmt"
	"math"

	"gospark/display"
	"gospark/render"
	"gospark/sparkclient"
)

// DefaultRows is how many rows of a DataFrame are shown when nobody says.
const DefaultRows = 100

// maxRows keeps "one more" within what Spark takes as a limit.
const maxRows = math.MaxInt32 - 1

// ErrNoColumns says that there is nothing to show: the DataFrame is the answer
// of a command that returns nothing.
var ErrNoColumns = errors.New("the result has no columns")

// Frame runs df for its first n rows (DefaultRows when n is not positive) and
// shows them as a table. One row more is asked for, so that "there are more" is
// known without a second query. hint says how to see more.
func Frame(ctx context.Context, df *sparkclient.DataFrame, n int, hint string) (display.Bundle, error) {
	if n <= 0 {
		n = DefaultRows
	}
	n = min(n, maxRows)
	limited := df.Limit(n + 1)
	rows, err := limited.Collect(ctx)
	if err != nil {
		return display.Bundle{}, err
	}
	columns, err := columnsOf(ctx, limited, rows)
	if err != nil {
		return display.Bundle{}, err
	}
	if len(columns) == 0 {
		return display.Bundle{}, ErrNoColumns
	}
	return render.Table(columns, values(rows), render.TableOptions{
		Limit: n,
		More:  len(rows) > n,
		Hint:  hint,
	}), nil
}

// Rows shows rows that were collected.
func Rows(rows []sparkclient.Row) display.Bundle {
	if len(rows) == 0 {
		return display.Plain("[]")
	}
	return render.Table(heads(rows[0].Schema()), values(rows), render.TableOptions{})
}

func values(rows []sparkclient.Row) [][]any {
	all := make([][]any, len(rows))
	for i, row := range rows {
		all[i] = row.Values()
	}
	return all
}

func heads(schema *sparkclient.StructType) []render.Column {
	if schema == nil { // of a row that the program made
		return nil
	}
	columns := make([]render.Column, len(schema.Fields))
	for i, f := range schema.Fields {
		columns[i] = render.Column{Name: f.Name, Type: f.Type.SimpleString()}
	}
	return columns
}

// columnsOf heads the table: from the rows where there are any, else from the
// plan's schema.
func columnsOf(ctx context.Context, df *sparkclient.DataFrame, rows []sparkclient.Row) ([]render.Column, error) {
	var schema *sparkclient.StructType
	if len(rows) > 0 {
		schema = rows[0].Schema()
	} else {
		var err error
		if schema, err = df.Schema(ctx); err != nil {
			return nil, fmt.Errorf("ask for the columns: %w", err)
		}
	}
	return heads(schema), nil
}
