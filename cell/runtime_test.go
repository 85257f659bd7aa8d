package cell

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"syscall"
	"testing"

	"gospark/cell/internal/testcell"
	"gospark/cell/source"
	"gospark/cell/toolchain"
)

var toolchainCell = toolchain.Cell{Name: "after", Source: []byte("package main\n\nfunc main() {}\n")}

func TestStateOverCells(t *testing.T) {
	b := newBook(t)
	b.want(`x := 41`, "")
	b.want(`type point struct{ a, b int }
func (p point) String() string { return fmt.Sprintf("<%d,%d>", p.a, p.b) }
p := point{1, 2}
shapes := []any{p, 3}`, "")
	b.want(`x++; fmt.Println(x, p); q, ok := shapes[0].(point); fmt.Println(q, ok); _ = 0`, "42 <1,2>\n<1,2> true\n")
	b.want(`func double[T int | string](v T) T { return v + v }`, "")
	b.want(`double(x), double("a")`, "=> 84 aa")
	b.want("count := 0\nnext := func() int { count++; return count }\nnext()", "=> 1")
	b.want("next() + next()", "=> 5")
	b.want("count", "=> 3")
	if vars := b.r.Vars(); len(vars) < 5 {
		t.Errorf("variables: %v", vars)
	}
	if err := b.r.Reset(t.Context()); err != nil {
		t.Fatal(err)
	}
	fail[*source.CompileError](b, `x`)
}

func TestCompileErrorChangesNothing(t *testing.T) {
	b := newBook(t)
	b.want(`x := 1`, "")
	e := fail[*source.CompileError](b, "x = 2\ny := 3\nx = \"no\"")
	if d := e.Diagnostics[0]; e.Number != 2 || d.Line != 3 {
		t.Errorf("got %+v", e)
	}
	b.want(`x`, "=> 1")
	fail[*source.CompileError](b, "y")
}

func TestPanicKeepsState(t *testing.T) {
	b := newBook(t)
	b.want("x := 1\nfunc index(i int) int { return []int{1}[i] }", "")
	e := fail[*PanicError](b, "x = 2\n_ = index(7)")
	if !strings.Contains(e.Value, "index out of range [7]") {
		t.Errorf("value %q", e.Value)
	}
	if len(e.Frames) != 2 || e.Frames[0].File != "cell[1]" || e.Frames[0].Line != 2 ||
		e.Frames[1].File != "cell[2]" || e.Frames[1].Line != 2 {
		t.Errorf("frames %+v", e.Frames)
	}
	b.want("x", "=> 2")
}

func TestGoroutinePanic(t *testing.T) {
	b := newBook(t)
	out, _, err := b.run("x := 5\ndone := make(chan bool)\ngo func() {\n\tdefer close(done)\n\tpanic(\"oops\")\n}()\n<-done")
	if err != nil {
		t.Fatal(err)
	}
	out.await(t, "panic in a goroutine of cell 1: oops\n  cell[1]:5")
	b.want("x", "=> 5")
}

func TestExits(t *testing.T) {
	b := newBook(t)
	b.want("x := 1", "")
	for _, c := range []struct {
		code string
		exit int
	}{
		{"x++; os.Exit(3)", 3},
		{"x++; log.SetOutput(io.Discard); log.Fatal(1)", 1},
		{"x++; func() { defer func() { recover() }(); os.Exit(4) }()", 4},
	} {
		if e := fail[*ExitError](b, c.code); e.Code != c.exit {
			t.Errorf("%s: %v", c.code, e)
		}
	}
	b.want("x++; runtime.Goexit()", "")
	b.want("x", "=> 5")
}

func TestErrorValue(t *testing.T) {
	b := newBook(t)
	e := fail[*CellError](b, `fmt.Errorf("outer: %w", errors.New("inner"))`)
	if e.Msg != "outer: inner" || len(e.Causes) != 1 || e.Causes[0] != "inner" || e.Type != "*fmt.wrapError" {
		t.Errorf("got %+v", e)
	}
	b.want("os.Remove(\"/nowhere/\") == nil", "=> false")
}

func TestValueThatCannotBeShown(t *testing.T) {
	b := newBook(t)
	for code, want := range map[string]string{
		`"refuse"`:          "refused",
		`"bad"`:             "show the result",
		`display.Show("a")`: "",
	} {
		_, _, err := b.run(code)
		var e *CellError
		if want != "" && (!errors.As(err, &e) || !strings.Contains(e.Msg, want)) {
			t.Errorf("%s: %v", code, err)
		}
	}
	b.want("1", "=> 1")
}

func TestInterruptOfABuild(t *testing.T) {
	b := newBook(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, _, err := b.runUnder(ctx, "x := 1", &output{changed: make(chan struct{}, 1)})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	fail[*source.CompileError](b, "x")
	b.want("x := 2\nx", "=> 2")
}

func TestMissingTool(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	t.Setenv("GOROOT", "")
	r := New(Options{CacheDir: t.TempDir(), Source: testcell.Source(t), Worker: testcell.Worker})
	_, err := r.Run(t.Context(), Request{Code: "1"}, &output{changed: make(chan struct{}, 1)})
	var missing *MissingTool
	if !errors.As(err, &missing) || missing.Tool != "Go" || missing.Advice == "" {
		t.Errorf("got %v", err)
	}
	if status, _ := r.IsComplete("for {"); status != "incomplete" {
		t.Errorf("without Go, IsComplete says %q", status)
	}
	if err := r.Close(t.Context()); err != nil {
		t.Error(err)
	}
}

// Loading a cell that gives another meaning to a loaded name would corrupt
// memory without a word.
func TestGuard(t *testing.T) {
	b := newBook(t)
	b.ok("1")
	source := func(fields, body string) []byte {
		return []byte("package main\n\ntype clash struct{ " + fields + " }\n\nvar Keep any = clash{}\n\n//go:noinline\nfunc F(i int) int { " + body + " }\n\nfunc main() {}\n")
	}
	guard := func(name, fields, body string) error {
		p, err := b.r.workspace.Build(t.Context(), toolchain.Cell{Name: name, Source: source(fields, body)})
		if err != nil {
			t.Fatal(err)
		}
		defer p.Remove()
		symbols, err := b.r.guard(p.Path)
		maps.Copy(b.r.symbols, symbols)
		return err
	}
	if err := guard("c1", "a int", "return i"); err != nil {
		t.Fatal(err)
	}
	if err := guard("c2", "a int", "return i"); err != nil {
		t.Errorf("the same again: %v", err)
	}
	var clash *ClashError
	if err := guard("c3", "a, b string", "return i"); !errors.As(err, &clash) {
		t.Errorf("another type of the same name: %v", err)
	}
	if err := guard("c4", "a int", "return i*i + i/3"); !errors.As(err, &clash) {
		t.Errorf("another function of the same name: %v", err)
	}
}

func TestSocketClosedByACell(t *testing.T) {
	b := newBook(t)
	fail[*WorkerDied](b, "syscall.Close(3)\nselect {}")
	b.want("1", "=> 1")
}

func TestInterrupt(t *testing.T) {
	b := newBook(t)
	b.want("x := 1", "")
	for _, code := range []string{
		"x++\nfmt.Println(\"runs\")\nfor {\n}",
		"x++\nfmt.Println(\"runs\")\n<-ctx.Done()\nfor {\n}",
		"x++\nfmt.Println(\"runs\")\nselect {}", // must be abandoned
	} {
		ctx, cancel := context.WithCancel(t.Context())
		out := &output{changed: make(chan struct{}, 1)}
		ended := make(chan error)
		go func() {
			_, _, err := b.runUnder(ctx, code, out)
			ended <- err
		}()
		out.await(t, "runs")
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", code, err)
		}
	}
	b.want("x", "=> 4")
}

func TestInput(t *testing.T) {
	b := newBook(t)
	out := &output{changed: make(chan struct{}, 1), answers: []string{"Ada", "two words", "secret"}}
	_, _, err := b.runUnder(t.Context(), `var name string
fmt.Print("who? ")
fmt.Scan(&name)
line, _ := bufio.NewReader(os.Stdin).ReadString('\n')
if line == "\n" { line, _ = bufio.NewReader(os.Stdin).ReadString('\n') }
pass, _ := display.Password("pw")
fmt.Printf("%s|%s|%s", name, strings.TrimSpace(line), pass)`, out)
	if err != nil {
		t.Fatal(err)
	}
	want := `who? <input "" false><input "" false><input "pw" true>Ada|two words|secret`
	if got := out.String(); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	b.want(`_, err := fmt.Scan(&name); err.Error()`, "<input \"\" false>=> nobody answers")
}

func TestOrder(t *testing.T) {
	b := newBook(t)
	b.want(`for i := range 50 {
	fmt.Print(i)
	display.Text("r")
	println(i)
	display.Clear(true)
}`, func() string {
		var s strings.Builder
		for i := range 50 {
			fmt.Fprintf(&s, "%d<r>%d\n<clear true>", i, i)
		}
		return s.String()
	}())
}

func TestManyLines(t *testing.T) {
	b := newBook(t)
	out, _, err := b.run(`for i := range 10000 { fmt.Println("line", i, "é") }`)
	if err != nil {
		t.Fatal(err)
	}
	var want strings.Builder
	for i := range 10000 {
		fmt.Fprintln(&want, "line", i, "é")
	}
	if out.String() != want.String() {
		t.Error("the lines are not those that were printed")
	}
	if out.calls > 1000 {
		t.Errorf("%d messages for 10000 lines", out.calls)
	}
}

func TestOutputAfterTheCell(t *testing.T) {
	b := newBook(t)
	first, _, err := b.run("start := make(chan bool)\ngo func() { <-start; display.Text(\"late\") }()")
	if err != nil {
		t.Fatal(err)
	}
	second, _, err := b.run("close(start)")
	if err != nil {
		t.Fatal(err)
	}
	first.await(t, "<late>")
	if second.String() != "" {
		t.Errorf("the second cell shows %q", second)
	}
}

func TestWorkerDies(t *testing.T) {
	for _, c := range []struct{ name, code, reason string }{
		{"killed", "syscall.Kill(os.Getpid(), syscall.SIGKILL)\nselect {}", "killed"},
		{"stack overflow", "func f(i int) int { return f(i+1) + 1 }\nf(0)", "fatal error: stack overflow"},
		{"exit in a library", "time.AfterFunc(0, func() { syscall.Exit(5) })\nselect {}", "exit status 5"},
		{"a wild pointer", "*(*int)(unsafe.Pointer(uintptr(0x123456789000))) = 1", "fatal error: fault"},
		{"a signal", "syscall.Kill(os.Getpid(), syscall.SIGSEGV)\nselect {}", "SIGSEGV: segmentation violation"},
		{"out of memory", "big := make([]byte, 1<<46)\nlen(big)", "out of memory"},
		{"concurrent map writes", `m := map[int]int{}
for range 8 { go func() { for i := 0; ; i++ { m[i%10] = i } }() }
select {}`, "fatal error: concurrent map"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBook(t)
			b.want("x := 1", "")
			e := fail[*WorkerDied](b, c.code)
			if !strings.Contains(e.Reason, c.reason) || len(e.Lost) == 0 {
				t.Errorf("got %+v", e)
			}
			fail[*source.CompileError](b, "x")
			b.want("x := 2\nx", "=> 2")
		})
	}
}

func TestWorkerDiesBetweenCells(t *testing.T) {
	b := newBook(t)
	b.want("x := 1", "")
	if err := syscall.Kill(b.r.worker.pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	<-b.r.worker.ended
	e := fail[*WorkerDied](b, "1 + 1")
	if len(e.Lost) != 1 || e.Lost[0] != "x" {
		t.Errorf("got %+v", e)
	}
	b.want("1 + 1", "=> 2")
}

func TestChildrenGoWithTheWorker(t *testing.T) {
	b := newBook(t) // its close looks for them
	b.want(`c := exec.Command("sleep", "1000"); c.Start()`, "")
}

func TestReuse(t *testing.T) {
	b := newBook(t)
	b.want("x := 0", "")
	for i := range 5 {
		_, res, err := b.run("x++")
		if err != nil || res.Reused != (i > 0) {
			t.Errorf("run %d: reused %v, %v", i, res.Reused, err)
		}
	}
	b.want("x", "=> 5")
}

func TestSameNumberTwice(t *testing.T) {
	b := newBook(t)
	for i := range 3 {
		b.number = 6
		b.want(fmt.Sprintf("f%d := func() int { return %d }\nf%d()", i, i, i), fmt.Sprintf("=> %d", i))
	}
	b.want("f0() + f1() + f2()", "=> 3")
	b.number = 41
	e := fail[*PanicError](b, "panic(1)")
	if len(e.Frames) == 0 || e.Frames[0].File != "cell[42]" {
		t.Errorf("frames %v", e.Frames)
	}
}

func TestSetup(t *testing.T) {
	b := newBook(t)
	dir := t.TempDir()
	if err := b.r.Setenv(t.Context(), "GOSPARK_A", "before"); err != nil {
		t.Fatal(err)
	}
	b.want(`os.Getenv("GOSPARK_A")`, "=> before")
	if err := errors.Join(b.r.Chdir(t.Context(), dir), b.r.Setenv(t.Context(), "GOSPARK_A", "after")); err != nil {
		t.Fatal(err)
	}
	b.want(`wd, _ := os.Getwd(); wd + os.Getenv("GOSPARK_A")`, "=> "+dir+"after")
	if err := b.r.Chdir(t.Context(), "/nowhere"); err == nil {
		t.Error("a folder that is not there")
	}
}

func TestCalls(t *testing.T) {
	b := newBookWith(t, Options{Calls: map[string]Call{
		"where": func(_ context.Context, cell string, payload []byte) ([]byte, error) {
			return []byte(cell + "/" + string(payload)), nil
		},
	}})
	out := &output{changed: make(chan struct{}, 1)}
	for name, want := range map[string]string{"where": "call: id7/payload <nil>\n", "what": "call:  the kernel has no function \"what\"\n"} {
		_, err := b.r.Run(t.Context(), Request{ID: "id7", Number: 7, Code: "1", Meta: map[string]string{"call": name}}, out)
		if err != nil || !strings.Contains(out.String(), want) {
			t.Errorf("%s: %v, %q", name, err, out)
		}
	}
}

// A package of the module that is not in the worker is built and loaded when a
// cell first imports it, and its initialisation runs.
func TestPackageOnFirstImport(t *testing.T) {
	b := newBook(t)
	got := b.ok(`import _ "expvar"
_, pattern := http.DefaultServeMux.Handler(&http.Request{Method: "GET", URL: &url.URL{Path: "/debug/vars"}})
pattern`)
	if !strings.HasSuffix(got, "=> GET /debug/vars") {
		t.Errorf("got %q", got)
	}
	b.want(`expvar.NewInt("n").String()`, "=> 0")
}

// The collector takes nothing but pointers for pointers in the frames of
// reflect.MakeFunc: without package repair a worker dies of this in every second run.
func TestMakeFuncAndTheCollector(t *testing.T) {
	b := newBook(t)
	b.want(`type pair struct{ a, b int }
f := reflect.MakeFunc(reflect.TypeFor[func() any](), func([]reflect.Value) []reflect.Value {
	return []reflect.Value{reflect.ValueOf(pair{1, 2})}
}).Interface().(func() any)`, "")
	const calls = `var group sync.WaitGroup
for range 100 {
	group.Go(func() {
		for range 10000 {
			f()
		}
	})
}
group.Wait()`
	for range 3 {
		b.want(calls, "")
	}
}
