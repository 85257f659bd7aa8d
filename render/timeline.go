package render

import (
	"fmt"
	"strings"
	"time"
)

// Span is what took its time in a timeline.
type Span struct {
	Label    string
	From, To time.Time
	Text     string // how long it was, in words
	State    State
}

// writeTimeline draws spans as bars over the time from the first to the last.
func writeTimeline(b *strings.Builder, spans []Span) {
	first, last := spans[0].From, spans[0].To
	for _, s := range spans {
		if s.From.Before(first) {
			first = s.From
		}
		if s.To.After(last) {
			last = s.To
		}
	}
	whole := max(last.Sub(first), time.Millisecond)
	part := func(d time.Duration) float64 { return 100 * float64(max(d, 0)) / float64(whole) }
	b.WriteString(`<div class="gs-box" tabindex="0" role="group" aria-label="timeline"><table><thead><tr>` +
		`<th scope="col">what</th><th scope="col">when</th><th scope="col" class="gs-n">took</th></tr></thead><tbody>` + "\n")
	for _, s := range spans {
		b.WriteString(`<tr>`)
		writeCell(b, cell{text: s.Label}, false)
		fmt.Fprintf(b, `<td><span class="gs-track"><i class="%s" style="margin-left:%.2f%%;width:%.2f%%"></i></span></td>`,
			s.State.class(), part(s.From.Sub(first)), part(s.To.Sub(s.From)))
		writeCell(b, cell{text: s.Text}, true)
		b.WriteString("</tr>\n")
	}
	b.WriteString(`</tbody></table></div>`)
}
