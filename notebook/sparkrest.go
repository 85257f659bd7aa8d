package notebook

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"
)

// errNoUI says that there is nobody to ask about jobs.
var errNoUI = errors.New("the Spark Web UI of this server cannot be asked, so nothing is known of its jobs")

// monitor asks Spark's monitoring REST API (/api/v1), which the Web UI serves.
type monitor struct {
	root string // address of the Web UI
	base string // and of the application in its REST interface
}

// sparkJob and sparkStage are what /jobs and /stages say, as far as it is shown.
type sparkJob struct {
	ID          int64    `json:"jobId"`
	Name        string   `json:"name"`
	Description string   `json:"description"`
	Status      string   `json:"status"`
	Submitted   string   `json:"submissionTime"`
	Completed   string   `json:"completionTime"`
	StageIDs    []int64  `json:"stageIds"`
	Tags        []string `json:"jobTags"`
	Tasks       int64    `json:"numTasks"`
	Done        int64    `json:"numCompletedTasks"`
	Skipped     int64    `json:"numSkippedTasks"`
	Failed      int64    `json:"numFailedTasks"`
}

type sparkStage struct {
	ID           int64  `json:"stageId"`
	Attempt      int64  `json:"attemptId"`
	Name         string `json:"name"`
	Status       string `json:"status"`
	Submitted    string `json:"submissionTime"`
	Completed    string `json:"completionTime"`
	Tasks        int64  `json:"numTasks"`
	Done         int64  `json:"numCompleteTasks"`
	Failed       int64  `json:"numFailedTasks"`
	RunTime      int64  `json:"executorRunTime"` // ms
	GCTime       int64  `json:"jvmGcTime"`       // ms
	Read         int64  `json:"inputBytes"`
	Written      int64  `json:"outputBytes"`
	ShuffleRead  int64  `json:"shuffleReadBytes"`
	ShuffleWrite int64  `json:"shuffleWriteBytes"`
	DiskSpilled  int64  `json:"diskBytesSpilled"`
	Distribution struct {
		Duration []float64 `json:"duration"` // ms, at the quantiles that were asked for
	} `json:"taskMetricsDistributions"`
}

// sparkTask is what /stages/ID/ATTEMPT/taskList says of a task.
type sparkTask struct {
	Index    int64  `json:"index"`
	Status   string `json:"status"`
	Executor string `json:"executorId"`
	Duration int64  `json:"duration"` // ms
	Metrics  struct {
		GCTime      int64 `json:"jvmGcTime"` // ms
		DiskSpilled int64 `json:"diskBytesSpilled"`
		Input       struct {
			Bytes int64 `json:"bytesRead"`
		} `json:"inputMetrics"`
		Shuffle struct {
			Remote int64 `json:"remoteBytesRead"`
			Local  int64 `json:"localBytesRead"`
		} `json:"shuffleReadMetrics"`
	} `json:"taskMetrics"`

	stage int64
}

// sparkExecutor is what /allexecutors says.
type sparkExecutor struct {
	ID           string `json:"id"`
	Host         string `json:"hostPort"`
	Active       bool   `json:"isActive"`
	Cores        int64  `json:"totalCores"`
	ActiveTasks  int64  `json:"activeTasks"`
	Done         int64  `json:"completedTasks"`
	Failed       int64  `json:"failedTasks"`
	TaskTime     int64  `json:"totalDuration"` // ms
	GCTime       int64  `json:"totalGCTime"`   // ms
	MemoryUsed   int64  `json:"memoryUsed"`
	MemoryMost   int64  `json:"maxMemory"`
	DiskUsed     int64  `json:"diskUsed"`
	Read         int64  `json:"totalInputBytes"`
	ShuffleRead  int64  `json:"totalShuffleRead"`
	ShuffleWrite int64  `json:"totalShuffleWrite"`
}

// openMonitor finds the application behind a Web UI, at the address for programs
// ([launcher.Server.API]), which holds a secret.
func openMonitor(ctx context.Context, api string) (monitor, error) {
	if api == "" {
		return monitor{}, errNoUI
	}
	m := monitor{root: api, base: api + "/api/v1/applications"}
	var apps []struct {
		ID string `json:"id"`
	}
	if err := m.get(ctx, "", &apps); err != nil {
		return monitor{}, err
	}
	if len(apps) == 0 {
		return monitor{}, errNoUI
	}
	m.base += "/" + apps[0].ID
	return m, nil
}

// get reads one answer.
func (m monitor) get(ctx context.Context, path string, into any) error {
	return m.ask(ctx, path, func(in *json.Decoder) error { return in.Decode(into) })
}

// errNotKept says that Spark does not know what was asked for, or no more.
var errNotKept = errors.New("the Spark Web UI keeps it no more")

// uiWait is how long an answer may take: the first one of a server is slow, on a busy
// machine very.
const uiWait = time.Minute

// ask has one answer read.
func (m monitor) ask(ctx context.Context, path string, read func(*json.Decoder) error) error {
	const most = 32 << 20
	ctx, cancel := context.WithTimeout(ctx, uiWait)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, m.base+path, nil)
	if err != nil {
		return fmt.Errorf("ask the Spark Web UI: %w", err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("ask the Spark Web UI: %w", err)
	}
	defer response.Body.Close()
	switch response.StatusCode {
	case http.StatusOK:
	case http.StatusNotFound:
		return errNotKept
	default:
		return fmt.Errorf("ask the Spark Web UI for %s: it answered %s", path, response.Status)
	}
	if err := read(json.NewDecoder(io.LimitReader(response.Body, most))); err != nil {
		return fmt.Errorf("read what the Spark Web UI says: %w", err)
	}
	return nil
}

// jobs are those of a session, or all, the newest first.
func (m monitor) jobs(ctx context.Context, session string) ([]sparkJob, error) {
	var all []sparkJob
	if err := m.get(ctx, "/jobs", &all); err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(j sparkJob) bool {
		return session != "" && !slices.ContainsFunc(j.Tags, func(tag string) bool { return strings.Contains(tag, session) })
	})
	slices.SortFunc(all, func(a, b sparkJob) int { return int(b.ID - a.ID) })
	return all, nil
}

// stage is the last attempt of a stage.
func (m monitor) stage(ctx context.Context, id int64) (sparkStage, error) {
	var attempts []sparkStage
	err := m.get(ctx, fmt.Sprintf("/stages/%d?details=false&withSummaries=true&quantiles=0.5,1.0", id), &attempts)
	if err != nil || len(attempts) == 0 {
		return sparkStage{}, err
	}
	return attempts[len(attempts)-1], nil
}

// tasks are the longest ones of a stage.
func (m monitor) tasks(ctx context.Context, s sparkStage, most int) ([]sparkTask, error) {
	var all []sparkTask
	err := m.get(ctx, fmt.Sprintf("/stages/%d/%d/taskList?length=%d&sortBy=-runtime", s.ID, s.Attempt, most), &all)
	for i := range all {
		all[i].stage = s.ID
	}
	return all, err
}

// executors are those that run or ran.
func (m monitor) executors(ctx context.Context) ([]sparkExecutor, error) {
	var all []sparkExecutor
	err := m.get(ctx, "/allexecutors", &all)
	return all, err
}

// moment reads a time of the REST API; the zero time is one that has not come.
func moment(s string) time.Time {
	t, err := time.Parse("2006-01-02T15:04:05.000MST", s)
	if err != nil {
		return time.Time{}
	}
	return t
}

// stretch is when something began and ended, or now.
func stretch(from, to string) (began, ended time.Time) {
	began, ended = moment(from), moment(to)
	if ended.IsZero() {
		ended = time.Now()
	}
	return began, ended
}

// cellTag is what marks the jobs of one cell; empty for a job that no cell of a
// notebook started.
func (j sparkJob) cellTag() string {
	for _, tag := range j.Tags {
		if _, after, ok := strings.Cut(tag, "_Tag_"); ok && strings.HasPrefix(after, "gospark-") {
			return after
		}
	}
	return ""
}
