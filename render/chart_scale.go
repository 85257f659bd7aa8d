package render

import (
	"math"
	"slices"
	"time"
)

// scale maps values to pixels, and has the ticks for them. names makes it one of
// categories: their places are 0, 1, 2, …
type scale struct {
	low, high float64
	from, to  float64 // pixels
	names     []string
	times     bool
}

type tick struct {
	value float64
	text  string
}

func (c Chart) xScale() scale {
	s := scale{from: roomLeft, to: roomLeft + chartWidth, times: c.X.Scale == Times}
	if c.X.Scale == Categories {
		s.names = categories(c.Points, xName)
		return s
	}
	s.low, s.high = math.Inf(1), math.Inf(-1)
	for _, p := range c.Points {
		s.low, s.high = min(s.low, number(p.X)), max(s.high, number(p.X))
		if p.X2 != nil {
			s.high = max(s.high, number(p.X2))
		}
	}
	if c.Kind == Bars { // room for half a bar at both ends
		places := float64(max(len(categories(c.Points, xName)), 1))
		half := (s.high - s.low) / max(places-1, 1) / 2
		s.low, s.high = s.low-half, s.high+half
	}
	return s.widened()
}

// yScale reaches from zero where lengths tell the values.
func (c Chart) yScale() scale {
	s := scale{low: math.Inf(1), high: math.Inf(-1), from: roomTop + chartHeight, to: roomTop}
	up, down := map[string]float64{}, map[string]float64{}
	for _, p := range c.Points {
		low, high := p.Y, p.Y
		switch {
		case p.Box != nil:
			low, high = p.Box.Low, p.Box.High
		case c.Kind == Bars && p.Y < 0:
			down[xName(p)] += p.Y
			low = down[xName(p)]
		case c.Kind == Bars:
			up[xName(p)] += p.Y
			high = up[xName(p)]
		}
		s.low, s.high = min(s.low, low), max(s.high, high)
	}
	if c.Kind == Bars || c.Kind == Histogram || c.Kind == Area || s.low > 0 && s.low < s.high/3 {
		s.low, s.high = min(s.low, 0), max(s.high, 0)
	}
	return s.widened()
}

// widened gives a scale of one value some width.
func (s scale) widened() scale {
	if s.high <= s.low {
		around := max(math.Abs(s.low)/10, 0.5)
		s.low, s.high = s.low-around, s.high+around
	}
	return s
}

// at is where a value is, in pixels.
func (s scale) at(v float64) float64 {
	if s.names != nil {
		return s.from + (v+0.5)*(s.to-s.from)/float64(len(s.names))
	}
	return s.from + (v-s.low)/(s.high-s.low)*(s.to-s.from)
}

// of is where a point is along the x axis.
func (s scale) of(p Point) float64 {
	if s.names != nil {
		return s.at(float64(s.place(xName(p))))
	}
	return s.at(number(p.X))
}

func (s scale) place(name string) int { return slices.Index(s.names, name) }

// step is the width of one category.
func (s scale) step() float64 {
	return math.Abs(s.to-s.from) / float64(max(len(s.names), 1))
}

// ticks are the labelled places: every category while there is room, else round
// numbers or times.
func (s scale) ticks() []tick {
	const most = 40
	var all []tick
	switch {
	case s.names != nil:
		every := 1 + (len(s.names)-1)/most
		for i := 0; i < len(s.names); i += every {
			all = append(all, tick{float64(i), s.names[i]})
		}
	case s.times:
		return s.timeTicks()
	default:
		step := roundStep((s.high - s.low) / 5)
		for i := math.Ceil(s.low / step); i*step <= s.high+step/1e6; i++ {
			all = append(all, tick{i * step, numberText(i * step)})
		}
	}
	return all
}

// roundStep is 1, 2 or 5 times a power of ten that is not less than v.
func roundStep(v float64) float64 {
	unit := math.Pow(10, math.Floor(math.Log10(v)))
	for _, m := range []float64{1, 2, 5, 10} {
		if m*unit >= v {
			return m * unit
		}
	}
	return 10 * unit
}

// timeTicks are about six places, written as exactly as their distance needs.
func (s scale) timeTicks() []tick {
	const day = 24 * 60 * 60
	layout := "2006"
	switch width := s.high - s.low; {
	case width < 3*60:
		layout = "15:04:05"
	case width < 2*day:
		layout = "15:04"
	case width < 120*day:
		layout = "Jan 2"
	case width < 3*366*day:
		layout = time.DateOnly
	}
	var all []tick
	const parts = 6
	for i := range parts + 1 {
		v := s.low + (s.high-s.low)*float64(i)/parts
		text := time.Unix(int64(math.Round(v)), 0).UTC().Format(layout)
		if len(all) == 0 || all[len(all)-1].text != text {
			all = append(all, tick{v, text})
		}
	}
	return all
}
