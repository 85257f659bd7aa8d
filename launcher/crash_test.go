package launcher_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"gospark/launcher"
)

// steps of a start, as phases; see phase.go.
var steps = []string{"Looking for", "Starting Java", "Java is up", "Starting Spark", "opening Spark Connect"}

// A starter that dies at any step leaves the start to the next caller.
func TestStarterKilled(t *testing.T) {
	for _, step := range steps {
		t.Run(step, func(t *testing.T) {
			o := fakeOptions(t, "")
			startKernel(t, kernelOrder{Options: o, DieAt: step})
			k := startKernel(t, kernelOrder{Options: o})
			if r := k.report(t); r.Err != "" {
				t.Fatal(r.Err)
			}
		})
	}
}

// A supervisor that dies at any step takes its JVM along, and those who waited
// get another server.
func TestSupervisorKilledWhileStarting(t *testing.T) {
	for _, step := range []string{"Starting Spark session", "Running Spark", "BlockManager"} {
		t.Run(step, func(t *testing.T) {
			o := fakeOptions(t, "hold:"+step)
			k := startKernel(t, kernelOrder{Options: o})
			old := starting(t, o)
			// The next supervisor comes from k, with k's environment: it holds as
			// well, so it is enough to see that it is another one.
			if err := syscall.Kill(old.Supervisor, syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
			eventually(t, "the old JVM is dead", func() bool { return dead(old.PID) })
			eventually(t, "there is another", func() bool {
				s := starting(t, o)
				return s.PID != old.PID && s.Supervisor != old.Supervisor
			})
			k.kill()
		})
	}
}

// starting waits for a server whose JVM runs.
func starting(t *testing.T, o launcher.Options) launcher.Server {
	t.Helper()
	var s launcher.Server
	eventually(t, "a JVM runs", func() bool {
		servers, err := launcher.Status(t.Context(), o)
		if err != nil || len(servers) != 1 {
			return false
		}
		s = servers[0]
		return s.PID != 0
	})
	return s
}

func TestSupervisorKilledWhenReady(t *testing.T) {
	o := fakeOptions(t, "")
	l := attach(t, o, launcher.Profile{})
	s := l.Server()
	if err := syscall.Kill(s.Supervisor, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	<-l.Done()
	var gone *launcher.GoneError
	if !errors.As(l.Err(), &gone) || !strings.Contains(gone.Reason, "supervisor was killed") {
		t.Errorf("err: %v", l.Err())
	}
	next := attach(t, o, launcher.Profile{}).Server()
	if next.Generation == s.Generation || next.PID == s.PID {
		t.Errorf("the dead server was handed out: %+v", next)
	}
	if !dead(s.PID) {
		t.Error("the old JVM lives beside the new one")
	}
	if _, err := os.Stat(s.Scratch); !os.IsNotExist(err) {
		t.Errorf("the dead server's temporary files are still there: %v", err)
	}
}

func TestServerKilled(t *testing.T) {
	o := fakeOptions(t, "")
	l := attach(t, o, launcher.Profile{})
	if err := syscall.Kill(l.Server().PID, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	<-l.Done()
	if err := l.Err(); err == nil || !strings.Contains(err.Error(), "the server was killed") {
		t.Errorf("err: %v", err)
	}
	if next := attach(t, o, launcher.Profile{}).Server(); next.PID == l.Server().PID {
		t.Errorf("the dead server was handed out: %+v", next)
	}
}

func TestServerEndsByItself(t *testing.T) {
	for say, want := range map[string]string{
		"Terminating due to java.lang.OutOfMemoryError: Java heap space":                               "Java ran out of memory (Java heap space)",
		"INFO SparkContext: Successfully stopped SparkContext (Uptime: 4150 ms)":                       "Spark context stopped",
		"Caused by: java.lang.X: of a query\nTerminating due to java.lang.OutOfMemoryError: Metaspace": "Java ran out of memory (Metaspace)",
	} {
		o := fakeOptions(t, "")
		pipe := filepath.Join(t.TempDir(), "pipe")
		if err := syscall.Mkfifo(pipe, 0o600); err != nil {
			t.Fatal(err)
		}
		o.Env = append(o.Env, "FAKE_PIPE="+pipe)
		l := attach(t, o, launcher.Profile{})
		if err := os.WriteFile(pipe, []byte(say+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		<-l.Done()
		if err := l.Err(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("after %q: %v", say, err)
		}
	}
}

// What a crash or a reboot leaves behind is never believed.
func TestStaleFiles(t *testing.T) {
	o := fakeOptions(t, "")
	stale := launcher.Server{Profile: "default", PID: os.Getpid(), Supervisor: os.Getpid(), Address: "127.0.0.1:1", Token: "old", Scratch: home(o)}
	text, err := json.Marshal(stale)
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{
		"a live process has the old pid": string(text), "damaged": "{", "empty": "",
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(o.RuntimeDir, "default")
			writeFile(t, filepath.Join(dir, "server.json"), content)
			writeFile(t, filepath.Join(dir, "sock"), "not a socket")
			if servers, err := launcher.Status(t.Context(), o); err != nil || len(servers) != 0 {
				t.Fatalf("status: %v, %v", servers, err)
			}
			l := attach(t, o, launcher.Profile{})
			if l.Server().PID == os.Getpid() {
				t.Errorf("the stale registry was believed: %+v", l.Server())
			}
			if err := launcher.Stop(t.Context(), o, "", true, 0); err != nil {
				t.Error(err)
			}
		})
	}
	if _, err := os.Stat(home(o)); err != nil {
		t.Errorf("a folder that a stale registry named was removed: %v", err)
	}
}

func TestIdleServerStops(t *testing.T) {
	o := fakeOptions(t, "")
	l := attach(t, o, launcher.Profile{Idle: 50 * time.Millisecond})
	s := l.Server()
	for range 3 { // it stays as long as there is a lease, whatever the clock says
		attach(t, o, launcher.Profile{}).Close()
	}
	if dead(s.PID) {
		t.Fatal("stopped under a lease")
	}
	l.Close()
	if l.Err() != nil {
		t.Errorf("closing the lease is no error: %v", l.Err())
	}
	eventually(t, "the idle server ends", func() bool { return dead(s.PID) && dead(s.Supervisor) })
	left, err := filepath.Glob(filepath.Join(o.RuntimeDir, "default", "s*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range left {
		if n := filepath.Base(path); n == "sock" || n == "server.json" {
			t.Errorf("%s was left behind", n)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(home(o)), "tmp", "*")); len(left) > 0 {
		t.Errorf("temporary files were left behind: %v", left)
	}
}

// Callers who come while an idle server ends get the next one, never an error.
func TestAttachWhileIdleStops(t *testing.T) {
	o := fakeOptions(t, "")
	for range 10 {
		l := attach(t, o, launcher.Profile{Idle: 8 * time.Millisecond})
		l.Close()
	}
}

// freeze stops a child process, and returns when all of its threads stand still,
// which on a busy machine is a while after the signal.
func freeze(t *testing.T, pid int) {
	t.Helper()
	if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	var status syscall.WaitStatus
	if _, err := syscall.Wait4(pid, &status, syscall.WUNTRACED, nil); err != nil || !status.Stopped() {
		t.Fatalf("process %d was not stopped: %v, %v", pid, status, err)
	}
}

// A supervisor that hangs is named, and a forced stop ends it and its server.
func TestSupervisorHangs(t *testing.T) {
	o := fakeOptions(t, "")
	s := attach(t, o, launcher.Profile{}).Server()
	o.Stall = 100 * time.Millisecond // how long an answer is waited for
	freeze(t, s.Supervisor)
	if got := failure(t, o, launcher.Profile{}); !strings.Contains(got.Cause, "does not answer") || !strings.Contains(got.Advice, "--force") {
		t.Errorf("attach: %+v", got)
	}
	var hung *launcher.HungError
	if err := launcher.Stop(t.Context(), o, "", false, 0); !errors.As(err, &hung) || hung.PID != s.Supervisor {
		t.Errorf("stop: %v", err)
	}
	if err := launcher.Stop(t.Context(), o, "", true, 0); err != nil {
		t.Error(err)
	}
	if !dead(s.PID) {
		t.Error("the server lives")
	}
}
