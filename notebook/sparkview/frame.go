package sparkview

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"

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

// FrameOptions say how a DataFrame is shown.
type FrameOptions struct {
	Rows int    // at most so many; [DefaultRows] when it is not positive
	Hint string // how to see more
	// Tabs put the schema, the plan and a profile beside the rows. None of them
	// runs anything: the schema came with the rows, the other two say how they
	// are asked for.
	Tabs bool
	// Explain and Profile are how the plan and the profile are asked for, in a
	// sentence with `code`.
	Explain, Profile string
	// Plan asks the server for the plan at once, where planning costs little
	// beside the rows.
	Plan bool
}

// Frame runs df for its first rows and shows them as a table. One row more is
// asked for, so that "there are more" is known without a second query.
func Frame(ctx context.Context, df *sparkclient.DataFrame, o FrameOptions) (display.Bundle, error) {
	n := o.Rows
	if n <= 0 {
		n = DefaultRows
	}
	n = min(n, maxRows)
	limited := df.Limit(n + 1)
	rows, err := limited.Collect(ctx)
	if err != nil {
		return display.Bundle{}, err
	}
	schema, err := schemaOf(ctx, limited, rows)
	if err != nil {
		return display.Bundle{}, err
	}
	columns := heads(schema)
	if len(columns) == 0 {
		return display.Bundle{}, ErrNoColumns
	}
	return render.Table(columns, values(rows), render.TableOptions{
		Limit: n,
		More:  len(rows) > n,
		Hint:  o.Hint,
		Tabs:  o.tabs(ctx, df, schema),
	}), nil
}

// tabs are what stands beside the rows.
func (o FrameOptions) tabs(ctx context.Context, df *sparkclient.DataFrame, schema *sparkclient.StructType) []render.Tab {
	if !o.Tabs {
		return nil
	}
	explain := render.Tab{Title: "Explain", Note: o.Explain}
	if o.Plan {
		if plan, err := df.ExplainString(ctx, "formatted"); err == nil { // else the rows are there: a plan is not worth an error
			explain = render.Tab{Title: "Explain", Text: strings.TrimSpace(plan)}
		}
	}
	return []render.Tab{
		{Title: "Schema", Columns: schemaHeads(), Rows: tree(schema.Fields, "")},
		explain,
		{Title: "Profile", Note: o.Profile},
	}
}

// tree lists columns, and the fields of nested ones below them.
func tree(fields []sparkclient.StructField, indent string) [][]any {
	var rows [][]any
	for _, f := range fields {
		inner, typ := nested(f.Type), f.Type.SimpleString()
		if inner != nil {
			typ, _, _ = strings.Cut(typ, "<")
		}
		rows = append(rows, []any{indent + f.Name, typ, f.Nullable})
		rows = append(rows, tree(inner, indent+"    ")...)
	}
	return rows
}

func schemaHeads() []render.Column {
	return []render.Column{{Name: "column"}, {Name: "type"}, {Name: "nullable"}}
}

// nested are the parts of a type that has parts.
func nested(t sparkclient.DataType) []sparkclient.StructField {
	switch t := t.(type) {
	case *sparkclient.StructType:
		return t.Fields
	case sparkclient.ArrayType:
		return []sparkclient.StructField{{Name: "element", Type: t.ElementType, Nullable: t.ContainsNull}}
	case sparkclient.MapType:
		return []sparkclient.StructField{{Name: "key", Type: t.KeyType}, {Name: "value", Type: t.ValueType, Nullable: t.ValueContainsNull}}
	}
	return nil
}

// Rows shows rows that were collected.
func Rows(rows []sparkclient.Row) display.Bundle {
	if len(rows) == 0 {
		return display.Plain("[]")
	}
	return render.Table(heads(rows[0].Schema()), values(rows), render.TableOptions{})
}

// Schema shows columns with their types.
func Schema(schema *sparkclient.StructType, caption string) display.Bundle {
	rows := make([][]any, len(schema.Fields))
	for i, f := range schema.Fields {
		rows[i] = []any{f.Name, f.Type.SimpleString(), f.Nullable}
	}
	return render.Table(schemaHeads(), rows, render.TableOptions{Caption: caption})
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

// schemaOf is the schema of the rows where there are any, else the plan's.
func schemaOf(ctx context.Context, df *sparkclient.DataFrame, rows []sparkclient.Row) (*sparkclient.StructType, error) {
	if len(rows) > 0 {
		return rows[0].Schema(), nil
	}
	schema, err := df.Schema(ctx)
	if err != nil {
		return nil, fmt.Errorf("ask for the columns: %w", err)
	}
	return schema, nil
}
