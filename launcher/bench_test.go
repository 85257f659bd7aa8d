package launcher_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"gospark/launcher"
)

// BenchmarkStart compares, in one run and in turns, how long it takes until
// Spark Connect listens: Spark's own script, plain java, and java with the class
// archive. Run it with -benchtime 3x; trust the ratios.
func BenchmarkStart(b *testing.B) {
	venv, err := filepath.Abs("../.venv")
	if err != nil {
		b.Fatal(err)
	}
	o := benchOptions(b, venv)
	spark, err := launcher.FindSpark(b.Context(), o, launcher.Profile{})
	if err != nil {
		b.Fatal(err)
	}
	if _, err := launcher.BuildArchive(b.Context(), o, launcher.Profile{}); err != nil {
		b.Fatal(err)
	}
	plain := o
	plain.Env = append(plain.Env[:len(plain.Env):len(plain.Env)], "GOSPARK_CDS=off")
	var script, java, archive time.Duration
	rounds := 0
	for b.Loop() {
		script += timeScript(b, spark, o)
		java += timeAttach(b, plain)
		archive += timeAttach(b, o)
		rounds++
	}
	n := time.Duration(rounds)
	b.ReportMetric((script / n).Seconds(), "script-s")
	b.ReportMetric((java / n).Seconds(), "java-s")
	b.ReportMetric((archive / n).Seconds(), "archive-s")
	b.ReportMetric(float64(java)/float64(script), "java/script")
	b.ReportMetric(float64(archive)/float64(script), "archive/script")
}

func benchOptions(b *testing.B, venv string) launcher.Options {
	b.Helper()
	exe, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	dir := b.TempDir()
	return launcher.Options{
		RuntimeDir: filepath.Join(dir, "run"), Env: []string{"HOME=" + dir, "PATH=" + os.Getenv("PATH"), "JAVA_HOME=" + os.Getenv("JAVA_HOME")},
		Prefixes: []string{venv}, Command: []string{exe, "supervisor"},
	}
}

// timeAttach is one start by the launcher.
func timeAttach(b *testing.B, o launcher.Options) time.Duration {
	b.Helper()
	began := time.Now()
	l, err := launcher.Attach(b.Context(), o, launcher.Profile{}, nil)
	if err != nil {
		b.Fatal(err)
	}
	took := time.Since(began)
	l.Close()
	if err := launcher.Stop(context.Background(), o, "", true); err != nil {
		b.Fatal(err)
	}
	return took
}

// timeScript is one start by spark-submit, as start-connect-server.sh does it.
func timeScript(b *testing.B, spark launcher.Spark, o launcher.Options) time.Duration {
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
	var took time.Duration
	for s := bufio.NewScanner(out); s.Scan(); {
		if took == 0 && strings.Contains(s.Text(), "Spark Connect server started at") {
			took = time.Since(began)
			_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM)
		}
	}
	_ = cmd.Wait()
	if took == 0 {
		b.Fatal(fmt.Errorf("the script did not start a server"))
	}
	return took
}
