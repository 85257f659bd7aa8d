package launcher

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"
)

// errHeld says that another process holds a lock.
var errHeld = errors.New("the lock is held")

// tryLock takes a lock file of the folder without waiting; errHeld when another
// process has it. Closing the file, or dying, gives it back.
func (f *folder) tryLock(name string) (*os.File, error) {
	file, err := f.root.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", f.file(name), err)
	}
	for {
		err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if !errors.Is(err, syscall.EINTR) {
			break
		}
	}
	if err == nil {
		return file, nil
	}
	file.Close()
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, errHeld
	}
	return nil, fmt.Errorf("lock %s: %w", f.file(name), err)
}

// lock takes a lock file, waiting until it is free or ctx ends.
func (f *folder) lock(ctx context.Context, name string) (*os.File, error) {
	for {
		file, err := f.tryLock(name)
		if !errors.Is(err, errHeld) {
			return file, err
		}
		if err := pause(ctx, poll); err != nil {
			return nil, err
		}
	}
}

// held reports whether some process holds a lock file.
func (f *folder) held(name string) (bool, error) {
	file, err := f.tryLock(name)
	if errors.Is(err, errHeld) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	return false, file.Close()
}

// pause waits for d or for the end of ctx.
func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
