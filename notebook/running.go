package notebook

import (
	"maps"
	"slices"
	"sync"
	"time"
)

// activeRuns are the cells that run now, by the id of their requests: one for each
// subshell at most.
type activeRuns struct {
	// mu guards the fields below.
	mu      sync.Mutex
	byID    map[string]*run
	done    int           // how many have ended
	since   time.Time     // when a cell last began or ended
	changed chan struct{} // closed at the next change; nil where nobody waits
}

// changes returns a channel that is closed when a cell begins or ends.
func (s *activeRuns) changes() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.changed == nil {
		s.changed = make(chan struct{})
	}
	return s.changed
}

// tell wakes who waits for a change. mu is held.
func (s *activeRuns) tell() {
	s.since = time.Now()
	if s.changed != nil {
		close(s.changed)
		s.changed = nil
	}
}

// begin notes a cell; end must follow.
func (s *activeRuns) begin(r *run) (end func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.byID == nil {
		s.byID = make(map[string]*run)
	}
	s.byID[r.cell.ID] = r
	s.tell()
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.byID, r.cell.ID)
		s.done++
		s.tell()
	}
}

// find is the running cell with an id; nil where it has ended.
func (s *activeRuns) find(id string) *run {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.byID[id]
}

// count is how many cells run.
func (s *activeRuns) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.byID)
}

// ended is how many cells have ended.
func (s *activeRuns) ended() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.done
}

// now is how many cells run, and since when it is so.
func (s *activeRuns) now() (count int, since time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.byID), s.since
}

// all are the cells that run now.
func (s *activeRuns) all() []*run {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Collect(maps.Values(s.byID))
}
