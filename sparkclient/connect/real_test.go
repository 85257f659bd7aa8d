package connect

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"
	"google.golang.org/protobuf/proto"

	"gospark/sparkclient"
	"gospark/sparkclient/connect/pb"
	"gospark/sparkclient/internal/sparktest"
)

// endless keeps both cores of the test server busy for longer than any test.
const endless = "select count(*) from range(0, 1000000000000, 1, 2) where hash(id) = 7 and sha2(string(id), 512) like 'zz%'"

func TestSelectOne(t *testing.T) {
	s := open(t)
	r := query(t, s, "select 1 as one, 'a' as a")
	if len(r.rows) != 1 || r.rows[0][0] != int32(1) || r.rows[0][1] != "a" {
		t.Errorf("got %v", r.rows)
	}
	if got := r.schema.DDL(); got != "one INT NOT NULL, a STRING NOT NULL" {
		t.Errorf("schema %s", got)
	}
}

func TestEmptyResultHasASchema(t *testing.T) {
	r := query(t, open(t), "select id from range(0)")
	if len(r.rows) != 0 || r.schema == nil || r.schema.DDL() != "id BIGINT NOT NULL" {
		t.Errorf("got %v %v", r.rows, r.schema)
	}
}

// All rows arrive, over many streams, while little of them is in memory.
func TestStreamIsBounded(t *testing.T) {
	const rows = 2_000_000
	s := open(t)
	stream, err := s.Execute(t.Context(), sqlPlan(fmt.Sprintf("select id, cast(id as string) as s, id * 0.5D as d from range(%d)", rows)))
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Close()
	var sum, count int64
	var peak uint64
	runtime.GC() // what other tests left
	for {
		b, err := stream.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		ids := b.Columns()[0].(sparkclient.Int64Vector)
		texts := b.Columns()[1].(sparkclient.StringVector)
		for i := range b.Len() {
			sum += ids.Int64(i)
			count += int64(min(1, len(texts.Text(i))))
		}
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		peak = max(peak, m.HeapAlloc)
	}
	if count != rows || sum != rows*(rows-1)/2 {
		t.Errorf("%d rows, sum %d", count, sum)
	}
	if peak > 64<<20 {
		t.Errorf("%d MB of heap", peak>>20)
	}
}

// After a cancel the server's cores are free again: the next query gets them.
// What GetStatus says proves nothing: an operation that is released before its
// interrupt took effect is remembered as RUNNING for ever.
func TestCancelStopsTheJob(t *testing.T) {
	s := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	ctx = sparkclient.WithProgress(ctx, func(p sparkclient.Progress) {
		if p.InFlight > 0 {
			cancel()
		}
	})
	if _, err := run(ctx, s, sqlPlan(endless)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if r := query(t, s, "select count(*) from range(0, 100, 1, 4)"); r.rows[0][0] != int64(100) {
		t.Errorf("got %v", r.rows)
	}
}

// A cancel may come before the job does: while the plan is on its way, is analysed
// or is being made into code. The job must not begin after it, or must end.
func TestCancelBeforeTheJob(t *testing.T) {
	s := open(t)
	query(t, s, "select count(*) from range(10)")
	for after := time.Duration(0); after < 500*time.Millisecond; after += 50 * time.Millisecond {
		ctx, cancel := context.WithTimeout(t.Context(), after)
		// A number of its own keeps the server from having made the code before.
		_, err := run(ctx, s, sqlPlan(fmt.Sprintf("select count(*) from range(1000000000000) where id %% 7 = rand() + %d", after+7)))
		cancel()
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("after %v: %v", after, err)
		}
		ctx, cancel = context.WithTimeout(t.Context(), 20*time.Second)
		if _, err := run(ctx, s, sqlPlan("select count(*) from range(0, 100, 1, 4)")); err != nil {
			t.Errorf("the cores are not free after a cancel at %v: %v", after, err)
		}
		cancel()
		if t.Failed() {
			return
		}
	}
}

// An operation that somebody else interrupts ends with Spark's error.
func TestInterruptByTag(t *testing.T) {
	s := open(t)
	var ids []string
	ctx := sparkclient.WithProgress(sparkclient.WithTags(t.Context(), "cell-7"), func(p sparkclient.Progress) {
		if p.InFlight == 0 || ids != nil {
			return
		}
		var err error
		if ids, err = s.Interrupt(t.Context(), sparkclient.Interrupt{Tag: "cell-7"}); err != nil {
			t.Error(err)
		}
	})
	_, err := run(ctx, s, sqlPlan(endless))
	var sparkErr *sparkclient.Error
	if !errors.As(err, &sparkErr) || sparkErr.Class != "OPERATION_CANCELED" {
		t.Errorf("got %v", err)
	}
	if len(ids) != 1 {
		t.Errorf("interrupted %v", ids)
	}
}

func TestErrorsSayWhere(t *testing.T) {
	s := open(t)
	for sql, want := range map[string]sparkclient.Error{
		"select * from nope": {Class: "TABLE_OR_VIEW_NOT_FOUND", SQLState: "42P01", Contexts: []sparkclient.QueryContext{{Fragment: "nope", Start: 14, Stop: 17}}},
		"selct 1":            {Class: "PARSE_SYNTAX_ERROR", SQLState: "42601"},
		"select 1 / 0":       {Class: "DIVIDE_BY_ZERO", SQLState: "22012", Contexts: []sparkclient.QueryContext{{Fragment: "1 / 0", Start: 7, Stop: 11}}},
		"select assert_true(id < 0) from range(1)": {Class: "USER_RAISED_EXCEPTION", SQLState: "P0001"},
	} {
		_, err := run(t.Context(), s, sqlPlan(sql))
		var got *sparkclient.Error
		if !errors.As(err, &got) {
			t.Errorf("%s: %v", sql, err)
			continue
		}
		if got.Class != want.Class || got.SQLState != want.SQLState || strings.Contains(got.Error(), "JVM stacktrace") {
			t.Errorf("%s: %+v", sql, got)
		}
		for i, c := range want.Contexts {
			if i >= len(got.Contexts) || got.Contexts[i].Fragment != c.Fragment || got.Contexts[i].Start != c.Start || got.Contexts[i].Stop != c.Stop {
				t.Errorf("%s: contexts %+v", sql, got.Contexts)
			}
		}
	}
}

func TestCommandsAndSessions(t *testing.T) {
	s := open(t)
	r, err := run(t.Context(), s, commandPlan("create temp view tv as select 42 as x"))
	if err != nil {
		t.Fatal(err)
	}
	var answer pb.ExecutePlanResponse
	if !slices.ContainsFunc(r.answers, func(b []byte) bool { return proto.Unmarshal(b, &answer) == nil && answer.GetSqlCommandResult() != nil }) {
		t.Errorf("no SqlCommandResult in %d answers", len(r.answers))
	}
	if got := query(t, s, "select x from tv"); got.rows[0][0] != int32(42) {
		t.Errorf("got %v", got.rows)
	}
	clone, err := s.CloneSession(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer clone.Release(t.Context())
	if got := query(t, clone, "select x from tv"); got.rows[0][0] != int32(42) {
		t.Errorf("the clone got %v", got.rows)
	}
	other := s.NewSession()
	defer other.Release(t.Context())
	if _, err := run(t.Context(), other, sqlPlan("select x from tv")); err == nil {
		t.Error("another session sees the view")
	}
	same := openWith(t, s.Options())
	if got := query(t, same, "select x from tv"); got.rows[0][0] != int32(42) {
		t.Errorf("the same session got %v", got.rows)
	}
}

// A session that is closed elsewhere is named once; then a new one begins.
func TestSessionClosedElsewhere(t *testing.T) {
	s := open(t)
	query(t, s, "create temp view tv as select 1")
	if err := openWith(t, s.Options()).Release(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := run(t.Context(), s, sqlPlan("select * from tv")); !errors.Is(err, sparkclient.ErrSessionLost) {
		t.Errorf("got %v", err)
	}
	query(t, s, "select 1")
}

func TestAnalyzeAndConfig(t *testing.T) {
	s := open(t)
	request, err := proto.Marshal(&pb.AnalyzePlanRequest{Analyze: &pb.AnalyzePlanRequest_SparkVersion_{SparkVersion: &pb.AnalyzePlanRequest_SparkVersion{}}})
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := s.Analyze(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	var response pb.AnalyzePlanResponse
	if err := proto.Unmarshal(encoded, &response); err != nil || !strings.HasPrefix(response.GetSparkVersion().GetVersion(), "4.") {
		t.Errorf("version %v %v", &response, err)
	}
	encoded, err = s.Config(t.Context(), getAll())
	var config pb.ConfigResponse
	if err != nil || proto.Unmarshal(encoded, &config) != nil || len(config.GetPairs()) == 0 {
		t.Errorf("configuration %v %v", &config, err)
	}
	if _, err := s.Analyze(t.Context(), []byte{0xff}); err == nil {
		t.Error("a request that is none was taken")
	}
}

// Local rows that were uploaded in parts can be read as a relation.
func TestArtifacts(t *testing.T) {
	s := open(t)
	schema := &sparkclient.StructType{Fields: []sparkclient.StructField{{Name: "s", Type: sparkclient.StringType{}, Nullable: true}}}
	var artifacts []sparkclient.Artifact
	var hashes, names []string
	for _, letter := range []string{"a", "b"} {
		data, err := s.EncodeRows(schema, slices.Values([][]any{{strings.Repeat(letter, 3*chunkSize)}}))
		if err != nil {
			t.Fatal(err)
		}
		hash := fmt.Sprintf("%x", sha256.Sum256(data))
		hashes, names = append(hashes, hash), append(names, "cache/"+hash)
		artifacts = append(artifacts, sparkclient.Artifact{Name: "cache/" + hash, Data: data})
	}
	if err := s.AddArtifacts(t.Context(), append(artifacts, sparkclient.Artifact{Name: "files/small.txt", Data: []byte("x")})); err != nil {
		t.Fatal(err)
	}
	exists, err := s.ArtifactExists(t.Context(), append(names, "cache/nope"))
	if err != nil || !exists[names[0]] || !exists[names[1]] || exists["cache/nope"] {
		t.Errorf("got %v %v", exists, err)
	}
	r, err := run(t.Context(), s, encodePlan(&pb.Plan{OpType: &pb.Plan_Root{Root: &pb.Relation{RelType: &pb.Relation_ChunkedCachedLocalRelation{
		ChunkedCachedLocalRelation: &pb.ChunkedCachedLocalRelation{DataHashes: hashes},
	}}}}))
	if err != nil || len(r.rows) != 2 || len(r.rows[1][0].(string)) != 3*chunkSize {
		t.Errorf("%d rows, %v", len(r.rows), err)
	}
}

func TestManyAtOnce(t *testing.T) {
	s := open(t)
	var group errgroup.Group
	for i := range int64(24) {
		group.Go(func() error {
			r, err := run(t.Context(), s, sqlPlan(fmt.Sprintf("select %dL + sum(id) from range(5)", i)))
			if err == nil && r.rows[0][0] != i+10 {
				err = fmt.Errorf("query %d: %v", i, r.rows)
			}
			return err
		})
	}
	if err := group.Wait(); err != nil {
		t.Error(err)
	}
}

// A value above gRPC's usual limit, and above the size of a batch.
func TestLargeValue(t *testing.T) {
	r := query(t, open(t), "select repeat('x', 12000000) as s from range(2)")
	if len(r.rows) != 2 || len(r.rows[1][0].(string)) != 12000000 {
		t.Errorf("%d rows", len(r.rows))
	}
}

func TestWrongToken(t *testing.T) {
	o, err := Parse(spark.Remote(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, token := range []string{"", "wr0ng"} {
		o.Token = token
		s, err := Open(o)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		if _, err := run(t.Context(), s, sqlPlan("select 1")); !errors.Is(err, sparkclient.ErrUnauthenticated) || token != "" && strings.Contains(err.Error(), token) {
			t.Errorf("token %q: %v", token, err)
		}
	}
}

// A server that dies in mid-query is an error soon.
func TestServerDies(t *testing.T) {
	t.Setenv("GOSPARK_TEST_REMOTE", "")
	var mortal sparktest.Server
	defer mortal.Stop()
	o, err := Parse(mortal.Remote(t))
	if err != nil {
		t.Fatal(err)
	}
	s, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ctx := sparkclient.WithProgress(t.Context(), func(p sparkclient.Progress) {
		if p.InFlight > 0 && !p.Finished {
			if err := syscall.Kill(mortal.PID(), syscall.SIGKILL); err != nil {
				t.Error(err)
			}
		}
	})
	if _, err := run(ctx, s, sqlPlan(endless)); !errors.Is(err, sparkclient.ErrUnavailable) {
		t.Errorf("got %v", err)
	}
}
