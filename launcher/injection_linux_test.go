package launcher_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"gospark/launcher"
)

// rounds is how often a test injects a failure: a few, or $GOSPARK_ROUNDS.
func rounds(t *testing.T, few int) int {
	t.Helper()
	if n, err := strconv.Atoi(os.Getenv("GOSPARK_ROUNDS")); err == nil && n > 0 {
		return n
	}
	return few
}

// processes lists the programs that run in a test's home.
func processes(o launcher.Options) []string {
	var out []string
	found, _ := filepath.Glob("/proc/[0-9]*/environ")
	for _, path := range found {
		b, err := os.ReadFile(path)
		if err != nil || !strings.Contains(string(b), "HOME="+home(o)+"\x00") {
			continue
		}
		pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		if !dead(pid) {
			line, _ := os.ReadFile(filepath.Join(filepath.Dir(path), "cmdline"))
			out = append(out, fmt.Sprint(pid, " ", strings.ReplaceAll(string(line), "\x00", " ")))
		}
	}
	return out
}

// Any party dies at any moment, by a seed: there are never two servers, no
// process stays behind, every kernel hears what happened, and the next start
// works.
func TestKillAnybodyAtAnyMoment(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	if s, err := strconv.ParseUint(os.Getenv("GOSPARK_SEED"), 10, 64); err == nil {
		seed = s
	}
	t.Logf("GOSPARK_SEED=%d repeats this", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	o := fakeOptions(t, "")
	only := filepath.Join(t.TempDir(), "only")
	o.Env = append(o.Env, "FAKE_ONLY="+only)
	for round := range rounds(t, 5) {
		n := 4 + r.IntN(starters-3)
		kernels := make([]*kernel, n)
		for i := range kernels {
			kernels[i] = startKernel(t, kernelOrder{Options: o, Profile: launcher.Profile{Idle: time.Minute}})
		}
		victim, after := r.IntN(4), time.Duration(r.IntN(400))*time.Millisecond
		killed := strike(t, o, kernels, victim, after)
		var held []*kernel
		for i, k := range kernels {
			if i == killed {
				continue
			}
			var report kernelReport
			err := k.out.Decode(&report)
			if victim == 2 && strings.Contains(report.Err, "did not start: the server was killed") {
				continue // it was about to be ready, and who waited for it is told
			}
			if err != nil || report.Err != "" {
				t.Fatalf("round %d, victim %d after %s: kernel %d: %v %s", round, victim, after, i, err, report.Err)
			}
			held = append(held, k)
		}
		s := attachAlive(t, o)
		if err := syscall.Kill(s.PID, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		for i, k := range held { // each that held the last server hears of its end
			var gone kernelReport
			if err := k.out.Decode(&gone); err != nil || gone.Gone == "" {
				t.Fatalf("round %d: kernel %d lost its server without a word: %v %+v", round, i, err, gone)
			}
			k.end()
		}
		if b, err := os.ReadFile(only + ".two"); err == nil {
			t.Fatalf("round %d: two servers at once; the second was process %s", round, b)
		}
	}
	stopAll(t, o)
	eventually(t, "no process is left", func() bool { return len(processes(o)) == 0 })
}

// attachAlive attaches until the server lives: a process that has just been killed
// may look alive until it runs once more, but then its lease must tell its end.
func attachAlive(t *testing.T, o launcher.Options) launcher.Server {
	t.Helper()
	for {
		l := attach(t, o, launcher.Profile{})
		s := l.Server()
		if !dead(s.PID) && !dead(s.Supervisor) {
			return s
		}
		select {
		case <-l.Done():
		case <-time.After(10 * time.Second):
			t.Fatal("a dead server was handed out, and nobody was told")
		}
	}
}

// Who attaches when the server has just died gets the next one, not the dead one,
// also before its supervisor has noticed.
func TestAttachRightAfterADeath(t *testing.T) {
	o := fakeOptions(t, "")
	last := attach(t, o, launcher.Profile{}).Server()
	for range rounds(t, 5) {
		if err := syscall.Kill(last.PID, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		eventually(t, "the port is closed", func() bool {
			conn, err := net.Dial("tcp", last.Address)
			if err == nil {
				conn.Close()
			}
			return err != nil
		})
		next := attach(t, o, launcher.Profile{}).Server()
		if next.PID == last.PID {
			t.Fatal("the dead server was handed out")
		}
		last = next
	}
	stopAll(t, o)
}

// strike kills a party after a while: a kernel, the supervisor, the JVM, or
// nobody. It returns the index of a killed kernel, else -1.
func strike(t *testing.T, o launcher.Options, kernels []*kernel, victim int, after time.Duration) int {
	t.Helper()
	time.Sleep(after)
	if victim == 0 {
		kernels[0].kill()
		return 0
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	servers, err := launcher.Status(ctx, o)
	if err != nil || len(servers) == 0 {
		return -1
	}
	pid := map[int]int{1: servers[0].Supervisor, 2: servers[0].PID}[victim]
	if pid > 1 {
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
	return -1
}

// Many starters, many times over, after every kind of end.
func TestManyStartersManyTimes(t *testing.T) {
	o := fakeOptions(t, "")
	only := filepath.Join(t.TempDir(), "only")
	o.Env = append(o.Env, "FAKE_ONLY="+only)
	for round := range rounds(t, 3) {
		kernels, reports := together(t, starters, kernelOrder{Options: o, Profile: launcher.Profile{Idle: time.Minute}})
		server := sameServer(t, reports)
		switch round % 3 {
		case 0:
			_ = syscall.Kill(server.Supervisor, syscall.SIGKILL)
		case 1:
			_ = syscall.Kill(server.PID, syscall.SIGKILL)
		case 2:
			if err := launcher.Stop(t.Context(), o, "", true, 0); err != nil {
				t.Fatal(err)
			}
		}
		for _, k := range kernels {
			k.end()
		}
		if _, err := os.Stat(only + ".two"); err == nil {
			t.Fatalf("round %d: two servers at once", round)
		}
	}
}

// A supervisor without file descriptors serves again when it has some.
func TestSupervisorOutOfFiles(t *testing.T) {
	o := fakeOptions(t, "")
	s := attach(t, o, launcher.Profile{}).Server()
	var before unix.Rlimit
	if err := unix.Prlimit(s.Supervisor, unix.RLIMIT_NOFILE, nil, &before); err != nil {
		t.Fatal(err)
	}
	if err := unix.Prlimit(s.Supervisor, unix.RLIMIT_NOFILE, &unix.Rlimit{Cur: 3, Max: before.Max}, nil); err != nil {
		t.Fatal(err)
	}
	results := make(chan error, 5)
	for range cap(results) {
		go func() {
			l, err := launcher.Attach(t.Context(), o, launcher.Profile{}, nil)
			if err == nil {
				err = l.Close()
			}
			results <- err
		}()
	}
	select {
	case err := <-results:
		t.Fatalf("somebody was served without files: %v", err)
	case <-time.After(300 * time.Millisecond):
	}
	if err := unix.Prlimit(s.Supervisor, unix.RLIMIT_NOFILE, &before, nil); err != nil {
		t.Fatal(err)
	}
	for range cap(results) {
		if err := <-results; err != nil {
			t.Error(err)
		}
	}
	if now := attach(t, o, launcher.Profile{}).Server(); now.PID != s.PID {
		t.Error("another server was started")
	}
}

// A registry of any content is neither believed nor in the way.
func TestDamagedRegistryWhileRunning(t *testing.T) {
	o := fakeOptions(t, "")
	s := attach(t, o, launcher.Profile{}).Server()
	for _, text := range []string{"", "{", `{"address": 7}`, strings.Repeat("x", 1<<20)} {
		writeFile(t, filepath.Join(o.RuntimeDir, "default", "server.json"), text)
		if now := attach(t, o, launcher.Profile{}).Server(); now.PID != s.PID || now.Token != s.Token {
			t.Errorf("after %.10q: %+v", text, now)
		}
	}
}

// A stranger who listens where the server should be gets no token.
func TestStrangerOnThePort(t *testing.T) {
	dir := openDir(t)
	cmd := asNobody(t, dir, "squat-port")
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }()
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	o := fakeOptions(t, "at:"+strings.TrimSpace(address))
	got := failure(t, o, launcher.Profile{})
	if !strings.Contains(got.Cause, "belongs to uid "+strconv.Itoa(nobody)) {
		t.Errorf("%+v", got)
	}
}

// A stranger reaches the ports of a server and gets nothing out of them.
func TestStrangerAtThePages(t *testing.T) {
	o := fakeOptions(t, "")
	l := attach(t, o, launcher.Profile{})
	root := l.Server().API[:strings.LastIndexByte(l.Server().API, '/')]
	dir := openDir(t)
	for _, path := range []string{"/", "/jobs/", "/api/v1/applications", "/open/guess/", "/../jobs/", "//jobs"} {
		cmd := asNobody(t, dir, "get", root+path)
		b, err := cmd.Output()
		if err != nil || !strings.HasPrefix(string(b), "403") && !strings.Contains(string(b), "Opening") {
			t.Errorf("%s: %s %v", path, b, err)
		}
	}
}

// A supervisor that nobody gives processor time, as on a machine that swaps, is
// waited for.
func TestSupervisorIsSlow(t *testing.T) {
	o := fakeOptions(t, "")
	s := attach(t, o, launcher.Profile{}).Server()
	freeze(t, s.Supervisor)
	again := make(chan launcher.Server, 1)
	go func() {
		l, err := launcher.Attach(t.Context(), o, launcher.Profile{}, nil)
		if err != nil {
			t.Error(err)
			close(again)
			return
		}
		again <- l.Server()
		l.Close()
	}()
	select {
	case <-again:
		t.Fatal("a stopped supervisor answered")
	case <-time.After(500 * time.Millisecond):
	}
	if err := syscall.Kill(s.Supervisor, syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	if now := <-again; now.PID != s.PID {
		t.Errorf("another server: %+v", now)
	}
}

// Bytes that are no request end their connection and nothing else.
func TestGarbageOnTheSocket(t *testing.T) {
	o := fakeOptions(t, "")
	s := attach(t, o, launcher.Profile{}).Server()
	for _, text := range []string{"", "x", "{}\n", `{"op": "stop"`, `{"op": "attach", "client": 7}` + "\n", strings.Repeat("[", 1<<20)} {
		c, err := net.Dial("unix", filepath.Join(o.RuntimeDir, "default", "sock"))
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(c, text)
		_ = c.(*net.UnixConn).CloseWrite()
		_ = c.SetReadDeadline(time.Now().Add(20 * time.Second))
		var answer json.RawMessage
		if err := json.NewDecoder(c).Decode(&answer); errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("%.10q holds a connection", text)
		}
		c.Close()
	}
	if now := attach(t, o, launcher.Profile{}).Server(); now.PID != s.PID {
		t.Error("another server was started")
	}
}
