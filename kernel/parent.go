package kernel

import (
	"context"
	"errors"
	"os"
	"syscall"
	"time"
)

// parentPoll is how often the parent process is looked at.
const parentPoll = time.Second

// watchParent returns ErrParentGone when a process ends. A process that does
// not exist at first belongs to another world (a container's host, say) and is
// not watched.
func watchParent(ctx context.Context, pid int) error {
	if !exists(pid) {
		return nil
	}
	direct := os.Getppid() == pid
	tick := time.NewTicker(parentPoll)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			// A dead parent's number may be in use again; that of a direct
			// parent also changes for us.
			if !exists(pid) || direct && os.Getppid() != pid {
				return ErrParentGone
			}
		case <-ctx.Done():
			return nil
		}
	}
}

func exists(pid int) bool {
	return !errors.Is(syscall.Kill(pid, 0), syscall.ESRCH)
}
