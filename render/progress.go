package render

import (
	"fmt"
	"strings"
	"time"

	"gospark/display"
)

// Operation is the state of one running Spark operation, or of any other wait.
// The zero value of a field means that it is not known.
type Operation struct {
	Label   string // what runs, one line: "SELECT count(*) FROM flights"
	Stages  []Stage
	Running int64 // tasks in flight
	Rows    int64 // result rows that arrived
	Elapsed time.Duration
	Link    string // page of the operation in the Spark UI
	// Failed and Finished make the line a summary.
	Failed, Finished bool
}

// Stage is one stage of an operation.
type Stage struct {
	ID          int64
	Tasks, Done int64
	Bytes       int64 // read so far
	Complete    bool
}

// Progress is one line per operation, made to be updated in place: a slim bar
// and words. An operation without stages has a bar that only shows life.
func Progress(ops ...Operation) display.Bundle { return progress("gs-p", ops) }

// Work is [Progress] of a cell's Spark operations. JupyterLab with our extension
// hides it (by the class gs-work) where it shows the cell's monitor.
func Work(ops ...Operation) display.Bundle { return progress("gs-p gs-work", ops) }

func progress(class string, ops []Operation) display.Bundle {
	var page, text strings.Builder
	page.WriteString(progressStyle + `<div class="` + class + `">`)
	for i, op := range ops {
		page.WriteString(op.html())
		if i > 0 {
			text.WriteString("\n")
		}
		text.WriteString(op.text())
	}
	page.WriteString(`</div>`)
	return display.Rich("text/html", page.String(), text.String())
}

// Gone replaces a progress line that is no longer needed.
func Gone() display.Bundle { return display.Rich("text/html", "", "") }

// tasks sums up the stages.
func (o Operation) tasks() (done, all int64) {
	for _, s := range o.Stages {
		done += s.Done
		all += s.Tasks
	}
	return done, all
}

// part is how much is done, 0 to 1; known is false where nothing tells.
func (o Operation) part() (part float64, known bool) {
	if o.Finished {
		return 1, true
	}
	done, all := o.tasks()
	if all <= 0 {
		return 0, false
	}
	return min(max(float64(done)/float64(all), 0), 1), true
}

// facts are the words behind the bar.
func (o Operation) facts() []string {
	var facts []string
	switch done, all := o.tasks(); {
	case all == 0:
	case o.Finished: // the last report may be older than the end
		facts = append(facts, Count(all, "task"))
	default:
		complete := 0
		for _, s := range o.Stages {
			if s.Complete {
				complete++
			}
		}
		if len(o.Stages) > 1 {
			facts = append(facts, fmt.Sprintf("stage %d/%d", min(complete+1, len(o.Stages)), len(o.Stages)))
		}
		tasks := fmt.Sprintf("%s/%s tasks", Grouped(done), Grouped(all))
		if o.Running > 0 && !o.Finished && !o.Failed {
			tasks += fmt.Sprintf(" (%s running)", Grouped(o.Running))
		}
		facts = append(facts, tasks)
	}
	facts = append(facts, o.volume()...)
	if o.Rows > 0 {
		facts = append(facts, Count(o.Rows, "row"))
	}
	if o.Elapsed > 0 {
		facts = append(facts, elapsed(o.Elapsed))
	}
	return facts
}

// volume is what was read, and how fast.
func (o Operation) volume() []string {
	var read int64
	for _, s := range o.Stages {
		read += s.Bytes
	}
	if read == 0 {
		return nil
	}
	facts := []string{Bytes(read) + " read"}
	if o.Elapsed >= time.Second {
		facts = append(facts, Bytes(int64(float64(read)/o.Elapsed.Seconds()))+"/s")
	}
	return facts
}

// text is the line for consoles and logs.
func (o Operation) text() string {
	const width = 20
	var parts []string
	part, known := o.part()
	switch {
	case o.Failed:
		parts = append(parts, "[failed]")
	case o.Finished:
		parts = append(parts, "[done]")
	case known:
		full := int(part * width)
		parts = append(parts, fmt.Sprintf("[%s%s] %3.0f %%", strings.Repeat("█", full), strings.Repeat("░", width-full), part*100))
	default:
		parts = append(parts, "[…]")
	}
	if o.Label != "" {
		parts = append(parts, cut(visible(o.Label), 60))
	}
	if facts := o.facts(); len(facts) > 0 {
		parts = append(parts, strings.Join(facts, " · "))
	}
	return strings.Join(parts, "  ")
}

// html is the line for a page. The bar of an operation that tells nothing
// moves by itself.
func (o Operation) html() string {
	part, known := o.part()
	class, width := "gs-bar", fmt.Sprintf("%.1f%%", part*100)
	aria := fmt.Sprintf(` aria-valuenow="%.0f" aria-valuemin="0" aria-valuemax="100"`, part*100)
	switch {
	case o.Failed:
		class, width = class+" gs-bad", "100%"
	case o.Finished:
		class += " gs-good"
	case !known:
		class, width, aria = class+" gs-life", "30%", ""
	}
	label := escape(cut(visible(o.Label), 100))
	facts := escape(strings.Join(o.facts(), " · "))
	if o.Link != "" {
		facts += ` · ` + link(o.Link, "Spark UI")
	}
	return `<div class="gs-op"><span class="gs-label" title="` + escape(cut(o.Label, maxCellTitle)) + `">` + label + `</span>` +
		`<span class="` + class + `" role="progressbar" aria-label="` + label + `"` + aria + `><i style="width:` + width + `"></i></span>` +
		`<span class="gs-facts">` + facts + `</span></div>`
}

// elapsed is a duration for people: 0.4 s, 12 s, 3 min 05 s, 1 h 02 min.
func elapsed(d time.Duration) string {
	switch {
	case d < 10*time.Second:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d < time.Minute:
		return fmt.Sprintf("%d s", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%d min %02d s", int(d.Minutes()), int(d.Seconds())%60)
	}
	return fmt.Sprintf("%d h %02d min", int(d.Hours()), int(d.Minutes())%60)
}

// Bytes is a size for people, in powers of 1024 as Spark's UI has them.
func Bytes(n int64) string {
	const units = "KMGTPE"
	if n < 1024 {
		return fmt.Sprintf("%d B", n)
	}
	size, unit := float64(n)/1024, 0
	for size >= 999.5 && unit < len(units)-1 {
		size /= 1024
		unit++
	}
	if size < 9.95 {
		return fmt.Sprintf("%.1f %ciB", size, units[unit])
	}
	return fmt.Sprintf("%.0f %ciB", size, units[unit])
}
