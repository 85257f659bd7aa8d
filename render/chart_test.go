package render

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"strings"
	"testing"
	"time"

	"gospark/display"
)

// charts are one of each kind.
func charts() map[string]Chart {
	day := time.Date(2013, 1, 1, 0, 0, 0, 0, time.UTC)
	carriers := []string{"UA", "B6 <&>", "EV", "DL", "AA", "MQ"}
	c := map[string]Chart{
		"bar":  {X: Axis{"carrier", Categories}, Y: Axis{"sum of dep_delay", Numbers}, Color: "origin", Caption: "sum of dep_delay by carrier and origin"},
		"line": {X: Axis{"day", Times}, Y: Axis{"value", Numbers}, Color: "column", Caption: "sum by day and column · a sample of 5,000 points"},
		"hist": {X: Axis{"dep_delay", Numbers}, Y: Axis{"rows", Numbers}, Caption: "distribution of dep_delay · 336,776 values"},
		"box":  {X: Axis{"carrier", Categories}, Y: Axis{"arr_delay", Numbers}, Caption: "arr_delay by carrier · whiskers: at most 1.5 boxes"},
		"heat": {X: Axis{"carrier", Categories}, Y: Axis{"rows", Numbers}, Color: "month", Caption: "rows by carrier and month"},
		"pie":  {X: Axis{"carrier", Categories}, Y: Axis{"rows", Numbers}, Caption: "rows by carrier"},
	}
	point, area := c["line"], c["line"]
	point.X = Axis{"distance", Numbers}
	add := func(kind string, p ...Point) {
		chart := c[kind]
		chart.Points = append(chart.Points, p...)
		c[kind] = chart
	}
	for i, name := range carriers {
		f := float64(i)
		add("bar", Point{X: name, Y: 9000 - 1500*f, Color: "EWR"}, Point{X: name, Y: 700*f - 800, Color: "JFK"})
		add("box", Point{X: name, Box: &Box{-40 + f, -10, 2 * f, 20 + f, 60 + 4*f}})
		add("pie", Point{X: name, Y: 60 - 9*f})
		for m := range 12 {
			add("heat", Point{X: name, Row: time.Month(m + 1).String()[:3], Y: math.Abs(math.Sin(f + float64(m)))})
		}
	}
	for i := range 120 {
		f := float64(i)
		add("line", Point{X: day.AddDate(0, 0, 3*i), Y: 12 + 9*math.Sin(f/9), Color: "delay"}, Point{X: day.AddDate(0, 0, 3*i), Y: 20 + 3*math.Cos(f/4), Color: "air time"})
		point.Points = append(point.Points, Point{X: f*f/5 + 40, Y: f + 30*math.Sin(f*f), Color: []string{"a", "b"}[i%2]})
	}
	for i := range 30 {
		f := float64(i)
		add("hist", Point{X: f*4 - 20, X2: f*4 - 16, Y: 40000 * math.Exp(-(f-5)*(f-5)/20)})
	}
	area.Points = c["line"].Points
	c["point"], c["area"] = point, area
	for kind, chart := range c {
		chart.Kind = ChartKind(kind)
		c[kind] = chart
	}
	return c
}

func TestCharts(t *testing.T) {
	texts := map[string]display.Bundle{}
	for kind, c := range charts() {
		b := Plot(c)
		svg := b.Data["image/svg+xml"].(string)
		for d := xml.NewDecoder(strings.NewReader(svg)); ; {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", kind, err)
			}
		}
		if strings.Contains(svg, "NaN") || strings.Contains(svg, "Inf") {
			t.Errorf("%s: a place is no number", kind)
		}
		if _, err := json.Marshal(b.Data["application/vnd.vegalite.v5+json"]); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
		if kind == "bar" || kind == "pie" {
			texts[kind] = display.Bundle{Data: map[string]any{"text/plain": b.Text(), "image/svg+xml": svg}}
		} else {
			texts[kind] = display.Plain(b.Text())
		}
	}
	golden(t, "chart", "Charts as text, and two of them as pictures.", texts)
}

// What cannot be drawn leaves the rest as it is.
func TestChartOfOddNumbers(t *testing.T) {
	b := Plot(Chart{Kind: Bars, X: Axis{"x", Categories}, Y: Axis{"y", Numbers}, Caption: "c", Points: []Point{{X: "a", Y: math.NaN()}, {X: "b", Y: math.Inf(1)}, {X: math.NaN()}, {X: "c", Box: &Box{High: math.Inf(1)}}}})
	if b.Text() != "nothing to draw: c" {
		t.Error(b.Text())
	}
	for _, y := range []float64{0, -1, 1e300, 5e-324} {
		b := Plot(Chart{Kind: Lines, X: Axis{"x", Numbers}, Y: Axis{"y", Numbers}, Points: []Point{{X: 1.0, Y: y}}})
		if s := b.Data["image/svg+xml"].(string); strings.Contains(s, "NaN") || strings.Contains(s, "Inf") {
			t.Errorf("%g: %s", y, s)
		}
	}
}
