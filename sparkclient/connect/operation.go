package connect

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	"gospark/sparkclient"
	"gospark/sparkclient/connect/pb"
)

// interruptLimit is how long a cancelled operation waits for the server to say
// that it was interrupted.
const interruptLimit = 3 * time.Second

// maxResends is how often a plan is sent that the server says it never had.
const maxResends = 5

var errClosedStream = errors.New("the stream was closed")

// operation is one running plan: a [sparkclient.Stream].
//
// It has no goroutine of its own: its user's goroutine reads. When ctx ends or
// the stream is closed early, stop has the link send the interrupt beside it.
type operation struct {
	session *Session
	me      identity
	ctx     context.Context // the operation's life, given to Execute
	request *pb.ExecutePlanRequest
	report  func(sparkclient.Progress) // nil: nobody listens
	listen  func(answer []byte)        // nil: answers are kept

	stream   grpc.ServerStreamingClient[pb.ExecutePlanResponse] // nil: attach first
	hangUp   context.CancelFunc                                 // ends stream
	sent     bool                                               // the plan; from then on attach means reattach
	resends  int
	retry    *attempts
	last     string // id of the last response seen
	silent   bool   // the stream has brought no response yet
	complete bool   // the server said that there is no more
	err      error  // how the operation ended; sticky

	schema  *sparkclient.StructType
	answers [][]byte
	parts   assembly
	batch   *batch

	working atomic.Bool   // its tasks have been seen
	disarm  func() bool   // from now on, the end of ctx does not call stop
	once    sync.Once     // for stop
	stopped chan struct{} // closed when the server was told to stop
}

func (o *operation) OperationID() string { return o.request.GetOperationId() }

func (o *operation) Schema() *sparkclient.StructType { return o.schema }

func (o *operation) Answers() [][]byte { return o.answers }

// Next waits for rows and deals with all other responses on the way.
func (o *operation) Next() (sparkclient.Batch, error) {
	o.batch = nil
	for o.err == nil {
		response, err := o.receive()
		if err == nil {
			err = o.take(response)
		}
		if err != nil {
			o.end(err)
			break
		}
		if o.batch != nil {
			return o.batch, nil
		}
	}
	return nil, o.err
}

// Close ends the stream; an operation that still runs is interrupted.
func (o *operation) Close() error {
	if o.err == nil {
		o.end(errClosedStream)
	}
	o.batch = nil
	return nil
}

// end records how the operation ended and has the server forget it.
func (o *operation) end(err error) {
	cancelled := o.ctx.Err()
	o.disarm()
	switch {
	case o.complete, errors.As(err, new(*sparkclient.Error)):
		o.session.link.detach(func(ctx context.Context) { _, _ = o.release(ctx) })
	case cancelled != nil:
		o.stop()
		<-o.stopped
		err = cancelled
	case errors.Is(err, sparkclient.ErrSessionLost), errors.Is(err, sparkclient.ErrUnavailable):
	default:
		o.stop()
	}
	o.err = err
	o.drop()
	o.progress(sparkclient.Progress{Finished: true})
}

// receive is the next response of the operation, over as many streams as it
// takes; io.EOF is the end of the answer.
func (o *operation) receive() (*pb.ExecutePlanResponse, error) {
	for !o.complete {
		response, err := o.receiveOnce()
		if err == nil {
			o.note(response)
			return response, o.session.observe(o.me, response.GetServerSideSessionId())
		}
		o.drop()
		if !o.recover(err) {
			if o.ctx.Err() != nil {
				return nil, o.ctx.Err()
			}
			return nil, o.session.explain(o.ctx, o.me, err)
		}
	}
	return nil, io.EOF
}

// note takes from a response what is about the operation and not its answer.
func (o *operation) note(r *pb.ExecutePlanResponse) {
	o.retry.succeeded()
	o.last, o.silent = r.GetResponseId(), false
	if r.GetExecutionProgress().GetNumInflightTasks() > 0 || r.GetArrowBatch() != nil {
		o.working.Store(true)
	}
	if p := r.GetExecutionProgress(); p != nil {
		o.progress(progressOf(p))
	}
	if r.GetResultComplete() != nil {
		o.complete = true
	}
}

func (o *operation) receiveOnce() (*pb.ExecutePlanResponse, error) {
	if o.stream == nil {
		if err := o.attach(); err != nil {
			return nil, err
		}
	}
	return o.stream.Recv()
}

// attach opens a stream: with the plan the first time, after that for what is
// missing of the answer. The server is not told ctx's deadline: it would cut the
// stream there by itself, before stop has it end the operation in order.
func (o *operation) attach() (err error) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(o.ctx))
	disarm := context.AfterFunc(o.ctx, cancel)
	o.hangUp, o.silent = func() { disarm(); cancel() }, true
	if !o.sent {
		o.sent = true
		o.stream, err = o.session.link.stub.ExecutePlan(ctx, o.request)
		return err
	}
	o.stream, err = o.session.link.stub.ReattachExecute(ctx, o.reattachRequest(o.last))
	return err
}

// reattachRequest asks for what comes after the last response that was seen; for
// all of it after none.
func (o *operation) reattachRequest(last string) *pb.ReattachExecuteRequest {
	request := &pb.ReattachExecuteRequest{
		SessionId: o.me.id, ClientObservedServerSideSessionId: o.me.observed, UserContext: o.me.user, ClientType: o.me.client,
		OperationId: o.OperationID(),
	}
	if last != "" {
		request.LastResponseId = &last
	}
	return request
}

// drop lets go of the present stream.
func (o *operation) drop() {
	if o.hangUp != nil {
		o.hangUp()
	}
	o.stream, o.hangUp = nil, nil
}

// recover waits as needed and says whether to attach again after a stream ended
// with err before the answer did.
func (o *operation) recover(err error) bool {
	if o.ctx.Err() != nil {
		return false
	}
	if errors.Is(err, io.EOF) { // the server limits how long a stream is
		return !o.silent || sleep(o.ctx, firstWait) == nil
	}
	switch invalidHandle(err) {
	case "":
		return o.retry.again(o.ctx, err)
	case operationExists:
		return o.resend(true)
	case operationNotFound:
		return o.last == "" && o.resend(false)
	case sessionNotFound: // a session that was never used begins with its first plan
		return o.last == "" && o.me.observed == nil && o.resend(false)
	}
	return false
}

// resend has the next attach send the plan once more, or not.
func (o *operation) resend(sent bool) bool {
	o.sent = sent
	o.resends++
	return o.resends <= maxResends && sleep(o.ctx, firstWait) == nil
}

// take uses what one response says of the answer.
func (o *operation) take(r *pb.ExecutePlanResponse) error {
	if r.GetSchema() != nil && o.schema == nil {
		if err := o.takeSchema(r); err != nil {
			return err
		}
	}
	rest := len(r.GetObservedMetrics()) > 0 || r.GetMetrics() != nil
	switch kind := r.GetResponseType().(type) {
	case *pb.ExecutePlanResponse_ArrowBatch_:
		if err := o.takeBatch(kind.ArrowBatch); err != nil {
			return err
		}
		r.ResponseType = nil
	case *pb.ExecutePlanResponse_ExecutionProgress_, *pb.ExecutePlanResponse_ResultComplete_, nil: // see note
	default:
		rest = true
	}
	if !rest {
		return nil
	}
	encoded, err := proto.Marshal(r)
	if err != nil {
		return fmt.Errorf("encode an answer: %w", err)
	}
	if o.listen != nil {
		o.listen(encoded)
		return nil
	}
	o.answers = append(o.answers, encoded)
	return nil
}

func (o *operation) takeSchema(r *pb.ExecutePlanResponse) error {
	encoded, err := proto.Marshal(r.GetSchema())
	if err != nil {
		return fmt.Errorf("encode the schema: %w", err)
	}
	t, err := sparkclient.DecodeDataType(encoded)
	if err != nil {
		return fmt.Errorf("schema of the result: %w", err)
	}
	schema, ok := t.(*sparkclient.StructType)
	if !ok {
		return fmt.Errorf("schema of the result: %s is not a struct", t.SimpleString())
	}
	o.schema = schema
	return nil
}

// takeBatch makes o.batch of the arrow batch that part completes, if any.
func (o *operation) takeBatch(part *pb.ExecutePlanResponse_ArrowBatch) error {
	data, whole, err := o.parts.add(part)
	if err != nil || !whole {
		return err
	}
	b, err := decodeBatch(o.schema, data)
	if err != nil {
		return fmt.Errorf("rows of the result: %w", err)
	}
	if int64(b.Len()) != part.GetRowCount() {
		return fmt.Errorf("rows of the result: the server announced %d and sent %d", part.GetRowCount(), b.Len())
	}
	if o.schema == nil {
		o.schema = b.schema
	}
	if b.Len() > 0 {
		o.batch = b
	}
	return nil
}

func (o *operation) progress(p sparkclient.Progress) {
	if o.report != nil {
		p.OperationID = o.OperationID()
		o.report(p)
	}
}

func progressOf(p *pb.ExecutePlanResponse_ExecutionProgress) sparkclient.Progress {
	stages := make([]sparkclient.StageProgress, len(p.GetStages()))
	for i, s := range p.GetStages() {
		stages[i] = sparkclient.StageProgress{
			ID: s.GetStageId(), Tasks: s.GetNumTasks(), Done: s.GetNumCompletedTasks(), BytesRead: s.GetInputBytesRead(), Complete: s.GetDone(),
		}
	}
	return sparkclient.Progress{Stages: stages, InFlight: p.GetNumInflightTasks()}
}
