package connect

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"google.golang.org/protobuf/proto"

	"gospark/sparkclient"
	"gospark/sparkclient/connect/pb"
)

// Execute starts an operation; see [sparkclient.Engine]. Whether the server can
// run the plan shows in the stream.
func (s *Session) Execute(ctx context.Context, plan []byte) (sparkclient.Stream, error) {
	o, err := s.execute(ctx, plan)
	if err != nil {
		return nil, err
	}
	o.request.RequestOptions = append(o.request.RequestOptions, &pb.ExecutePlanRequest_RequestOption{
		RequestOption: &pb.ExecutePlanRequest_RequestOption_ResultChunkingOptions{
			ResultChunkingOptions: &pb.ResultChunkingOptions{AllowArrowBatchChunking: true},
		},
	})
	o.start()
	return o, nil
}

// execute prepares an operation; start sends its plan.
func (s *Session) execute(ctx context.Context, plan []byte) (*operation, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	me, err := s.open()
	if err != nil {
		return nil, err
	}
	request, err := executeRequest(me, plan, sparkclient.Tags(ctx))
	if err != nil {
		return nil, err
	}
	o := &operation{
		session: s, me: me, ctx: ctx, request: request, retry: s.link.attempts(),
		report: sparkclient.ProgressHandler(ctx), listen: sparkclient.AnswerHandler(ctx), stopped: make(chan struct{}),
	}
	o.disarm = context.AfterFunc(ctx, o.stop)
	o.progress(sparkclient.Progress{Started: true})
	return o, nil
}

// start sends the plan. If that fails the first response says so, after another
// attempt: the server takes an operation only once.
func (o *operation) start() {
	if err := o.attach(); err != nil {
		o.drop()
		o.sent = false
	}
}

func executeRequest(me identity, plan []byte, tags []string) (*pb.ExecutePlanRequest, error) {
	for _, tag := range tags {
		if tag == "" || strings.Contains(tag, ",") {
			return nil, fmt.Errorf("the tag %q of an operation is empty or has a comma", tag)
		}
	}
	var what pb.Plan
	if err := proto.Unmarshal(plan, &what); err != nil {
		return nil, fmt.Errorf("read the plan: %w", err)
	}
	id := uuid.NewString()
	return &pb.ExecutePlanRequest{
		SessionId: me.id, ClientObservedServerSideSessionId: me.observed, UserContext: me.user, ClientType: me.client,
		OperationId: &id, Plan: &what, Tags: tags,
		RequestOptions: []*pb.ExecutePlanRequest_RequestOption{
			{RequestOption: &pb.ExecutePlanRequest_RequestOption_ReattachOptions{
				ReattachOptions: &pb.ReattachOptions{Reattachable: true},
			}},
		},
	}, nil
}
