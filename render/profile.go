package render

import (
	"fmt"
	"strings"
	"time"

	"gospark/display"
)

// ColumnProfile is what is known of a column's values.
type ColumnProfile struct {
	Name, Type string
	Nulls      int64
	// Distinct, about, and the others as a table would write them; nil where
	// they are not known, or mean nothing for the type.
	Distinct, Min, Q1, Median, Q3, Max, Mean any
	// Histogram are heights of equally wide bins, in the order of the values.
	Histogram []float64
	// Top are the most frequent values, with how often they are there.
	Top []Frequency
}

// Frequency is how often a value is there, about.
type Frequency struct {
	Value string
	Count int64
}

// sketchColumn is where a profile has its histograms: they should be seen without
// scrolling.
const sketchColumn = 2

// Profile shows a summary of every column of rows many rows.
func Profile(rows int64, columns []ColumnProfile, note string) display.Bundle {
	heads := []Column{{"column", ""}, {"type", ""}, {"values", ""}, {"nulls", "text"}, {"≈ distinct", "bigint"}, {"min", "double"}, {"25 %", "double"},
		{"median", "double"}, {"75 %", "double"}, {"max", "double"}, {"mean", "double"}}
	cells := make([][]any, len(columns))
	for i, c := range columns {
		cells[i] = []any{c.Name, c.Type, c.sketch(), share(c.Nulls, rows)}
		for _, v := range []any{c.Distinct, c.Min, c.Q1, c.Median, c.Q3, c.Max, c.Mean} {
			switch t := v.(type) {
			case nil:
				v = ""
			case time.Time:
				v = timeText(t, c.Type)
			}
			cells[i] = append(cells[i], v)
		}
	}
	g := newGrid(heads, cells, TableOptions{TextRows: maxColumns, TextWidth: 2 * DefaultTextWidth})
	for i := range g.columns {
		g.columns[i].Type = "" // they only say how to write the values
	}
	caption := Count(rows, "row") + ", " + Count(int64(len(columns)), "column")
	if note != "" {
		caption += " · " + note
	}
	lines, _ := g.lines()
	var text strings.Builder
	text.WriteString(caption + "\n")
	for i, line := range lines {
		if i != typeLine {
			text.WriteString(strings.TrimRight(line, " ") + "\n")
		}
	}
	return display.Rich("text/html", profileHTML(g, caption, columns), strings.TrimRight(text.String(), "\n"))
}

// share is a count and its part of the whole.
func share(n, of int64) string {
	if n == 0 || of == 0 {
		return "0"
	}
	return fmt.Sprintf("%s (%.2g %%)", Grouped(n), 100*float64(n)/float64(of))
}

// sketch is the histogram, or the frequent values, in one line.
func (c ColumnProfile) sketch() string {
	if len(c.Histogram) > 0 {
		return sparkline(c.Histogram)
	}
	var all []string
	for _, f := range c.Top {
		all = append(all, fmt.Sprintf("%s (%s)", cut(visible(f.Value), 24), Grouped(f.Count)))
	}
	return strings.Join(all, ", ")
}

// sparkline draws heights as characters.
func sparkline(heights []float64) string {
	steps := []rune("▁▂▃▄▅▆▇█")
	top := 0.0
	for _, h := range heights {
		top = max(top, h)
	}
	var b strings.Builder
	for _, h := range heights {
		at := 0
		if top > 0 {
			at = int(h / top * float64(len(steps)-1))
		}
		b.WriteRune(steps[min(max(at, 0), len(steps)-1)])
	}
	return b.String()
}

func profileHTML(g grid, caption string, columns []ColumnProfile) string {
	var b strings.Builder
	b.WriteString(tableStyle + `<div class="gs-t"><div class="gs-cap">` + escape(caption) + `</div><div class="gs-box" tabindex="0" role="group" aria-label="profile"><table><thead><tr>`)
	for i, c := range g.columns {
		b.WriteString(headHTML(c, g.right[i]))
	}
	b.WriteString("</tr></thead><tbody>\n")
	for i, row := range g.rows {
		b.WriteString("<tr>")
		for column := range g.columns {
			if bars := columns[i].Histogram; column == sketchColumn && len(bars) > 0 {
				b.WriteString(`<td>` + barsHTML(bars) + `</td>`)
				continue
			}
			writeCell(&b, g.at(row, column), g.right[column])
		}
		b.WriteString("</tr>\n")
	}
	b.WriteString(`</tbody></table></div>` + tableScript + `</div>`)
	return b.String()
}

// barsHTML is a small histogram.
func barsHTML(heights []float64) string {
	top := 0.0
	for _, h := range heights {
		top = max(top, h)
	}
	var b strings.Builder
	b.WriteString(`<span class="gs-bars" role="img" aria-label="histogram ` + sparkline(heights) + `">`)
	for _, h := range heights {
		part := 0.0
		if top > 0 {
			part = max(h/top*100, 0)
		}
		fmt.Fprintf(&b, `<i style="height:%.0f%%"></i>`, part)
	}
	b.WriteString(`</span>`)
	return b.String()
}
