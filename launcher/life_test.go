package launcher_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gospark/launcher"
)

// What a profile's script exports is the server's environment; values of the
// profile are never a shell's text.
func TestScript(t *testing.T) {
	o := fakeOptions(t, "env:TICKET")
	script := filepath.Join(home(o), "it's $(touch evil) a script.sh")
	writeFile(t, script, "echo getting a ticket\nexport TICKET=\"$USER_WORD/\"'a b\n'c\nLOCAL=x\n")
	p := launcher.Profile{Script: script, Env: map[string]string{"USER_WORD": "$(touch evil); `touch evil`"}}
	s := attach(t, o, p).Server()
	b, err := os.ReadFile(s.LogPath)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"getting a ticket", "TICKET is $(touch evil); `touch evil`/a b"} {
		if !strings.Contains(string(b), want) {
			t.Errorf("the log lacks %q:\n%s", want, b)
		}
	}
	for _, dir := range []string{home(o), "/", "."} {
		if _, err := os.Stat(filepath.Join(dir, "evil")); err == nil {
			t.Errorf("a shell ran what a value says, in %s", dir)
		}
	}
}

func TestScriptFails(t *testing.T) {
	o := fakeOptions(t, "")
	script := filepath.Join(home(o), "login.sh")
	for text, want := range map[string]string{
		"echo no ticket >&2; exit 3": "no ticket", "false": "failed", "syntax (": "failed",
	} {
		writeFile(t, script, text+"\n")
		if got := failure(t, o, launcher.Profile{Script: script}); !strings.Contains(got.Cause, want) || !strings.Contains(got.Cause, "login.sh") {
			t.Errorf("%s: %+v", text, got)
		}
	}
	if got := failure(t, o, launcher.Profile{Script: "/nowhere.sh"}); !strings.Contains(got.Cause, "/nowhere.sh") {
		t.Errorf("%+v", got)
	}
}

func TestSail(t *testing.T) {
	o := fakeOptions(t, "")
	if got := failure(t, o, launcher.Profile{Engine: launcher.Sail}); !strings.Contains(got.Advice, "pip install pysail") {
		t.Errorf("%+v", got)
	}
	prefix := t.TempDir()
	if err := os.MkdirAll(filepath.Join(prefix, "bin"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(o.Command[0], filepath.Join(prefix, "bin", "sail")); err != nil {
		t.Fatal(err)
	}
	o.Prefixes = []string{prefix}
	s := attach(t, o, launcher.Profile{Engine: launcher.Sail}).Server()
	if !strings.HasPrefix(s.Address, "127.0.0.1:") || s.Master != "sail" || s.UI != "" || s.API != "" {
		t.Errorf("%+v", s)
	}
}

func TestSiteAdvice(t *testing.T) {
	o := fakeOptions(t, "say:ERROR no ticket for ada at gate 7")
	p := launcher.Profile{Advice: []launcher.Advice{{Pattern: `no ticket for (\w+)`, Advice: "run `kinit $1`"}}}
	if got := failure(t, o, p); got.Cause != "no ticket for ada" || got.Advice != "run `kinit ada`" {
		t.Errorf("%+v", got)
	}
}

// jobs makes the fake Spark's jobs what text says, now and later.
func jobs(t *testing.T, o *launcher.Options, text string) (file string) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "jobs")
	writeFile(t, file, text)
	o.Env = append(o.Env, "FAKE_JOBS="+file)
	return file
}

// A stop waits for what runs, but not for ever, and not at all when it shall not.
func TestStopDrains(t *testing.T) {
	o := fakeOptions(t, "")
	file := jobs(t, &o, `{"status": "RUNNING"}`)
	s := attach(t, o, launcher.Profile{}).Server()
	done := make(chan error, 1)
	go func() { done <- launcher.Stop(t.Context(), o, "", true, time.Minute) }()
	select {
	case err := <-done:
		t.Fatalf("it did not wait: %v", err)
	case <-time.After(700 * time.Millisecond):
	}
	if dead(s.PID) {
		t.Fatal("the server died under its job")
	}
	writeFile(t, file, `{"status": "SUCCEEDED"}`)
	if err := <-done; err != nil {
		t.Error(err)
	}
	writeFile(t, file, `{"status": "RUNNING"}`)
	for _, drain := range []time.Duration{0, 300 * time.Millisecond} {
		attach(t, o, launcher.Profile{})
		if err := launcher.Stop(t.Context(), o, "", true, drain); err != nil {
			t.Error(err)
		}
	}
}

// A server that does nothing ends although clients are attached, and tells them.
func TestUnusedServerStops(t *testing.T) {
	o := fakeOptions(t, "")
	file := jobs(t, &o, `{"status": "RUNNING"}`)
	l := attach(t, o, launcher.Profile{Unused: 200 * time.Millisecond})
	select {
	case <-l.Done():
		t.Fatalf("it ended under its job: %v", l.Err())
	case <-time.After(time.Second):
	}
	writeFile(t, file, `{"status": "SUCCEEDED", "completionTime": "2026-01-01T00:00:00.000GMT"}`)
	<-l.Done()
	if err := l.Err(); err == nil || !strings.Contains(err.Error(), "ran nothing for 200ms") {
		t.Errorf("%v", err)
	}
	attach(t, o, launcher.Profile{}) // and the next start works
}

// An upgrade is told and ends nothing.
func TestOutdated(t *testing.T) {
	o := fakeOptions(t, "")
	o.Version = "v1"
	s := attach(t, o, launcher.Profile{}).Server()
	if old := launcher.Outdated(t.Context(), o, s); len(old) > 0 {
		t.Errorf("%q", old)
	}
	o.Version = "v2"
	jars := filepath.Join(s.SparkHome, "jars")
	if err := os.Rename(filepath.Join(jars, "spark-core_2.13-4.3.0.jar"), filepath.Join(jars, "spark-core_2.13-4.4.0.jar")); err != nil {
		t.Fatal(err)
	}
	old := launcher.Outdated(t.Context(), o, s)
	if len(old) != 2 || !strings.Contains(old[0], "gospark v1, this is v2") || !strings.Contains(old[1], "4.4.0") {
		t.Errorf("%q", old)
	}
	if again := attach(t, o, launcher.Profile{}).Server(); again.PID != s.PID {
		t.Error("another server was started")
	}
}
