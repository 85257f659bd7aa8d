package notebook

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"gospark/launcher"
)

// realServer is where the tests' own server lives. It leaves by itself soon
// after a test program that was killed.
var realServer struct {
	sync.Mutex
	dir     string
	options launcher.Options
}

// realOptions let a notebook start and share the tests' server; a machine
// without Spark fails the test.
func realOptions(t *testing.T) Options {
	t.Helper()
	if testing.Short() {
		t.Skip("starts a real Spark")
	}
	launch, err := realLaunch()
	if err != nil {
		t.Fatal(err)
	}
	return Options{Launch: launch, Master: "local[2]", Idle: 30 * time.Second}
}

func realLaunch() (launcher.Options, error) {
	realServer.Lock()
	defer realServer.Unlock()
	if realServer.dir != "" {
		return realServer.options, nil
	}
	venv, err := filepath.Abs("../.venv")
	if err != nil {
		return launcher.Options{}, err
	}
	exe, err := os.Executable()
	if err != nil {
		return launcher.Options{}, err
	}
	dir, err := os.MkdirTemp("", "gs-nb")
	if err != nil {
		return launcher.Options{}, err
	}
	for _, sub := range []string{"home", "tmp"} {
		if err := os.Mkdir(filepath.Join(dir, sub), 0o700); err != nil {
			return launcher.Options{}, err
		}
	}
	env := []string{
		"HOME=" + filepath.Join(dir, "home"), "TMPDIR=" + filepath.Join(dir, "tmp"), "PATH=" + os.Getenv("PATH"),
		"GOSPARK_CDS=off",                          // no server of these tests lives long enough for its class archive to be done
		"JDK_JAVA_OPTIONS=-XX:TieredStopAtLevel=1", // as sparktest: a JVM of a minute gets nothing back for C2's work
		"GORACE=atexit_sleep_ms=0",                 // else the supervisor sleeps for a second at its end
	}
	if java := os.Getenv("JAVA_HOME"); java != "" {
		env = append(env, "JAVA_HOME="+java)
	}
	realServer.dir = dir
	realServer.options = launcher.Options{
		RuntimeDir: filepath.Join(dir, "run"), Env: env, Prefixes: []string{venv}, Command: []string{exe, "supervisor"},
	}
	return realServer.options, nil
}

// endServer stops what runs, also after a failure, and removes its files.
func endServer() error {
	realServer.Lock()
	defer realServer.Unlock()
	if realServer.dir == "" {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	servers, err := launcher.Status(ctx, realServer.options)
	for _, s := range servers {
		if e := launcher.Stop(ctx, realServer.options, s.Profile, true, 0); e != nil && !errors.Is(e, launcher.ErrNotRunning) {
			err = errors.Join(err, fmt.Errorf("stop %s: %w", s.Profile, e))
		}
	}
	return errors.Join(err, os.RemoveAll(realServer.dir))
}
