package connect

import (
	"context"
	"fmt"

	"google.golang.org/protobuf/proto"

	"gospark/sparkclient"
	"gospark/sparkclient/connect/pb"
)

// Analyze asks about a plan without running it: the encoded AnalyzePlanRequest
// has the member of its oneof only; the answer is the encoded response.
func (s *Session) Analyze(ctx context.Context, request []byte) ([]byte, error) {
	var what pb.AnalyzePlanRequest
	if err := proto.Unmarshal(request, &what); err != nil {
		return nil, fmt.Errorf("read the request to analyse: %w", err)
	}
	response, err := call(ctx, s, s.link.stub.AnalyzePlan, func(me identity) *pb.AnalyzePlanRequest {
		what.SessionId, what.ClientObservedServerSideSessionId = me.id, me.observed
		what.UserContext, what.ClientType = me.user, me.client
		return &what
	})
	return encode(response, err)
}

// Config reads or changes configuration: operation is an encoded
// ConfigRequest.Operation, the answer an encoded ConfigResponse.
func (s *Session) Config(ctx context.Context, operation []byte) ([]byte, error) {
	var what pb.ConfigRequest_Operation
	if err := proto.Unmarshal(operation, &what); err != nil {
		return nil, fmt.Errorf("read the operation on the configuration: %w", err)
	}
	response, err := call(ctx, s, s.link.stub.Config, func(me identity) *pb.ConfigRequest {
		return &pb.ConfigRequest{
			SessionId: me.id, ClientObservedServerSideSessionId: me.observed, UserContext: me.user, ClientType: me.client,
			Operation: &what,
		}
	})
	return encode(response, err)
}

// encode is the encoded response where there was no error.
func encode(response proto.Message, err error) ([]byte, error) {
	if err != nil {
		return nil, err
	}
	encoded, err := proto.Marshal(response)
	if err != nil {
		return nil, fmt.Errorf("encode the answer: %w", err)
	}
	return encoded, nil
}

// Interrupt stops operations of the session and returns the ids of those that
// ran.
func (s *Session) Interrupt(ctx context.Context, what sparkclient.Interrupt) ([]string, error) {
	response, err := call(ctx, s, s.link.stub.Interrupt, func(me identity) *pb.InterruptRequest {
		return interruptRequest(me, what)
	})
	if err != nil {
		return nil, fmt.Errorf("interrupt: %w", err)
	}
	return response.GetInterruptedIds(), nil
}

func interruptRequest(me identity, what sparkclient.Interrupt) *pb.InterruptRequest {
	request := &pb.InterruptRequest{
		SessionId: me.id, ClientObservedServerSideSessionId: me.observed, UserContext: me.user, ClientType: me.client,
		InterruptType: pb.InterruptRequest_INTERRUPT_TYPE_ALL,
	}
	switch {
	case what.OperationID != "":
		request.InterruptType = pb.InterruptRequest_INTERRUPT_TYPE_OPERATION_ID
		request.Interrupt = &pb.InterruptRequest_OperationId{OperationId: what.OperationID}
	case what.Tag != "":
		request.InterruptType = pb.InterruptRequest_INTERRUPT_TYPE_TAG
		request.Interrupt = &pb.InterruptRequest_OperationTag{OperationTag: what.Tag}
	}
	return request
}

// Status says in which state operations of the session are (RUNNING, SUCCEEDED,
// …), by id; without ids it is all that the server still knows.
func (s *Session) Status(ctx context.Context, operations ...string) (map[string]string, error) {
	response, err := call(ctx, s, s.link.stub.GetStatus, func(me identity) *pb.GetStatusRequest {
		return &pb.GetStatusRequest{
			SessionId: me.id, ClientObservedServerSideSessionId: me.observed, UserContext: me.user, ClientType: me.client,
			OperationStatus: &pb.GetStatusRequest_OperationStatusRequest{OperationIds: operations},
		}
	})
	if err != nil {
		return nil, fmt.Errorf("status of operations: %w", err)
	}
	states := make(map[string]string)
	for _, o := range response.GetOperationStatuses() {
		states[o.GetOperationId()] = stateName(o.GetState())
	}
	return states, nil
}

func stateName(state pb.GetStatusResponse_OperationStatus_OperationState) string {
	return state.String()[len("OPERATION_STATE_"):]
}
