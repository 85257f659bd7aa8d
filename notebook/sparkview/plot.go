package sparkview

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"gospark/display"
	"gospark/render"
	"gospark/sparkclient"
	F "gospark/sparkclient/functions"
)

// PlotSpec says how a DataFrame is drawn; what is empty is chosen by the
// columns' types.
type PlotSpec struct {
	Kind  string   // of render.ChartKind
	X     string   // column
	Y     []string // columns; of a heat map the rows, and what gives the shade
	Color string   // column
	Agg   string   // sum, avg, min, max, count or median
}

// PlotError says why a DataFrame cannot be drawn as asked.
type PlotError struct{ Message, Advice string }

func (e *PlotError) Error() string { return e.Message }

// Bounds of a picture: beyond them nobody sees more.
const (
	maxBars    = 50
	maxStacked = 400
	maxPoints  = 5000
	maxHeat    = 2500
	maxSlices  = 9
	maxGroups  = 1000 // that a pie sums up
	maxBoxes   = 40
	bins       = 30
)

// Plot draws df. Spark sums up and samples, so that what is fetched is bounded;
// the caption says what was done.
func Plot(ctx context.Context, df *sparkclient.DataFrame, spec PlotSpec) (display.Bundle, error) {
	schema, err := df.Schema(ctx)
	if err != nil {
		return display.Bundle{}, err
	}
	if len(schema.Fields) == 0 {
		return display.Bundle{}, ErrNoColumns
	}
	p := &plotter{df: df, PlotSpec: spec, fields: schema.Fields}
	if err := p.checkNames(); err != nil {
		return display.Bundle{}, err
	}
	draw := map[string]func(context.Context) (render.Chart, error){
		"bar": p.grouped, "line": p.grouped, "area": p.grouped, "pie": p.pie,
		"point": p.scatter, "hist": p.histogram, "box": p.boxes, "heat": p.heat,
	}[spec.Kind]
	if draw == nil {
		return display.Bundle{}, &PlotError{fmt.Sprintf("%q is no kind of chart", spec.Kind), "bar, line, area, point, hist, box, heat and pie are"}
	}
	chart, err := draw(ctx)
	if err != nil {
		return display.Bundle{}, err
	}
	chart.Kind = render.ChartKind(spec.Kind)
	chart.Caption = strings.Join(append([]string{p.caption(chart)}, p.notes...), " · ")
	return render.Plot(chart), nil
}

// plotter is one drawing on its way.
type plotter struct {
	PlotSpec
	df     *sparkclient.DataFrame
	fields []sparkclient.StructField
	notes  []string // of the caption
}

// checkNames refuses columns that are not there.
func (p *plotter) checkNames() error {
	for _, name := range append([]string{p.X, p.Color}, p.Y...) {
		if name == "" || p.has(name) {
			continue
		}
		var all []string
		for _, f := range p.fields {
			all = append(all, f.Name)
		}
		return &PlotError{fmt.Sprintf("there is no column %s", name), "the columns are `" + strings.Join(all[:min(len(all), 20)], "`, `") + "`"}
	}
	return nil
}

func (p *plotter) has(name string) bool {
	return slices.ContainsFunc(p.fields, func(f sparkclient.StructField) bool { return strings.EqualFold(f.Name, name) })
}

// scale is what a column's values are.
func (p *plotter) scale(name string) render.Scale {
	at := slices.IndexFunc(p.fields, func(f sparkclient.StructField) bool { return strings.EqualFold(f.Name, name) })
	if at < 0 {
		return render.Categories
	}
	switch base, _, _ := strings.Cut(p.fields[at].Type.SimpleString(), "("); base {
	case "tinyint", "smallint", "int", "bigint", "float", "double", "decimal":
		return render.Numbers
	case "date", "timestamp", "timestamp_ntz":
		return render.Times
	}
	return render.Categories
}

// first is the first column that has a scale, or that has another one, and is
// none of those that are taken; empty where there is none.
func (p *plotter) first(scale render.Scale, is bool, taken ...string) string {
	for _, f := range p.fields {
		if (p.scale(f.Name) == scale) == is && !slices.Contains(taken, f.Name) {
			return f.Name
		}
	}
	return ""
}

// column refers to a column whatever its name is.
func column(name string) sparkclient.Column {
	return sparkclient.Col("`" + strings.ReplaceAll(name, "`", "``") + "`")
}

// along is a column as values of an axis.
func (p *plotter) along(name string) sparkclient.Column {
	switch p.scale(name) {
	case render.Numbers:
		return column(name).Cast("double")
	case render.Times:
		return column(name).Cast("timestamp")
	}
	return F.Coalesce(column(name).Cast("string"), sparkclient.Lit("null"))
}

// known is df without the rows whose x is no place on an axis.
func (p *plotter) known() *sparkclient.DataFrame {
	switch p.scale(p.X) {
	case render.Numbers:
		return p.df.Filter(finite(p.along(p.X)))
	case render.Times:
		return p.df.Filter(column(p.X).IsNotNull())
	}
	return p.df
}

// finite holds for a double that is a place: not null, not NaN, not infinite.
func finite(c sparkclient.Column) sparkclient.Column { return F.Abs(c).Le(math.MaxFloat64) }

// summed is a column as the option --agg sums it up, a double.
func (p *plotter) summed(name string) sparkclient.Column {
	c := column(name)
	switch p.Agg {
	case "avg":
		c = F.Avg(c)
	case "min":
		c = F.Min(c)
	case "max":
		c = F.Max(c)
	case "count":
		c = F.Count(c)
	case "median":
		c = F.PercentileApprox(c, 0.5)
	default:
		c = F.Sum(c)
	}
	return c.Cast("double")
}

// title names what summed makes, or just the column where each group is one row.
func (p *plotter) title(name string, single bool) string {
	switch {
	case name == "":
		return "rows"
	case single && p.Agg != "count":
		return name
	}
	return cmp.Or(p.Agg, "sum") + " of " + name
}

// needNumbers refuses to sum up what is no number.
func (p *plotter) needNumbers(names ...string) error {
	for _, name := range names {
		if p.Agg != "count" && p.scale(name) != render.Numbers {
			return &PlotError{fmt.Sprintf("%s holds no numbers", name), "`--agg count` counts its rows; `cast(… AS double)` in the query makes numbers"}
		}
	}
	return nil
}

// caption says in words what is drawn.
func (p *plotter) caption(c render.Chart) string {
	switch words := c.Y.Title + " by " + c.X.Title; {
	case p.Kind == "hist":
		return "distribution of " + c.X.Title
	case c.X.Title == "":
		return c.Y.Title
	case c.Color != "" && p.Color+p.Kind != "":
		return words + " and " + c.Color
	default:
		return words
	}
}

// spot is a collected value as a place on an axis. A time keeps what the clock
// of the session's zone shows.
func spot(v any) any {
	t, ok := v.(time.Time)
	if !ok {
		return v
	}
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
}
