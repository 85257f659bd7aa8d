package notebook

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"gospark/display"
	"gospark/magic"
	"gospark/render"
)

// page is the session's page in the Spark Web UI; empty where there is none that
// is known.
func (s state) page() string {
	if s.stage != ready || s.lease == nil || s.lease.Server().UI == "" {
		return ""
	}
	return behindHub(s.lease.Server().UI) + "/connect/session/?id=" + s.session.ID()
}

// Bounds of %spark jobs.
const (
	defaultJobs   = 20
	watchedStages = 16 // of the last cell
	watchedTasks  = 20 // the longest of all of them
)

// sparkJobs is %spark jobs: this notebook's jobs, what the last cell's stages did
// and what slowed them down, in words.
func (n *Notebook) sparkJobs(ctx context.Context, r *run, c magic.SparkJobs) (*display.Bundle, error) {
	s, _ := n.spark.peek()
	if err := s.hasPages(); err != nil {
		return nil, err
	}
	m, err := openMonitor(ctx, s.lease.Server().API)
	if err != nil {
		return nil, err
	}
	session := s.session.ID()
	if c.All {
		session = ""
	}
	all, err := m.jobs(ctx, session)
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return text("no jobs yet"), nil
	}
	last, err := m.look(ctx, lastCell(all))
	if err != nil {
		return nil, err
	}
	r.out.Show(display.Output{Bundle: last.panel(s.page())})
	table := n.jobTable(all, c.Lines, last)
	return &table, nil
}

// lastCell are the jobs of the cell that had the newest one.
func lastCell(all []sparkJob) []sparkJob {
	tag := all[0].cellTag()
	if tag == "" {
		return all[:1]
	}
	return slices.DeleteFunc(slices.Clone(all), func(j sparkJob) bool { return j.cellTag() != tag })
}

// cellJobs is what is known of the jobs of one cell.
type cellJobs struct {
	jobs      []sparkJob
	stages    []sparkStage // those that ran
	tasks     []sparkTask  // the longest
	executors []sparkExecutor
}

// look asks for the stages, tasks and executors of jobs.
func (m monitor) look(ctx context.Context, jobs []sparkJob) (cellJobs, error) {
	seen := cellJobs{jobs: jobs}
	var ids []int64
	for _, j := range jobs {
		ids = append(ids, j.StageIDs...)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	for _, id := range ids[max(len(ids)-watchedStages, 0):] {
		stage, err := m.stage(ctx, id)
		if err != nil {
			return cellJobs{}, err
		}
		if stage.Status == "SKIPPED" || stage.Status == "" {
			continue
		}
		tasks, err := m.tasks(ctx, stage, watchedTasks)
		if err != nil {
			return cellJobs{}, err
		}
		seen.stages = append(seen.stages, stage)
		seen.tasks = append(seen.tasks, tasks...)
	}
	slices.SortStableFunc(seen.tasks, func(a, b sparkTask) int { return cmp.Compare(b.Duration, a.Duration) })
	seen.tasks = seen.tasks[:min(len(seen.tasks), watchedTasks)]
	var err error
	seen.executors, err = m.executors(ctx)
	return seen, err
}

// describe says what a stage did.
func (s sparkStage) describe() string {
	parts := []string{strings.ToLower(s.Status), render.Count(s.Tasks, "task"), lasting(time.Duration(s.RunTime)*time.Millisecond) + " of work"}
	for _, f := range []struct {
		bytes int64
		what  string
	}{{s.Read, "read"}, {s.ShuffleRead, "shuffled in"}, {s.ShuffleWrite, "shuffled out"}, {s.DiskSpilled, "spilled"}} {
		if f.bytes > 0 {
			parts = append(parts, render.Bytes(f.bytes)+" "+f.what)
		}
	}
	return strings.Join(parts, " · ")
}

// faults say what slows a stage down, and what helps.
func (s sparkStage) faults() []string {
	var all []string
	add := func(format string, args ...any) {
		all = append(all, fmt.Sprintf("stage %d ", s.ID)+fmt.Sprintf(format, args...))
	}
	const skewed, long = 3, 1000 // times the median; ms
	if d := s.Distribution.Duration; len(d) == 2 && s.Tasks > 2 && d[1] > long && d[1] > skewed*d[0] {
		add("is skewed: its longest task took %s, the median one %s. Some keys have far more rows than others; `spark.sql.adaptive.skewJoin.enabled`, another key or a `REPARTITION` hint spread them",
			lasting(time.Duration(d[1])*time.Millisecond), lasting(time.Duration(d[0])*time.Millisecond))
	}
	if s.DiskSpilled > 0 {
		add("spilled %s to disk: its tasks had too little memory. More partitions (`%%spark conf spark.sql.shuffle.partitions=…`) make them smaller, `spark.executor.memory` gives them more", render.Bytes(s.DiskSpilled))
	}
	if s.RunTime > long && s.GCTime*4 > s.RunTime {
		add("spent %d %% of its time on garbage collection: more memory, or fewer rows at a time", s.GCTime*100/s.RunTime)
	}
	if s.Failed > 0 {
		add("had %s that failed and ran again", render.Count(s.Failed, "task"))
	}
	return all
}
