package render

import (
	"slices"
	"strings"

	"github.com/rivo/uniseg"
)

const gap = "  "

// The lines of the head.
const (
	nameLine = iota
	typeLine
	ruleLine
	headLines
)

// tableText draws the grid with aligned columns: names, types, a rule, rows,
// and the notes. Columns that do not fit the width are named below.
func tableText(g grid) string {
	lines, hidden := g.lines()
	var b strings.Builder
	if g.Caption != "" {
		b.WriteString(visible(g.Caption) + "\n")
	}
	for i, line := range lines {
		if i == typeLine && !g.typed() {
			continue
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	notes := []string{g.rowsNote(min(len(g.rows), g.TextRows))}
	if n := columnsNote(hidden); n != "" {
		notes = append(notes, n)
	}
	b.WriteString("(" + strings.Join(notes, " · ") + ")")
	return b.String()
}

// lines are the head and the rows, all of one width, and the columns that had
// no room.
func (g grid) lines() ([]string, []Column) {
	rows := g.rows[:min(len(g.rows), g.TextRows)]
	lines := make([]string, headLines+len(rows))
	used := 0
	for i := range g.columns {
		texts, width := g.column(i, rows)
		if i > 0 && used+len(gap)+width > g.TextWidth {
			return lines, append(append([]Column{}, g.columns[i:]...), g.hidden...)
		}
		for j, text := range texts {
			if i > 0 {
				lines[j] += gap
			}
			lines[j] += pad(text, width, g.right[i])
		}
		used += width
		if i > 0 {
			used += len(gap)
		}
	}
	return lines, g.hidden
}

// column is one column's texts from top to bottom, and their width.
func (g grid) column(i int, rows [][]any) ([]string, int) {
	c := g.columns[i]
	texts := make([]string, headLines, headLines+len(rows))
	texts[nameLine], texts[typeLine] = visible(c.Name), visible(c.Type)
	for _, row := range rows {
		value := g.at(row, i)
		if value.null {
			value.text = "null"
		}
		texts = append(texts, visible(value.text))
	}
	width := 1
	for j, text := range texts {
		if j < headLines || !g.right[i] {
			texts[j] = fit(text, min(maxCellText, g.TextWidth))
		}
		width = max(width, uniseg.StringWidth(texts[j]))
	}
	texts[ruleLine] = strings.Repeat("─", width)
	return texts, width
}

// typed reports whether any column has a type to show.
func (g grid) typed() bool {
	return slices.ContainsFunc(g.columns, func(c Column) bool { return c.Type != "" })
}

// pad fills text with blanks to a width in terminal cells.
func pad(text string, width int, right bool) string {
	blanks := strings.Repeat(" ", max(0, width-uniseg.StringWidth(text)))
	if right {
		return blanks + text
	}
	return text + blanks
}

// fit cuts text to a width in terminal cells, never within a character.
func fit(text string, width int) string {
	if len(text) <= width || uniseg.StringWidth(text) <= width {
		return text
	}
	var b strings.Builder
	used := 0
	for g := uniseg.NewGraphemes(text); g.Next(); used += g.Width() {
		if used+g.Width() > width-1 {
			break
		}
		b.WriteString(g.Str())
	}
	return b.String() + "…"
}
