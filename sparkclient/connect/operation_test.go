package connect

import (
	"context"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"gospark/sparkclient"
	"gospark/sparkclient/connect/pb"
)

type streams = []func(func(*pb.ExecutePlanResponse) error) error

// gone is what a dropped connection looks like.
func gone() error { return status.Error(codes.Unavailable, "the network is gone") }

// waitFor waits until the script was asked for want.
func waitFor(t *testing.T, script *scripted, want string) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); script.asked() != want; {
		if time.Now().After(deadline) {
			t.Fatalf("the server was asked for %q, want %q", script.asked(), want)
		}
		time.Sleep(time.Millisecond)
	}
}

// Whatever happens to the streams, the rows 1 2 3 4 arrive once each.
func TestRowsSurviveStreams(t *testing.T) {
	whole := []*pb.ExecutePlanResponse{schemaMessage("a"), rowsMessage("b", 1, 2), rowsMessage("c", 3), rowsMessage("d", 4), completeMessage("e")}
	for name, c := range map[string]struct {
		streams streams
		asked   string
	}{
		"nothing happens":          {streams{stream(nil, whole...)}, "execute release"},
		"the server ends a stream": {streams{stream(nil, whole[:2]...), stream(nil, whole[2:4]...), stream(nil, whole[4:]...)}, "execute reattach:b reattach:d release"},
		"a stream without anything": {
			streams{stream(nil), stream(nil), stream(nil, whole...)}, "execute reattach: reattach: release"},
		"the connection drops": {streams{stream(gone(), whole[:3]...), stream(gone()), stream(nil, whole[3:]...)}, "execute reattach:c reattach:c release"},
		"another stream took over": {
			streams{stream(status.Error(codes.Internal, "[INVALID_CURSOR.DISCONNECTED] x"), whole[:3]...), stream(nil, whole[3:]...)},
			"execute reattach:c release"},
		"the plan got lost": {
			streams{stream(gone()), stream(sparkStatus("INVALID_HANDLE.OPERATION_NOT_FOUND", "", "")), stream(nil, whole...)},
			"execute reattach: execute release"},
		"the plan got lost with the session": {
			streams{stream(gone()), stream(sparkStatus("INVALID_HANDLE.SESSION_NOT_FOUND", "", "")), stream(nil, whole...)},
			"execute reattach: execute release"},
		"the plan arrived late": {
			streams{stream(gone()), stream(sparkStatus("INVALID_HANDLE.OPERATION_NOT_FOUND", "", "")),
				stream(sparkStatus("INVALID_HANDLE.OPERATION_ALREADY_EXISTS", "", "")), stream(nil, whole...)},
			"execute reattach: execute reattach: release"},
	} {
		t.Run(name, func(t *testing.T) {
			script := &scripted{streams: c.streams}
			s := serve(t, script)
			r, err := run(t.Context(), s, sqlPlan("q"))
			if err != nil {
				t.Fatal(err)
			}
			if want := [][]any{{int64(1)}, {int64(2)}, {int64(3)}, {int64(4)}}; !reflect.DeepEqual(r.rows, want) {
				t.Errorf("rows %v", r.rows)
			}
			waitFor(t, script, c.asked)
		})
	}
}

// An operation that the server forgot in mid-result is not started again.
func TestForgottenOperationIsAnError(t *testing.T) {
	script := &scripted{streams: streams{
		stream(gone(), schemaMessage("a"), rowsMessage("b", 1)),
		stream(sparkStatus("INVALID_HANDLE.OPERATION_NOT_FOUND", "Operation not found.", "")),
	}}
	_, err := run(t.Context(), serve(t, script), sqlPlan("q"))
	var sparkErr *sparkclient.Error
	if !errors.As(err, &sparkErr) || sparkErr.Class != "INVALID_HANDLE.OPERATION_NOT_FOUND" {
		t.Errorf("got %v", err)
	}
	waitFor(t, script, "execute reattach:b release")
}

// A query that fails is not sent twice, and the error is whole.
func TestFailingQuery(t *testing.T) {
	root, cause := int32(0), int32(1)
	class, state := "TABLE_OR_VIEW_NOT_FOUND", "42P01"
	script := &scripted{
		streams: streams{stream(sparkStatus(class, "short", "id-1"))},
		unary: func(request any) (any, error) {
			if id := request.(*pb.FetchErrorDetailsRequest).GetErrorId(); id != "id-1" {
				t.Errorf("details of %s", id)
			}
			return &pb.FetchErrorDetailsResponse{RootErrorIdx: &root, Errors: []*pb.FetchErrorDetailsResponse_Error{{
				Message: "[TABLE_OR_VIEW_NOT_FOUND] no `t`.\nIt really is not there. s3cret", CauseIdx: &cause, ErrorTypeHierarchy: []string{"A", "B"},
				StackTrace: []*pb.FetchErrorDetailsResponse_StackTraceElement{{DeclaringClass: "C", MethodName: "m", FileName: proto.String("C.scala"), LineNumber: 7}},
				SparkThrowable: &pb.FetchErrorDetailsResponse_SparkThrowable{
					ErrorClass: &class, SqlState: &state, MessageParameters: map[string]string{"relationName": "`t`"},
					QueryContexts: []*pb.FetchErrorDetailsResponse_QueryContext{{StartIndex: 14, StopIndex: 14, Fragment: "t", Summary: "== SQL =="}},
				},
			}, {Message: "deeper", CauseIdx: &root}}}, nil
		},
	}
	_, err := run(t.Context(), serve(t, script), sqlPlan("q"))
	var e *sparkclient.Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v", err)
	}
	if e.Class != class || e.SQLState != state || e.Params["relationName"] != "`t`" || e.StackTrace[0] != "C.m(C.scala:7)" {
		t.Errorf("got %+v", e)
	}
	if len(e.Contexts) != 1 || e.Contexts[0].Start != 14 || e.Contexts[0].Fragment != "t" {
		t.Errorf("contexts %+v", e.Contexts)
	}
	if e.Cause == nil || e.Cause.Message != "deeper" {
		t.Errorf("cause %+v", e.Cause)
	}
	if strings.Contains(err.Error(), "s3cret") {
		t.Errorf("the token is in %q", err)
	}
	waitFor(t, script, "execute details release")
}

// Without details, the error has what came with the status.
func TestFailingQueryWithoutDetails(t *testing.T) {
	script := &scripted{streams: streams{stream(sparkStatus("SOME_CLASS", "short", "id-1"))}}
	_, err := run(t.Context(), serve(t, script), sqlPlan("q"))
	var e *sparkclient.Error
	if !errors.As(err, &e) || e.Class != "SOME_CLASS" || e.SQLState != "42000" || e.Params["a"] != "b" || e.Message != "[SOME_CLASS] short" {
		t.Errorf("got %+v", err)
	}
}

// block sends messages and then waits until the stream is cancelled.
func block(ctx context.Context, messages ...*pb.ExecutePlanResponse) func(func(*pb.ExecutePlanResponse) error) error {
	return func(send func(*pb.ExecutePlanResponse) error) error {
		err := stream(nil, messages...)(send)
		<-ctx.Done()
		return err
	}
}

func TestCancelInterrupts(t *testing.T) {
	hold, letGo := context.WithCancel(t.Context())
	defer letGo()
	script := &scripted{streams: streams{block(hold, schemaMessage("a"), rowsMessage("b", 1))}}
	s := serve(t, script)
	ctx, cancel := context.WithCancel(t.Context())
	stream, err := s.Execute(ctx, sqlPlan("q"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := stream.Next(); err != nil {
		t.Fatal(err)
	}
	cancel()
	if _, err := stream.Next(); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if id := <-script.interrupt; id != stream.OperationID() {
		t.Errorf("interrupted %s", id)
	}
	waitFor(t, script, "execute interrupt release")
}

// The interrupt does not need anybody to read the stream.
func TestCancelInterruptsUnread(t *testing.T) {
	hold, letGo := context.WithCancel(t.Context())
	defer letGo()
	script := &scripted{streams: streams{block(hold, schemaMessage("a"), rowsMessage("b", 1))}}
	s := serve(t, script)
	ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
	stream, err := s.Execute(ctx, sqlPlan("q"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := stream.Next(); err != nil {
		t.Fatal(err)
	}
	cancel()
	<-script.interrupt
	_ = stream.Close()
}

func TestCloseEarlyInterrupts(t *testing.T) {
	hold, letGo := context.WithCancel(t.Context())
	defer letGo()
	script := &scripted{streams: streams{block(hold, schemaMessage("a"), rowsMessage("b", 1))}}
	stream, err := serve(t, script).Execute(t.Context(), sqlPlan("q"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := stream.Next(); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(stream.Close(), stream.Close()); err != nil {
		t.Error(err)
	}
	<-script.interrupt
	if _, err := stream.Next(); err == nil || errors.Is(err, io.EOF) {
		t.Errorf("Next after Close: %v", err)
	}
}

func TestProgressTagsAndAnswers(t *testing.T) {
	progress := &pb.ExecutePlanResponse{ResponseId: "b", ResponseType: &pb.ExecutePlanResponse_ExecutionProgress_{ExecutionProgress: &pb.ExecutePlanResponse_ExecutionProgress{
		NumInflightTasks: 2, Stages: []*pb.ExecutePlanResponse_ExecutionProgress_StageInfo{{StageId: 1, NumTasks: 8, NumCompletedTasks: 3, InputBytesRead: 9}},
	}}}
	observed := rowsMessage("c", 1)
	observed.ObservedMetrics = []*pb.ExecutePlanResponse_ObservedMetrics{{Name: "m"}}
	script := &scripted{streams: streams{stream(nil, schemaMessage("a"), progress, observed, completeMessage("d"))}}
	s := serve(t, script)

	var seen []sparkclient.Progress
	ctx := sparkclient.WithProgress(sparkclient.WithTags(t.Context(), "cell-1"), func(p sparkclient.Progress) { seen = append(seen, p) })
	r, err := run(ctx, s, sqlPlan("q"))
	if err != nil {
		t.Fatal(err)
	}
	id := script.execute[0].GetOperationId()
	want := []sparkclient.Progress{
		{OperationID: id, Started: true},
		{OperationID: id, InFlight: 2, Stages: []sparkclient.StageProgress{{ID: 1, Tasks: 8, Done: 3, BytesRead: 9}}},
		{OperationID: id, Finished: true},
	}
	if !reflect.DeepEqual(seen, want) {
		t.Errorf("progress %+v", seen)
	}
	if tags := script.execute[0].GetTags(); !reflect.DeepEqual(tags, []string{"cell-1"}) {
		t.Errorf("tags %v", tags)
	}
	var answer pb.ExecutePlanResponse
	if len(r.answers) != 1 || proto.Unmarshal(r.answers[0], &answer) != nil || answer.GetObservedMetrics()[0].GetName() != "m" || answer.GetArrowBatch() != nil {
		t.Errorf("answers %v", r.answers)
	}
	if _, err := s.Execute(sparkclient.WithTags(t.Context(), "a,b"), sqlPlan("q")); err == nil {
		t.Error("a tag with a comma was taken")
	}
}

func TestChunkedAndHugeBatches(t *testing.T) {
	values := make([]int64, 1<<20) // 8 MB, in one message
	values[len(values)-1] = 7
	data := numbers(1, 2, 3)
	part := func(id string, i int64, data []byte) *pb.ExecutePlanResponse {
		return arrowMessage(id, &pb.ExecutePlanResponse_ArrowBatch{RowCount: 3, Data: data, ChunkIndex: &i, NumChunksInBatch: proto.Int64(3)})
	}
	script := &scripted{streams: streams{
		stream(gone(), schemaMessage("a"), part("b", 0, data[:10]), part("c", 1, data[10:100])),
		stream(nil, part("d", 2, data[100:]), rowsMessage("e", values...), completeMessage("f")),
		stream(nil, schemaMessage("a"), part("b", 0, data[:10]), part("c", 2, data[10:])),
	}}
	s := serve(t, script)
	r, err := run(t.Context(), s, sqlPlan("q"))
	if err != nil {
		t.Fatal(err)
	}
	if r.batches != 2 || len(r.rows) != 3+len(values) || r.rows[2][0] != int64(3) || r.rows[len(r.rows)-1][0] != int64(7) {
		t.Errorf("%d batches, %d rows", r.batches, len(r.rows))
	}
	if _, err := run(t.Context(), s, sqlPlan("q")); err == nil || !strings.Contains(err.Error(), "chunk 2 of 3") {
		t.Errorf("a lost chunk: %v", err)
	}
}

func TestMessageOverTheLimit(t *testing.T) {
	script := &scripted{streams: streams{stream(nil, schemaMessage("a"), rowsMessage("b", make([]int64, 1<<20)...))}}
	s := serve(t, script, func(o *Options) { o.MaxMessage = 1 << 20 })
	if _, err := run(t.Context(), s, sqlPlan("q")); err == nil || !strings.Contains(err.Error(), "too large") {
		t.Errorf("got %v", err)
	}
}

func TestPlanOverTheLimit(t *testing.T) {
	s := serve(t, &scripted{}, func(o *Options) { o.MaxMessage = 1 << 20 })
	if _, err := run(t.Context(), s, sqlPlan(strings.Repeat("x", 2<<20))); err == nil || !strings.Contains(err.Error(), "too large") {
		t.Errorf("got %v", err)
	}
}

func TestMalformedRows(t *testing.T) {
	good := numbers(1, 2, 3)
	for name, data := range map[string][]byte{
		"nothing like Arrow": []byte("hello, world, this is no arrow"),
		"cut short":          good[:len(good)/2],
		"nothing at all":     nil,
	} {
		t.Run(name, func(t *testing.T) {
			script := &scripted{streams: streams{stream(nil, schemaMessage("a"), arrowMessage("b", &pb.ExecutePlanResponse_ArrowBatch{RowCount: 3, Data: data}))}}
			if _, err := run(t.Context(), serve(t, script), sqlPlan("q")); err == nil || !strings.Contains(err.Error(), "rows of the result") {
				t.Errorf("got %v", err)
			}
		})
	}
}
