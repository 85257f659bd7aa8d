package sparkview

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"gospark/render"
	"gospark/sparkclient"
	F "gospark/sparkclient/functions"
)

// series is the colour's title where several columns are drawn.
const series = "column"

// grouped draws bars, lines and areas: the rows of one x are summed up.
func (p *plotter) grouped(ctx context.Context) (render.Chart, error) {
	p.X = cmp.Or(p.X, p.first(render.Numbers, false), p.fields[0].Name)
	if len(p.Y) == 0 {
		if y := p.first(render.Numbers, true, p.X, p.Color); y != "" && p.Agg != "count" {
			p.Y = []string{y}
		}
	}
	if err := p.needNumbers(p.Y...); err != nil {
		return render.Chart{}, err
	}
	if len(p.Y) > 1 && p.Color != "" {
		return render.Chart{}, &PlotError{"several columns have a colour each already", "leave `--color` out, or draw one column"}
	}
	ordered := p.scale(p.X) != render.Categories
	most := maxPoints
	switch {
	case p.Kind == "bar" && (ordered || p.Color != ""):
		most = maxStacked
	case p.Kind == "bar":
		most = maxBars
	}
	rows, err := p.groups(ctx, most, ordered)
	if err != nil {
		return render.Chart{}, err
	}
	chart := p.points(rows)
	if ordered || p.Kind != "bar" {
		slices.SortStableFunc(chart.Points, render.ByX)
	}
	return chart, nil
}

// groups sums up the rows of each x and colour: n, y0, y1, …. There may be more
// groups than a picture holds: the largest stay where they have no order of their
// own, else a sample.
func (p *plotter) groups(ctx context.Context, most int, sample bool) ([]sparkclient.Row, error) {
	keys := []any{p.along(p.X).As("x")}
	if p.Color != "" {
		keys = append(keys, F.Coalesce(column(p.Color).Cast("string"), sparkclient.Lit("null")).As("c"))
	} else {
		keys = append(keys, sparkclient.Lit("").As("c"))
	}
	sums := []any{F.Count(sparkclient.Lit(1)).Cast("double").As("n")}
	largest := "n"
	for i, y := range p.Y {
		largest = "y0"
		sums = append(sums, p.summed(y).As(fmt.Sprintf("y%d", i)))
	}
	order := F.Desc(largest)
	note := "the %s largest"
	if sample {
		order, note = F.Rand(0).Asc(), "a sample of %s points"
	}
	rows, err := p.known().GroupBy(keys...).Agg(sums...).OrderBy(order).Limit(most + 1).Collect(ctx)
	if len(rows) > most {
		rows = rows[:most]
		p.notes = append(p.notes, fmt.Sprintf(note, render.Grouped(int64(most))))
	}
	return rows, err
}

// points makes a chart of what groups returned.
func (p *plotter) points(rows []sparkclient.Row) render.Chart {
	single := !slices.ContainsFunc(rows, func(r sparkclient.Row) bool { return r.Get("n") != 1.0 })
	c := render.Chart{X: render.Axis{Title: p.X, Scale: p.scale(p.X)}, Y: render.Axis{Title: p.title("", single)}, Color: p.Color}
	switch len(p.Y) {
	case 0:
		for _, r := range rows {
			c.Points = appendPoint(c.Points, r, "n", r.Get("c"))
		}
		return c
	case 1:
		c.Y.Title = p.title(p.Y[0], single)
	default:
		c.Y.Title = map[bool]string{true: "value", false: cmp.Or(p.Agg, "sum")}[single]
		c.Color = series
	}
	for _, r := range rows {
		for i, y := range p.Y {
			color := r.Get("c")
			if len(p.Y) > 1 {
				color = y
			}
			c.Points = appendPoint(c.Points, r, fmt.Sprintf("y%d", i), color)
		}
	}
	return c
}

// appendPoint adds a row's point, unless it has no height.
func appendPoint(points []render.Point, r sparkclient.Row, y string, color any) []render.Point {
	height, ok := r.Get(y).(float64)
	if !ok {
		return points
	}
	name, _ := color.(string)
	return append(points, render.Point{X: spot(r.Get("x")), Y: height, Color: name})
}

// pie draws the largest groups, the others as one.
func (p *plotter) pie(ctx context.Context) (render.Chart, error) {
	if p.Color != "" {
		return render.Chart{}, &PlotError{"a pie has its colours already", "leave `--color` out, or draw `bar`"}
	}
	p.X = cmp.Or(p.X, p.first(render.Numbers, false), p.fields[0].Name)
	if len(p.Y) == 0 && p.Agg != "count" {
		if y := p.first(render.Numbers, true, p.X); y != "" {
			p.Y = []string{y}
		}
	}
	if err := p.needNumbers(p.Y...); err != nil {
		return render.Chart{}, err
	}
	p.Y = p.Y[:min(len(p.Y), 1)]
	rows, err := p.groups(ctx, maxGroups, false)
	if err != nil {
		return render.Chart{}, err
	}
	c := p.points(rows)
	for i := range c.Points {
		c.Points[i].X = render.AxisText(c.Points[i].X)
	}
	c.X.Scale = render.Categories
	if rest := len(c.Points) - maxSlices; rest > 1 {
		other := 0.0
		for _, point := range c.Points[maxSlices:] {
			other += point.Y
		}
		c.Points = append(c.Points[:maxSlices], render.Point{X: fmt.Sprintf("%d others", rest), Y: other})
	}
	return c, nil
}

// scatter draws rows as they are, a random sample where there are many.
func (p *plotter) scatter(ctx context.Context) (render.Chart, error) {
	p.X = cmp.Or(p.X, p.first(render.Numbers, true), p.fields[0].Name)
	y := p.first(render.Numbers, true, p.X)
	if len(p.Y) > 0 {
		y = p.Y[0]
	}
	if y == "" {
		return render.Chart{}, &PlotError{"a scatter plot wants two columns of numbers", ""}
	}
	if p.Agg != "" {
		return render.Chart{}, &PlotError{"`point` draws rows as they are", "leave `--agg` out, or draw `bar` or `line`"}
	}
	if err := p.needNumbers(y); err != nil {
		return render.Chart{}, err
	}
	color := sparkclient.Lit("")
	if p.Color != "" {
		color = F.Coalesce(column(p.Color).Cast("string"), sparkclient.Lit("null"))
	}
	rows, err := p.known().Select(p.along(p.X).As("x"), column(y).Cast("double").As("y"), color.As("c")).
		Filter(sparkclient.Col("y").IsNotNull()).OrderBy(F.Rand(0).Asc()).Limit(maxPoints + 1).Collect(ctx)
	if err != nil {
		return render.Chart{}, err
	}
	if len(rows) > maxPoints {
		rows = rows[:maxPoints]
		p.notes = append(p.notes, "a random sample of "+render.Count(maxPoints, "row"))
	}
	c := render.Chart{X: render.Axis{Title: p.X, Scale: p.scale(p.X)}, Y: render.Axis{Title: y}, Color: p.Color}
	for _, r := range rows {
		c.Points = appendPoint(c.Points, r, "y", r.Get("c"))
	}
	return c, nil
}

// histogram counts the values of one column in equal bins. The bounds and the
// counts are one operation of Spark's.
func (p *plotter) histogram(ctx context.Context) (render.Chart, error) {
	if len(p.Y) > 0 || p.Color+p.Agg != "" {
		return render.Chart{}, &PlotError{"a histogram is of one column", "`--plot hist COLUMN`"}
	}
	if p.X = cmp.Or(p.X, p.first(render.Numbers, true), p.first(render.Times, true)); p.scale(p.X) == render.Categories {
		return render.Chart{}, &PlotError{fmt.Sprintf("%s holds no numbers or times", cmp.Or(p.X, "the result")), "`--plot bar COLUMN --agg count` counts names"}
	}
	values := p.known().Select(p.along(p.X).Cast("double").As("v"))
	bounds := values.Agg(F.Min("v").As("low"), F.Max("v").As("high"))
	v, low, high := sparkclient.Col("v"), sparkclient.Col("low"), sparkclient.Col("high")
	bin := sparkclient.When(high.Gt(low), F.Least(F.Floor(v.Sub(low).Div(high.Sub(low)).Mul(bins)).Cast("int"), sparkclient.Lit(bins-1))).Otherwise(0)
	rows, err := values.CrossJoin(bounds).GroupBy(bin.As("bin"), low, high).Agg(F.Count(sparkclient.Lit(1)).Cast("double").As("n")).Collect(ctx)
	if err != nil {
		return render.Chart{}, err
	}
	c := render.Chart{X: render.Axis{Title: p.X, Scale: p.scale(p.X)}, Y: render.Axis{Title: "rows"}}
	total := 0.0
	for _, r := range rows {
		from, _ := r.Get("low").(float64)
		to, _ := r.Get("high").(float64)
		at, _ := r.Get("bin").(int32)
		n, _ := r.Get("n").(float64)
		width := (to - from) / bins
		total += n
		c.Points = append(c.Points, render.Point{X: p.edge(from + width*float64(at)), X2: p.edge(from + width*float64(at+1)), Y: n})
	}
	slices.SortFunc(c.Points, render.ByX)
	p.notes = append(p.notes, render.Count(int64(total), "value"))
	return c, nil
}

// edge is the border of a histogram's bin as a place on its axis.
func (p *plotter) edge(v float64) any {
	if p.scale(p.X) == render.Times {
		return time.UnixMicro(int64(v * 1e6)).UTC()
	}
	return v
}

// boxes draws quartiles, approximate as Spark computes them, and whiskers of at
// most one and a half boxes.
func (p *plotter) boxes(ctx context.Context) (render.Chart, error) {
	var y string
	switch {
	case len(p.Y) > 0:
		y = p.Y[0]
	case p.X != "" && p.scale(p.X) == render.Numbers:
		y, p.X = p.X, ""
	default:
		y = p.first(render.Numbers, true, p.X)
	}
	if y == "" {
		return render.Chart{}, &PlotError{"a box plot wants a column of numbers", ""}
	}
	if err := p.needNumbers(y); err != nil {
		return render.Chart{}, err
	}
	x := sparkclient.Lit(y)
	if p.X != "" {
		x = F.Coalesce(column(p.X).Cast("string"), sparkclient.Lit("null"))
	}
	v := column(y).Cast("double")
	quartiles := F.PercentileApprox(v, []float64{0.25, 0.5, 0.75})
	rows, err := p.df.Filter(finite(v)).GroupBy(x.As("x")).
		Agg(F.Count(sparkclient.Lit(1)).As("n"), F.Min(v).As("low"), F.Max(v).As("high"), quartiles.As("q")).
		OrderBy(F.Desc("n")).Limit(maxBoxes + 1).Collect(ctx)
	if err != nil {
		return render.Chart{}, err
	}
	if len(rows) > maxBoxes {
		rows = rows[:maxBoxes]
		p.notes = append(p.notes, fmt.Sprintf("the %d with the most rows", maxBoxes))
	}
	p.notes = append(p.notes, "whiskers: at most 1.5 boxes")
	c := render.Chart{X: render.Axis{Title: p.X, Scale: render.Categories}, Y: render.Axis{Title: y}}
	for _, r := range rows {
		c.Points = append(c.Points, render.Point{X: r.Get("x"), Box: boxOf(r)})
	}
	slices.SortStableFunc(c.Points, render.ByX)
	return c, nil
}

func boxOf(r sparkclient.Row) *render.Box {
	low, _ := r.Get("low").(float64)
	high, _ := r.Get("high").(float64)
	b := render.Box{Low: low, High: high}
	if q, ok := r.Get("q").([]any); ok && len(q) == 3 {
		b.Q1, _ = q[0].(float64)
		b.Median, _ = q[1].(float64)
		b.Q3, _ = q[2].(float64)
	}
	reach := 1.5 * (b.Q3 - b.Q1)
	b.Low, b.High = max(b.Low, b.Q1-reach), min(b.High, b.Q3+reach)
	return &b
}

// heat draws the pairs of two columns.
func (p *plotter) heat(ctx context.Context) (render.Chart, error) {
	if p.X == "" || len(p.Y) == 0 {
		return render.Chart{}, &PlotError{"a heat map wants two columns, and one for the shade if it is not the number of rows", "`--plot heat X Y [VALUE]`"}
	}
	p.Color, p.Y = p.Y[0], p.Y[1:min(len(p.Y), 2)]
	if err := p.needNumbers(p.Y...); err != nil {
		return render.Chart{}, err
	}
	rows, err := p.groups(ctx, maxHeat, false)
	if err != nil {
		return render.Chart{}, err
	}
	c := p.points(rows)
	slices.SortStableFunc(c.Points, func(a, b render.Point) int {
		return cmp.Or(render.ByX(a, b), cmp.Compare(a.Color, b.Color))
	})
	for i := range c.Points {
		c.Points[i].X, c.Points[i].Row, c.Points[i].Color = render.AxisText(c.Points[i].X), c.Points[i].Color, ""
	}
	c.X.Scale = render.Categories
	return c, nil
}
