package notebook

import (
	"context"

	"gospark/display"
	"gospark/doctor"
	"gospark/render"
)

// doctor is %spark doctor. Go is left out: this kernel has found it, or says so.
func (n *Notebook) doctor(ctx context.Context) *display.Bundle {
	checks := doctor.Run(ctx, doctor.Options{Version: n.version, Launch: n.spark.launch, Profiles: n.profiles})
	p := render.Panel{Title: "Doctor", State: render.Good, Word: "all is well"}
	for _, c := range checks {
		value := c.Found
		switch c.State {
		case doctor.Bad:
			p.State, p.Word = render.Bad, "something is wrong"
			value = "✗ " + value
		case doctor.Note:
			if p.State == render.Good {
				p.State, p.Word = render.Warning, "works; see below"
			}
			value = "! " + value
		}
		p.Rows = append(p.Rows, render.Entry{Key: c.Name, Value: value})
		if c.Mend != "" {
			p.Notes = append(p.Notes, c.Name+": "+c.Mend)
		}
	}
	p.Notes = append(p.Notes, "`gospark doctor` in a terminal looks at Go too; `--bundle FILE.zip` packs a bug report")
	panel := render.Status(p)
	return &panel
}
