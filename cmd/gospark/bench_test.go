package main

import (
	"bufio"
	"context"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"gospark/launcher"
)

// moments are what a start is judged by.
type moments struct{ port, first, steady time.Duration }

// steadyQuery keeps all cores busy for a moment.
const steadyQuery = "SELECT sum(x) FROM (SELECT id % 1000 AS k, sum(sqrt(id) * sin(id)) AS x FROM range(20000000) GROUP BY id % 1000)"

// BenchmarkServerStart compares, by turns in one run, Spark's own start script
// with ours: when the port is open, when the first result is there, and how fast
// a query is in the long run. Run it with -benchtime 3x; trust the ratios of
// medians, and only on a machine that does nothing else.
func BenchmarkServerStart(b *testing.B) {
	o := realLaunch(b)
	spark, err := launcher.FindSpark(b.Context(), o, launcher.Profile{})
	if err != nil {
		b.Fatal(err)
	}
	o.Warm = warm
	if _, err := launcher.BuildArchive(b.Context(), o, launcher.Profile{}); err != nil {
		b.Fatal(err)
	}
	var script, ours []moments
	for b.Loop() {
		script = append(script, startByScript(b, spark, o))
		ours = append(ours, startByUs(b, o))
	}
	for name, get := range map[string]func(moments) time.Duration{
		"port":   func(m moments) time.Duration { return m.port },
		"first":  func(m moments) time.Duration { return m.first },
		"steady": func(m moments) time.Duration { return m.steady },
	} {
		theirs, mine := median(script, get), median(ours, get)
		b.ReportMetric(theirs.Seconds(), "script-"+name+"-s")
		b.ReportMetric(mine.Seconds(), "gospark-"+name+"-s")
		b.ReportMetric(float64(mine)/float64(theirs), name+"-ratio")
	}
}

func median(all []moments, get func(moments) time.Duration) time.Duration {
	var out []time.Duration
	for _, m := range all {
		out = append(out, get(m))
	}
	slices.Sort(out)
	return out[len(out)/2]
}

// use runs the queries on a server that began to start at began.
func use(b *testing.B, began time.Time, s launcher.Server) moments {
	b.Helper()
	m := moments{port: time.Since(began)}
	spark := session(b, s)
	run := func(query string) {
		if _, err := spark.SQL(b.Context(), query).Collect(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	run("SELECT 1")
	m.first = time.Since(began)
	for range 6 {
		at := time.Now()
		run(steadyQuery)
		if took := time.Since(at); m.steady == 0 || took < m.steady {
			m.steady = took
		}
	}
	return m
}

func startByUs(b *testing.B, o launcher.Options) moments {
	b.Helper()
	began := time.Now()
	l, err := launcher.Attach(b.Context(), o, launcher.Profile{}, nil)
	if err != nil {
		b.Fatal(err)
	}
	m := use(b, began, l.Server())
	l.Close()
	if err := launcher.Stop(context.Background(), o, "", true, 0); err != nil {
		b.Fatal(err)
	}
	return m
}

// startByScript starts a server by spark-submit, as start-connect-server.sh does.
func startByScript(b *testing.B, spark launcher.Spark, o launcher.Options) moments {
	b.Helper()
	began := time.Now()
	cmd := exec.Command(filepath.Join(spark.Home, "bin", "spark-submit"), "--class", "org.apache.spark.sql.connect.service.SparkConnectServer",
		"--conf", "spark.connect.grpc.binding.port=0", "--conf", "spark.ui.port=0", "--conf", "spark.connect.grpc.binding.address=127.0.0.1", "spark-internal")
	cmd.Env = append(o.Env, "SPARK_HOME="+spark.Home, "SPARK_LOCAL_IP=127.0.0.1", "SPARK_CONNECT_AUTHENTICATE_TOKEN=bench")
	cmd.Dir = b.TempDir()
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	out, err := cmd.StderrPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL); _ = cmd.Wait() }()
	listening := regexp.MustCompile(`Spark Connect server started at: (\S+:\d+)`)
	in := bufio.NewScanner(out)
	var said []string
	for in.Scan() {
		said = append(said, in.Text())
		if m := listening.FindStringSubmatch(in.Text()); m != nil {
			go func() { // else the server stops at a full pipe
				for in.Scan() {
				}
			}()
			return use(b, began, launcher.Server{Address: m[1], Token: "bench"})
		}
	}
	b.Fatalf("the script did not start a server:\n%s", strings.Join(said, "\n"))
	return moments{}
}
