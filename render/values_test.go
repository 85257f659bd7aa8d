package render

import (
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"math/big"
	"strings"
	"testing"
	"time"

	"gospark/display"
)

type point struct {
	X, Y int
	name string
}

type flight struct {
	Carrier string
	Delay   *float64
	At      time.Time
	hidden  int
}

type ring struct {
	Name string
	Next *ring
	All  []*ring
	Of   map[string]any
}

type shy struct{ p *int }

func (s shy) String() string { return fmt.Sprint(*s.p) }

type celsius float64

type mood int

func (m *mood) String() string { return [...]string{"glum", "gay"}[*m] }

// What a type is called that a cell declares again, and in whose arguments one stands.
type (
	pointꞏ2      struct{ X int }
	stack[T any] struct{ items []T }
)

// sketch draws itself as gonum's plots do; its formats are those that it knows.
type (
	length  float64
	sketch  struct{ fault error }
	drawing struct{ w, h int }
)

func (s *sketch) WriterTo(w, h length, format string) (io.WriterTo, error) {
	if format != "png" {
		return nil, errors.New("no format " + format)
	}
	return drawing{int(w), int(h)}, s.fault
}

func (c drawing) WriteTo(w io.Writer) (int64, error) {
	return 0, png.Encode(w, image.NewGray(image.Rect(0, 0, c.w, c.h)))
}

type badge struct{}

func (badge) HTML() string     { return "<b>badge</b>" }
func (badge) Markdown() string { return "**badge**" }

func TestValueGolden(t *testing.T) {
	delay := 2.5
	r := &ring{Name: "a", Of: map[string]any{}}
	r.Next, r.All = r, []*ring{r, nil}
	r.Of["self"] = r.Of
	deep := any(1)
	for range 30 {
		deep = []any{deep}
	}
	values := map[string]any{
		"int": 42, "string": "two\nlines", "float": 0.1, "bool": true, "celsius": celsius(36.6), "rune": 'a',
		"ints": []int{1, 2, 3}, "strings": []string{"a", "b\n"}, "nil slice": []int(nil), "nil map": map[string]int(nil), "nil func": (func())(nil),
		"many ints": make([]int, 1000), "map": map[string]int{"b": 2, "a": 1}, "map of maps": map[int]map[bool]string{1: {true: "x", false: "y"}},
		"struct": point{1, 2, "p"}, "pointer": &point{1, 2, "p"}, "nil pointer": (*point)(nil), "pointer to pointer": func() any { p := &point{}; return &p }(),
		"array": [2]point{{1, 2, ""}}, "empty": []point{}, "any": []any{1, "a", nil, 2.5, point{}, &point{}},
		"structs":      []flight{{"UA", &delay, time.Date(2013, 1, 1, 5, 0, 0, 0, time.UTC), 7}, {Carrier: "AA"}},
		"struct pairs": []*point{{1, 2, "p"}, nil},
		"maps":         []map[string]any{{"a": 1, "b": "x"}, {"b": "y", "c": nil}, nil},
		"cycle":        r, "deep": deep, "bytes": []byte("text"), "binary": []byte{0, 1, 255},
		"time": time.Date(2024, 1, 2, 3, 4, 5, 0, time.UTC), "duration": 90 * time.Second, "big": big.NewInt(7), "durations": []time.Duration{time.Second},
		"error": errors.New("it broke"), "joined": errors.Join(errors.New("a"), errors.New("b")), "errors": []error{errors.New("a"), nil},
		"panics": shy{}, "pointer method": mood(1), "moods": []mood{0, 1}, "func": strings.ToUpper, "chan": make(chan int, 3),
		"rich": badge{}, "long string": strings.Repeat("x", 200_000), "huge slice": make([]string, 1_000_000),
		"declared again": pointꞏ2{1}, "generic": stack[pointꞏ2]{items: []pointꞏ2{{2}}}, "func of both": func(...any) stack[pointꞏ2] { return stack[pointꞏ2]{} },
		"by name": map[string]*point{"b": {1, 2, "p"}, "a": nil}, "by number": map[int]point{10: {1, 2, ""}, 9: {3, 4, ""}}, "by point": map[point]point{{1, 2, ""}: {}},
		"failing plot": &sketch{errors.New("no font")}, "nil plot": (*sketch)(nil),
		"anonymous": struct {
			A any
			B error
		}{},
	}
	bundles := map[string]display.Bundle{}
	for name, v := range values {
		bundles[name] = Value(v)
		if text := bundles[name].Text(); len(text) > maxValueText+100 {
			t.Errorf("%s: %d bytes of text", name, len(text))
		}
	}
	delete(bundles, "long string")
	golden(t, "value", "Results of a cell, as text and, where they have one, as HTML.", bundles)
}

func TestValues(t *testing.T) {
	tests := []struct {
		vals []any
		want string
	}{
		{nil, ""},
		{[]any{nil}, ""},
		{[]any{nil, nil}, ""},
		{[]any{5, nil}, "5"},
		{[]any{5, errors.New("bad")}, "(5, bad)"},
		{[]any{1, "a", []int{2}}, `(1, "a", []int{2})`},
		{[]any{nil, 2}, "(nil, 2)"},
		{[]any{&display.Handle{}}, ""},
		{[]any{(*display.Handle)(nil)}, ""},
	}
	for _, test := range tests {
		if got := Values(test.vals...).Text(); got != test.want {
			t.Errorf("%v: %q, not %q", test.vals, got, test.want)
		}
	}
}

func TestSeveralRichValuesAreStacked(t *testing.T) {
	b := Values([]point{{1, 2, "p"}}, 5)
	page, _ := b.Data["text/html"].(string)
	if !strings.Contains(page, "<table>") || !strings.Contains(page, "<pre>5</pre>") {
		t.Errorf("no table and number in %s", page)
	}
	if !strings.HasSuffix(b.Text(), "(1 row)\n5\n") {
		t.Errorf("text: %s", b.Text())
	}
}

func TestValuesWithAnotherWay(t *testing.T) {
	table := func(v any) (display.Bundle, bool) {
		n, ok := v.(int)
		return display.Rich("text/html", "<table>", "table"), ok && n == 1
	}
	if b := ValuesWith(table, 1, nil); b.Text() != "table" {
		t.Errorf("1: %v", b)
	}
	if b := ValuesWith(table, 2, nil); b.Text() != "2" {
		t.Errorf("2: %v", b)
	}
	if b := ValuesWith(table, 1, "x"); b.Text() != "table\nx\n" {
		t.Errorf("1, x: %v", b)
	}
}

func TestImageIsPNG(t *testing.T) {
	img := image.NewGray(image.Rect(0, 0, 3, 2))
	img.Set(1, 1, color.White)
	b := Value(img)
	if data, _ := b.Data["image/png"].(string); !strings.HasPrefix(data, "iVBOR") || b.Text() != "[image, 3×2]" {
		t.Errorf("no PNG: %v", b)
	}
	if b := Value(image.NewGray(image.Rect(0, 0, 0, 0))); b.Text() != "image of 0×0 that cannot be shown: png: invalid format: invalid image size: 0x0" {
		t.Errorf("empty image: %v", b)
	}
	if b := Value(&sketch{}); b.Text() != "[image, 432×288]" || b.Data["image/png"] == nil {
		t.Errorf("a plot: %v", b)
	}
	if b := Value((*image.Gray)(nil)); b.Text() != "nil" {
		t.Errorf("nil image: %v", b)
	}
}
