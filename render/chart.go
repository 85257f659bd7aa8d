package render

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/rivo/uniseg"

	"gospark/display"
)

// Chart is a picture of a few numbers: what is drawn was summed up or sampled
// before, and Caption says so.
type Chart struct {
	Kind    ChartKind
	X, Y    Axis
	Color   string // what the colours tell apart; empty where there is one colour
	Points  []Point
	Caption string
}

// ChartKind is how a chart's points are drawn.
type ChartKind string

// Kinds of charts. A heat map takes its shades, and a pie its slices, from Y.
const (
	Bars      ChartKind = "bar"
	Lines     ChartKind = "line"
	Area      ChartKind = "area"
	Scatter   ChartKind = "point"
	Histogram ChartKind = "hist"
	Boxes     ChartKind = "box"
	Heat      ChartKind = "heat"
	Pie       ChartKind = "pie"
)

// Axis is a title and the kind of its values.
type Axis struct {
	Title string
	Scale Scale
}

// Scale is what the values of an axis are.
type Scale string

// Scales.
const (
	Categories Scale = "nominal"
	Numbers    Scale = "quantitative"
	Times      Scale = "temporal"
)

// Point is one mark of a chart.
type Point struct {
	X     any     // string, float64 or time.Time, as the axis's scale has it
	X2    any     // end of a histogram's bin
	Y     float64 // height; the shade of a heat map
	Row   string  // of a heat map: the second category
	Color string
	Box   *Box // of a box plot
}

// Box is the summary that a box plot draws.
type Box struct{ Low, Q1, Median, Q3, High float64 }

// Plot draws a chart as a Vega-Lite specification, which JupyterLab and VS Code
// draw themselves and let people look into, as SVG for everything else, and as
// text.
func Plot(c Chart) display.Bundle {
	c.Points = slices.DeleteFunc(slices.Clone(c.Points), func(p Point) bool { return !p.finite() })
	if len(c.Points) == 0 {
		return display.Plain("nothing to draw: " + c.Caption)
	}
	return display.Bundle{Data: map[string]any{
		"application/vnd.vegalite.v5+json": c.vega(),
		"image/svg+xml":                    c.svg(),
		"text/plain":                       c.text(),
	}}
}

// finite reports whether a point is a place: JSON knows no other numbers.
func (p Point) finite() bool {
	all := []float64{p.Y, number(p.X), number(p.X2)}
	if p.Box != nil {
		all = append(all, p.Box.Low, p.Box.Q1, p.Box.Median, p.Box.Q3, p.Box.High)
	}
	return !slices.ContainsFunc(all, func(f float64) bool { return math.IsNaN(f) || math.IsInf(f, 0) })
}

// text draws the first points as bars of characters.
func (c Chart) text() string {
	const most, width = 25, 40
	points := c.Points[:min(len(c.Points), most)]
	labels := make([]string, len(points))
	wide, top := 0, 0.0
	for i, p := range points {
		labels[i] = cut(visible(p.label(c)), 32)
		wide = max(wide, uniseg.StringWidth(labels[i]))
		top = max(top, math.Abs(p.value()))
	}
	var b strings.Builder
	b.WriteString(visible(c.Caption) + "\n")
	for i, p := range points {
		full := 0
		if top > 0 {
			full = int(math.Round(math.Abs(p.value()) / top * width))
		}
		fmt.Fprintf(&b, "%s  %s %s\n", pad(labels[i], wide, false), strings.Repeat("█", full), numberText(p.value()))
	}
	if rest := len(c.Points) - len(points); rest > 0 {
		fmt.Fprintf(&b, "… and %s more\n", Grouped(int64(rest)))
	}
	return strings.TrimRight(b.String(), "\n")
}

// label names a point in the text form.
func (p Point) label(c Chart) string {
	parts := []string{AxisText(p.X)}
	if p.X2 != nil {
		parts[0] += "–" + AxisText(p.X2)
	}
	for _, more := range []string{p.Row, p.Color} {
		if more != "" && c.Kind != Boxes {
			parts = append(parts, more)
		}
	}
	return strings.Join(parts, " · ")
}

func (p Point) value() float64 {
	if p.Box != nil {
		return p.Box.Median
	}
	return p.Y
}

// AxisText writes a value of an axis for people.
func AxisText(v any) string {
	switch v := v.(type) {
	case float64:
		return numberText(v)
	case time.Time:
		if v.Equal(v.Truncate(24 * time.Hour)) {
			return v.Format(time.DateOnly)
		}
		return v.Format("2006-01-02 15:04")
	case string:
		return v
	}
	return ""
}

// numberText is a number of a chart: six digits tell enough.
func numberText(f float64) string {
	if f == math.Trunc(f) && math.Abs(f) < 1e15 {
		return Grouped(int64(f))
	}
	return fmt.Sprintf("%.6g", f)
}

// colors are the names that the colours tell apart, in the order of their
// appearance.
func (c Chart) colors() []string {
	var all []string
	for _, p := range c.Points {
		if !slices.Contains(all, p.Color) {
			all = append(all, p.Color)
		}
	}
	return all
}

// categories are the distinct names along an axis, in the order of their
// appearance.
func categories(points []Point, of func(Point) string) []string {
	seen := map[string]bool{}
	var all []string
	for _, p := range points {
		if name := of(p); !seen[name] {
			seen[name] = true
			all = append(all, name)
		}
	}
	return all
}

// number is a value of an axis as a number: seconds for a time.
func number(v any) float64 {
	switch v := v.(type) {
	case float64:
		return v
	case time.Time:
		return float64(v.UnixMicro()) / 1e6
	}
	return 0
}

// ByX orders points along the x axis, and by colour within one place.
func ByX(a, b Point) int {
	if s, ok := a.X.(string); ok {
		t, _ := b.X.(string)
		return cmp.Or(cmp.Compare(s, t), cmp.Compare(a.Color, b.Color))
	}
	return cmp.Or(cmp.Compare(number(a.X), number(b.X)), cmp.Compare(a.Color, b.Color))
}
