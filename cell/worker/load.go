package worker

import (
	"fmt"
	"plugin"
	"time"

	"gospark/cell/frame"
)

// load loads a plugin and remembers its entry.
func (w *Worker) load(m frame.Load) frame.Loaded {
	start := time.Now()
	err := w.open(m)
	answer := frame.Loaded{Took: time.Since(start)}
	if err != nil {
		answer.Error = err.Error()
	}
	return answer
}

func (w *Worker) open(m frame.Load) error {
	p, err := plugin.Open(m.Path)
	if err != nil {
		return err
	}
	if m.Entry == "" {
		return nil
	}
	sym, err := p.Lookup(m.Entry)
	if err != nil {
		return err
	}
	entry, ok := sym.(func())
	if !ok {
		return fmt.Errorf("plugin %s: %s is a %T", m.Path, m.Entry, sym)
	}
	w.entries[m.Entry] = entry
	return nil
}
