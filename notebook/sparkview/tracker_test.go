package sparkview_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"gospark/display"
	"gospark/notebook/sparkview"
	"gospark/sparkclient"
)

// screen is a front end with one output.
type screen struct {
	t  *testing.T
	id string

	mu    sync.Mutex
	texts []string // in order; guarded by mu
}

// shown are the texts so far.
func (s *screen) shown() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.texts)
}

func (s *screen) show(o display.Output) {
	if o.ID != s.id {
		s.t.Errorf("output %q, want %q", o.ID, s.id)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if first := len(s.texts) == 0; o.Update == first {
		s.t.Errorf("output %d: update is %v", len(s.texts), o.Update)
	}
	s.texts = append(s.texts, o.Text())
}

func (s *screen) last() string {
	shown := s.shown()
	if len(shown) == 0 {
		return "nothing was shown"
	}
	return shown[len(shown)-1]
}

func progress(id string, done, all int64) sparkclient.Progress {
	return sparkclient.Progress{OperationID: id, Stages: []sparkclient.StageProgress{{ID: 1, Tasks: all, Done: done}}}
}

// finished is the last report of an operation.
func finished(id string) sparkclient.Progress {
	return sparkclient.Progress{OperationID: id, Finished: true}
}

// at runs f in a bubble of its own time, with a screen.
func at(t *testing.T, f func(s *screen, pass func(time.Duration))) {
	synctest.Test(t, func(t *testing.T) {
		f(&screen{t: t, id: "p"}, func(d time.Duration) {
			<-time.After(d)
			synctest.Wait()
		})
	})
}

func TestTrackerUpdatesInPlaceAndFolds(t *testing.T) {
	at(t, func(s *screen, pass func(time.Duration)) {
		track := sparkview.NewTracker("p", "SELECT 1", s.show)
		track.Link("http://127.0.0.1:4040/connect/")
		track.Report(progress("a", 1, 4))
		pass(300 * time.Millisecond)
		if len(s.shown()) != 0 {
			t.Errorf("shown before there is something to wait for: %q", s.shown())
		}
		pass(200 * time.Millisecond)
		if !strings.Contains(s.last(), "SELECT 1") || !strings.Contains(s.last(), "1/4 tasks") {
			t.Errorf("first line: %q", s.last())
		}
		track.Label("SELECT 2")
		track.Report(progress("a", 3, 4))
		pass(500 * time.Millisecond)
		if !strings.Contains(s.last(), "SELECT 2") || !strings.Contains(s.last(), "3/4 tasks") {
			t.Errorf("updated line: %q", s.last())
		}
		track.Report(finished("a"))
		if !strings.Contains(s.last(), "[done]") || !strings.Contains(s.last(), "SELECT 2") || !strings.Contains(s.last(), "4 tasks") || !strings.Contains(s.last(), "1.0 s") {
			t.Errorf("at the end: %q", s.last())
		}
		n := len(s.shown())
		pass(time.Minute)
		if len(s.shown()) != n {
			t.Errorf("drawn while nothing runs: %q", s.shown()[n:])
		}
		track.Close()
		if len(s.shown()) != n {
			t.Errorf("shown again at the end: %q", s.last())
		}
		track.Discard()
		if s.last() != "" {
			t.Errorf("of a cell that failed: %q", s.last())
		}
	})
}

func TestTrackerShowsNothingForWhatIsQuick(t *testing.T) {
	at(t, func(s *screen, pass func(time.Duration)) {
		track := sparkview.NewTracker("p", "", s.show)
		for range 5 {
			track.Report(progress("a", 0, 1))
			pass(300 * time.Millisecond)
			track.Report(finished("a"))
		}
		track.Close()
		if len(s.shown()) != 0 {
			t.Errorf("shown: %q", s.shown())
		}
	})
}

func TestTrackerOfSeveralOperations(t *testing.T) {
	at(t, func(s *screen, pass func(time.Duration)) {
		track := sparkview.NewTracker("p", "", s.show)
		track.Report(progress("z", 1, 2))
		pass(100 * time.Millisecond)
		track.Report(progress("a", 3, 8))
		pass(500 * time.Millisecond)
		lines := strings.Split(s.last(), "\n")
		if len(lines) != 2 || !strings.Contains(lines[0], "1/2") || !strings.Contains(lines[1], "3/8") {
			t.Errorf("not the oldest first: %q", s.last())
		}
		track.Report(finished("z"))
		pass(500 * time.Millisecond)
		if !strings.Contains(s.last(), "3/8") || strings.Contains(s.last(), "1/2") {
			t.Errorf("after the first one's end: %q", s.last())
		}
		track.Close()
	})
}

func TestTrackerIsSilentAfterClose(t *testing.T) {
	at(t, func(s *screen, pass func(time.Duration)) {
		track := sparkview.NewTracker("p", "", s.show)
		track.Report(progress("a", 1, 4))
		pass(time.Second)
		track.Close()
		if s.last() != "" {
			t.Errorf("after Close: %q", s.last())
		}
		n := len(s.shown())
		track.Report(progress("a", 2, 4))
		track.Report(progress("b", 2, 4))
		pass(time.Minute)
		track.Close()
		if len(s.shown()) != n {
			t.Errorf("after Close: %q", s.shown()[n:])
		}
	})
}

func TestWait(t *testing.T) {
	at(t, func(s *screen, pass func(time.Duration)) {
		wait := sparkview.NewWait("p", s.show)
		wait.Tell("Looking for the Spark server", 0)
		if len(s.shown()) != 0 {
			t.Errorf("shown at once: %q", s.shown())
		}
		pass(time.Second)
		wait.Tell("Java is up", time.Second)
		if !strings.Contains(s.last(), "Java is up") {
			t.Errorf("shown: %q", s.last())
		}
		wait.Tell("Starting Spark", 2*time.Second)
		wait.Close()
		if n := len(s.shown()); n != 3 || s.last() != "" {
			t.Errorf("shown: %q", s.shown())
		}
		wait.Close()
		if len(s.shown()) != 3 {
			t.Error("emptied twice")
		}
	})
}

func TestWaitForWhatIsThere(t *testing.T) {
	at(t, func(s *screen, _ func(time.Duration)) {
		wait := sparkview.NewWait("p", s.show)
		wait.Tell("Looking for the Spark server", 0)
		wait.Close()
		if len(s.shown()) != 0 {
			t.Errorf("shown: %q", s.shown())
		}
	})
}
