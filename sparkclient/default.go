package sparkclient

import (
	"context"
	"sync/atomic"
)

// installed is the process's session. It is the package's one variable: a
// notebook's cells begin with `var spark = sparkclient.Default()`, and only the
// process around them, the cell worker, knows where the server is.
var installed atomic.Pointer[Session]

// SetDefault makes s the session that [Default] returns. The cell worker calls
// it once, before the first cell.
func SetDefault(s *Session) { installed.Store(s) }

// Default is the process's session. Where nobody has set one it is a session
// whose every request returns [ErrNoSession].
func Default() *Session {
	if s := installed.Load(); s != nil {
		return s
	}
	return New(func(context.Context) (Engine, error) { return nil, ErrNoSession })
}
