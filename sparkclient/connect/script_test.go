package connect

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"gospark/sparkclient/connect/pb"
)

// scripted is a server in this process that answers as a test says and notes
// what it was asked.
type scripted struct {
	pb.UnimplementedSparkConnectServiceServer

	mu        sync.Mutex // guards the fields below
	log       []string   // the names of the requests, in order
	header    metadata.MD
	reattach  []*pb.ReattachExecuteRequest
	execute   []*pb.ExecutePlanRequest
	serverID  string
	interrupt chan string // operations that were interrupted

	// streams are played one after the other, by ExecutePlan and
	// ReattachExecute alike.
	streams []func(send func(*pb.ExecutePlanResponse) error) error
	unary   func(request any) (any, error) // nil: unimplemented
}

// serve starts the script and opens a session on it; both end with the test,
// which fails if goroutines are left.
func serve(t *testing.T, script *scripted, change ...func(*Options)) *Session {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return serveOn(t, script, listener, change...)
}

func serveOn(t *testing.T, script *scripted, listener net.Listener, change ...func(*Options)) *Session {
	t.Helper()
	return serveWith(t, script, listener, nil, change...)
}

func serveWith(t *testing.T, script *scripted, listener net.Listener, options []grpc.ServerOption, change ...func(*Options)) *Session {
	t.Helper()
	script.interrupt = make(chan string, 10)
	if script.serverID == "" {
		script.serverID = "server-1"
	}
	server := grpc.NewServer(append(options, grpc.MaxRecvMsgSize(DefaultMaxMessage))...)
	pb.RegisterSparkConnectServiceServer(server, script)
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(listener)
	}()
	o := Options{Address: listener.Addr().String(), Token: "s3cret", Patience: 2 * time.Second}
	for _, f := range change {
		f(&o)
	}
	s, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = s.Release(context.Background())
		server.Stop()
		<-done
		noGoroutinesLeft(t)
	})
	return s
}

// noGoroutinesLeft waits until nothing of this package or of gRPC runs.
func noGoroutinesLeft(t *testing.T) {
	t.Helper()
	deadline := time.Now().Add(10 * time.Second)
	for {
		stacks := make([]byte, 1<<20)
		stacks = stacks[:runtime.Stack(stacks, true)]
		left := 0
		for _, g := range strings.Split(string(stacks), "\n\n")[1:] {
			if strings.Contains(g, "google.golang.org/grpc") || strings.Contains(g, "sparkclient/connect.(") {
				left++
			}
		}
		if left == 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d goroutines are left:\n%s", left, stacks)
		}
		runtime.Gosched()
	}
}

func (s *scripted) note(ctx context.Context, name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log = append(s.log, name)
	s.header, _ = metadata.FromIncomingContext(ctx)
}

// asked is how often each request came, in the order of first appearance.
func (s *scripted) asked() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.log, " ")
}

func (s *scripted) play(ctx context.Context, operation string, send func(*pb.ExecutePlanResponse) error) error {
	s.mu.Lock()
	if len(s.streams) == 0 {
		s.mu.Unlock()
		return status.Error(codes.FailedPrecondition, "the script has no more streams")
	}
	next := s.streams[0]
	s.streams = s.streams[1:]
	id := s.serverID
	s.mu.Unlock()
	return next(func(r *pb.ExecutePlanResponse) error {
		r.ServerSideSessionId, r.OperationId = id, operation
		return send(r)
	})
}

func (s *scripted) ExecutePlan(r *pb.ExecutePlanRequest, stream grpc.ServerStreamingServer[pb.ExecutePlanResponse]) error {
	s.note(stream.Context(), "execute")
	s.mu.Lock()
	s.execute = append(s.execute, r)
	s.mu.Unlock()
	return s.play(stream.Context(), r.GetOperationId(), stream.Send)
}

func (s *scripted) ReattachExecute(r *pb.ReattachExecuteRequest, stream grpc.ServerStreamingServer[pb.ExecutePlanResponse]) error {
	s.note(stream.Context(), "reattach:"+r.GetLastResponseId())
	s.mu.Lock()
	s.reattach = append(s.reattach, r)
	s.mu.Unlock()
	return s.play(stream.Context(), r.GetOperationId(), stream.Send)
}

func (s *scripted) Interrupt(ctx context.Context, r *pb.InterruptRequest) (*pb.InterruptResponse, error) {
	s.note(ctx, "interrupt")
	s.interrupt <- r.GetOperationId()
	return &pb.InterruptResponse{InterruptedIds: []string{r.GetOperationId()}}, nil
}

func (s *scripted) ReleaseExecute(ctx context.Context, r *pb.ReleaseExecuteRequest) (*pb.ReleaseExecuteResponse, error) {
	s.note(ctx, "release")
	id := r.GetOperationId()
	return &pb.ReleaseExecuteResponse{OperationId: &id}, nil
}

func (s *scripted) ReleaseSession(ctx context.Context, r *pb.ReleaseSessionRequest) (*pb.ReleaseSessionResponse, error) {
	return &pb.ReleaseSessionResponse{SessionId: r.GetSessionId()}, nil
}

func (s *scripted) Config(ctx context.Context, r *pb.ConfigRequest) (*pb.ConfigResponse, error) {
	s.note(ctx, "config")
	return answered[*pb.ConfigResponse](s, r)
}

func (s *scripted) FetchErrorDetails(ctx context.Context, r *pb.FetchErrorDetailsRequest) (*pb.FetchErrorDetailsResponse, error) {
	s.note(ctx, "details")
	return answered[*pb.FetchErrorDetailsResponse](s, r)
}

func answered[T any](s *scripted, request any) (T, error) {
	var zero T
	if s.unary == nil {
		return zero, status.Error(codes.Unimplemented, "not in the script")
	}
	response, err := s.unary(request)
	if err != nil {
		return zero, err
	}
	return response.(T), nil
}

// The responses of scripts.

func schemaMessage(id string) *pb.ExecutePlanResponse {
	long := &pb.DataType{Kind: &pb.DataType_Long_{Long: &pb.DataType_Long{}}}
	fields := []*pb.DataType_StructField{{Name: "n", DataType: long}}
	return &pb.ExecutePlanResponse{ResponseId: id, Schema: &pb.DataType{Kind: &pb.DataType_Struct_{Struct: &pb.DataType_Struct{Fields: fields}}}}
}

// numbers is an Arrow stream with one column of longs.
func numbers(values ...int64) []byte {
	schema := arrow.NewSchema([]arrow.Field{{Name: "n", Type: arrow.PrimitiveTypes.Int64}}, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	b.Field(0).(*array.Int64Builder).AppendValues(values, nil)
	var out bytes.Buffer
	w := ipc.NewWriter(&out, ipc.WithSchema(schema))
	if err := w.Write(b.NewRecord()); err != nil {
		panic(err)
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return out.Bytes()
}

func rowsMessage(id string, values ...int64) *pb.ExecutePlanResponse {
	return arrowMessage(id, &pb.ExecutePlanResponse_ArrowBatch{RowCount: int64(len(values)), Data: numbers(values...)})
}

func arrowMessage(id string, b *pb.ExecutePlanResponse_ArrowBatch) *pb.ExecutePlanResponse {
	return &pb.ExecutePlanResponse{ResponseId: id, ResponseType: &pb.ExecutePlanResponse_ArrowBatch_{ArrowBatch: b}}
}

func completeMessage(id string) *pb.ExecutePlanResponse {
	return &pb.ExecutePlanResponse{ResponseId: id, ResponseType: &pb.ExecutePlanResponse_ResultComplete_{ResultComplete: &pb.ExecutePlanResponse_ResultComplete{}}}
}

// stream sends messages and ends with err.
func stream(err error, messages ...*pb.ExecutePlanResponse) func(func(*pb.ExecutePlanResponse) error) error {
	return func(send func(*pb.ExecutePlanResponse) error) error {
		for _, m := range messages {
			if err := send(m); err != nil {
				return err
			}
		}
		return err
	}
}

// sparkStatus is an error as Spark's server sends it.
func sparkStatus(class, message, errorID string) error {
	s, err := status.New(codes.Internal, fmt.Sprintf("[%s] %s", class, message)).WithDetails(&errdetails.ErrorInfo{
		Reason: "org.apache.spark.sql.AnalysisException", Domain: "org.apache.spark",
		Metadata: map[string]string{
			"errorClass": class, "errorId": errorID, "sqlState": "42000",
			"messageParameters": `{"a":"b"}`, "classes": `["org.apache.spark.sql.AnalysisException"]`,
		},
	})
	if err != nil {
		panic(err)
	}
	return s.Err()
}
