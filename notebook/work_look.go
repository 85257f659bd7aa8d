package notebook

import (
	"context"
	"slices"
	"sync"
	"time"
)

// looks has the work of running cells looked at while somebody watches. Nobody
// is asked anything else.
//
// Goroutines: run is an errand, which begins with the first who watches and ends
// with the last.
type looks struct {
	mu      sync.Mutex // guards the fields below
	watched int
	end     context.CancelFunc // of run
}

// watch begins with one who watches; leave must follow.
func (l *looks) watch(n *Notebook) (leave func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.watched++; l.watched == 1 {
		ctx, cancel := context.WithCancel(context.Background()) // which ends with the errand's, too
		l.end = cancel
		n.errands.do(func(outer context.Context) {
			defer context.AfterFunc(outer, cancel)()
			(&looker{n: n}).run(ctx)
		})
	}
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.watched--; l.watched == 0 {
			l.end()
		}
	}
}

// looker looks at the work of running cells. What Spark Connect itself tells is
// taken at each step; the monitoring interface, which a young server answers
// slowly, is asked beside that.
//
// Goroutines: run has ask in one at a time, and waits for it at its end.
type looker struct {
	n       *Notebook
	api     string // where probe asks
	probe   *probe // nil where nobody can be asked
	asking  bool
	due     time.Time // of the next question
	answers chan answers
}

// answers are what one question found.
type answers struct {
	probe *probe
	at    time.Time // when it was asked
	found map[string]sample
}

// run looks until ctx ends.
func (l *looker) run(ctx context.Context) {
	var asked sync.WaitGroup
	defer asked.Wait()
	l.answers = make(chan answers, 1)
	var last answers
	for {
		began := l.n.running.changes()
		s, changed := l.n.spark.peek()
		api := s.api()
		wait := l.n.works.take(last, api != "")
		last = answers{}
		views := l.n.works.views()
		if isNew := l.probe == nil || api != l.api; api != "" && !l.asking && (isNew || len(views) > 0) && !time.Now().Before(l.due) {
			if isNew {
				l.probe, l.api = nil, api
			}
			l.asking, l.due = true, time.Now().Add(lookEvery)
			asked.Go(func() { l.answers <- l.ask(ctx, api, l.probe, views) })
		}
		select {
		case <-ctx.Done():
			return
		case <-began:
		case <-changed:
		case <-after(wait):
		case last = <-l.answers:
			if l.asking, l.probe = false, last.probe; l.probe == nil {
				l.due = time.Now().Add(slowLook)
			}
		}
	}
}

// after is a time to wait; a negative one never comes.
func after(wait time.Duration) <-chan time.Time {
	if wait < 0 {
		return nil
	}
	return time.After(wait)
}

// ask asks the monitoring interface, which it finds first where p is nil: before
// the first cell, so that this one need not wait.
func (l *looker) ask(ctx context.Context, api string, p *probe, views []workView) answers {
	a := answers{probe: p, at: time.Now()}
	var err error
	if a.probe == nil {
		a.probe, err = openProbe(ctx, api)
	}
	if err == nil && len(views) > 0 {
		a.found, err = a.probe.look(ctx, views)
	}
	if err != nil && ctx.Err() == nil {
		l.n.log.Info("ask for the jobs of cells", "err", err)
	}
	return a
}

// api is where the server's monitoring interface is; empty where there is none.
func (s state) api() string {
	if s.stage != ready || s.lease == nil {
		return ""
	}
	return s.lease.Server().API
}

// isYoung reports whether the cell has only just begun: what is quick is not shown.
func (w *work) isYoung() bool { return w.ended.IsZero() && time.Since(w.began) < lookFirst }

// views are what a look needs to know of the works of which there is more to learn.
func (s *works) views() []workView {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []workView
	for _, w := range s.all {
		if w.settled || w.isYoung() {
			continue
		}
		v := workView{cell: w.cell, jobs: slices.Clone(w.jobs), known: map[int64]bool{}}
		for _, j := range w.jobs {
			v.waiting = v.waiting || j.isRunning()
			for _, id := range j.StageIDs {
				if w.isKnown(id) {
					v.known[id] = true
				}
			}
		}
		all = append(all, v)
	}
	return all
}

// take adds what was found, and says when to look again: never, where it is
// negative. hasJobs: somebody tells of jobs.
func (s *works) take(a answers, hasJobs bool) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	wait := time.Duration(-1)
	soon := func(d time.Duration) {
		if wait < 0 || d < wait {
			wait = d
		}
	}
	for _, w := range s.all {
		switch {
		case w.settled:
			continue
		case w.isYoung():
			soon(lookFirst)
			continue
		}
		w.take(a.found[w.cell])
		if !w.ended.IsZero() {
			isLast := !hasJobs || a.at.After(w.ended) && w.isComplete()
			if w.settled = isLast || time.Since(w.ended) > lookAfter; w.settled && w.isEmpty() {
				w.forget()
			}
		}
		if w.shown {
			s.touch(w)
			soon(lookEvery)
		} else {
			soon(lookRarely)
		}
	}
	return wait
}

// isEmpty reports whether Spark only answered questions: a statement that it
// refused has no jobs.
func (w *work) isEmpty() bool {
	return len(w.jobs) == 0 && !slices.ContainsFunc(w.operations, func(o workOperation) bool { return len(o.stages) > 0 })
}

// isComplete reports whether all jobs have ended, and their stages are known.
func (w *work) isComplete() bool {
	return !slices.ContainsFunc(w.jobs, func(j liveJob) bool {
		return j.isRunning() || slices.ContainsFunc(j.StageIDs, func(id int64) bool { return !w.isKnown(id) })
	})
}
