package cell

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"gospark/cell/internal/testcell"
	"gospark/cell/source"
	"gospark/display"
)

// waitFor is a bound for what must happen at all, not a measure of speed.
const waitFor = time.Minute

// book is a notebook in a test.
type book struct {
	t      testing.TB
	r      *Runtime
	number int
}

func newBook(t testing.TB) *book {
	t.Helper()
	return newBookWith(t, Options{})
}

func newBookWith(t testing.TB, o Options) *book {
	t.Helper()
	leak := goroutines()
	b := bookOf(t, o)
	t.Cleanup(func() { b.close(leak) })
	return b
}

// bookOf is a notebook that the caller closes.
func bookOf(t testing.TB, o Options) *book {
	t.Helper()
	o.CacheDir, o.Source, o.Worker = testcell.Cache(t), testcell.Source(t), testcell.Worker
	o.Light = []string{"gospark/display"}
	o.Prelude = source.Prelude{
		Imports: map[string]string{"display": "gospark/display"},
		Source:  "var ctx context.Context\nvar prelude = os.Getpid()",
	}
	b := &book{t: t, r: New(o)}
	if err := b.r.Prepare(t.Context(), func(step string) { t.Log(step) }); err != nil {
		t.Fatal(err)
	}
	return b
}

// close checks that nothing is left: no process, no file, no goroutine.
func (b *book) close(leak func() string) {
	b.t.Helper()
	var pid int
	if b.r.worker != nil {
		pid = b.r.worker.pid
	}
	if err := b.r.Close(context.Background()); err != nil {
		b.t.Error(err)
	}
	if pid != 0 && groupAlive(pid) {
		b.t.Errorf("the worker's process group %d is still there", pid)
	}
	if _, err := b.r.workspace.Build(context.Background(), toolchainCell); err == nil {
		b.t.Error("the workspace is still usable")
	}
	if left := leak(); left != "" {
		b.t.Errorf("goroutines left:\n%s", left)
	}
}

// groupAlive reports whether a process of the group exists that is no zombie.
func groupAlive(pgid int) bool {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range stats {
		data, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		_, rest, _ := strings.Cut(string(data), ") ")
		if f := strings.Fields(rest); len(f) > 2 && f[2] == fmt.Sprint(pgid) && f[0] != "Z" {
			return true
		}
	}
	return false
}

// goroutines remembers which goroutines there are; the returned function waits
// for the others to end and lists those that do not.
func goroutines() (left func() string) {
	before := runtime.NumGoroutine()
	return func() string {
		for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); runtime.Gosched() {
			if runtime.NumGoroutine() <= before {
				return ""
			}
		}
		buf := make([]byte, 1<<20)
		return string(buf[:runtime.Stack(buf, true)])
	}
}

// run runs a cell that may fail.
func (b *book) run(code string) (*output, Result, error) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.t.Context(), waitFor)
	defer cancel()
	return b.runUnder(ctx, code, &output{changed: make(chan struct{}, 1)})
}

func (b *book) runUnder(ctx context.Context, code string, out *output) (*output, Result, error) {
	b.number++
	res, err := b.r.Run(ctx, Request{ID: fmt.Sprintf("id%d", b.number), Number: b.number, Code: code}, out)
	return out, res, err
}

// ok runs a cell that must succeed and returns what it printed and showed.
func (b *book) ok(code string) string {
	b.t.Helper()
	out, res, err := b.run(code)
	if err != nil {
		b.t.Fatalf("%s\n%v\n%s", code, err, out)
	}
	if res.Value != nil {
		return out.String() + "=> " + res.Value.Text()
	}
	return out.String()
}

// want runs a cell and compares what it printed and showed.
func (b *book) want(code, want string) {
	b.t.Helper()
	if got := b.ok(code); got != want {
		b.t.Errorf("%s\ngot  %q\nwant %q", code, got, want)
	}
}

// fail runs a cell that must fail with an error of type E.
func fail[E error](b *book, code string) E {
	b.t.Helper()
	out, _, err := b.run(code)
	var e E
	if !errors.As(err, &e) {
		b.t.Fatalf("%s\ngot %T %v, want %T\n%s", code, err, err, e, out)
	}
	return e
}

// output keeps what a cell wrote, in order: text, then <mark> for the rest.
type output struct {
	changed chan struct{}
	answers []string // to Input; none is an error
	silent  bool     // Input waits for its context's end

	mu    sync.Mutex
	text  strings.Builder
	calls int
	comms []*comm
}

// comm is the front end's side of a comm in a test.
type comm struct {
	out     *output
	id      string
	handler CommHandler
}

func (c *comm) ID() string { return c.id }
func (c *comm) Send(data json.RawMessage, buffers [][]byte) error {
	c.out.add(fmt.Sprintf("<%s: %s %q>", c.id, data, buffers))
	return nil
}
func (c *comm) Close(json.RawMessage) error {
	c.out.add("<" + c.id + " closed>")
	return nil
}

func (o *output) add(text string) {
	o.mu.Lock()
	o.text.WriteString(text)
	o.calls++
	o.mu.Unlock()
	select {
	case o.changed <- struct{}{}:
	default:
	}
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// await waits until the output contains text.
func (o *output) await(t testing.TB, text string) {
	t.Helper()
	deadline := time.After(waitFor)
	for !strings.Contains(o.String(), text) {
		select {
		case <-o.changed:
		case <-deadline:
			t.Fatalf("%q did not appear in %q", text, o)
		}
	}
}

func (o *output) Stdout(text string)      { o.add(text) }
func (o *output) Stderr(text string)      { o.add(text) }
func (o *output) Show(out display.Output) { o.add("<" + out.Text() + ">") }
func (o *output) Clear(wait bool)         { o.add(fmt.Sprintf("<clear %v>", wait)) }
func (o *output) Input(ctx context.Context, prompt string, password bool) (string, error) {
	o.add(fmt.Sprintf("<input %q %v>", prompt, password))
	if o.silent {
		<-ctx.Done()
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.answers) == 0 {
		return "", errors.New("nobody answers")
	}
	line := o.answers[0]
	o.answers = o.answers[1:]
	return line, ctx.Err()
}
func (o *output) OpenComm(target string, data json.RawMessage, h CommHandler) (Comm, error) {
	if target == "refused" {
		return nil, errors.New("no such target")
	}
	o.add(fmt.Sprintf("<open %s %s>", target, data))
	c := &comm{out: o, id: "front-" + target, handler: h}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.comms = append(o.comms, c)
	return c, nil
}
