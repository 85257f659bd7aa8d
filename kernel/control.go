package kernel

import (
	"context"

	"gospark/kernel/wire"
)

// interrupt answers interrupt_request: the contexts of running cells
// end, cells that wait are aborted.
func (k *kernel) interrupt(context.Context, call[wire.InterruptRequest]) (wire.InterruptReply, error) {
	k.cells.interrupt()
	return wire.InterruptReply{}, nil
}

// shutdown answers shutdown_request when the interpreter is closed and every
// cell is answered. An interpreter that does not return holds it up for
// stuckTime only. The kernel ends after the reply.
func (k *kernel) shutdown(ctx context.Context, c call[wire.ShutdownRequest]) (wire.ShutdownReply, error) {
	k.cells.interrupt()
	k.closeInterpreter(ctx, c.Body.Restart)
	wait, cancel := context.WithTimeout(ctx, stuckTime)
	defer cancel()
	k.cells.settled(wait)
	rep := wire.ShutdownReply{Restart: c.Body.Restart}
	k.publish(c.request, rep)
	return rep, nil
}
