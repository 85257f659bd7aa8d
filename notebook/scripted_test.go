package notebook

import (
	"context"
	"net"
	"slices"
	"sync"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"gospark/sparkclient/connect/pb"
)

// scripted is a Spark Connect server in this process, which knows its version
// and nothing else.
type scripted struct {
	pb.UnimplementedSparkConnectServiceServer
	address string
	server  *grpc.Server
	served  chan struct{}

	// gate is closed when the server may answer; nil: at once.
	gate chan struct{}
	// refuse is what it answers instead, where it is not nil.
	refuse error

	mu       sync.Mutex // guards the fields below
	sessions []string   // that asked for something
	token    string     // that it wants; empty: it does not ask
	released []string
}

// serveScript starts a server; it ends with the test. Change it before the first
// request.
func serveScript(t *testing.T) *scripted {
	t.Helper()
	return serveScriptAt(t, "127.0.0.1:0")
}

func serveScriptAt(t *testing.T, address string) *scripted {
	t.Helper()
	noLeaks(t)
	l, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	s := &scripted{address: l.Addr().String(), server: grpc.NewServer(), served: make(chan struct{})}
	pb.RegisterSparkConnectServiceServer(s.server, s)
	go func() {
		defer close(s.served)
		_ = s.server.Serve(l)
	}()
	t.Cleanup(s.stop)
	return s
}

func (s *scripted) stop() {
	s.server.Stop()
	<-s.served
}

func (s *scripted) url(parameters string) string { return "sc://" + s.address + "/" + parameters }

// admit is what all requests of a session go through.
func (s *scripted) admit(ctx context.Context, session string) error {
	s.mu.Lock()
	s.sessions = append(s.sessions, session)
	want := s.token
	s.mu.Unlock()
	if md, _ := metadata.FromIncomingContext(ctx); want != "" && !slices.Equal(md.Get("authorization"), []string{"Bearer " + want}) {
		return status.Error(codes.Unauthenticated, "Invalid authentication token")
	}
	if s.gate != nil {
		select {
		case <-s.gate:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return s.refuse
}

// Config knows one setting.
func (s *scripted) Config(ctx context.Context, r *pb.ConfigRequest) (*pb.ConfigResponse, error) {
	if err := s.admit(ctx, r.GetSessionId()); err != nil {
		return nil, err
	}
	key, value := "spark.sql.session.timeZone", "UTC"
	if !slices.Equal(r.GetOperation().GetGet().GetKeys(), []string{key}) {
		return nil, status.Error(codes.Unimplemented, "only the time zone is known here")
	}
	return &pb.ConfigResponse{
		SessionId: r.GetSessionId(), ServerSideSessionId: "server-side", Pairs: []*pb.KeyValue{{Key: key, Value: &value}},
	}, nil
}

func (s *scripted) AnalyzePlan(ctx context.Context, r *pb.AnalyzePlanRequest) (*pb.AnalyzePlanResponse, error) {
	if err := s.admit(ctx, r.GetSessionId()); err != nil {
		return nil, err
	}
	if r.GetSparkVersion() == nil {
		return nil, status.Error(codes.Unimplemented, "only the version is known here")
	}
	return &pb.AnalyzePlanResponse{
		SessionId: r.GetSessionId(), ServerSideSessionId: "server-side",
		Result: &pb.AnalyzePlanResponse_SparkVersion_{SparkVersion: &pb.AnalyzePlanResponse_SparkVersion{Version: "4.3.0"}},
	}, nil
}

func (s *scripted) ReleaseSession(_ context.Context, r *pb.ReleaseSessionRequest) (*pb.ReleaseSessionResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.released = append(s.released, r.GetSessionId())
	return &pb.ReleaseSessionResponse{SessionId: r.GetSessionId()}, nil
}

// began are the sessions that were used, each once; ended those that were
// released.
func (s *scripted) began() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Compact(slices.Clone(s.sessions))
}

func (s *scripted) ended() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.released)
}

// blackHole is an address where somebody listens and says nothing.
func blackHole(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return "sc://" + l.Addr().String()
}

// nobody is an address where nobody listens.
func nobody(t *testing.T) (address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}
