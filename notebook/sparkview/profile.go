package sparkview

import (
	"context"
	"fmt"
	"strings"

	"gospark/display"
	"gospark/render"
	"gospark/sparkclient"
	F "gospark/sparkclient/functions"
)

// Bounds of a profile.
const (
	maxProfiled = 100 // columns: each costs Spark a dozen aggregates
	profileBins = 20
	topValues   = 3
)

// Profile sums up every column of df. All aggregates are one operation, so that
// the data are read once; distinct counts, quantiles, histograms and frequent
// values are approximate, as Spark computes them in one pass.
func Profile(ctx context.Context, df *sparkclient.DataFrame) (display.Bundle, error) {
	schema, err := df.Schema(ctx)
	if err != nil {
		return display.Bundle{}, err
	}
	if len(schema.Fields) == 0 {
		return display.Bundle{}, ErrNoColumns
	}
	fields, note := schema.Fields, ""
	if len(fields) > maxProfiled {
		fields, note = fields[:maxProfiled], fmt.Sprintf("the first %d of %d", maxProfiled, len(fields))
	}
	aggregates := []any{F.Count(sparkclient.Lit(1)).As("rows")}
	for i, f := range fields {
		aggregates = append(aggregates, profileOf(f).As(fmt.Sprintf("c%d", i)))
	}
	row, err := df.Agg(aggregates...).First(ctx)
	if err != nil {
		return display.Bundle{}, err
	}
	total, _ := row.Get("rows").(int64)
	columns := make([]render.ColumnProfile, len(fields))
	for i, f := range fields {
		facts, _ := row.Get(fmt.Sprintf("c%d", i)).(sparkclient.Row)
		columns[i] = readProfile(f, facts, total)
	}
	return render.Profile(total, columns, note), nil
}

// profileOf are the aggregates of a column, as one struct.
func profileOf(f sparkclient.StructField) sparkclient.Column {
	c := column(f.Name)
	parts := []any{F.Count(c).As("n")}
	base, _, _ := strings.Cut(f.Type.SimpleString(), "(")
	switch base {
	case "tinyint", "smallint", "int", "bigint", "float", "double", "decimal":
		number := c.Cast("double")
		parts = append(parts, F.ApproxCountDistinct(c).As("distinct"), F.Min(c).As("min"), F.Max(c).As("max"), F.Avg(number).As("mean"),
			F.PercentileApprox(c, []float64{0.25, 0.5, 0.75}).As("q"), F.HistogramNumeric(sparkclient.When(finite(number), number), profileBins).As("h"))
	case "date", "timestamp", "timestamp_ntz":
		seconds := c.Cast("timestamp").Cast("double")
		parts = append(parts, F.ApproxCountDistinct(c).As("distinct"), F.Min(c).As("min"), F.Max(c).As("max"),
			F.PercentileApprox(c, []float64{0.25, 0.5, 0.75}).As("q"), F.HistogramNumeric(seconds, profileBins).As("h"))
	case "string", "varchar", "char", "boolean":
		parts = append(parts, F.ApproxCountDistinct(c).As("distinct"), F.Min(c).As("min"), F.Max(c).As("max"),
			sparkclient.CallFunction("approx_top_k", c.Cast("string"), sparkclient.Lit(topValues)).As("top"))
	}
	return F.Struct(parts...)
}

// readProfile reads what profileOf asked for.
func readProfile(f sparkclient.StructField, facts sparkclient.Row, total int64) render.ColumnProfile {
	n, _ := facts.Get("n").(int64)
	p := render.ColumnProfile{Name: f.Name, Type: f.Type.SimpleString(), Nulls: total - n}
	if distinct, ok := optional(facts, "distinct").(int64); ok {
		p.Distinct = min(distinct, n) // an estimate may be above what is there
	}
	p.Min, p.Max, p.Mean = shortText(optional(facts, "min")), shortText(optional(facts, "max")), optional(facts, "mean")
	if q, ok := optional(facts, "q").([]any); ok && len(q) == 3 {
		p.Q1, p.Median, p.Q3 = q[0], q[1], q[2]
	}
	if h, ok := optional(facts, "h").([]any); ok && len(h) > 1 {
		p.Histogram = evenBins(h)
	}
	if top, ok := optional(facts, "top").([]any); ok {
		for _, item := range top {
			if r, ok := item.(sparkclient.Row); ok && r.Len() == 2 {
				value, known := r.At(0).(string)
				if !known {
					value = "null"
				}
				count, _ := r.At(1).(int64)
				p.Top = append(p.Top, render.Frequency{Value: value, Count: count})
			}
		}
	}
	return p
}

// optional is a field of a struct that may not have it.
func optional(r sparkclient.Row, name string) any {
	v, _ := r.Lookup(name)
	return v
}

// shortText cuts a long string: min and max of texts are there to be glanced at.
func shortText(v any) any {
	const most = 24
	if s, ok := v.(string); ok && len([]rune(s)) > most {
		return string([]rune(s)[:most-1]) + "…"
	}
	return v
}

// evenBins spreads Spark's histogram, which has bins where the values are, over
// bins of one width.
func evenBins(uneven []any) []float64 {
	var x, y []float64
	for _, item := range uneven {
		if r, ok := item.(sparkclient.Row); ok && r.Len() == 2 {
			at, _ := r.At(0).(float64)
			height, _ := r.At(1).(float64)
			x, y = append(x, at), append(y, height)
		}
	}
	if len(x) < 2 || x[len(x)-1] <= x[0] {
		return nil
	}
	even := make([]float64, profileBins)
	low, width := x[0], (x[len(x)-1]-x[0])/(profileBins-1)
	for i := range x {
		even[min(int((x[i]-low)/width+0.5), profileBins-1)] += y[i]
	}
	return even
}
