package render

import (
	"maps"
	"slices"
	"time"
)

// object is a JSON object of a Vega-Lite specification.
type object = map[string]any

// vega is the chart as a Vega-Lite specification, data included.
func (c Chart) vega() object {
	spec := object{
		"$schema":     "https://vega.github.io/schema/vega-lite/v5.json",
		"description": c.Caption, // for those who cannot see it
		"title":       object{"text": c.Caption, "anchor": "start", "fontSize": 12, "fontWeight": "normal"},
		"background":  "transparent",
		"width":       chartWidth,
		"height":      chartHeight,
		"data":        object{"values": c.values()},
		"config":      vegaConfig(),
	}
	switch c.Kind {
	case Boxes:
		spec["layer"] = c.boxLayers()
	default:
		spec["mark"], spec["encoding"] = c.mark(), c.encoding()
	}
	if c.Kind == Bars && c.fewNames() {
		spec["width"] = object{"step": 48}
	}
	return spec
}

// vegaConfig has colours that can be read on light and on dark ground: JupyterLab
// gives a chart the page's ground, but not its colours.
func vegaConfig() object {
	words := object{"labelColor": svgText, "titleColor": svgText}
	axis := object{"labelLimit": 160, "labelOverlap": true, "gridColor": svgLine, "gridOpacity": 0.25, "domainColor": svgLine, "tickColor": svgLine}
	maps.Copy(axis, words)
	return object{"view": object{"stroke": nil}, "axis": axis, "legend": words, "title": object{"color": svgText}}
}

// fewNames reports whether the names along the x axis fit below it as they are.
func (c Chart) fewNames() bool {
	const most, long = 12, 7
	names := categories(c.Points, xName)
	return c.X.Scale == Categories && len(names) < most && !slices.ContainsFunc(names, func(s string) bool { return len(s) > long })
}

func (c Chart) values() []object {
	all := make([]object, len(c.Points))
	for i, p := range c.Points {
		o := object{"x": vegaValue(p.X)}
		if p.Box == nil {
			o["y"] = p.Y
		} else {
			o["low"], o["q1"], o["median"], o["q3"], o["high"] = p.Box.Low, p.Box.Q1, p.Box.Median, p.Box.Q3, p.Box.High
		}
		if p.X2 != nil {
			o["x2"] = vegaValue(p.X2)
		}
		if p.Row != "" || c.Kind == Heat {
			o["row"] = p.Row
		}
		if c.Color != "" {
			o["color"] = p.Color
		}
		all[i] = o
	}
	return all
}

// vegaValue is a time in milliseconds, and anything else as it is. The zone is
// UTC, as in tables.
func vegaValue(v any) any {
	if t, ok := v.(time.Time); ok {
		return t.UnixMilli()
	}
	return v
}

func (c Chart) mark() object {
	mark := object{"type": map[ChartKind]string{Bars: "bar", Lines: "line", Area: "area", Scatter: "point", Histogram: "bar", Heat: "rect", Pie: "arc"}[c.Kind], "tooltip": true}
	switch c.Kind {
	case Lines:
		mark["point"] = len(c.Points) <= 60
	case Area:
		mark["opacity"] = 0.75
	case Scatter:
		mark["filled"], mark["opacity"] = true, 0.6
	}
	return mark
}

func (c Chart) encoding() object {
	x, y := c.channel("x", c.X), object{"field": "y", "type": "quantitative", "title": c.Y.Title}
	switch c.Kind {
	case Histogram:
		x["bin"] = object{"binned": true}
		return object{"x": x, "x2": object{"field": "x2"}, "y": y}
	case Heat:
		return object{"x": x, "y": object{"field": "row", "type": "nominal", "title": c.Color}, "color": y}
	case Pie:
		return object{"theta": object{"field": "y", "type": "quantitative", "stack": true}, "color": x, "order": object{"field": "y", "type": "quantitative", "sort": "descending"},
			"tooltip": []object{x, y}}
	}
	if c.Kind == Area {
		y["stack"] = false
	}
	e := object{"x": x, "y": y}
	if c.Color != "" {
		e["color"] = object{"field": "color", "type": "nominal", "title": c.Color}
	}
	return e
}

// channel is an axis for a field. Categories keep the order of the points.
func (c Chart) channel(field string, a Axis) object {
	o := object{"field": field, "type": string(a.Scale), "title": a.Title}
	switch a.Scale {
	case Categories:
		o["sort"] = nil
		if c.Kind != Pie && c.fewNames() {
			o["axis"] = object{"labelAngle": 0}
		}
	case Times:
		o["scale"] = object{"type": "utc"}
	case Numbers:
		if c.Kind != Bars && c.Kind != Histogram {
			o["scale"] = object{"zero": false}
		}
	}
	return o
}

// boxLayers draw boxes that were computed elsewhere: whiskers, box, median.
func (c Chart) boxLayers() []object {
	x := c.channel("x", c.X)
	y := func(field string) object { return object{"field": field, "type": "quantitative", "title": c.Y.Title} }
	tips := []object{x}
	for _, f := range []string{"low", "q1", "median", "q3", "high"} {
		tips = append(tips, object{"field": f, "type": "quantitative"})
	}
	return []object{
		{"mark": object{"type": "rule", "color": svgLine}, "encoding": object{"x": x, "y": y("low"), "y2": object{"field": "high"}}},
		{"mark": object{"type": "bar", "size": 24}, "encoding": object{"x": x, "y": y("q1"), "y2": object{"field": "q3"}, "tooltip": tips}},
		{"mark": object{"type": "tick", "size": 24, "color": "white"}, "encoding": object{"x": x, "y": y("median")}},
	}
}

func xName(p Point) string { return AxisText(p.X) }
