package notebook

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"gospark/kernel/wire"
)

func TestShell(t *testing.T) {
	b := open(t, Options{})
	a := b.cell("!printf 'one\\ntwo\\n'; echo three; echo wrong >&2")
	if a.err != nil || a.out() != "one\ntwo\nthree\n" || a.errs() != "wrong\n" {
		t.Errorf("stdout %q, stderr %q, %v", a.out(), a.errs(), a.err)
	}
	if a := b.cell("%%bash\nfor i in 1 2; do echo $i; done\nread nothing || echo no input"); a.out() != "1\n2\nno input\n" {
		t.Errorf("a script: %q %v", a.out(), a.trace())
	}
	holds(t, b.bad("!exit 3").trace(), "command failed", "exit status 3")
	holds(t, b.bad("!kill -9 $$").trace(), "command failed", "killed")
}

func TestShellWithoutBash(t *testing.T) {
	b := open(t, Options{})
	t.Setenv("PATH", t.TempDir())
	holds(t, b.bad("%%bash\ntrue").trace(), "command failed: bash cannot be started", "not found")
}

// A command that does not listen is ended with all that it started.
func TestShellInterrupt(t *testing.T) {
	b := open(t, Options{})
	ctx, interrupt := context.WithCancel(t.Context())
	s := &screen{}
	s.seen = func(string) {
		if strings.Count(s.out(), "\n") == 2 {
			interrupt()
		}
	}
	a := b.cellWith(ctx, "!trap '' TERM; sleep 1000 & echo $$; echo $!; while :; do wait; done", s)
	if a.err == nil || a.err.Name != "interrupted" {
		t.Errorf("got %v", a.err)
	}
	for pid := range strings.Lines(a.out()) {
		ended(t, strings.TrimSpace(pid))
	}
}

// ended fails the test when a process does not end; one that waits to be reaped
// has ended.
func ended(t *testing.T, pid string) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); ; runtime.Gosched() {
		stat, err := os.ReadFile(filepath.Join("/proc", pid, "stat"))
		if _, state, _ := strings.Cut(string(stat), ") "); err != nil || strings.HasPrefix(state, "Z") {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("process %s still runs: %s", pid, stat)
		}
	}
}

// What a command leaves running does not hold the cell.
func TestShellInBackground(t *testing.T) {
	b := open(t, Options{})
	a := b.cell("!sleep 1000 & echo $!")
	pid, err := strconv.Atoi(strings.TrimSpace(a.out()))
	if err != nil {
		t.Fatalf("%q %v", a.out(), a.err)
	}
	defer func() { _ = syscall.Kill(pid, syscall.SIGKILL) }()
	if a.err != nil {
		t.Error(a.trace())
	}
}

func TestStreamKeepsCharactersWhole(t *testing.T) {
	s := &screen{}
	w := stream(s, wire.Stdout)
	for _, b := range []byte("a·€😀\n") {
		if _, err := w.Write([]byte{b}); err != nil {
			t.Fatal(err)
		}
	}
	if s.out() != "a·€😀\n" {
		t.Errorf("got %q", s.out())
	}
	if _, err := w.Write([]byte("\xff\xe2\x82")); err != nil {
		t.Fatal(err)
	}
	w.flush()
	if s.out() != "a·€😀\n\uFFFD\uFFFD" {
		t.Errorf("what is no text: %q", s.out())
	}
}

func TestChangeDir(t *testing.T) {
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir) // and back at the end
	t.Setenv("HOME", dir)
	if err := os.Mkdir("sub folder", 0o700); err != nil {
		t.Fatal(err)
	}
	b := open(t, Options{})
	if got := b.good(`%cd "sub folder"`); got != filepath.Join(dir, "sub folder") {
		t.Errorf("got %q", got)
	}
	if a := b.cell("!pwd"); strings.TrimSpace(a.out()) != filepath.Join(dir, "sub folder") {
		t.Errorf("a command runs in %q", a.out())
	}
	for _, home := range []string{"%cd", "%cd ~", "%cd ~/"} {
		if got := b.good(home); got != dir {
			t.Errorf("%s: %q", home, got)
		}
	}
	holds(t, b.bad("%cd nowhere").trace(), "file error: cannot change to nowhere: no such file")
}

func TestEnv(t *testing.T) {
	for _, key := range []string{"GREETING", "MY_TOKEN", "SPARK_REMOTE", "A_DSN"} {
		t.Setenv(key, "") // restored at the end
	}
	b := open(t, Options{})
	if got := b.good("%env GREETING=hello MY_TOKEN=s3cret SPARK_REMOTE=sc://h/;token=s3cret A_DSN=db://me:s3cret@h/"); got != "" {
		t.Errorf("setting shows %q", got)
	}
	if a := b.cell("!echo $GREETING $MY_TOKEN"); a.out() != "hello s3cret\n" {
		t.Errorf("a command sees %q", a.out())
	}
	holds(t, b.good("%env GREETING NO_SUCH_VARIABLE"), "GREETING", "hello", "NO_SUCH_VARIABLE", "null")
	for _, code := range []string{"%env", "%env MY_TOKEN SPARK_REMOTE A_DSN"} {
		got := b.good(code)
		holds(t, got, "(hidden)")
		if strings.Contains(got, "s3cret") {
			t.Errorf("%s shows a secret:\n%s", code, got)
		}
	}
	holds(t, b.bad("%env =x").trace(), "usage", "a variable needs a name")
}

func TestWriteFile(t *testing.T) {
	t.Chdir(t.TempDir())
	b := open(t, Options{})
	b.good("%%writefile a.txt\none\n")
	if got := b.good("%%writefile -a a.txt\ntwo\n"); got != "appended 4 bytes to a.txt" {
		t.Errorf("got %q", got)
	}
	if text, err := os.ReadFile("a.txt"); err != nil || string(text) != "one\ntwo\n" {
		t.Errorf("got %q, %v", text, err)
	}
	if got := b.good("%%writefile a.txt\nthree\n"); got != "wrote 6 bytes to a.txt" {
		t.Errorf("got %q", got)
	}
	holds(t, b.bad("%%writefile no/such/folder\nx").trace(), "file error: cannot open no/such/folder: no such file")
}

func TestSegmentsRunInOrder(t *testing.T) {
	t.Chdir(t.TempDir())
	b := open(t, Options{})
	t.Setenv("X", "1")
	a := b.cell("%env X\n!echo second\n%cd .\n%nope\n!echo never")
	if a.err == nil || a.err.Name != "usage" {
		t.Errorf("got %v", a.err)
	}
	if a.out() != "second\n" {
		t.Errorf("printed %q", a.out())
	}
	if texts := a.texts(); len(texts) != 2 || !strings.Contains(texts[0], "X") || texts[1] != workDir() {
		t.Errorf("shown %q", texts)
	}
}

func TestTime(t *testing.T) {
	b := open(t, Options{})
	t.Setenv("X", "1")
	a := b.cell("%%time\n!echo inside\n%env X")
	holds(t, a.out(), "inside\n", "took ")
	holds(t, a.value, "X", "1")
	a = b.bad("%time !exit 1")
	holds(t, a.out(), "took ")
	holds(t, a.trace(), "command failed")
}

func TestHelp(t *testing.T) {
	b := open(t, Options{})
	for _, code := range []string{"%help", "%spark --help", "%%sql --help", "%spark help", "%help %%sql"} {
		if got := b.good(code); len(got) < 100 {
			t.Errorf("%s: %q", code, got)
		}
	}
}

func TestInterruptedBetweenSegments(t *testing.T) {
	b := open(t, Options{})
	ctx, interrupt := context.WithCancel(t.Context())
	a := b.cellWith(ctx, "!echo one\n!echo two", &screen{seen: func(string) { interrupt() }})
	if a.err == nil || a.err.Name != "interrupted" || a.out() != "one\n" {
		t.Errorf("got %v after %q", a.err, a.out())
	}
}
