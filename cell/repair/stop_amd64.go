package repair

import "gospark/cell/rt"

// mustStop and stop are for grow.

func mustStop() bool { return rt.Stopping() }

func stop() { panic(rt.Stopped) }
