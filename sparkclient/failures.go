package sparkclient

import (
	"context"
	"sync"
	"sync/atomic"
)

// Failures remembers the commands that [Session.SQL], Persist and their like
// ran at once under a context and that failed. Their DataFrames carry the
// errors, but a program that drops such a DataFrame, as in
//
//	spark.SQL(ctx, "INSERT INTO …")
//
// would go on without a word; whoever runs the program asks Unseen at its end.
type Failures struct {
	mu   sync.Mutex
	list []*failure
}

type failuresKey struct{}

// WithFailures returns a context under which failures are remembered.
func WithFailures(ctx context.Context) (context.Context, *Failures) {
	f := &Failures{}
	return context.WithValue(ctx, failuresKey{}, f), f
}

// Unseen is the first error that no action and no call of [DataFrame.Err]
// returned, or nil.
func (f *Failures) Unseen() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, one := range f.list {
		if !one.seen.Load() {
			return one.error
		}
	}
	return nil
}

// failure is the error of a command, carried by DataFrames until it is seen.
type failure struct {
	error
	seen atomic.Bool
}

func (f *failure) Unwrap() error { return f.error }

// commandFailed is the DataFrame of a command that failed.
func (s *Session) commandFailed(ctx context.Context, err error) *DataFrame {
	f := &failure{error: err}
	if all, _ := ctx.Value(failuresKey{}).(*Failures); all != nil {
		all.mu.Lock()
		all.list = append(all.list, f)
		all.mu.Unlock()
	}
	return s.failed(f)
}

// observed is the error that a DataFrame carries, on its way to the program.
func (df *DataFrame) observed() error {
	if f, ok := df.err.(*failure); ok { //nolint:errorlint // the carrier itself, not what it wraps
		f.seen.Store(true)
		return f.error
	}
	return df.err
}
