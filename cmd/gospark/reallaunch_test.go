package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"gospark/launcher"
	"gospark/sparkclient"
	"gospark/sparkclient/connect"
)

// realLaunch are options for the repository's Spark with a home of its own, and
// the program itself as the supervisor. What runs in them ends with the test.
func realLaunch(t testing.TB) launcher.Options {
	t.Helper()
	if testing.Short() {
		t.Skip("starts a real Spark")
	}
	venv, err := filepath.Abs("../../.venv")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	program := filepath.Join(dir, "gospark")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	o := launcher.Options{
		RuntimeDir: filepath.Join(dir, "run"), Prefixes: []string{venv}, Command: []string{program, "server", "run"},
		Env: []string{"HOME=" + dir, "PATH=" + os.Getenv("PATH"), "JAVA_HOME=" + os.Getenv("JAVA_HOME")},
	}
	t.Cleanup(func() {
		if err := launcher.Stop(context.Background(), o, "", true, 0); err != nil {
			t.Log(err)
		}
	})
	return o
}

// session opens a session on a server.
func session(t testing.TB, s launcher.Server) *sparkclient.Session {
	t.Helper()
	o, err := connect.Parse(fmt.Sprintf("sc://%s/;token=%s", s.Address, s.Token))
	if err != nil {
		t.Fatal(err)
	}
	engine, err := connect.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	out := sparkclient.New(func(context.Context) (sparkclient.Engine, error) { return engine, nil })
	t.Cleanup(func() { _ = out.Close(context.Background()) })
	return out
}
