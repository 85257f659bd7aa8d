package launcher_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
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
	env := []string{"HOME=" + filepath.Join(dir, "home"), "TMPDIR=" + filepath.Join(dir, "tmp"), "PATH=" + os.Getenv("PATH")}
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
		if err := launcher.Stop(ctx, o, s.Profile, true); err != nil && !errors.Is(err, launcher.ErrNotRunning) {
			t.Errorf("cannot stop %s: %v", s.Profile, err)
		}
	}
}
