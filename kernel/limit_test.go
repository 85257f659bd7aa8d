package kernel_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gospark/display"
	"gospark/kernel"
	"gospark/kernel/kerneltest"
	"gospark/kernel/wire"
)

// limited sets what a cell may show, and where the rest goes.
func limited(t *testing.T, l kernel.Limit) (folder string, change func(*kernel.Options)) {
	folder = t.TempDir()
	return folder, func(o *kernel.Options) {
		o.Limit = func() kernel.Limit { return l }
		o.Spill = folder
		o.Notice = func(o kernel.Overflow) string {
			return fmt.Sprintf("[ended %v: %d bytes, %d lost, %d displays]", o.Ended, o.Text, o.Lost, o.Outputs)
		}
	}
}

// kept is the text in the one file that there is, which only this user may read.
func kept(t *testing.T, folder string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "gospark-output-*", "cell-1-*.txt"))
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	for name, want := range map[string]os.FileMode{files[0]: 0o600, filepath.Dir(files[0]): os.ModeDir | 0o700} {
		if i, err := os.Stat(name); err != nil || i.Mode() != want {
			t.Errorf("%s: %v, %v", name, i.Mode(), err)
		}
	}
	b, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestTextLimit(t *testing.T) {
	folder, change := limited(t, kernel.Limit{Text: 10, Outputs: 10})
	r := start(t, cellOf(func(_ context.Context, out kernel.Output) error {
		out.Stream(wire.Stdout, "\x1b[31m12345ääää")
		out.Stream(wire.Stderr, "more")
		out.Show(display.Output{Bundle: display.Plain("shown")})
		out.Stream(wire.Stdout, "rest")
		return nil
	}), change)
	got := outline(r.Execute("").Outputs())
	// The colour takes five bytes; half a character is not shown.
	want := "stdout:\x1b[31m12345\x1b[0m stderr:[ended false: 8 bytes, 0 lost, 0 displays] " +
		"display_data:map[text/plain:shown]:map[] stderr:[ended true: 16 bytes, 0 lost, 0 displays]"
	if got != want {
		t.Errorf("%q\nwant %q", got, want)
	}
	if got := kept(t, folder); got != "äääämorerest" {
		t.Errorf("%q", got)
	}
	if a := r.Execute(""); !strings.HasPrefix(outline(a.Outputs()), "stdout:\x1b[31m12345") {
		t.Errorf("the next cell: %+v", a.Outputs())
	}
}

// Displays, and turns between the streams, are outputs of their own.
func TestOutputsLimit(t *testing.T) {
	folder, change := limited(t, kernel.Limit{Outputs: 3})
	r := start(t, cellOf(func(_ context.Context, out kernel.Output) error {
		show := display.Output{Bundle: display.Plain("x"), ID: "1"}
		out.Stream(wire.Stdout, "a")
		out.Stream(wire.Stderr, "b")
		out.Show(show)
		out.Show(show)
		out.Stream(wire.Stdout, "c")
		show.Update = true
		out.Show(show)
		return nil
	}), change)
	got := outline(r.Execute("").Outputs())
	want := "stdout:a stderr:b display_data:map[text/plain:x]:map[display_id:1] stderr:[ended false: 0 bytes, 0 lost, 1 displays] " +
		"update_display_data:map[text/plain:x]:map[display_id:1] stderr:[ended true: 1 bytes, 0 lost, 1 displays]"
	if got != want {
		t.Errorf("%q\nwant %q", got, want)
	}
	if got := kept(t, folder); got != "c" {
		t.Errorf("%q", got)
	}
}

// A cell that clears its output, and a line that is written again and again, may
// go on for ever.
func TestWhatDoesNotStayIsNotCounted(t *testing.T) {
	_, change := limited(t, kernel.Limit{Text: 40, Outputs: 3})
	for name, cell := range map[string]func(out kernel.Output){
		"clear": func(out kernel.Output) {
			for range 100 {
				out.Stream(wire.Stdout, strings.Repeat("x", 30))
				out.Show(display.Output{Bundle: display.Plain("y")})
				out.Clear(true)
			}
		},
		"carriage return": func(out kernel.Output) {
			for i := range 100 {
				out.Stream(wire.Stdout, fmt.Sprintf("\r%d percent", i))
			}
			out.Stream(wire.Stdout, "\r\n")
			for i := range 100 {
				out.Stream(wire.Stdout, fmt.Sprintf("%d percent\r", i))
				out.Clear(false)
				out.Stream(wire.Stdout, "\n")
			}
		},
	} {
		r := startOneMore(t, cellOf(func(_ context.Context, out kernel.Output) error { cell(out); return nil }), change)
		a := r.Execute("")
		if got := outline(a.Outputs()); strings.Contains(got, "ended") {
			t.Errorf("%s: %.500s", name, got)
		}
	}
}

// Carriage returns and colours arrive as they were written, whatever the batches.
func TestTextIsNotMangled(t *testing.T) {
	var want strings.Builder
	for i := range 60_000 {
		fmt.Fprintf(&want, "\x1b[38;5;%dm%d%%\x1b[0m \x1b]8;;https://example.com/%d\x1b\\ä\x1b]8;;\a\r", i%256, i, i)
	}
	r := start(t, cellOf(func(_ context.Context, out kernel.Output) error {
		for rest := want.String(); rest != ""; {
			n := min(len(rest), 1000+len(rest)%37)
			out.Stream(wire.Stdout, rest[:n])
			rest = rest[n:]
		}
		return nil
	}))
	var got strings.Builder
	cut := regexp.MustCompile(`\x1b(\[[0-9;]*)?$`)
	for _, m := range r.Execute("").Outputs() {
		if cut.MatchString(m.Text("text")) {
			t.Errorf("a message ends with %q", m.Text("text")[len(m.Text("text"))-20:])
		}
		got.WriteString(m.Text("text"))
	}
	if got.String() != want.String() {
		t.Errorf("%d bytes of %d", got.Len(), want.Len())
	}
}

// 10 MB in one print arrive whole, and so does the request that comes meanwhile.
func TestLargePrint(t *testing.T) {
	text := strings.Repeat("0123456789abcdé\n", 10_000_000/17)
	r := start(t, cellOf(func(_ context.Context, out kernel.Output) error {
		out.Stream(wire.Stdout, text)
		return nil
	}))
	var got strings.Builder
	for _, m := range r.Execute("").Outputs() {
		got.WriteString(m.Text("text"))
	}
	if got.String() != text {
		t.Errorf("%d bytes of %d", got.Len(), len(text))
	}
}

// A cell that floods leaves room for everybody else, also where its limit is off.
func TestFloodStarvesNobody(t *testing.T) {
	for name, l := range map[string]kernel.Limit{"no limit": {}, "limit": {Text: 1 << 20}} {
		t.Run(name, func(t *testing.T) {
			folder, change := limited(t, l)
			r := start(t, &kerneltest.Interpreter{OnExecute: func(ctx context.Context, c kernel.Cell, out kernel.Output) (kernel.Result, error) {
				for line := strings.Repeat("x", 1000) + "\n"; c.Code == "flood" && ctx.Err() == nil; {
					out.Stream(wire.Stdout, line)
				}
				return echo(ctx, c, out)
			}}, change)
			flood := r.sendIn("", "flood")
			r.printed(flood)
			beat, err := kerneltest.Dial("tcp", fmt.Sprintf("%s:%d", r.conn.IP, r.conn.HBPort), "DEALER", "")
			if err != nil {
				t.Fatal(err)
			}
			defer beat.Close()
			sub := r.subshell()
			for range 2 {
				if a := r.Wait(r.sendIn(sub, "print beside"), true); outline(a.Outputs()) != "stdout:beside" {
					t.Errorf("%+v", a.Outputs())
				}
				if err := beat.Send([]byte("ping")); err != nil {
					t.Fatal(err)
				}
				if got, _, err := beat.Recv(); err != nil || string(got[0]) != "ping" {
					t.Fatal(got, err)
				}
			}
			r.Ask("control", "interrupt_request", nil)
			r.Wait(flood, true)
			if l.Text > 0 && len(kept(t, folder)) == 0 {
				t.Error("nothing was kept")
			}
		})
	}
}

// Where nothing can be written the cell says so and goes on.
func TestNoRoomForOverflow(t *testing.T) {
	_, change := limited(t, kernel.Limit{Text: 1})
	r := start(t, cellOf(func(_ context.Context, out kernel.Output) error {
		for range 3 {
			out.Stream(wire.Stdout, "abc")
			out.Clear(true)
			out.Stream(wire.Stdout, "abc")
		}
		return nil
	}), change, func(o *kernel.Options) { o.Spill = filepath.Join(o.Spill, "no", "such") })
	if got := outline(r.Execute("").Outputs()); !strings.HasSuffix(got, "stderr:[ended true: 2 bytes, 2 lost, 0 displays]") &&
		!strings.Contains(got, "ended true") {
		t.Error(got)
	}
}
