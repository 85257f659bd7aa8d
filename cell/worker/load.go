package worker

import (
	"fmt"
	"os"
	"plugin"
	"time"

	"gospark/cell/frame"
)

// load loads a plugin and remembers its entry.
func (w *Worker) load(m frame.Load) frame.Ack {
	start := time.Now()
	err := w.open(m)
	answer := frame.Ack{Took: time.Since(start)}
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
	w.mu.Lock()
	defer w.mu.Unlock()
	w.entries[m.Entry] = entry
	return nil
}

// chdir changes the process's folder.
func chdir(m frame.Chdir) frame.Ack {
	if err := os.Chdir(m.Dir); err != nil {
		return frame.Ack{Error: err.Error()}
	}
	return frame.Ack{}
}
