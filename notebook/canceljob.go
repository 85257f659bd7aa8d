package notebook

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// commJob names a job of Spark.
type commJob struct {
	Job int64 `json:"job"`
}

// jobCancelled is how long Spark may take to end a job that it was told to end.
const jobCancelled = 30 * time.Second

// commCancelJob ends one job.
func (n *Notebook) commCancelJob(ctx context.Context, c commJob) (commNone, error) {
	return commNone{}, n.cancelJob(ctx, c.Job)
}

// cancelJob ends one job of this notebook's session, and fails what waits for it.
// Spark Connect knows operations only, so it is done as the Web UI does it.
func (n *Notebook) cancelJob(ctx context.Context, id int64) error {
	m, s, err := n.pages(ctx)
	if err != nil {
		return err
	}
	j, err := m.job(ctx, id)
	if errors.Is(err, errNotKept) {
		return fmt.Errorf("there is no job %d: `%%spark jobs` lists those of this notebook", id)
	}
	if err != nil {
		return err
	}
	if session, _ := j.operation(); session != s.session.ID() {
		return fmt.Errorf("job %d is not this notebook's: `%%spark jobs` lists those that are", id)
	}
	if !j.isRunning() {
		return fmt.Errorf("job %d does not run any more", id)
	}
	if err := m.kill(ctx, id); err != nil {
		return err
	}
	for until := time.Now().Add(jobCancelled); time.Now().Before(until); {
		if j, err = m.job(ctx, id); err != nil || !j.isRunning() {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
	return fmt.Errorf("Spark does not end job %d, which it does unless `spark.ui.killEnabled` is false; cancel its operation or its cell instead", id) //nolint:staticcheck // a name begins it
}

func (j sparkJob) isRunning() bool { return j.Status == "RUNNING" }

// job is one job.
func (m monitor) job(ctx context.Context, id int64) (sparkJob, error) {
	var j sparkJob
	return j, m.get(ctx, "/jobs/"+strconv.FormatInt(id, 10), &j)
}

// csrfToken is what Spark 4.3 writes into the form beside each running job, and wants
// with it.
var csrfToken = regexp.MustCompile(`name="csrfToken" value="([^"]+)"`)

// kill does what the Web UI's link beside a job does. Its answer leads to a page, and
// says nothing of what came of it.
func (m monitor) kill(ctx context.Context, id int64) error {
	page, err := m.page(ctx, http.MethodGet, "/jobs/", "")
	if err != nil {
		return err
	}
	form := url.Values{"id": {strconv.FormatInt(id, 10)}}
	if token := csrfToken.FindSubmatch(page); token != nil { // there is none before 4.3
		form.Set("csrfToken", string(token[1]))
	}
	_, err = m.page(ctx, http.MethodPost, "/jobs/job/kill/", form.Encode())
	return err
}

// page asks for a page of the Web UI, with the fields of a form.
func (m monitor) page(ctx context.Context, method, path, form string) ([]byte, error) {
	const most = 8 << 20
	ctx, cancel := context.WithTimeout(ctx, uiWait)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, method, m.root+path, strings.NewReader(form))
	if err != nil {
		return nil, fmt.Errorf("ask the Spark Web UI: %w", err)
	}
	if form != "" {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	response, err := http.DefaultTransport.RoundTrip(request) // does not go where the answer leads
	if err != nil {
		return nil, fmt.Errorf("ask the Spark Web UI: %w", err)
	}
	defer response.Body.Close()
	page, err := io.ReadAll(io.LimitReader(response.Body, most))
	if err != nil {
		return nil, fmt.Errorf("read what the Spark Web UI says: %w", err)
	}
	return page, nil
}
