package render

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	"image/png"
	"reflect"
	"strings"

	"gospark/display"
)

// Bounds of a shown value.
const (
	maxValueText = 100_000 // bytes of a string or printed value
	valueWidth   = 100     // columns before a composite value breaks into lines
)

// Value shows one result of a cell:
//
//   - what shows itself (see display.Of) as it wants, an image.Image and a plot
//     of gonum as PNG;
//   - an error or Stringer, and a string, as its text, unquoted: what
//     fmt.Println would print;
//   - a slice of structs or of maps with string keys as a table;
//   - anything else in Go syntax, as gore and the %#v verb do, but with
//     pointers followed, maps sorted, cycles ended and long things shortened.
//
// nil shows nothing: the empty bundle.
func Value(v any) display.Bundle {
	if b, ok := display.Of(v); ok {
		return b
	}
	r := reflect.ValueOf(v)
	if !r.IsValid() {
		return display.Bundle{}
	}
	if img, ok := v.(image.Image); ok && !isNilValue(r) {
		return imageBundle(img)
	}
	if b, ok := drawn(r); ok {
		return b
	}
	if s, ok := selfText(r); ok {
		return display.Plain(shortened(s))
	}
	if r.Kind() == reflect.String {
		return display.Plain(shortened(r.String()))
	}
	if b, ok := recordsTable(r); ok {
		return b
	}
	return display.Plain(printed(r))
}

// Values shows the results of a cell's last line, of which a call may have
// several: trailing nils (the error that did not happen) are dropped, one value
// is shown by itself, several as (a, b), tables and pictures one below the
// other.
func Values(vals ...any) display.Bundle { return ValuesWith(nil, vals...) }

// ValuesWith is [Values] with a function that is asked first how to show each
// value; false leaves it to [Value].
func ValuesWith(show func(v any) (display.Bundle, bool), vals ...any) display.Bundle {
	for len(vals) > 0 && vals[len(vals)-1] == nil {
		vals = vals[:len(vals)-1]
	}
	bundles := make([]display.Bundle, len(vals))
	rich := false
	for i, v := range vals {
		known := false
		if show != nil {
			bundles[i], known = show(v)
		}
		if !known {
			bundles[i] = Value(v)
		}
		rich = rich || len(bundles[i].Data) > 1
	}
	switch {
	case len(vals) == 0:
		return display.Bundle{}
	case len(vals) == 1:
		return bundles[0]
	case rich:
		return stacked(bundles)
	}
	return display.Plain(tuple(vals))
}

// tuple prints several values on one line, or one to a line when long.
func tuple(vals []any) string {
	p := printer{left: maxValueText}
	n := node{open: "(", close: ")"}
	for _, v := range vals {
		n.items = append(n.items, p.node(reflect.ValueOf(v), 0))
	}
	return n.layout(valueWidth, "")
}

// stacked is several bundles one below the other.
func stacked(bundles []display.Bundle) display.Bundle {
	var page, text strings.Builder
	for _, b := range bundles {
		if b.Empty() {
			continue
		}
		page.WriteString(htmlOf(b))
		text.WriteString(strings.TrimRight(b.Text(), "\n") + "\n")
	}
	return display.Rich("text/html", page.String(), text.String())
}

// htmlOf is a bundle's HTML, or HTML around what else it has.
func htmlOf(b display.Bundle) string {
	for _, mime := range []string{"text/html", "image/svg+xml"} {
		if s, ok := b.Data[mime].(string); ok {
			return "<div>" + s + "</div>"
		}
	}
	for _, mime := range []string{"image/png", "image/jpeg"} {
		if s, ok := b.Data[mime].(string); ok {
			return `<div><img src="data:` + mime + ";base64," + escape(s) + `"></div>`
		}
	}
	return "<pre>" + escape(b.Text()) + "</pre>"
}

func printed(r reflect.Value) string {
	p := printer{left: maxValueText}
	return p.node(r, 0).layout(valueWidth, "")
}

// summaryWidth is how long a [Summary] is at most, in characters.
const summaryWidth = 80

// Summary is a value on one line, cut where it is long: for lists of values.
func Summary(v any) string {
	r := reflect.ValueOf(v)
	p := printer{left: 4 * summaryWidth}
	line := strings.Join(strings.Fields(p.node(r, 0).flat()), " ")
	return cut(line, summaryWidth)
}

// shortened cuts a text that is too long for a notebook.
func shortened(s string) string {
	if len(s) <= maxValueText {
		return s
	}
	head := strings.ToValidUTF8(s[:maxValueText], "")
	return head + fmt.Sprintf("…\n(the first %s of %s bytes)", Grouped(int64(len(head))), Grouped(int64(len(s))))
}

func imageBundle(img image.Image) display.Bundle {
	var b bytes.Buffer
	size := img.Bounds().Size()
	if err := png.Encode(&b, img); err != nil {
		return display.Plain(fmt.Sprintf("image of %d×%d that cannot be shown: %v", size.X, size.Y, err))
	}
	return pictureBundle(b.Bytes())
}

// pictureBundle is an encoded PNG picture.
func pictureBundle(data []byte) display.Bundle {
	c, err := png.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return display.Plain(fmt.Sprintf("a picture that cannot be shown: %v", err))
	}
	return display.Rich("image/png", base64.StdEncoding.EncodeToString(data), fmt.Sprintf("[image, %d×%d]", c.Width, c.Height))
}
