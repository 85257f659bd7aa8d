package launcher_test

import (
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
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

// The class archive is built, used, and never a reason not to start.
func TestRealArchive(t *testing.T) {
	o := realOptions(t)
	p := launcher.Profile{Idle: time.Minute}
	path, err := launcher.BuildArchive(t.Context(), o, p)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := launcher.BuildArchive(t.Context(), o, p); err != nil || again != path {
		t.Errorf("built again: %s, %v", again, err)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), "build-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	if !maps(t, start(t, o, p), path) {
		t.Error("the archive is not used")
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range whole[:len(whole)/2] {
		whole[i] = 'x'
	}
	if err := os.WriteFile(path, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	if maps(t, start(t, o, p), path) {
		t.Error("a damaged archive is used")
	}
}

// start starts a server, stops it at the end of the test or at the next start,
// and returns its JVM.
func start(t *testing.T, o launcher.Options, p launcher.Profile) int {
	t.Helper()
	stopAll(t, o)
	began := time.Now()
	pid := attach(t, o, p).Server().PID
	t.Logf("started in %s", time.Since(began).Round(10*time.Millisecond))
	return pid
}

// maps reports whether a process has a file in its memory.
func maps(t *testing.T, pid int, path string) bool {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "maps"))
	if err != nil {
		t.Fatal(err)
	}
	return strings.Contains(string(b), path)
}

// Five processes attach to one real server; what fails to start says why; the
// death of the JVM is told.
func TestRealServerIsShared(t *testing.T) {
	o := realOptions(t)
	_, reports := together(t, 5, kernelOrder{Options: o})
	s := sameServer(t, reports)
	l := attach(t, o, launcher.Profile{})
	if !private(t, o, s.Token) {
		t.Error("a secret is where it should not be")
	}
	if err := syscall.Kill(s.PID, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	<-l.Done()
	if l.Err() == nil {
		t.Error("the server's death was not told")
	}
}

// private reports whether the token is in no log, in no command line and in
// private files only.
func private(t *testing.T, o launcher.Options, token string) bool {
	t.Helper()
	ok := true
	err := filepath.Walk(o.RuntimeDir, func(path string, fi os.FileInfo, err error) error {
		if err != nil || !fi.Mode().IsRegular() {
			return err
		}
		b, err := os.ReadFile(path)
		if fi.Mode().Perm() != 0o600 || filepath.Ext(path) == ".log" && strings.Contains(string(b), token) {
			t.Log(path, fi.Mode())
			ok = false
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	lines, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range lines {
		if b, err := os.ReadFile(path); err == nil && strings.Contains(string(b), token) {
			t.Log(path)
			ok = false
		}
	}
	return ok
}

// taken is a port that somebody else listens on.
func taken(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

func TestRealWrongSettings(t *testing.T) {
	o := realOptions(t)
	for _, c := range []struct {
		p    launcher.Profile
		want string
	}{
		{launcher.Profile{Master: "moon"}, "start with spark, k8s, or local"},
		{launcher.Profile{Conf: map[string]string{"spark.driver.memory": "4gb"}}, "4g"},
		{launcher.Profile{Conf: map[string]string{"spark.connect.grpc.binding.port": taken(t)}}, "is taken"},
		{launcher.Profile{Master: "local[x]"}, "local[x]"},
	} {
		got := failure(t, o, c.p)
		t.Logf("%s | %s", got.Cause, got.Advice)
		if !strings.Contains(got.Cause+got.Advice, c.want) {
			t.Errorf("%+v: tail %s", c.p, strings.Join(got.LogTail, "\n"))
		}
	}
}

// Every page of Spark's Web UI is there through the page proxy, and nowhere else.
func TestRealWebUI(t *testing.T) {
	o := realOptions(t)
	l := attach(t, o, launcher.Profile{})
	api := l.Server().API
	if api == "" {
		t.Fatal("there is no Web UI")
	}
	get := func(address string) (int, string) {
		res, err := http.Get(address)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return res.StatusCode, string(b)
	}
	for _, page := range []string{"/", "/jobs/", "/stages/", "/storage/", "/environment/", "/executors/", "/SQL/", "/connect/",
		"/api/v1/applications", "/static/executorspage.js", "/static/utils.js"} {
		code, body := get(api + page)
		if code != http.StatusOK || strings.Contains(body, `indexOf("proxy")`) || strings.HasSuffix(page, "s/") && !strings.Contains(body, api[strings.LastIndexByte(api, '/'):]+"/static/") {
			t.Errorf("%s: %d %.300s", page, code, body)
		}
	}
	_, environment := get(api + "/environment/")
	for _, secret := range []string{l.Server().Token} {
		if strings.Contains(environment, secret) {
			t.Error("the environment page shows the token")
		}
	}
	log, err := os.ReadFile(l.Server().LogPath)
	if err != nil {
		t.Fatal(err)
	}
	port := regexp.MustCompile(`'SparkUI' on port (\d+)`).FindSubmatch(log)
	if port == nil {
		t.Fatal("the log names no port")
	}
	for _, page := range []string{"/", "/jobs/", "/environment/", "/api/v1/applications", "/static/utils.js", "/metrics/json/"} {
		if code, _ := get("http://127.0.0.1:" + string(port[1]) + page); code != http.StatusForbidden && code != http.StatusUnauthorized {
			t.Errorf("%s is open to strangers: %d", page, code)
		}
	}
}
