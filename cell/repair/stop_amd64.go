package repair

import "gospark/cell/rt"

// mustStop tells grow whether the calling goroutine's cell is to stop.
func mustStop() bool { return rt.Stopping() } //nolint:unused // grow calls it

// stop is what grow puts in the place of a function.
func stop() { panic(rt.Stopped) } //nolint:unused // grow goes on with it
