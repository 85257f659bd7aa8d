package apache

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/apache/spark-connect-go/v40/spark/sparkerrors"

	"gospark/sparkclient"
	"gospark/sparkclient/connect"
	"gospark/sparkclient/internal/sparktest"
)

var spark sparktest.Server

func runTests(m *testing.M) int { return sparktest.Run(m, &spark) }

// open is a session of ours on the real server.
func open(t *testing.T) *sparkclient.Session {
	t.Helper()
	o, err := connect.Parse(spark.Remote(t))
	if err != nil {
		t.Fatal(err)
	}
	s := sparkclient.New(func(context.Context) (sparkclient.Engine, error) { return connect.Open(o) })
	t.Cleanup(func() {
		if err := s.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestSessionsAreOne(t *testing.T) {
	ours := open(t)
	theirs, err := Session(ours)
	if err != nil {
		t.Fatal(err)
	}
	if err := ours.SQL(t.Context(), "create temp view tv as select 42 as x").Err(); err != nil {
		t.Fatal(err)
	}
	df, err := theirs.Sql(t.Context(), "select x from tv")
	if err != nil {
		t.Fatal(err)
	}
	rows, err := df.Collect(t.Context())
	if err != nil || len(rows) != 1 || rows[0].At(0) != int32(42) {
		t.Fatalf("theirs sees %v %v", rows, err)
	}
	if err := df.CreateTempView(t.Context(), "tw", true, false); err != nil {
		t.Fatal(err)
	}
	got, err := ours.Table("tw").Collect(t.Context())
	if err != nil || len(got) != 1 || got[0].At(0) != int32(42) {
		t.Errorf("ours sees %v %v", got, err)
	}
	if err := theirs.Config().Set(t.Context(), "spark.sql.shuffle.partitions", "7"); err != nil {
		t.Fatal(err)
	}
	if value, err := ours.Conf().Get(t.Context(), "spark.sql.shuffle.partitions"); err != nil || value != "7" {
		t.Errorf("configuration %q %v", value, err)
	}
	if schema, err := df.Schema(t.Context()); err != nil || len(schema.Fields) != 1 {
		t.Errorf("schema %v %v", schema, err)
	}
}

func TestLargeResult(t *testing.T) {
	theirs, err := Session(open(t))
	if err != nil {
		t.Fatal(err)
	}
	df, err := theirs.Sql(t.Context(), "select repeat('x', 6000000) as s from range(2)")
	if err != nil {
		t.Fatal(err)
	}
	table, err := df.ToArrow(t.Context())
	if err != nil || (*table).NumRows() != 2 {
		t.Errorf("%v", err)
	}
}

func TestErrorsKeepTheirClass(t *testing.T) {
	theirs, err := Session(open(t))
	if err != nil {
		t.Fatal(err)
	}
	_, err = theirs.Sql(t.Context(), "select * from nope")
	var e *sparkerrors.SparkError
	if err == nil || errors.As(err, &e) && e.ErrorClass != "TABLE_OR_VIEW_NOT_FOUND" || !strings.Contains(err.Error(), "TABLE_OR_VIEW_NOT_FOUND") {
		t.Errorf("got %v", err)
	}
}

// A cancelled context stops the job, which the library itself does not do.
func TestCancelStopsTheJob(t *testing.T) {
	ours := open(t)
	theirs, err := Session(ours)
	if err != nil {
		t.Fatal(err)
	}
	df, err := theirs.Sql(t.Context(), "select count(*) from range(0, 1000000000000, 1, 2) where sha2(string(id), 512) like 'zz%'")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ctx = sparkclient.WithProgress(ctx, func(p sparkclient.Progress) {
		if p.InFlight > 0 {
			cancel()
		}
	})
	if _, err := df.Collect(ctx); err == nil {
		t.Error("no error")
	}
	if n, err := ours.Range(0, 100).Count(t.Context()); err != nil || n != 100 {
		t.Errorf("after that: %d %v", n, err)
	}
}

func TestOtherEngines(t *testing.T) {
	if _, err := Session(sparkclient.Default()); !errors.Is(err, sparkclient.ErrNoSession) {
		t.Errorf("got %v", err)
	}
}

func TestFromApache(t *testing.T) {
	ours := open(t)
	theirs, err := Session(ours)
	if err != nil {
		t.Fatal(err)
	}
	df, err := theirs.Sql(t.Context(), "select id, id % 3 as k from range(10)")
	if err != nil {
		t.Fatal(err)
	}
	filtered, err := df.Where(t.Context(), "id > 1")
	if err != nil {
		t.Fatal(err)
	}
	taken, err := FromApache(t.Context(), ours, filtered)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := taken.GroupBy("k").Count().Join(ours.Range(2).ToDF("k"), "k").OrderBy("k").Collect(t.Context())
	if err != nil || len(rows) != 2 || rows[0].String() != "{0, 3}" || rows[1].String() != "{1, 2}" {
		t.Errorf("got %v, %v", rows, err)
	}
	if _, err := FromApache(t.Context(), open(t), filtered); err == nil {
		t.Error("a DataFrame of another session was taken")
	}
}
