package notebook

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"gospark/render"
)

// liveJob and liveStage are what Spark's monitoring interface says of jobs and
// stages while they run.
type liveJob struct {
	sparkJob
	Active      int64 `json:"numActiveTasks"`
	StagesDone  int64 `json:"numCompletedStages"`
	StagesWrong int64 `json:"numFailedStages"`
}

type liveStage struct {
	sparkStage
	Active  int64 `json:"numActiveTasks"`
	Done    int64 `json:"numCompleteTasks"`
	Written int64 `json:"outputBytes"`
	// Straggler is said of a stage that waits for few tasks.
	Straggler string `json:"-"`
}

func (s liveStage) isRunning() bool { return s.Status == "ACTIVE" || s.Status == "PENDING" }

func (s liveStage) volume() workVolume {
	return workVolume{Input: s.Read, Output: s.Written, ShuffleRead: s.ShuffleRead, ShuffleWrite: s.ShuffleWrite, Spilled: s.DiskSpilled}
}

// notes say in words what slows the stage down.
func (s liveStage) notes() []string {
	if s.Straggler != "" {
		return append([]string{s.Straggler}, s.faults()...)
	}
	return s.faults()
}

// sample is what one look has found of one cell's work.
type sample struct {
	jobs    []liveJob
	stages  []liveStage
	skipped []int64 // stages that never ran
	cores   int64
	floor   int64 // jobs up to it have ended, and all looks so far have seen them
}

const (
	// mostLooks bounds the questions about single stages in one look.
	mostLooks = 12
	// slowLook is how often that is asked which costs Spark more: the executors,
	// and how the tasks of running stages differ.
	slowLook = 5 * time.Second
)

// probe looks at the jobs of cells, through the monitoring interface of one
// server. Each look asks for little: jobs that had ended before are not read
// again, and no list of all tasks is ever asked for.
type probe struct {
	monitor
	floor  int64 // jobs up to it, which count from 0, had ended at the last look
	cores  int64
	slow   time.Time // of the last slow look
	looks  int       // questions about single stages that this look may still ask
	active map[int64]liveStage
}

// openProbe finds the server's monitoring interface.
func openProbe(ctx context.Context, api string) (*probe, error) {
	m, err := openMonitor(ctx, api)
	if err != nil {
		return nil, err
	}
	return &probe{monitor: m, floor: -1}, nil
}

// workView is what a look needs to know of a cell's work.
type workView struct {
	cell    string
	jobs    []liveJob // that are listed
	known   map[int64]bool
	waiting bool // a listed stage runs
}

// look asks once, for all cells.
func (p *probe) look(ctx context.Context, views []workView) (map[string]sample, error) {
	fresh, floor, err := p.fresh(ctx)
	if err != nil {
		return nil, err
	}
	if err := p.lookAround(ctx, fresh, views); err != nil {
		return nil, err
	}
	isSlow := time.Since(p.slow) >= slowLook
	p.looks = mostLooks
	found := map[string]sample{}
	for _, v := range views {
		s := sample{cores: p.cores, floor: floor}
		for _, j := range fresh {
			if j.cell() == v.cell {
				s.jobs = append(s.jobs, j)
			}
		}
		jobs := s.jobs
		for _, j := range v.jobs {
			if !slices.ContainsFunc(s.jobs, func(k liveJob) bool { return k.ID == j.ID }) {
				jobs = append(jobs, j)
			}
		}
		if err := p.stages(ctx, &s, jobs, v.known, isSlow); err != nil {
			return nil, err
		}
		found[v.cell] = s
	}
	if isSlow && len(p.active) > 0 {
		p.slow = time.Now()
	}
	p.floor = floor
	return found, nil
}

// lookAround asks for what all cells share: the running stages and the cores.
func (p *probe) lookAround(ctx context.Context, fresh []liveJob, views []workView) error {
	p.active = map[int64]liveStage{}
	if !slices.ContainsFunc(fresh, liveJob.isRunning) && !slices.ContainsFunc(views, func(v workView) bool { return v.waiting }) {
		return nil
	}
	var active []liveStage
	if err := p.get(ctx, "/stages?status=active", &active); err != nil {
		return err
	}
	for _, s := range active {
		p.active[s.ID] = s
	}
	if p.cores > 0 && time.Since(p.slow) < slowLook {
		return nil
	}
	var executors []struct {
		Active bool  `json:"isActive"`
		Cores  int64 `json:"totalCores"`
	}
	if err := p.get(ctx, "/executors", &executors); err != nil {
		return err
	}
	p.cores = 0
	for _, e := range executors {
		if e.Active {
			p.cores += e.Cores
		}
	}
	return nil
}

// fresh are the jobs that ran at the last look or began later; those up to floor
// have ended.
func (p *probe) fresh(ctx context.Context) (all []liveJob, floor int64, err error) {
	err = p.ask(ctx, "/jobs", func(in *json.Decoder) error {
		_, err := in.Token()
		for err == nil && in.More() {
			var j liveJob
			if err = in.Decode(&j); err != nil || j.ID <= p.floor {
				break // the newest come first
			}
			all = append(all, j)
		}
		return err
	})
	floor = p.floor
	if len(all) > 0 {
		floor = all[0].ID
	}
	for _, j := range all {
		if j.isRunning() {
			floor = min(floor, j.ID-1)
		}
	}
	return all, floor, err
}

// stages adds those of jobs that run, and those that have ended since.
func (p *probe) stages(ctx context.Context, found *sample, jobs []liveJob, known map[int64]bool, isSlow bool) error {
	for _, j := range jobs {
		ended := int64(0)
		for _, id := range j.StageIDs {
			if known[id] {
				ended++
			}
		}
		for _, id := range j.StageIDs {
			stage, runs := p.active[id]
			switch {
			case known[id]:
				continue
			case runs:
				if isSlow && p.looks > 0 {
					p.looks--
					stage.Straggler = p.straggler(ctx, stage)
				}
				found.stages = append(found.stages, stage)
				continue
			case p.looks == 0 || j.isRunning() && ended >= j.StagesDone+j.StagesWrong:
				continue // waiting, as far as is known
			}
			p.looks--
			stage, err := p.ended(ctx, id)
			if err != nil {
				return err
			}
			switch stage.Status {
			case "COMPLETE", "FAILED":
				found.stages = append(found.stages, stage)
				ended++
			case "ACTIVE", "PENDING":
			default:
				found.skipped = append(found.skipped, id)
			}
		}
	}
	return nil
}

// ended is the last attempt of a stage, with how its tasks differed; the zero
// value where Spark keeps it no more.
func (p *probe) ended(ctx context.Context, id int64) (liveStage, error) {
	var attempts []liveStage
	err := p.get(ctx, fmt.Sprintf("/stages/%d?details=false&withSummaries=true&quantiles=0.5,1.0", id), &attempts)
	if errors.Is(err, errNotKept) || err == nil && len(attempts) == 0 {
		return liveStage{}, nil
	}
	if err != nil {
		return liveStage{}, err
	}
	return attempts[len(attempts)-1], nil
}

// straggler says that a stage waits for its last tasks, which run far longer than
// the others did. It asks only where nothing else is left of the stage.
func (p *probe) straggler(ctx context.Context, s liveStage) string {
	if s.Done < 3 || s.Active == 0 || s.Done+s.Active < s.Tasks {
		return ""
	}
	path := fmt.Sprintf("/stages/%d/%d", s.ID, s.Attempt)
	var median struct {
		Duration []float64 `json:"duration"` // ms
	}
	var running []struct {
		Duration float64 `json:"duration"` // ms
	}
	err := p.get(ctx, path+"/taskSummary?quantiles=0.5", &median)
	if err == nil {
		err = p.get(ctx, path+"/taskList?status=running&length=20", &running)
	}
	if err != nil || len(median.Duration) == 0 { // a remark is not worth an error
		return ""
	}
	longest := 0.0
	for _, t := range running {
		longest = max(longest, t.Duration)
	}
	const skewed, long = 3, 5000 // times the median; ms
	if longest < long || longest < skewed*median.Duration[0] {
		return ""
	}
	return fmt.Sprintf("stage %d waits for %s: the longest has run for %s, the median one took %s", s.ID, render.Count(s.Active, "task"),
		lasting(time.Duration(longest)*time.Millisecond), lasting(time.Duration(median.Duration[0])*time.Millisecond))
}
