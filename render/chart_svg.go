package render

import (
	"fmt"
	"math"
	"strings"
)

// Size of a chart's plot area, and the room around it in the SVG form.
const (
	chartWidth  = 560
	chartHeight = 280
	roomTop     = 40
	roomLeft    = 72
	roomBottom  = 62
	roomRight   = 16
	legendWidth = 150
)

// Colours of the SVG form, which is shown as a picture: it cannot know the
// page's theme, so that they have to do in both.
const (
	svgText = "#7a7a7a"
	svgLine = "#808080"
)

// palette is Tableau's, as Vega has it.
func palette(i int) string {
	all := [...]string{"#4c78a8", "#f58518", "#e45756", "#72b7b2", "#54a24b", "#eeca3b", "#b279a2", "#ff9da6", "#9d755d", "#bab0ac"}
	return all[i%len(all)]
}

// canvas collects the elements of an SVG picture.
type canvas struct{ strings.Builder }

func (b *canvas) text(x, y float64, anchor, s, more string) {
	fmt.Fprintf(b, `<text x="%.1f" y="%.1f" text-anchor="%s"%s>%s</text>`, x, y, anchor, more, escape(s))
}

func (b *canvas) line(x1, y1, x2, y2 float64, opacity float64) {
	fmt.Fprintf(b, `<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" stroke="%s" stroke-opacity="%.2f"/>`, x1, y1, x2, y2, svgLine, opacity)
}

func (b *canvas) rect(x, y, w, h float64, fill, title string) {
	fmt.Fprintf(b, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="%s"><title>%s</title></rect>`, x, y, max(w, 0.5), max(h, 0.5), fill, escape(title))
}

// svg is the chart as a picture.
func (c Chart) svg() string {
	width := roomLeft + chartWidth + roomRight
	legend := c.legend()
	if len(legend) > 0 {
		width += legendWidth
	}
	height := roomTop + chartHeight + roomBottom
	b := &canvas{}
	fmt.Fprintf(b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" style="max-width:100%%;height:auto" role="img" aria-label="%s" font-family="system-ui,sans-serif" font-size="11" fill="%s">`,
		width, height, width, height, escape(c.Caption), svgText)
	b.text(roomLeft, 18, "start", cut(c.Caption, 110), ` font-size="12"`)
	switch c.Kind {
	case Pie:
		c.drawPie(b)
	case Heat:
		c.drawHeat(b)
	default:
		c.drawAxes(b)
	}
	for i, name := range legend {
		y := float64(roomTop + 16*i)
		b.rect(roomLeft+chartWidth+roomRight, y, 10, 10, palette(i), name)
		b.text(roomLeft+chartWidth+roomRight+16, y+9, "start", cut(visible(name), 22), "")
	}
	b.WriteString(`</svg>`)
	return b.String()
}

// legend names the colours; empty where there is one.
func (c Chart) legend() []string {
	const most = 16
	var names []string
	switch {
	case c.Kind == Pie:
		names = categories(c.Points, xName)
	case c.Color != "" && c.Kind != Heat:
		names = c.colors()
	}
	return names[:min(len(names), most)]
}

// drawAxes draws both axes and the marks between them.
func (c Chart) drawAxes(b *canvas) {
	x, y := c.xScale(), c.yScale()
	for _, t := range y.ticks() {
		at := y.at(t.value)
		b.line(roomLeft, at, roomLeft+chartWidth, at, 0.2)
		b.text(roomLeft-6, at+4, "end", t.text, "")
	}
	for _, t := range x.ticks() {
		c.xTick(b, x, t)
	}
	b.line(roomLeft, roomTop+chartHeight, roomLeft+chartWidth, roomTop+chartHeight, 0.8)
	b.text(roomLeft+chartWidth/2, roomTop+chartHeight+54, "middle", cut(visible(c.X.Title), 80), "")
	b.text(0, 0, "middle", cut(visible(c.Y.Title), 48), fmt.Sprintf(` transform="translate(14 %d) rotate(-90)"`, roomTop+chartHeight/2))
	switch c.Kind {
	case Bars:
		c.drawBars(b, x, y)
	case Histogram:
		for _, p := range c.Points {
			left, right := x.at(number(p.X)), x.at(number(p.X2))
			b.rect(left+0.5, y.at(p.Y), right-left-1, y.at(0)-y.at(p.Y), palette(0), p.label(c)+": "+numberText(p.Y))
		}
	case Boxes:
		c.drawBoxes(b, x, y)
	case Scatter:
		colors := c.colorIndex()
		for _, p := range c.Points {
			fmt.Fprintf(b, `<circle cx="%.1f" cy="%.1f" r="2.6" fill="%s" fill-opacity="0.6"/>`, x.of(p), y.at(p.Y), palette(colors[p.Color]))
		}
	default:
		c.drawLines(b, x, y)
	}
}

// xTick writes one label of the x axis, slanted where there are many.
func (c Chart) xTick(b *canvas, x scale, t tick) {
	at, y := x.at(t.value), float64(roomTop+chartHeight)
	b.line(at, y, at, y+4, 0.8)
	if len(x.names) <= 8 {
		b.text(at, y+16, "middle", cut(visible(t.text), 16), "")
		return
	}
	fmt.Fprintf(b, `<text transform="translate(%.1f %.1f) rotate(-40)" text-anchor="end">%s</text>`, at+3, y+13, escape(cut(visible(t.text), 12)))
}

func (c Chart) colorIndex() map[string]int {
	index := map[string]int{}
	for i, name := range c.colors() {
		index[name] = i
	}
	return index
}

// drawBars stacks the bars of one place, those below zero downwards.
func (c Chart) drawBars(b *canvas, x, y scale) {
	colors, up, down := c.colorIndex(), map[string]float64{}, map[string]float64{}
	width := max(0.8*chartWidth/float64(len(categories(c.Points, xName))), 1)
	for _, p := range c.Points {
		stack := up
		if p.Y < 0 {
			stack = down
		}
		from := stack[xName(p)]
		stack[xName(p)] = from + p.Y
		top, bottom := y.at(max(from, from+p.Y)), y.at(min(from, from+p.Y))
		b.rect(x.of(p)-width/2, top, width, bottom-top, palette(colors[p.Color]), p.label(c)+": "+numberText(p.Y))
	}
}

func (c Chart) drawBoxes(b *canvas, x, y scale) {
	width := min(x.step()*0.6, 40)
	for _, p := range c.Points {
		at := x.of(p)
		b.line(at, y.at(p.Box.Low), at, y.at(p.Box.High), 1)
		b.rect(at-width/2, y.at(p.Box.Q3), width, y.at(p.Box.Q1)-y.at(p.Box.Q3), palette(0), p.label(c)+": median "+numberText(p.Box.Median))
		fmt.Fprintf(b, `<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" stroke="#fff" stroke-width="2"/>`, at-width/2, y.at(p.Box.Median), at+width/2, y.at(p.Box.Median))
	}
}

// drawLines draws a line, or an area below it, for each colour.
func (c Chart) drawLines(b *canvas, x, y scale) {
	for i, name := range c.colors() {
		var path strings.Builder
		first, last := 0.0, 0.0
		for _, p := range c.Points {
			if p.Color != name {
				continue
			}
			last = x.of(p)
			if path.Len() == 0 {
				first = last
			}
			fmt.Fprintf(&path, "%s%.1f %.1f", map[bool]string{true: "M", false: "L"}[path.Len() == 0], last, y.at(p.Y))
		}
		if c.Kind == Area {
			fmt.Fprintf(b, `<path d="%sL%.1f %.1fL%.1f %.1fZ" fill="%s" fill-opacity="0.5"/>`, path.String(), last, y.at(0), first, y.at(0), palette(i))
		}
		fmt.Fprintf(b, `<path d="%s" fill="none" stroke="%s" stroke-width="1.8" stroke-linejoin="round"/>`, path.String(), palette(i))
	}
}

func (c Chart) drawPie(b *canvas) {
	total := 0.0
	for _, p := range c.Points {
		total += max(p.Y, 0)
	}
	const cx, cy, radius = roomLeft + chartWidth/2, roomTop + chartHeight/2, chartHeight / 2
	angle := -math.Pi / 2
	for i, p := range c.Points {
		part := max(p.Y, 0) / total
		if part == 0 || math.IsNaN(part) {
			continue
		}
		end := angle + min(part, 0.9999)*2*math.Pi
		large := 0
		if part > 0.5 {
			large = 1
		}
		fmt.Fprintf(b, `<path d="M%d %dL%.2f %.2fA%d %d 0 %d 1 %.2f %.2fZ" fill="%s"><title>%s</title></path>`, cx, cy,
			cx+radius*math.Cos(angle), cy+radius*math.Sin(angle), radius, radius, large, cx+radius*math.Cos(end), cy+radius*math.Sin(end), palette(i),
			escape(fmt.Sprintf("%s: %s (%.1f %%)", p.label(c), numberText(p.Y), part*100)))
		angle = end
	}
}

// drawHeat draws a cell for each pair of categories; the darker, the more.
func (c Chart) drawHeat(b *canvas) {
	columns, rows := categories(c.Points, xName), categories(c.Points, func(p Point) string { return p.Row })
	x, y := scale{names: columns, from: roomLeft, to: roomLeft + chartWidth}, scale{names: rows, from: roomTop, to: roomTop + chartHeight}
	least, most := math.Inf(1), math.Inf(-1)
	for _, p := range c.Points {
		least, most = min(least, p.Y), max(most, p.Y)
	}
	for _, t := range x.ticks() {
		c.xTick(b, x, t)
	}
	for _, t := range y.ticks() {
		b.text(roomLeft-6, y.at(t.value)+4, "end", cut(visible(t.text), 11), "")
	}
	for _, p := range c.Points {
		shade := 0.15
		if most > least {
			shade += 0.85 * (p.Y - least) / (most - least)
		}
		w, h := x.step(), y.step()
		fmt.Fprintf(b, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="%s" fill-opacity="%.2f"><title>%s</title></rect>`,
			x.of(p)-w/2+0.5, y.at(float64(y.place(p.Row)))-h/2+0.5, max(w-1, 0.5), max(h-1, 0.5), palette(0), shade, escape(p.label(c)+": "+numberText(p.Y)))
	}
	b.text(roomLeft+chartWidth/2, roomTop+chartHeight+54, "middle", cut(visible(c.X.Title+" by "+c.Color), 80), "")
}
