package connect

import (
	"context"
	"errors"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"gospark/sparkclient/connect/pb"
)

type captureKey struct{}

// capture takes the plan of a foreign client's request and answers nothing.
type capture struct {
	session *Session
	plan    *pb.Plan
}

// Capture has ask make a foreign client (see [Session.Foreign]) analyse a plan
// under the context that it is given, catches the request before it is sent and
// returns the plan's relation, encoded, and the session it was meant for. The
// error that ask gets says nothing.
func Capture(ctx context.Context, ask func(context.Context)) (relation []byte, session *Session, err error) {
	var c capture
	ask(context.WithValue(ctx, captureKey{}, &c))
	if c.plan.GetRoot() == nil {
		return nil, nil, errors.New("the other client asked nothing about a plan")
	}
	relation, err = proto.Marshal(c.plan.GetRoot())
	return relation, c.session, err
}

func (c *capture) take(s *Session, request any) error {
	var ours pb.AnalyzePlanRequest
	if err := translate(&ours, request); err != nil {
		return err
	}
	c.session, c.plan = s, ours.GetSchema().GetPlan()
	return status.Error(codes.Aborted, "the plan was taken")
}
