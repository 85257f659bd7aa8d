package render

import (
	"cmp"
	"strings"
)

// tableHTML draws the grid as a real table in a box that scrolls, with a head
// that stays, and the notes below it.
func tableHTML(g grid) string {
	var b strings.Builder
	b.WriteString(tableStyle + `<div class="gs-t">`)
	if g.Caption != "" {
		b.WriteString(`<div class="gs-cap">` + escape(g.Caption) + `</div>`)
	}
	if len(g.Tabs) > 0 {
		b.WriteString(`<div class="gs-tabs"><details class="gs-tab" open><summary>` + escape(cmp.Or(g.Title, "Preview")) + `</summary>`)
	}
	shown := g.writeBox(&b)
	b.WriteString(`<div class="gs-note">` + escape(g.htmlNote(shown)) + `</div>`)
	if len(g.Tabs) > 0 {
		b.WriteString(`</details>`)
		for _, t := range g.Tabs {
			t.write(&b)
		}
		b.WriteString(`</div>`)
	}
	if shown > 1 || len(g.Tabs) > 0 {
		b.WriteString(tableScript)
	}
	b.WriteString(`</div>`)
	return b.String()
}

// writeBox writes the table in its box, and says how many rows it has.
func (g grid) writeBox(b *strings.Builder) int {
	b.WriteString(`<div class="gs-box" tabindex="0" role="group" aria-label="table"><table><thead><tr>`)
	for i, c := range g.columns {
		b.WriteString(headHTML(c, g.right[i]))
	}
	b.WriteString("</tr></thead><tbody>\n")
	shown := g.writeRows(b)
	b.WriteString(`</tbody></table></div>`)
	return shown
}

// write draws a tab as a disclosure of HTML's own: it opens also where a front
// end takes scripts and styles out of what it does not trust.
func (t Tab) write(b *strings.Builder) {
	b.WriteString(`<details class="gs-tab"><summary>` + escape(t.Title) + `</summary>`)
	if len(t.Columns) > 0 {
		newGrid(t.Columns, t.Rows, TableOptions{Limit: maxTabRows}).writeBox(b)
	}
	if len(t.Spans) > 0 {
		writeTimeline(b, t.Spans)
	}
	if t.Text != "" {
		b.WriteString(`<pre tabindex="0">` + escape(cutBytes(t.Text, maxValueText)) + `</pre>`)
	}
	if t.Note != "" {
		b.WriteString(`<p class="gs-note">` + withCode(t.Note) + `</p>`)
	}
	b.WriteString(`</details>`)
}

func headHTML(c Column, right bool) string {
	open := `<th scope="col">`
	if right {
		open = `<th scope="col" class="gs-n">`
	}
	head := open + escape(cut(visible(c.Name), maxCellHTML))
	if c.Type != "" {
		head += `<small title="` + escape(cut(c.Type, maxCellTitle)) + `">` + escape(cut(c.Type, maxCellHTML)) + `</small>`
	}
	return head + `</th>`
}

// writeRows writes rows until the HTML is large enough, and says how many.
func (g grid) writeRows(b *strings.Builder) int {
	for i, row := range g.rows {
		if b.Len() > maxTableHTML {
			return i
		}
		b.WriteString("<tr>")
		for column := range g.columns {
			writeCell(b, g.at(row, column), g.right[column])
		}
		b.WriteString("</tr>\n")
	}
	return len(g.rows)
}

func writeCell(b *strings.Builder, c cell, right bool) {
	if c.null {
		class := `gs-0`
		if right {
			class = `gs-0 gs-n`
		}
		b.WriteString(`<td class="` + class + `">null</td>`)
		return
	}
	b.WriteString("<td")
	if right {
		b.WriteString(` class="gs-n"`)
	}
	line := visible(c.text)
	short := cut(line, maxCellHTML)
	if c.whole == "" && (short != line || line != c.text || len(line) > 40 && !right) {
		c.whole = c.text
	}
	if c.whole != "" {
		b.WriteString(` title="` + escape(cut(c.whole, maxCellTitle)) + `"`)
	}
	if c.pretty != "" {
		b.WriteString(`><details><summary>` + escape(cut(line, maxFolded)) + `</summary><pre>` + escape(c.pretty) + `</pre></details></td>`)
		return
	}
	b.WriteString(">" + escape(short) + "</td>")
}

func (g grid) htmlNote(shown int) string {
	notes := []string{g.rowsNote(shown)}
	if shown < len(g.rows) {
		notes = append(notes, "cut at 2 MB")
	}
	if n := columnsNote(g.hidden); n != "" {
		notes = append(notes, n)
	}
	return strings.Join(notes, " · ")
}
