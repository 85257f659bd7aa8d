package sparkclient_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"gospark/sparkclient"
	"gospark/sparkclient/connect"
	F "gospark/sparkclient/functions"
)

// sail is a session on pysail, another server that speaks Spark Connect.
// GOSPARK_PYSAIL is the python of an environment that has it:
//
//	python3 -m venv /tmp/pysail && /tmp/pysail/bin/pip install pysail==0.7.2
//	GOSPARK_PYSAIL=/tmp/pysail/bin/python go test ./sparkclient -run TestPysail
func sail(t *testing.T) *sparkclient.Session {
	t.Helper()
	python := os.Getenv("GOSPARK_PYSAIL")
	if python == "" {
		t.Skip("GOSPARK_PYSAIL names no python with pysail")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	port := listener.Addr().(*net.TCPAddr).Port
	check(t, listener.Close())
	cmd := exec.Command(filepath.Join(filepath.Dir(python), "sail"), "spark", "server", "--ip", "127.0.0.1", "--port", fmt.Sprint(port))
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	cmd.Dir = t.TempDir()
	check(t, cmd.Start())
	t.Cleanup(func() { _ = errors.Join(cmd.Process.Kill(), cmd.Wait()) })
	options, err := connect.Parse(fmt.Sprintf("sc://127.0.0.1:%d", port))
	check(t, err)
	options.Patience = time.Minute
	return sparkclient.New(func(context.Context) (sparkclient.Engine, error) { return connect.Open(options) })
}

// TestPysail tries what a notebook does and names what does not work there. It
// fails when something stops working, and when something begins to.
func TestPysail(t *testing.T) {
	spark := sail(t)
	var lacks []string
	for _, test := range sailTrials(t, spark) {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		err := test.try(ctx)
		cancel()
		if err != nil {
			lacks = append(lacks, test.name)
			t.Logf("%s: %.200v", test.name, err)
		}
	}
	want := []string{"version", "large local data", "show", "classes of errors", "clone of a session", "observation", "checkpoint"}
	if !slices.Equal(lacks, want) {
		t.Errorf("pysail lacks %q, which was %q", lacks, want)
	}
}

type trial struct {
	name string
	try  func(context.Context) error
}

func sailTrials(t *testing.T, spark *sparkclient.Session) []trial {
	dir := t.TempDir()
	rows := func(df *sparkclient.DataFrame, want int) func(context.Context) error {
		return func(ctx context.Context) error {
			list, err := df.Collect(ctx)
			if err == nil && len(list) != want {
				err = fmt.Errorf("%d rows, want %d", len(list), want)
			}
			return err
		}
	}
	n := spark.Range(10)
	return []trial{
		{"version", func(ctx context.Context) error { _, err := spark.Version(ctx); return err }},
		{"sql", func(ctx context.Context) error { return rows(spark.SQL(ctx, "select 1 as a, 'x' as b"), 1)(ctx) }},
		{"sql with arguments", func(ctx context.Context) error {
			return rows(spark.SQL(ctx, "select :a as a", sparkclient.Named{"a": 1}), 1)(ctx)
		}},
		{"range and filter", rows(n.Filter(F.Col("id").Gt(4)), 5)},
		{"group", rows(n.GroupBy(F.Col("id").Mod(3).As("k")).Agg(F.Sum("id"), F.Count("*")), 3)},
		{"join", rows(n.Join(spark.Range(5), "id"), 5)},
		{"window", rows(n.Select(F.RowNumber().Over(sparkclient.WindowSpec{}.OrderBy("id"))), 10)},
		{"union, distinct, sort, limit", rows(n.Union(n).Distinct().OrderBy(F.Desc("id")).Limit(3), 3)},
		{"lambda", rows(n.Select(F.Transform(F.Array("id"), func(x sparkclient.Column) sparkclient.Column { return x.Add(1) })), 10)},
		{"local data", func(ctx context.Context) error {
			return rows(spark.CreateDataFrame(ctx, []flight{{"UA", nil, nil, 1}}), 1)(ctx)
		}},
		{"large local data", func(ctx context.Context) error {
			_, err := spark.CreateDataFrame(ctx, make([]mixed, 100_000)).Count(ctx)
			return err
		}},
		{"schema", func(ctx context.Context) error { _, err := n.Schema(ctx); return err }},
		{"explain", func(ctx context.Context) error { _, err := n.ExplainString(ctx); return err }},
		{"show", func(ctx context.Context) error { _, err := n.ShowString(ctx, 3, 20, false); return err }},
		{"temporary view", func(ctx context.Context) error {
			if err := n.CreateOrReplaceTempView(ctx, "v"); err != nil {
				return err
			}
			return rows(spark.Table("v"), 10)(ctx)
		}},
		{"parquet", func(ctx context.Context) error {
			if err := n.Write().Parquet(ctx, dir+"/p"); err != nil {
				return err
			}
			return rows(spark.Read().Parquet(dir+"/p"), 10)(ctx)
		}},
		{"configuration", func(ctx context.Context) error {
			if err := spark.Conf().Set(ctx, "spark.sql.session.timeZone", "UTC"); err != nil {
				return err
			}
			_, err := spark.Conf().Get(ctx, "spark.sql.session.timeZone")
			return err
		}},
		{"catalog", func(ctx context.Context) error { _, err := spark.Catalog().ListTables(ctx); return err }},
		{"functions of the catalog", func(ctx context.Context) error { _, err := spark.Catalog().ListFunctions(ctx); return err }},
		{"cache", func(ctx context.Context) error { return n.Cache(ctx).Err() }},
		{"classes of errors", func(ctx context.Context) error {
			_, err := spark.Table("nowhere").Collect(ctx)
			var e *sparkclient.Error
			if !errors.As(err, &e) || e.Class == "" {
				return fmt.Errorf("no class: %w", err)
			}
			return nil
		}},
		{"clone of a session", func(ctx context.Context) error { _, err := spark.CloneSession(ctx); return err }},
		{"observation", func(ctx context.Context) error {
			o := sparkclient.NewObservation()
			if _, err := n.Observe(o, F.Count("*").As("rows")).Collect(ctx); err != nil {
				return err
			}
			_, err := o.Get(ctx)
			return err
		}},
		{"checkpoint", func(ctx context.Context) error { return n.LocalCheckpoint(ctx, true).Err() }},
		{"interrupt", func(ctx context.Context) error { _, err := spark.InterruptAll(ctx); return err }},
		{"streams", func(ctx context.Context) error { _, err := spark.Streams().Active(ctx); return err }},
		{"pivot", rows(n.GroupBy().Pivot("id", 1, 2).Count(), 1)},
		{"statistics", func(ctx context.Context) error { return rows(n.Summary("count"), 1)(ctx) }},
		{"variant", func(ctx context.Context) error { return rows(n.Select(F.ParseJSON(F.Lit("1"))), 10)(ctx) }},
		{"end of the session", func(ctx context.Context) error { return spark.Close(ctx) }},
	}
}
