package display

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"strings"
	"sync"
	"testing"
)

// recorder is a sink that keeps what it is told.
type recorder struct {
	mu      sync.Mutex
	outputs []Output
	cleared []bool
}

func (r *recorder) Show(o Output) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.outputs = append(r.outputs, o)
}

func (r *recorder) Clear(wait bool) { r.cleared = append(r.cleared, wait) }

func (r *recorder) Input(prompt string, password bool) (string, error) {
	return fmt.Sprint(prompt, password), errors.New("no stdin")
}

func (r *recorder) Render(v any) Bundle { return Plain(fmt.Sprintf("rendered %v", v)) }

func (r *recorder) last() Output { return r.outputs[len(r.outputs)-1] }

func record(t *testing.T) *recorder {
	t.Helper()
	r := &recorder{}
	Install(r)
	t.Cleanup(func() { Install(nil) })
	return r
}

func TestShowing(t *testing.T) {
	r := record(t)
	tests := []struct {
		show func() *Handle
		mime string
		data any
		text string
	}{
		{func() *Handle { return HTML("<b>a &amp; b</b><br>c<style>x{}</style><script>y</script>") }, mimeHTML, "<b>a &amp; b</b><br>c<style>x{}</style><script>y</script>", "a & b\nc"},
		{func() *Handle { return Markdown("**a**") }, mimeMarkdown, "**a**", "**a**"},
		{func() *Handle { return LaTeX("$x$") }, mimeLaTeX, "$x$", "$x$"},
		{func() *Handle { return SVG("<svg/>") }, mimeSVG, "<svg/>", "[SVG image]"},
		{func() *Handle { return PNG([]byte{1, 2, 3}) }, mimePNG, "AQID", "[image/png, 3 bytes]"},
		{func() *Handle { return JPEG([]byte{1}) }, mimeJPEG, "AQ==", "[image/jpeg, 1 bytes]"},
		{func() *Handle { return Text("a") }, "text/plain", "a", "a"},
		{func() *Handle { return JSON(map[string]int{"a": 1}) }, mimeJSON, json.RawMessage(`{"a":1}`), "{\n  \"a\": 1\n}"},
		{func() *Handle { return JSON([]byte(`[1]`)) }, mimeJSON, json.RawMessage(`[1]`), "[\n  1\n]"},
		{func() *Handle { return VegaLite(`{"mark":"bar"}`) }, mimeVegaLite, json.RawMessage(`{"mark":"bar"}`), "[Vega-Lite chart]"},
		{func() *Handle { return VegaLite(struct{ Mark string }{"bar"}) }, mimeVegaLite, json.RawMessage(`{"Mark":"bar"}`), "[Vega-Lite chart]"},
		{func() *Handle { return Show(42) }, "text/plain", "rendered 42", "rendered 42"},
		{func() *Handle { return Show(Plain("x")) }, "text/plain", "x", "x"},
	}
	for _, test := range tests {
		h := test.show()
		o := r.last()
		if o.ID == "" || o.ID != h.ID() || o.Update || !reflect.DeepEqual(o.Data[test.mime], test.data) || o.Text() != test.text {
			t.Errorf("%s: %+v", test.mime, o)
		}
	}
}

func TestBadJSONIsSaid(t *testing.T) {
	r := record(t)
	JSON([]byte("{"))
	VegaLite("{")
	JSON(func() {})
	for _, o := range r.outputs {
		if !strings.HasPrefix(o.Text(), "display.") || len(o.Data) != 1 {
			t.Errorf("shown: %v", o.Data)
		}
	}
}

func TestHandleReplacesItsOutput(t *testing.T) {
	r := record(t)
	h := Text("a")
	updates := []struct {
		update func()
		mime   string
		data   any
	}{
		{func() { h.Update(5) }, "text/plain", "rendered 5"},
		{func() { h.HTML("<i>") }, mimeHTML, "<i>"},
		{func() { h.Markdown("m") }, mimeMarkdown, "m"},
		{func() { h.LaTeX("l") }, mimeLaTeX, "l"},
		{func() { h.SVG("s") }, mimeSVG, "s"},
		{func() { h.PNG([]byte{0}) }, mimePNG, "AA=="},
		{func() { h.JPEG([]byte{0}) }, mimeJPEG, "AA=="},
		{func() { h.Text("t") }, "text/plain", "t"},
		{func() { h.JSON(1) }, mimeJSON, json.RawMessage("1")},
		{func() { h.VegaLite("{}") }, mimeVegaLite, json.RawMessage("{}")},
		{func() { h.Clear() }, mimeHTML, ""},
	}
	for _, u := range updates {
		u.update()
		if o := r.last(); !o.Update || o.ID != h.ID() || !reflect.DeepEqual(o.Data[u.mime], u.data) {
			t.Errorf("%s: %+v", u.mime, o)
		}
	}
	if b, ok := Of(h); !ok || !b.Empty() {
		t.Errorf("a handle shows %v", b)
	}
}

// What cannot be sent is left out, and said.
func TestUnfitBundle(t *testing.T) {
	b, ok := Of(unfit{})
	if want := map[string]any{mimeHTML: "<b>x</b>", "text/plain": "(application/x cannot be shown: json: unsupported type: chan int)"}; !ok || !reflect.DeepEqual(b.Data, want) {
		t.Errorf("%v", b.Data)
	}
	if b := imageBundle(mimePNG, nil); len(b.Data) != 1 {
		t.Errorf("an empty picture: %v", b.Data)
	}
}

type unfit struct{}

func (unfit) MIMEBundle() map[string]any {
	return map[string]any{mimeHTML: "<b>x</b>", "application/x": make(chan int)}
}

type rich struct{}

func (rich) HTML() string     { return "<b>h</b>" }
func (rich) Markdown() string { return "m" }
func (rich) LaTeX() string    { return "l" }
func (rich) SVG() string      { return "s" }
func (rich) PNG() []byte      { return []byte{1} }
func (rich) JPEG() []byte     { return []byte{2} }
func (rich) JSON() any        { return 3 }
func (rich) VegaLite() any    { return "{}" }
func (rich) String() string   { return "text" }

type mimes struct{}

func (mimes) MIMEBundle() map[string]any { return map[string]any{"text/x": "y"} }

type crash struct{ p *int }

func (c crash) HTML() string { return fmt.Sprint(*c.p) }

type failing struct{}

func (failing) HTML() string  { return "<b>" }
func (failing) Error() string { return "broken" }

func TestOf(t *testing.T) {
	b, ok := Of(rich{})
	if want := 9; !ok || len(b.Data) != want || b.Text() != "text" || b.Data[mimeHTML] != "<b>h</b>" {
		t.Errorf("rich: %v", b.Data)
	}
	if b, ok := Of(mimes{}); !ok || b.Data["text/x"] != "y" {
		t.Errorf("mimes: %v", b)
	}
	if b, ok := Of(crash{}); !ok || !strings.Contains(b.Text(), "display.crash panicked while it was shown") {
		t.Errorf("crash: %v", b)
	}
	if b, ok := Of(failing{}); !ok || b.Text() != "broken" {
		t.Errorf("failing: %v", b)
	}
	if b, ok := Of(&Bundle{Data: map[string]any{"a": 1}}); !ok || b.Data["a"] != 1 {
		t.Errorf("bundle: %v", b)
	}
	for _, v := range []any{nil, 5, "x", errors.New("e"), (*rich)(nil), (*Bundle)(nil), (*Bar)(nil)} {
		if b, ok := Of(v); ok {
			t.Errorf("%T: %v", v, b)
		}
	}
}

func TestBar(t *testing.T) {
	r := record(t)
	bar := Progress("reading <files>", 10)
	bar.Add(1) // too soon after the start to be drawn
	bar.Set(10)
	bar.Done()
	bar.Add(1)
	if len(r.outputs) != 3 {
		t.Fatalf("%d outputs", len(r.outputs))
	}
	if o := r.last(); !o.Update || !strings.Contains(o.Text(), "10/10  100 %") || !strings.Contains(o.Data[mimeHTML].(string), "reading &lt;files&gt;") {
		t.Errorf("the end: %+v", o)
	}
	open := Progress("", 0)
	open.Clear()
	if o := r.last(); o.Data[mimeHTML] != "" || o.Text() != "" {
		t.Errorf("cleared: %+v", o)
	}
	if b, ok := Of(bar); !ok || !b.Empty() {
		t.Errorf("a bar shows %v", b)
	}
}

func TestBarFromManyGoroutines(t *testing.T) {
	r := record(t)
	bar := Progress("", 1000)
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() {
			for range 100 {
				bar.Add(1)
			}
		})
	}
	all.Wait()
	if text := r.last().Text(); !strings.Contains(text, "1000/1000") {
		t.Errorf("the end: %s", text)
	}
}

func TestInputAndClear(t *testing.T) {
	r := record(t)
	if s, err := Input("p"); s != "pfalse" || err == nil {
		t.Errorf("Input: %q, %v", s, err)
	}
	if s, err := Password("p"); s != "ptrue" || err == nil {
		t.Errorf("Password: %q, %v", s, err)
	}
	Clear(true)
	if !reflect.DeepEqual(r.cleared, []bool{true}) {
		t.Errorf("cleared %v", r.cleared)
	}
}

func TestWithoutSinkTextIsPrinted(t *testing.T) {
	stdout := os.Stdout
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	os.Stdout = write
	HTML("<p>a</p><p>b</p>")
	Show([]int{1})
	Text("").Clear()
	Clear(false)
	os.Stdout = stdout
	if err := write.Close(); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(read); string(got) != "a\nb\n[1]\n" || err != nil {
		t.Errorf("printed %q, %v", got, err)
	}
}
