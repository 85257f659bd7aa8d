package zmq

import (
	"context"
	"sync"
)

// await waits on a condition until ok holds or ctx ends. cond.L is held by the
// caller and when ok is called.
func await(ctx context.Context, cond *sync.Cond, ok func() bool) error {
	wake := context.AfterFunc(ctx, func() {
		cond.L.Lock()
		defer cond.L.Unlock()
		cond.Broadcast()
	})
	defer wake()
	for !ok() {
		if err := ctx.Err(); err != nil {
			return err
		}
		cond.Wait()
	}
	return nil
}
