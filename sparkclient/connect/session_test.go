package connect

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"

	"gospark/sparkclient"
	"gospark/sparkclient/connect/pb"
)

// getAll is an encoded operation on the configuration.
func getAll() []byte {
	encoded, err := proto.Marshal(&pb.ConfigRequest_Operation{OpType: &pb.ConfigRequest_Operation_GetAll{GetAll: &pb.ConfigRequest_GetAll{}}})
	if err != nil {
		panic(err)
	}
	return encoded
}

func TestRequestsCarryWhoAsks(t *testing.T) {
	script := &scripted{serverID: "server-1", unary: func(request any) (any, error) {
		r := request.(*pb.ConfigRequest)
		if r.GetUserContext().GetUserId() != "ann" || r.GetSessionId() == "" || !strings.HasPrefix(r.GetClientType(), "gospark ") {
			return nil, status.Errorf(codes.InvalidArgument, "got %v", r)
		}
		return &pb.ConfigResponse{ServerSideSessionId: "server-1", Warnings: []string{r.GetClientObservedServerSideSessionId()}}, nil
	}}
	s := serve(t, script, func(o *Options) { o.UserID, o.Headers = "ann", map[string]string{"x-team": "blue"} })
	for _, observed := range []string{"", "server-1"} {
		encoded, err := s.Config(t.Context(), getAll())
		if err != nil {
			t.Fatal(err)
		}
		var response pb.ConfigResponse
		if err := proto.Unmarshal(encoded, &response); err != nil || response.GetWarnings()[0] != observed {
			t.Errorf("observed %q, want %q (%v)", response.GetWarnings(), observed, err)
		}
	}
	if got := fmt.Sprint(script.header["authorization"], script.header["x-team"]); got != "[Bearer s3cret] [blue]" {
		t.Errorf("headers %s", got)
	}
}

// A restarted server is told once; after that the session works again.
func TestSessionLost(t *testing.T) {
	current := "server-1"
	script := &scripted{unary: func(request any) (any, error) {
		return &pb.ConfigResponse{ServerSideSessionId: current}, nil
	}}
	s := serve(t, script)
	id := s.SessionID()
	config := func() error {
		_, err := s.Config(t.Context(), getAll())
		return err
	}
	if err := errors.Join(config(), config()); err != nil {
		t.Fatal(err)
	}
	current = "server-2"
	if err := config(); !errors.Is(err, sparkclient.ErrSessionLost) {
		t.Errorf("after the restart: %v", err)
	}
	if err := errors.Join(config(), config()); err != nil {
		t.Errorf("in the new session: %v", err)
	}
	if s.SessionID() != id {
		t.Error("the session's id changed without need")
	}
}

func TestSessionLostAsTheServerSaysIt(t *testing.T) {
	for class, renamed := range map[string]bool{"SESSION_CHANGED": false, "SESSION_NOT_FOUND": false, "SESSION_CLOSED": true} {
		t.Run(class, func(t *testing.T) {
			fail := sparkStatus("INVALID_HANDLE."+class, "gone", "")
			script := &scripted{unary: func(any) (any, error) {
				err := fail
				fail = nil
				return &pb.ConfigResponse{ServerSideSessionId: "server-2"}, err
			}}
			s := serve(t, script)
			id := s.SessionID()
			if _, err := s.Config(t.Context(), getAll()); !errors.Is(err, sparkclient.ErrSessionLost) {
				t.Errorf("got %v", err)
			}
			if _, err := s.Config(t.Context(), getAll()); err != nil {
				t.Errorf("after that: %v", err)
			}
			if (s.SessionID() != id) != renamed {
				t.Errorf("id %s became %s", id, s.SessionID())
			}
		})
	}
}

// A session change in mid-result is noticed too.
func TestSessionLostInAStream(t *testing.T) {
	script := &scripted{streams: streams{stream(nil, schemaMessage("a"), completeMessage("b")), stream(nil, schemaMessage("a"), completeMessage("b"))}}
	s := serve(t, script)
	if _, err := run(t.Context(), s, sqlPlan("q")); err != nil {
		t.Fatal(err)
	}
	script.mu.Lock()
	script.serverID = "server-2"
	script.mu.Unlock()
	if _, err := run(t.Context(), s, sqlPlan("q")); !errors.Is(err, sparkclient.ErrSessionLost) {
		t.Errorf("got %v", err)
	}
}

func TestUnreachableServer(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	s, err := Open(Options{Address: address, Token: "s3cret", Patience: 100 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	_, err = s.Config(t.Context(), getAll())
	if !errors.Is(err, sparkclient.ErrUnavailable) || !strings.Contains(err.Error(), address) || strings.Contains(err.Error(), "rpc error") {
		t.Errorf("request: %v", err)
	}
	if _, err := run(t.Context(), s, sqlPlan("q")); !errors.Is(err, sparkclient.ErrUnavailable) {
		t.Errorf("plan: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Config(ctx, getAll()); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestRetries(t *testing.T) {
	busy, err := status.New(codes.ResourceExhausted, "busy").WithDetails(&errdetails.RetryInfo{RetryDelay: durationpb.New(time.Millisecond)})
	if err != nil {
		t.Fatal(err)
	}
	failures := []error{gone(), busy.Err(), gone()}
	script := &scripted{unary: func(any) (any, error) {
		if len(failures) > 0 {
			err := failures[0]
			failures = failures[1:]
			return nil, err
		}
		return &pb.ConfigResponse{}, nil
	}}
	s := serve(t, script)
	if _, err := s.Config(t.Context(), getAll()); err != nil {
		t.Error(err)
	}
	waitFor(t, script, "config config config config")
}

func TestRefusedToken(t *testing.T) {
	script := &scripted{unary: func(any) (any, error) { return nil, status.Error(codes.Unauthenticated, "Invalid token: s3cret") }}
	_, err := serve(t, script).Config(t.Context(), getAll())
	if !errors.Is(err, sparkclient.ErrUnauthenticated) || strings.Contains(err.Error(), "s3cret") {
		t.Errorf("got %v", err)
	}
}

func TestUnixSocket(t *testing.T) {
	dir, err := os.MkdirTemp("", "s") // t.TempDir is too long for a socket
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	listener, err := net.Listen("unix", filepath.Join(dir, "s"))
	if err != nil {
		t.Fatal(err)
	}
	script := &scripted{unary: func(any) (any, error) { return &pb.ConfigResponse{}, nil }}
	s := serveOn(t, script, listener, func(o *Options) { o.Address = "unix:" + o.Address })
	if _, err := s.Config(t.Context(), getAll()); err != nil {
		t.Error(err)
	}
}

func TestUseAfterRelease(t *testing.T) {
	s := serve(t, &scripted{})
	if err := errors.Join(s.Release(t.Context()), s.Release(t.Context()), s.Close()); err != nil {
		t.Error(err)
	}
	if _, err := s.Config(t.Context(), getAll()); err == nil {
		t.Error("a request after Release")
	}
	if _, err := s.Execute(t.Context(), sqlPlan("q")); err == nil {
		t.Error("a plan after Release")
	}
	if _, err := s.NewSession().Config(t.Context(), getAll()); err == nil {
		t.Error("a new session on a closed connection")
	}
}

// Sessions on one connection end one by one.
func TestSessionsShareAConnection(t *testing.T) {
	script := &scripted{unary: func(any) (any, error) { return &pb.ConfigResponse{}, nil }}
	first := serve(t, script)
	second := first.NewSession()
	if first.SessionID() == second.SessionID() {
		t.Error("the same session")
	}
	if err := first.Release(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := second.Config(t.Context(), getAll()); err != nil {
		t.Error(err)
	}
	if err := second.Release(t.Context()); err != nil {
		t.Error(err)
	}
}
