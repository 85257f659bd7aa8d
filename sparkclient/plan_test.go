package sparkclient_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/proto"

	"github.com/rogpeppe/go-internal/txtar"

	"gospark/sparkclient"
	"gospark/sparkclient/connect/pb"
	F "gospark/sparkclient/functions"
	"gospark/sparkclient/window"
)

var update = flag.Bool("update", false, "write the golden files anew")

// scripted is an Engine without a server: it keeps the last plan and answers
// with what the test put into it.
type scripted struct {
	plan    []byte
	schema  *sparkclient.StructType
	rows    [][]any
	answers [][]byte
	err     error
	closed  int
}

func (e *scripted) SessionID() string { return "scripted" }

func (e *scripted) Execute(_ context.Context, plan []byte) (sparkclient.Stream, error) {
	e.plan = plan
	return &scriptedStream{e, false}, nil
}

func (e *scripted) EncodeRows(_ *sparkclient.StructType, rows iter.Seq[[]any]) ([]byte, error) {
	for row := range rows {
		e.rows = append(e.rows, slices.Clone(row))
	}
	return []byte("arrow"), nil
}

func (e *scripted) Analyze(context.Context, []byte) ([]byte, error) { return nil, e.err }
func (e *scripted) Config(context.Context, []byte) ([]byte, error)  { return nil, e.err }
func (e *scripted) Interrupt(context.Context, sparkclient.Interrupt) ([]string, error) {
	return nil, e.err
}
func (e *scripted) AddArtifacts(context.Context, []sparkclient.Artifact) error { return e.err }
func (e *scripted) ArtifactExists(context.Context, []string) (map[string]bool, error) {
	return nil, e.err
}
func (e *scripted) NewSession() sparkclient.Engine { return &scripted{} }
func (e *scripted) CloneSession(context.Context) (sparkclient.Engine, error) {
	return &scripted{}, e.err
}
func (e *scripted) Release(context.Context) error { return nil }

func (e *scripted) session() *sparkclient.Session {
	return sparkclient.New(func(context.Context) (sparkclient.Engine, error) { return e, nil })
}

// scriptedStream gives the engine's rows in one batch.
type scriptedStream struct {
	e    *scripted
	done bool
}

func (s *scriptedStream) OperationID() string             { return "op" }
func (s *scriptedStream) Schema() *sparkclient.StructType { return s.e.schema }
func (s *scriptedStream) Answers() [][]byte               { return s.e.answers }
func (s *scriptedStream) Close() error                    { s.e.closed++; return nil }

func (s *scriptedStream) Next() (sparkclient.Batch, error) {
	if s.done || s.e.rows == nil && s.e.err == nil {
		return nil, io.EOF
	}
	s.done = true
	return rowBatch(s.e.rows), s.e.err
}

type rowBatch [][]any

func (b rowBatch) Len() int { return len(b) }

func (b rowBatch) Columns() []sparkclient.Vector {
	var list []sparkclient.Vector
	for c := range b[0] {
		list = append(list, rowVector{b, c})
	}
	return list
}

type rowVector struct {
	rows [][]any
	c    int
}

func (v rowVector) IsNull(i int) bool { return v.rows[i][v.c] == nil }
func (v rowVector) Value(i int) any   { return v.rows[i][v.c] }

// planText is an encoded plan as protobuf text without its arbitrary blanks.
func planText(t *testing.T, encoded []byte) string {
	t.Helper()
	var p pb.Plan
	check(t, proto.Unmarshal(encoded, &p))
	if unknown := p.ProtoReflect().GetUnknown(); len(unknown) > 0 {
		t.Errorf("unknown fields %x", unknown)
	}
	var b strings.Builder
	ids := map[string]string{} // plan ids begin at random: number them as they come
	for line := range strings.Lines(prototext.Format(&p)) {
		indent := line[:len(line)-len(strings.TrimLeft(line, " "))]
		words := strings.Fields(line)
		if words[0] == "plan_id:" {
			if ids[words[1]] == "" {
				ids[words[1]] = fmt.Sprint("#", len(ids)+1)
			}
			words[1] = ids[words[1]]
		}
		b.WriteString(indent + strings.Join(words, " ") + "\n")
	}
	return b.String()
}

// TestPlans compares the plans of DataFrames with testdata/plans.txtar, decoded
// by the real protobuf library. -update writes the file anew.
func TestPlans(t *testing.T) {
	const file = "testdata/plans.txtar"
	golden, err := txtar.ParseFile(file)
	if err != nil && !*update {
		t.Fatal(err)
	}
	want := map[string]string{}
	if golden != nil {
		for _, f := range golden.Files {
			want[f.Name] = string(f.Data)
		}
	}
	written := &txtar.Archive{Comment: []byte("The plans that DataFrames of TestPlans become, as protobuf text.\n\n")}
	for _, test := range plans() {
		e := &scripted{rows: [][]any{{int64(1)}}, schema: &sparkclient.StructType{Fields: []sparkclient.StructField{{Name: "c", Type: sparkclient.LongType{}}}}}
		if err := test.run(t.Context(), e.session()); err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		got := planText(t, e.plan)
		written.Files = append(written.Files, txtar.File{Name: test.name, Data: []byte(got)})
		if !*update && got != want[test.name] {
			t.Errorf("%s:\n%s\nwant:\n%s", test.name, got, want[test.name])
		}
	}
	if *update {
		check(t, os.MkdirAll("testdata", 0o755))
		check(t, os.WriteFile(file, txtar.Format(written), 0o644))
	}
}

type planTest struct {
	name string
	run  func(ctx context.Context, s *sparkclient.Session) error
}

func collected(name string, df func(s *sparkclient.Session) *sparkclient.DataFrame) planTest {
	return planTest{name, func(ctx context.Context, s *sparkclient.Session) error {
		_, err := df(s).Collect(ctx)
		return err
	}}
}

func plans() []planTest {
	type frame = sparkclient.DataFrame
	type session = sparkclient.Session
	return []planTest{
		collected("chain", func(s *session) *frame {
			return s.Table("flights").Filter(F.Col("dep_delay").Gt(60)).GroupBy("carrier").Agg(F.Avg("arr_delay").As("late")).OrderBy(F.Desc("late"))
		}),
		collected("read", func(s *session) *frame {
			return s.Read().Format("csv").Option("header", true).Options(map[string]any{"sep": ";", "nullValue": "NA"}).Schema("a INT").Load("x.csv", "y.csv")
		}),
		collected("join", func(s *session) *frame {
			a, b := s.Range(1), s.Range(2)
			return a.Join(b, a.Col("id").Eq(b.Col("id")), "left")
		}),
		collected("subquery", func(s *session) *frame { return s.Range(3).Filter(F.Col("id").IsIn(s.Range(2))) }),
		collected("window", func(s *session) *frame {
			w := window.PartitionBy("a").OrderBy(F.Col("b").DescNullsFirst()).RangeBetween(window.UnboundedPreceding, 5)
			return s.Table("t").Select(F.Sum("x").Over(w))
		}),
		collected("lambda", func(s *session) *frame {
			return s.Table("t").Select(F.Filter("l", func(x sparkclient.Column) sparkclient.Column {
				return F.Exists(F.Col("m"), func(y sparkclient.Column) sparkclient.Column { return y.Eq(x) })
			}))
		}),
		collected("pivot", func(s *session) *frame { return s.Table("t").GroupBy("a").Pivot("b", "x", "y").Sum("c") }),
		collected("local", func(s *session) *frame { return s.CreateDataFrame(context.Background(), []int64{1}) }),
		{"sql", func(ctx context.Context, s *session) error {
			df := s.SQL(ctx, "with b as (select :a) from b", sparkclient.Named{"a": 1, "t": s.Range(1)})
			if err := df.Err(); err == nil || !strings.Contains(err.Error(), "lacks the result") {
				return errors.New("no error for a missing answer")
			}
			return nil
		}},
		{"write", func(ctx context.Context, s *session) error {
			return s.Range(1).Write().Mode("append").Format("parquet").PartitionBy("id").Option("k", 1).Save(ctx, "/out")
		}},
		{"view", func(ctx context.Context, s *session) error { return s.Range(1).CreateOrReplaceTempView(ctx, "v") }},
		{"count", func(ctx context.Context, s *session) error { _, err := s.Range(1).Count(ctx); return err }},
	}
}

// TestSQLAnswer checks that a SQL result becomes part of further plans as it
// came, under a plan id of ours.
func TestSQLAnswer(t *testing.T) {
	relation := &pb.Relation{Common: &pb.RelationCommon{PlanId: proto.Int64(99)}, RelType: &pb.Relation_Sql{Sql: &pb.SQL{Query: "select 1"}}}
	answer, err := proto.Marshal(&pb.ExecutePlanResponse{SessionId: "s", ResponseType: &pb.ExecutePlanResponse_SqlCommandResult_{
		SqlCommandResult: &pb.ExecutePlanResponse_SqlCommandResult{Relation: relation}}})
	check(t, err)
	e := &scripted{answers: [][]byte{answer}}
	df := e.session().SQL(t.Context(), "show tables").Limit(3)
	_, err = df.Collect(t.Context())
	check(t, err)
	var p pb.Plan
	check(t, proto.Unmarshal(e.plan, &p))
	input := p.GetRoot().GetLimit().GetInput()
	if input.GetSql().GetQuery() != "select 1" || input.GetCommon().GetPlanId() == 99 {
		t.Errorf("input of the limit: %v", input)
	}
}
