package notebook

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"gospark/display"
	"gospark/kernel"
	"gospark/kernel/wire"
	"gospark/launcher"
)

// TestMain lets the test's own program be the supervisor of the real server,
// which all tests share and which ends with them.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "supervisor" {
		os.Exit(supervise())
	}
	if len(os.Args) > 1 && os.Args[1] == "server" { // a test that wants a server and does not say so
		fmt.Fprintln(os.Stderr, "the test program is not gospark: use realOptions")
		os.Exit(1)
	}
	code := m.Run()
	if err := endServer(); err != nil {
		fmt.Fprintln(os.Stderr, "end the server of the tests:", err)
		code = 1
	}
	os.Exit(code)
}

func supervise() int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	o, p, _, err := launcher.Launched()
	if err == nil {
		err = launcher.Supervise(ctx, o, p)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// screen is a front end's side of one cell: it records what is shown.
type screen struct {
	// seen is called after each stream text, where it is not nil.
	seen func(text string)

	mu     sync.Mutex // guards the fields below
	stdout strings.Builder
	stderr strings.Builder
	shown  []display.Output // those under one ID stand once, as they are now
	every  []string         // the text of everything shown, in order
}

var _ kernel.Output = (*screen)(nil)

func (s *screen) Stream(name wire.StreamName, text string) {
	s.mu.Lock()
	b := &s.stdout
	if name == wire.Stderr {
		b = &s.stderr
	}
	b.WriteString(text)
	s.mu.Unlock()
	if s.seen != nil {
		s.seen(text)
	}
}

func (s *screen) Show(o display.Output) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.every = append(s.every, o.Text())
	at := slices.IndexFunc(s.shown, func(other display.Output) bool { return o.Update && other.ID == o.ID })
	if at >= 0 {
		s.shown[at] = o
		return
	}
	s.shown = append(s.shown, o)
}

func (s *screen) Clear(bool) {}

func (s *screen) Input(context.Context, string, bool) (string, error) { return "", kernel.ErrNoStdin }

func (s *screen) OpenComm(string, kernel.CommMessage, kernel.CommHandler) (kernel.Comm, error) {
	return nil, errors.New("this front end has no comms")
}

// texts are the shown outputs that are not empty now, but for what folded
// progress says: how long something took depends on the machine.
func (s *screen) texts() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []string
	for _, o := range s.shown {
		if o.Text() != "" && !strings.HasPrefix(o.Text(), "[done]") {
			all = append(all, o.Text())
		}
	}
	return all
}

// out and errs are the streams' texts.
func (s *screen) out() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stdout.String()
}

func (s *screen) errs() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stderr.String()
}

// book is a notebook that a test types into.
type book struct {
	*Notebook
	t       *testing.T
	cells   int
	session string
}

// open opens a notebook; it is closed at the end of the test, which fails when
// goroutines are left. Go is prepared only when a cell needs it: most tests do
// without.
func open(t *testing.T, o Options) *book {
	t.Helper()
	noLeaks(t)
	o.Lazy = true
	if o.User == "" {
		o.User = "tester"
	}
	o.Log = slog.New(slog.DiscardHandler)
	b := &book{Notebook: New(o), t: t, session: t.Name()}
	close(b.prepared.done)
	var ctx context.Context
	ctx, b.stop = context.WithCancel(context.Background())
	b.tasks, ctx = errgroup.WithContext(ctx)
	b.tasks.Go(func() error { b.spark.run(ctx); return nil })
	b.tasks.Go(func() error { return b.errands.run(ctx) })
	t.Cleanup(func() {
		if err := b.Close(context.Background(), false); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return b
}

// checked are the tests that look for leaks at their end.
var checked sync.Map

// noLeaks fails the test if it leaves goroutines behind, after everything that
// is cleaned up at its end.
func noLeaks(t *testing.T) {
	t.Helper()
	if _, before := checked.LoadOrStore(t, true); before {
		return
	}
	t.Cleanup(func() {
		deadline := time.Now().Add(10 * time.Second)
		for left := leftBehind(); len(left) > 0; left = leftBehind() {
			if time.Now().After(deadline) {
				t.Fatalf("%d goroutines left:\n%s", len(left), strings.Join(left, "\n\n"))
			}
			pauseBriefly()
		}
	})
}

// leftBehind are the stacks of goroutines that should have ended. The one that
// reaps the supervisor stays as long as that does.
func leftBehind() []string {
	stacks := make([]byte, 1<<20)
	stacks = stacks[:runtime.Stack(stacks, true)]
	var left []string
	for _, g := range strings.Split(string(stacks), "\n\n") {
		ours := strings.Contains(g, "gospark/") || strings.Contains(g, "google.golang.org/grpc")
		if ours && !strings.Contains(g, "testing.tRunner") && !strings.Contains(g, "testing.(*M)") &&
			!strings.Contains(g, "launcher.(*attacher).launch.func1") {
			left = append(left, g)
		}
	}
	return left
}

// answer is what a cell came to.
type answer struct {
	*screen
	value  string
	result kernel.Result
	err    *kernel.Error
}

// cell runs a cell to its end.
func (b *book) cell(code string) answer {
	b.t.Helper()
	return b.cellWith(b.t.Context(), code, &screen{})
}

func (b *book) cellWith(ctx context.Context, code string, s *screen) answer {
	b.t.Helper()
	b.cells++
	c := kernel.Cell{ID: fmt.Sprintf("%s-%d", b.session, b.cells), Number: b.cells, Code: code}
	result, err := b.Execute(ctx, c, s)
	a := answer{screen: s, result: result}
	if result.Value != nil {
		a.value = result.Value.Text()
	}
	if err != nil && !errors.As(err, &a.err) {
		b.t.Errorf("%s: a fault of the kernel: %v", code, err)
	}
	return a
}

// good runs a cell that must succeed and returns its value.
func (b *book) good(code string) string {
	b.t.Helper()
	a := b.cell(code)
	if a.err != nil {
		b.t.Fatalf("%s:\n%s", code, a.trace())
	}
	return a.value
}

// bad runs a cell that must fail.
func (b *book) bad(code string) answer {
	b.t.Helper()
	a := b.cell(code)
	if a.err == nil {
		b.t.Fatalf("%s: no error, but %q", code, a.value)
	}
	return a
}

// trace is the error as a console shows it, without colours.
func (a answer) trace() string {
	if a.err == nil {
		return ""
	}
	return plain(a.err)
}

var ansi = regexp.MustCompile("\x1b\\[[0-9;]*m")

func plain(e *kernel.Error) string {
	return ansi.ReplaceAllString(strings.Join(e.Traceback, "\n"), "")
}

// holds fails the test unless text holds all parts, in order.
func holds(t *testing.T, text string, parts ...string) {
	t.Helper()
	rest := text
	for _, p := range parts {
		_, after, ok := strings.Cut(rest, p)
		if !ok {
			t.Errorf("%q is missing, or not in its place, in:\n%s", p, text)
			return
		}
		rest = after
	}
}

// pauseBriefly lets others run before a condition is looked at again.
func pauseBriefly() { time.Sleep(5 * time.Millisecond) }
