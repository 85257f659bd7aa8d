package connect

import (
	"context"
	"math/rand/v2"
	"strings"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// The waits between attempts, as in Spark's clients.
const (
	firstWait = 50 * time.Millisecond
	longWait  = 10 * time.Second
	maxAsked  = 15 // attempts that the server itself asked for
)

// attempts counts what one request has cost so far; the zero value with a
// patience is the beginning.
type attempts struct {
	patience time.Duration // how long an unreachable server is tried again
	since    time.Time     // of the first failure in a row
	wait     time.Duration
	asked    int
}

// again waits and says whether to try once more after err.
func (a *attempts) again(ctx context.Context, err error) bool {
	delay, asked := retryDelay(err)
	if !asked && !transient(err) {
		return false
	}
	a.wait = min(max(a.wait*2, firstWait), longWait)
	if a.since.IsZero() {
		a.since = time.Now()
	}
	wait := max(a.wait/2+rand.N(a.wait/2), min(delay, time.Minute))
	if asked {
		a.asked++
	} else if time.Since(a.since)+wait > a.patience {
		return false
	}
	return a.asked <= maxAsked && sleep(ctx, wait) == nil
}

// succeeded forgets earlier failures.
func (a *attempts) succeeded() { a.since, a.wait, a.asked = time.Time{}, 0, 0 }

// do runs f until it succeeds or there is no sense in trying again.
func (a *attempts) do(ctx context.Context, f func() error) error {
	for {
		err := f()
		if err == nil || !a.again(ctx, err) {
			return err
		}
	}
}

// transient says whether the same request may succeed a moment later.
func transient(err error) bool {
	s := status.Convert(err)
	switch s.Code() {
	case codes.Unavailable:
		return true
	case codes.Internal: // another request took over this one's stream
		return strings.Contains(s.Message(), "INVALID_CURSOR.DISCONNECTED")
	}
	return false
}

// retryDelay is how long the server asks the client to wait, if it does.
func retryDelay(err error) (time.Duration, bool) {
	for _, detail := range status.Convert(err).Details() {
		if info, ok := detail.(*errdetails.RetryInfo); ok {
			return info.GetRetryDelay().AsDuration(), true
		}
	}
	return 0, false
}

// sleep waits unless ctx ends.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
