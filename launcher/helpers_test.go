package launcher_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"gospark/launcher"
)

// testOptions give a test a state folder, a home and temporary files of its
// own; at the end whatever runs in them is stopped, and the test fails when
// something cannot be.
func testOptions(t *testing.T) launcher.Options {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	env := []string{
		"HOME=" + filepath.Join(dir, "home"), "TMPDIR=" + filepath.Join(dir, "tmp"), "PATH=" + os.Getenv("PATH"),
		"GORACE=atexit_sleep_ms=0", // else each process that a test starts sleeps for a second at its end
	}
	for _, sub := range []string{"home", "tmp"} {
		if err := os.Mkdir(filepath.Join(dir, sub), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if java := os.Getenv("JAVA_HOME"); java != "" {
		env = append(env, "JAVA_HOME="+java)
	}
	o := launcher.Options{RuntimeDir: filepath.Join(dir, "run"), Env: env, Command: []string{exe, "supervisor"}}
	t.Cleanup(func() { stopAll(t, o) })
	return o
}

func home(o launcher.Options) string {
	for _, kv := range o.Env {
		if h, ok := strings.CutPrefix(kv, "HOME="); ok {
			return h
		}
	}
	return ""
}

func stopAll(t *testing.T, o launcher.Options) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	servers, err := launcher.Status(ctx, o)
	if err != nil {
		t.Errorf("cannot see what is left: %v", err)
	}
	for _, s := range servers {
		if err := launcher.Stop(ctx, o, s.Profile, true, 0); err != nil && !errors.Is(err, launcher.ErrNotRunning) {
			t.Errorf("cannot stop %s: %v", s.Profile, err)
		}
	}
}

// fakeOptions are testOptions with this program in the place of Java and a
// Spark that has only names.
func fakeOptions(t *testing.T, fake string) launcher.Options {
	t.Helper()
	o := testOptions(t)
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Dir(home(o))
	spark, java := filepath.Join(dir, "spark"), filepath.Join(dir, "java")
	for _, f := range []string{"spark/jars/spark-core_2.13-4.3.0.jar", "spark/jars/spark-connect_2.13-4.3.0.jar", "java/release"} {
		writeFile(t, filepath.Join(dir, f), "JAVA_VERSION=\"17.0.9\"\n")
	}
	if err := os.Mkdir(filepath.Join(java, "bin"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(exe, filepath.Join(java, "bin", "java")); err != nil {
		t.Fatal(err)
	}
	o.Env = append(o.Env, "SPARK_HOME="+spark, "JAVA_HOME="+java, "FAKE="+fake)
	return o
}

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// eventually waits until the condition holds.
func eventually(t *testing.T, what string, cond func() bool) {
	t.Helper()
	deadline := time.Now().Add(30 * time.Second)
	for !cond() {
		if time.Now().After(deadline) {
			t.Fatalf("not within 30 s: %s", what)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// dead reports whether a process is gone, or only waits to be reaped.
func dead(pid int) bool {
	b, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		return true
	}
	_, rest, _ := strings.Cut(string(b), ") ")
	return strings.HasPrefix(rest, "Z")
}

// attach attaches within the test's process.
func attach(t *testing.T, o launcher.Options, p launcher.Profile) *launcher.Lease {
	t.Helper()
	l, err := launcher.Attach(t.Context(), o, p, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

// kernel is a kernel in a process of its own; see playKernel.
type kernel struct {
	cmd   *exec.Cmd
	in    io.WriteCloser
	out   *json.Decoder
	ended chan struct{}
}

func startKernel(t *testing.T, order kernelOrder) *kernel {
	t.Helper()
	cmd := exec.Command(order.Options.Command[0], "attach")
	cmd.Env = order.Options.Env
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdout = w
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	w.Close()
	k := &kernel{cmd: cmd, in: in, out: json.NewDecoder(r), ended: make(chan struct{})}
	go func() { _ = cmd.Wait(); close(k.ended) }()
	t.Cleanup(func() { k.end(); r.Close() })
	if err := json.NewEncoder(in).Encode(order); err != nil && order.DieAt == "" {
		t.Fatal(err)
	}
	return k
}

func (k *kernel) report(t *testing.T) kernelReport {
	t.Helper()
	var r kernelReport
	if err := k.out.Decode(&r); err != nil {
		t.Fatalf("a kernel said nothing: %v", err)
	}
	return r
}

// end gives the lease back by ending the process's input.
func (k *kernel) end() { k.in.Close(); <-k.ended }

func (k *kernel) kill() { _ = k.cmd.Process.Kill(); <-k.ended }
