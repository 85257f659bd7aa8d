package connect

import (
	"context"
	"errors"
	"io"
	"os"
	"testing"

	"google.golang.org/protobuf/proto"

	"gospark/sparkclient"
	"gospark/sparkclient/connect/pb"
	"gospark/sparkclient/internal/sparktest"
)

// spark is the real server of this package's tests. Its streams are short so
// that reattaching is the rule here and not the exception.
var spark = sparktest.Server{Conf: map[string]string{
	"spark.connect.execute.reattachable.senderMaxStreamDuration": "1s",
	"spark.connect.execute.reattachable.senderMaxStreamSize":     "1m",
}}

func TestMain(m *testing.M) { os.Exit(sparktest.Run(m, &spark)) }

// open is a session on the real server that ends with the test.
func open(t testing.TB) *Session {
	t.Helper()
	o, err := Parse(spark.Remote(t))
	if err != nil {
		t.Fatal(err)
	}
	return openWith(t, o)
}

func openWith(t testing.TB, o Options) *Session {
	t.Helper()
	s, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Release(context.Background()); err != nil && !errors.Is(err, sparkclient.ErrUnavailable) {
			t.Errorf("release: %v", err)
		}
	})
	return s
}

// sqlPlan is an encoded plan that runs a query.
func sqlPlan(query string) []byte {
	return encodePlan(&pb.Plan{OpType: &pb.Plan_Root{Root: &pb.Relation{RelType: &pb.Relation_Sql{Sql: &pb.SQL{Query: query}}}}})
}

// commandPlan is an encoded plan that runs a command in SQL.
func commandPlan(query string) []byte {
	input := &pb.Relation{RelType: &pb.Relation_Sql{Sql: &pb.SQL{Query: query}}}
	return encodePlan(&pb.Plan{OpType: &pb.Plan_Command{Command: &pb.Command{CommandType: &pb.Command_SqlCommand{
		SqlCommand: &pb.SqlCommand{Input: input},
	}}}})
}

func encodePlan(plan *pb.Plan) []byte {
	encoded, err := proto.Marshal(plan)
	if err != nil {
		panic(err)
	}
	return encoded
}

// result is what a plan answered.
type result struct {
	schema  *sparkclient.StructType
	rows    [][]any
	answers [][]byte
	batches int
}

// run executes a plan to its end.
func run(ctx context.Context, e sparkclient.Engine, plan []byte) (result, error) {
	var r result
	stream, err := e.Execute(ctx, plan)
	if err != nil {
		return r, err
	}
	defer stream.Close()
	for {
		b, err := stream.Next()
		if errors.Is(err, io.EOF) {
			r.schema, r.answers = stream.Schema(), stream.Answers()
			return r, nil
		}
		if err != nil {
			return r, err
		}
		r.batches++
		for i := range b.Len() {
			row := make([]any, len(b.Columns()))
			for c, column := range b.Columns() {
				row[c] = column.Value(i)
			}
			r.rows = append(r.rows, row)
		}
	}
}

// query runs SQL that must succeed.
func query(t testing.TB, e sparkclient.Engine, sql string) result {
	t.Helper()
	r, err := run(t.Context(), e, sqlPlan(sql))
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return r
}
