package cell

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
)

// going is a cell that runs beside the test.
type going struct {
	*output
	stop  context.CancelFunc
	ended chan error
	value string // the result's text, once ended has told
}

// start starts a cell; background says where.
func (b *book) start(background bool, code string) *going {
	return b.startWith(&output{changed: make(chan struct{}, 1)}, background, code)
}

func (b *book) startWith(out *output, background bool, code string) *going {
	b.number++
	ctx, cancel := context.WithTimeout(b.t.Context(), waitFor)
	g := &going{output: out, stop: cancel, ended: make(chan error, 1)}
	req := Request{ID: fmt.Sprintf("id%d", b.number), Number: b.number, Code: code, Background: background}
	go func() {
		res, err := b.r.Run(ctx, req, g)
		if res.Value != nil {
			g.value = res.Value.Text()
		}
		g.ended <- err
	}()
	return g
}

// end waits for the cell's end and returns all that it wrote.
func (g *going) end(t *testing.T) string {
	t.Helper()
	if err := <-g.ended; err != nil {
		t.Errorf("%v\n%s", err, g)
	}
	g.stop()
	if g.value != "" {
		return g.String() + "=> " + g.value
	}
	return g.String()
}

func TestCellsAtOnce(t *testing.T) {
	b := newBook(t)
	b.ok("gate := make(chan string)\nmine := func() context.Context { return ctx }")
	front := b.start(false, "fmt.Println(\"front\")\nname := <-gate\nfmt.Println(\"got\", name, mine() == ctx)\n<-gate\ncap(gate)")
	front.await(t, "front")
	// Compiled, loaded and run while the other one runs.
	back := b.start(true, "type fresh struct{ n int }\nfmt.Println(\"back\", fresh{1})\ngate <- \"from back\"\nbackCtx := mine()\nbackCtx == ctx")
	if got, want := back.end(t), "back {1}\n=> true"; got != want {
		t.Errorf("back: got %q, want %q", got, want)
	}
	b.ok("1") // beside both, without being asked to be in the background
	third := b.start(true, "gate <- \"end\"\n<-backCtx.Done()\nctx.Err()")
	if got := third.end(t); got != "" {
		t.Errorf("third: got %q", got)
	}
	if got, want := front.end(t), "front\ngot from back true\n=> 0"; got != want {
		t.Errorf("front: got %q, want %q", got, want)
	}
}

func TestInterruptOneOfTwo(t *testing.T) {
	b := newBook(t)
	b.ok("gate := make(chan bool)")
	cells := []*going{
		b.start(false, "fmt.Println(\"runs\")\nfor { select { case <-gate: panic(\"left\"); default: } }"),
		b.start(true, "fmt.Println(\"runs\")\nfor { runtime.Gosched() }"),
		b.start(true, "fmt.Println(\"runs\")\n<-ctx.Done()"),
	}
	for _, c := range cells {
		c.await(t, "runs")
	}
	for _, i := range []int{1, 2, 0} {
		cells[i].stop()
		if err := <-cells[i].ended; !errors.Is(err, context.Canceled) {
			t.Errorf("cell %d: %v", i, err)
		}
	}
	b.want("1", "=> 1")
}

func TestDeathIsToldToAll(t *testing.T) {
	b := newBook(t)
	b.ok("x := 1")
	front := b.start(false, "fmt.Println(\"runs\")\nselect {}")
	front.await(t, "runs")
	back := b.start(true, "fmt.Println(\"last words\")\nsyscall.Kill(os.Getpid(), syscall.SIGKILL)\nselect {}")
	for _, c := range []*going{front, back} {
		var died *WorkerDied
		if err := <-c.ended; !errors.As(err, &died) || len(died.Lost) != 1 || died.Lost[0] != "x" {
			t.Errorf("got %v", err)
		}
	}
	if got := back.String(); got != "last words\n" {
		t.Errorf("what it printed before is %q", got)
	}
	b.want("x := 2\nx", "=> 2")
}

func TestResetEndsCells(t *testing.T) {
	b := newBook(t)
	var cells []*going
	for _, code := range []string{
		"defer fmt.Println(\"deferred\")\nfmt.Println(\"runs\")\nfor {}",
		"fmt.Println(\"runs\")\n<-ctx.Done()",
		"fmt.Println(\"runs\")\nselect {}", // abandoned
	} {
		c := b.start(len(cells) > 0, code)
		c.await(t, "runs")
		cells = append(cells, c)
	}
	if err := b.r.Reset(t.Context()); err != nil {
		t.Fatal(err)
	}
	for i, c := range cells {
		if err := <-c.ended; !errors.Is(err, ErrStopped) {
			t.Errorf("cell %d: %v", i, err)
		}
	}
	if got := cells[0].String(); got != "runs\ndeferred\n" {
		t.Errorf("got %q", got)
	}
	b.want("1", "=> 1")
	last := b.start(false, "fmt.Println(\"runs\")\n<-ctx.Done()")
	last.await(t, "runs")
	t.Cleanup(func() { // after Close
		if err := <-last.ended; !errors.Is(err, ErrStopped) {
			t.Errorf("closed: %v", err)
		}
	})
	if err := b.r.Close(t.Context()); err != nil {
		t.Error(err)
	}
}

// What a cell's goroutines print, however they came to be, is the cell's, while
// other cells run and after.
func TestLateTextIsItsCells(t *testing.T) {
	b := newBook(t)
	starts := []struct{ name, code string }{
		{"go", "go func() { for range step { speak(\"go\") } }()"},
		{"timer", "mine := step // that of the next name is not for it\nvar tick func()\ntick = func() { select { case <-mine: speak(\"timer\"); default: }; time.AfterFunc(time.Millisecond, tick) }\ntick()"},
		{"server", `srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { speak("server") }))
go func() { for range step { r, err := http.Get(srv.URL); if err == nil { r.Body.Close() } } }()`},
	}
	for _, s := range starts {
		t.Run(s.name, func(t *testing.T) {
			b.ok("step := make(chan int)\n" + `spoken := make(chan bool)
func speak(who string) {
	fmt.Println(who, "println")
	fmt.Printf("%s printf\n", who)
	fmt.Fprint(os.Stderr, who+" stderr\n")
	log.New(os.Stdout, "", 0).Print(who + " logger")
	os.Stdout.WriteString(who + " file\n")
	log.SetFlags(0)
	log.Print(who + " log")
	slog.Info(who + " slog")
	spoken <- true
}`)
			first, _, err := b.run(s.code)
			if err != nil {
				t.Fatal(err)
			}
			b.want("fmt.Println(\"before\")\nstep <- 1\n<-spoken\nfmt.Println(\"after\")", "before\nafter\n")
			once := fmt.Sprintf("%[1]s println\n%[1]s printf\n%[1]s stderr\n%[1]s logger\n%[1]s file\n%[1]s log\nINFO %[1]s slog\n", s.name)
			first.await(t, "slog")
			if got := first.String(); got != once {
				t.Errorf("while another cell runs: got %q", got)
			}
			b.ok("heard := make(chan bool)\ngo func() { step <- 2; <-spoken; close(heard) }();") // and when none does
			first.await(t, once+once)
			b.ok("<-heard;") // before the next one gives the channels new values
		})
	}
}

func TestBackgroundFlood(t *testing.T) {
	b := newBook(t)
	const lines = 100_000
	text := b.start(true, fmt.Sprintf("for i := range %d { fmt.Println(\"line\", i) }", lines))
	big := b.start(true, "fmt.Print(strings.Repeat(\"é\", 5_000_000))")
	err := b.start(true, "for i := range 1000 { if i%2 == 0 { fmt.Print(i) } else { fmt.Fprint(os.Stderr, i) }; if i%100 == 0 { display.Text(\"r\") } }")
	var want, mixed strings.Builder
	for i := range lines {
		fmt.Fprintln(&want, "line", i)
	}
	for i := range 1000 {
		fmt.Fprint(&mixed, i)
		if i%100 == 0 {
			mixed.WriteString("<r>")
		}
	}
	if text.end(t) != want.String() {
		t.Error("the lines are not those that were printed")
	}
	if big.end(t) != strings.Repeat("é", 5_000_000) {
		t.Error("the long text is not what was printed")
	}
	if got := err.end(t); got != mixed.String() {
		t.Errorf("not in order: %.200q", got)
	}
}

func TestInputOfTwo(t *testing.T) {
	b := newBook(t)
	b.ok(`gate := make(chan bool)
func read() (a, c, line string) {
	<-gate
	fmt.Scan(&a)
	fmt.Scan(&c)
	line, _ = bufio.NewReader(os.Stdin).ReadString('\n')
	return a, c, line
}`)
	var cells []*going
	for i := range 3 {
		out := &output{changed: make(chan struct{}, 1), answers: []string{fmt.Sprintf("one%d two%d", i, i), fmt.Sprintf("three%d", i)}}
		c := b.startWith(out, i > 0, "fmt.Println(\"ready\")\nread()")
		c.await(t, "ready")
		cells = append(cells, c)
	}
	b.ok("close(gate)")
	for i, c := range cells {
		want := fmt.Sprintf("ready\n<input \"\" false><input \"\" false>=> one%d two%d three%d\n", i, i, i)
		if got := c.end(t); got != want {
			t.Errorf("cell %d: got %q, want %q", i, got, want)
		}
	}
}

func TestInterruptOfInput(t *testing.T) {
	b := newBook(t)
	for _, code := range []string{"var s string\n_, err := fmt.Scan(&s)\nfmt.Println(err)", "_, err := bufio.NewReader(os.Stdin).ReadString(1)\nfmt.Println(err)", "display.Password(\"pw\")"} {
		c := b.startWith(&output{changed: make(chan struct{}, 1), silent: true}, false, code)
		c.await(t, "<input")
		c.stop()
		if err := <-c.ended; !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", code, err)
		}
	}
	again := &output{changed: make(chan struct{}, 1), answers: []string{"again"}}
	next := b.startWith(again, false, "var t string\nfmt.Scan(&t)\nt")
	if got := next.end(t); got != `<input "" false>=> again` {
		t.Errorf("got %q", got)
	}
}

// Of cells that are over nothing is kept, whatever they had started.
func TestRunsAreForgotten(t *testing.T) {
	b := newBook(t)
	for range 200 {
		b.ok("{ var wg sync.WaitGroup; for range 3 { wg.Go(func() { fmt.Print(1) }) }; go func() { time.Sleep(time.Millisecond); fmt.Print(2) }(); wg.Wait() }")
	}
	for range 5 {
		b.ok("runtime.GC()")
		b.ok("time.Sleep(10 * time.Millisecond)")
	}
	p := b.r.worker
	p.runs.mu.Lock()
	defer p.runs.mu.Unlock()
	if n := len(p.runs.known); n > 20 {
		t.Errorf("%d runs are remembered", n)
	}
}
