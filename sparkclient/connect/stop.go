package connect

import (
	"context"
	"time"

	"gospark/sparkclient"
	"gospark/sparkclient/connect/pb"
)

// A plan may be on its way while its interrupt overtakes it: the server is asked
// again until it knows the operation, or for this long.
const (
	stopTries = 5
	stopPause = 200 * time.Millisecond
)

// tasksLimit is how long the interrupt waits for the tasks of an operation that
// was cancelled before it had any.
const tasksLimit = 2 * time.Second

// stop tells the server, once and beside the caller, to end the operation. It is
// called from any goroutine and uses only what does not change.
func (o *operation) stop() {
	o.once.Do(func() {
		running := o.session.link.detach(func(ctx context.Context) {
			if !o.working.Load() {
				o.awaitTasks(ctx)
			}
			o.interrupt(ctx)
			close(o.stopped)
			o.releaseStopped(ctx)
		})
		if !running {
			close(o.stopped)
		}
	})
}

// awaitTasks waits until the operation's tasks run, for tasksLimit at most. Spark
// cancels the jobs that there are: one that a thread of its adaptive execution
// submits a moment later would go on for ever, as an operation that is CANCELLED.
func (o *operation) awaitTasks(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, tasksLimit)
	defer cancel()
	stream, err := o.session.link.stub.ReattachExecute(ctx, o.reattachRequest(""))
	for err == nil {
		var r *pb.ExecutePlanResponse
		r, err = stream.Recv()
		if r.GetExecutionProgress().GetNumInflightTasks() > 0 || r.GetArrowBatch() != nil || r.GetResultComplete() != nil {
			return
		}
	}
}

// interrupt ends the operation's jobs. What fails here cannot be mended by the
// caller, who is leaving; the release that follows interrupts as well.
func (o *operation) interrupt(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, interruptLimit)
	defer cancel()
	request := interruptRequest(o.me, sparkclient.Interrupt{OperationID: o.OperationID()})
	_, _ = o.session.link.stub.Interrupt(ctx, request)
}

// releaseStopped releases the operation, also if its plan arrives late.
func (o *operation) releaseStopped(ctx context.Context) {
	for range stopTries {
		found, err := o.release(ctx)
		if found || err != nil || sleep(ctx, stopPause) != nil {
			return
		}
	}
}

// release has the server forget the operation and its answer, interrupting it if
// it runs, and says whether the server knew it. Responses are not released one
// by one on the way: the server bounds what it keeps of them by itself.
func (o *operation) release(ctx context.Context) (found bool, err error) {
	response, err := o.session.link.stub.ReleaseExecute(ctx, &pb.ReleaseExecuteRequest{
		SessionId: o.me.id, ClientObservedServerSideSessionId: o.me.observed, UserContext: o.me.user, ClientType: o.me.client,
		OperationId: o.OperationID(), Release: &pb.ReleaseExecuteRequest_ReleaseAll_{ReleaseAll: &pb.ReleaseExecuteRequest_ReleaseAll{}},
	})
	return response.GetOperationId() != "", err
}
