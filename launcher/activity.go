package launcher

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"
)

const (
	// drainPoll is how often a server that is to stop is asked what runs.
	drainPoll = 250 * time.Millisecond
	// activityPoll is how often a server with attached clients is asked whether
	// anything happens.
	activityPoll = 30 * time.Second
	// restWait bounds one request of the REST interface.
	restWait = 5 * time.Second
	// restLimit bounds its answer.
	restLimit = 64 * mib
)

// activity is what Spark's REST interface tells of a server's jobs.
type activity struct {
	running int
	last    time.Time // when the last job ended; zero when none has
}

// sparkJob is one element of /applications/<id>/jobs.
type sparkJob struct {
	Status         string `json:"status"`
	CompletionTime string `json:"completionTime"`
}

// activity asks Spark what it does; an error where there is no Web UI.
func (p *pages) activity(ctx context.Context) (activity, error) {
	var a activity
	var apps []struct {
		ID string `json:"id"`
	}
	if err := p.rest(ctx, "/api/v1/applications", &apps); err != nil {
		return a, err
	}
	for _, app := range apps {
		var jobs []sparkJob
		if err := p.rest(ctx, "/api/v1/applications/"+app.ID+"/jobs", &jobs); err != nil {
			return a, err
		}
		for _, j := range jobs {
			if j.Status == "RUNNING" {
				a.running++
			}
			const layout = "2006-01-02T15:04:05.000GMT"
			if t, err := time.Parse(layout, j.CompletionTime); err == nil && t.After(a.last) {
				a.last = t
			}
		}
	}
	return a, nil
}

// rest reads one resource of the REST interface.
func (p *pages) rest(ctx context.Context, path string, into any) error {
	target := p.ui()
	if target == nil {
		return fmt.Errorf("ask Spark what it does: there is no Web UI")
	}
	ctx, cancel := context.WithTimeout(ctx, restWait)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, target.JoinPath(path).String(), http.NoBody)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", p.bearer())
	res, err := p.transport.RoundTrip(req)
	if err != nil {
		return fmt.Errorf("ask Spark what it does: %w", err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("ask Spark what it does: %s", res.Status)
	}
	return json.NewDecoder(io.LimitReader(res.Body, restLimit)).Decode(into)
}

// drain waits until no job runs, for at most limit, or until the server has
// ended. Without a Web UI nobody knows what runs, and nothing is waited for.
func (s *supervisor) drain(ctx context.Context, j *jvm, limit time.Duration) {
	if s.pages == nil || limit <= 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	for {
		a, err := s.pages.activity(ctx)
		if err != nil || a.running == 0 {
			return
		}
		s.hub.phase(fmt.Sprintf("Waiting for %d running jobs before the end", a.running))
		t := time.NewTimer(drainPoll)
		select {
		case <-ctx.Done():
			t.Stop()
			return
		case <-j.done:
			t.Stop()
			return
		case order := <-s.hub.stop: // somebody who is in more of a hurry
			if t.Stop(); order.drain < limit {
				return
			}
		case <-t.C:
		}
	}
}

// usage is what a supervisor remembers of its server's work.
type usage struct {
	asked time.Time // when Spark was last asked
	last  time.Time // the end of the last job that it told
	quiet time.Time // since when there is nothing new
}

// unused reports whether the profile wants an end although clients are attached:
// nothing has run for the time that it names.
func (s *supervisor) unused(ctx context.Context) bool {
	limit, u := s.profile.Unused, &s.usage
	if limit <= 0 || s.pages == nil || time.Since(u.asked) < min(activityPoll, limit/2) {
		return false
	}
	u.asked = time.Now()
	a, err := s.pages.activity(ctx)
	// Spark's clock is only compared with itself: this one may be set meanwhile.
	if err != nil || a.running > 0 || !a.last.Equal(u.last) || u.quiet.IsZero() {
		u.last, u.quiet = a.last, time.Now()
		return false
	}
	return time.Since(u.quiet) >= limit && !s.hub.attachedWithin(limit)
}
