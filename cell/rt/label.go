package rt

import (
	"runtime"
	"sync"
	"unsafe"

	"gospark/cell/look"
)

// Label is the identity that a goroutine of a cell has. Whoever keeps one keeps
// its run from being gone.
type Label struct{ address unsafe.Pointer }

// Labelled is the calling goroutine's label.
func Labelled() Label { return Label{look.Label()} }

// labelled finds runs by label. It does not keep the labels: the collector tells
// when the last goroutine with a label has ended, also one that a library started
// and nobody counted.
type labelled struct {
	mu   sync.RWMutex
	runs map[uintptr]*Run // mu guards it
}

func (l *labelled) add(label unsafe.Pointer, r *Run) {
	at := uintptr(label)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.runs == nil {
		l.runs = map[uintptr]*Run{}
	}
	if former := l.runs[at]; former != nil {
		former.label.Store(0)
	}
	l.runs[at] = r
	r.label.Store(at)
	look.Know(at)
	runtime.AddCleanup((*byte)(label), func(r *Run) { l.gone(at, r) }, r)
}

// gone forgets r, unless its label's address is another run's by now.
func (l *labelled) gone(at uintptr, r *Run) {
	l.mu.Lock()
	if l.runs[at] == r {
		delete(l.runs, at)
		r.label.Store(0)
		look.Forget(at)
	}
	l.mu.Unlock()
	if r.info.Gone != nil {
		r.info.Gone()
	}
}

func (l *labelled) find(label unsafe.Pointer) *Run {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.runs[uintptr(label)]
}
