package launcher_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"gospark/launcher"
)

// realOptions finds the repository's Spark; a machine without it fails the test.
func realOptions(t *testing.T) launcher.Options {
	t.Helper()
	if testing.Short() {
		t.Skip("starts a real Spark")
	}
	venv, err := filepath.Abs("../.venv")
	if err != nil {
		t.Fatal(err)
	}
	o := testOptions(t)
	o.Prefixes = []string{venv}
	return o
}

func TestRealSparkStarts(t *testing.T) {
	o := realOptions(t)
	var last launcher.Phase
	lease, err := launcher.Attach(t.Context(), o, launcher.Profile{Idle: time.Minute}, func(p launcher.Phase) {
		t.Log(p.Elapsed.Round(time.Millisecond), p.Text)
		last = p
	})
	if err != nil {
		t.Fatal(err)
	}
	s := lease.Server()
	t.Logf("%+v", s)
	if last.Text != "Spark Connect is listening" || s.UI == "" || s.Token == "" {
		t.Errorf("last phase %q, server %+v", last.Text, s)
	}
	if entries, _ := os.ReadDir(home(o)); len(entries) > 1 { // .local
		t.Errorf("the home is littered: %v", entries)
	}
}
