package connect

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"gospark/sparkclient"
	"gospark/sparkclient/connect/pb"
)

// Foreign is a gRPC connection for another client of Spark Connect, with stubs
// of its own. What it asks over the connection is asked by s: with s's id and
// credentials over s's connection, reattaching, with the tags and progress of
// the context, and interrupted on the server when the context ends. Whatever
// session id that client thinks it has is put back into the answers.
//
// The connection itself never leads anywhere and needs no closing. It serves
// ExecutePlan, AnalyzePlan and Config; other requests are Unimplemented.
func (s *Session) Foreign() (*grpc.ClientConn, error) {
	return grpc.NewClient("passthrough:///gospark",
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithUnaryInterceptor(s.foreignUnary),
		grpc.WithStreamInterceptor(s.foreignStream),
	)
}

// foreignUnary serves a request of a foreign client.
func (s *Session) foreignUnary(
	ctx context.Context, method string, request, reply any, _ *grpc.ClientConn, _ grpc.UnaryInvoker, _ ...grpc.CallOption,
) error {
	if c, _ := ctx.Value(captureKey{}).(*capture); c != nil {
		return c.take(s, request)
	}
	switch path.Base(method) {
	case "AnalyzePlan":
		return foreignCall(request, reply, &pb.AnalyzePlanRequest{}, &pb.AnalyzePlanResponse{}, func(r *pb.AnalyzePlanRequest, a *pb.AnalyzePlanResponse) error {
			encoded, err := askEncoded(ctx, r, s.Analyze)
			defer func() { a.SessionId = r.GetSessionId() }()
			return decodeInto(encoded, a, err)
		})
	case "Config":
		return foreignCall(request, reply, &pb.ConfigRequest{}, &pb.ConfigResponse{}, func(r *pb.ConfigRequest, a *pb.ConfigResponse) error {
			encoded, err := askEncoded(ctx, r.GetOperation(), s.Config)
			defer func() { a.SessionId = r.GetSessionId() }()
			return decodeInto(encoded, a, err)
		})
	}
	return status.Errorf(codes.Unimplemented, "%s is not offered here", method)
}

func askEncoded(ctx context.Context, m proto.Message, ask func(context.Context, []byte) ([]byte, error)) ([]byte, error) {
	encoded, err := proto.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("encode a request: %w", err)
	}
	return ask(ctx, encoded)
}

func decodeInto(encoded []byte, m proto.Message, err error) error {
	if err != nil {
		return err
	}
	return proto.Unmarshal(encoded, m)
}

// foreignCall translates between a foreign client's messages and ours, which
// are the same on the wire.
func foreignCall[Req, Rep proto.Message](request, reply any, ours Req, answer Rep, serve func(Req, Rep) error) error {
	if err := translate(ours, request); err != nil {
		return err
	}
	if err := serve(ours, answer); err != nil {
		return foreignError(err)
	}
	return translate(reply, answer)
}

// translate copies a message into one with the same fields of another package.
func translate(to, from any) error {
	source, ok := from.(proto.Message)
	target, ok2 := to.(proto.Message)
	if !ok || !ok2 {
		return status.Errorf(codes.Internal, "%T or %T is no message", from, to)
	}
	encoded, err := proto.Marshal(source)
	if err == nil {
		err = proto.Unmarshal(encoded, target)
	}
	if err != nil {
		return status.Errorf(codes.Internal, "translate a %T: %v", from, err)
	}
	return nil
}

// foreignStream serves ExecutePlan of a foreign client.
func (s *Session) foreignStream(
	ctx context.Context, _ *grpc.StreamDesc, _ *grpc.ClientConn, method string, _ grpc.Streamer, _ ...grpc.CallOption,
) (grpc.ClientStream, error) {
	if path.Base(method) != "ExecutePlan" {
		return nil, status.Errorf(codes.Unimplemented, "%s is not offered here", method)
	}
	return &foreignOperation{session: s, ctx: ctx}, nil
}

// foreignOperation is an operation as a foreign client's stream.
type foreignOperation struct {
	session   *Session
	ctx       context.Context // a grpc.ClientStream has one
	sessionID string          // the foreign client's idea of it
	operation *operation
}

func (f *foreignOperation) Header() (metadata.MD, error) { return nil, nil }
func (f *foreignOperation) Trailer() metadata.MD         { return nil }
func (f *foreignOperation) CloseSend() error             { return nil }
func (f *foreignOperation) Context() context.Context     { return f.ctx }

// SendMsg takes the one request of the stream.
func (f *foreignOperation) SendMsg(request any) error {
	var r pb.ExecutePlanRequest
	if err := translate(&r, request); err != nil {
		return err
	}
	f.sessionID = r.GetSessionId()
	plan, err := proto.Marshal(r.GetPlan())
	if err != nil {
		return status.Errorf(codes.Internal, "encode a plan: %v", err)
	}
	if f.operation, err = f.session.execute(f.ctx, plan); err != nil {
		return foreignError(err)
	}
	f.operation.start()
	return nil
}

// RecvMsg gives the responses as they are.
func (f *foreignOperation) RecvMsg(reply any) error {
	o := f.operation
	if o == nil {
		return status.Error(codes.Internal, "no plan was sent")
	}
	if o.err != nil {
		return foreignError(o.err)
	}
	response, err := o.receive()
	if err != nil {
		o.end(err)
		return foreignError(o.err)
	}
	response.SessionId = f.sessionID
	return translate(reply, response)
}

// foreignError is an error as another client expects it: a gRPC status that it
// does not take for something to try again.
func foreignError(err error) error {
	if errors.Is(err, io.EOF) {
		return io.EOF
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return status.FromContextError(err).Err()
	}
	code := codes.FailedPrecondition
	if errors.Is(err, sparkclient.ErrUnauthenticated) {
		code = codes.Unauthenticated
	}
	st := status.New(code, err.Error())
	var e *sparkclient.Error
	if !errors.As(err, &e) {
		return st.Err()
	}
	params, _ := json.Marshal(e.Params) // a map of strings
	detailed, err := st.WithDetails(&errdetails.ErrorInfo{
		Domain: "org.apache.spark", Metadata: map[string]string{"errorClass": e.Class, "sqlState": e.SQLState, "messageParameters": string(params)},
	})
	if err != nil {
		return st.Err()
	}
	return detailed.Err()
}
