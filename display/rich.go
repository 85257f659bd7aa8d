package display

import (
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// The methods by which a value shows itself richly. A value may have several:
// the front end takes the richest that it can draw. A Stringer or an error
// among them gives the plain-text form.
type (
	// HTMLer shows itself as HTML, which it has escaped itself.
	HTMLer interface{ HTML() string }
	// Markdowner shows itself as Markdown.
	Markdowner interface{ Markdown() string }
	// LaTeXer shows itself as a formula.
	LaTeXer interface{ LaTeX() string }
	// SVGer shows itself as an SVG document.
	SVGer interface{ SVG() string }
	// PNGer shows itself as an encoded PNG image.
	PNGer interface{ PNG() []byte }
	// JPEGer shows itself as an encoded JPEG image.
	JPEGer interface{ JPEG() []byte }
	// JSONer shows itself as a foldable tree (see [JSON] for what is taken).
	JSONer interface{ JSON() any }
	// VegaLiter shows itself as a chart (see [VegaLite] for what is taken).
	VegaLiter interface{ VegaLite() any }
	// Bundler gives all its representations at once. An empty bundle means
	// that the value shows nothing.
	Bundler interface{ MIMEBundle() Bundle }
	// MIMEBundler is [Bundler] for types that do not import this package: a
	// map from MIME type to value.
	MIMEBundler interface{ MIMEBundle() map[string]any }
)

// Of is how v shows itself, by one of the interfaces of this package; false
// when it has none of them. A nil pointer shows nothing of its own, and a
// method that panics is reported as text instead of failing the cell.
func Of(v any) (b Bundle, ok bool) {
	if isNil(v) {
		if _, handle := v.(*Handle); handle {
			return Bundle{}, true
		}
		return Bundle{}, false
	}
	defer func() {
		if p := recover(); p != nil {
			b, ok = Plain(fmt.Sprintf("%T panicked while it was shown: %v", v, p)), true
		}
	}()
	switch t := v.(type) {
	case Bundle:
		return t, true
	case *Bundle:
		return *t, true
	case Bundler:
		return encodable(t.MIMEBundle()), true
	case MIMEBundler:
		return encodable(Bundle{Data: t.MIMEBundle()}), true
	}
	return gather(v)
}

// encodable is a bundle without what JSON has no form for, which its text then says.
func encodable(b Bundle) Bundle {
	kept := map[string]any{}
	var lost []string
	for _, mime := range slices.Sorted(maps.Keys(b.Data)) {
		if _, err := json.Marshal(b.Data[mime]); err != nil {
			lost = append(lost, fmt.Sprintf("(%s cannot be shown: %v)", mime, err))
			continue
		}
		kept[mime] = b.Data[mime]
	}
	if len(lost) > 0 {
		kept["text/plain"] = strings.TrimLeft(b.Text()+"\n"+strings.Join(lost, "\n"), "\n")
	}
	if _, err := json.Marshal(b.Metadata); err != nil {
		b.Metadata = nil
	}
	return Bundle{Data: kept, Metadata: b.Metadata}
}

// gather merges what the single-format methods of v give.
func gather(v any) (Bundle, bool) {
	var all []Bundle
	if t, ok := v.(HTMLer); ok {
		all = append(all, htmlBundle(t.HTML()))
	}
	if t, ok := v.(Markdowner); ok {
		all = append(all, Rich(mimeMarkdown, t.Markdown(), t.Markdown()))
	}
	if t, ok := v.(LaTeXer); ok {
		all = append(all, Rich(mimeLaTeX, t.LaTeX(), t.LaTeX()))
	}
	if t, ok := v.(SVGer); ok {
		all = append(all, svgBundle(t.SVG()))
	}
	if t, ok := v.(PNGer); ok {
		all = append(all, imageBundle(mimePNG, t.PNG()))
	}
	if t, ok := v.(JPEGer); ok {
		all = append(all, imageBundle(mimeJPEG, t.JPEG()))
	}
	if t, ok := v.(VegaLiter); ok {
		all = append(all, vegaBundle(t.VegaLite()))
	}
	if t, ok := v.(JSONer); ok {
		all = append(all, jsonBundle(t.JSON()))
	}
	if len(all) == 0 {
		return Bundle{}, false
	}
	return merge(v, all), true
}

// merge is one bundle of all; the text is v's own, else the first one's.
func merge(v any, all []Bundle) Bundle {
	m := Bundle{Data: map[string]any{}}
	for _, b := range all {
		for mime, data := range b.Data {
			if _, taken := m.Data[mime]; !taken {
				m.Data[mime] = data
			}
		}
	}
	switch t := v.(type) {
	case error:
		m.Data["text/plain"] = t.Error()
	case fmt.Stringer:
		m.Data["text/plain"] = t.String()
	}
	return m
}

func isNil(v any) bool {
	if v == nil {
		return true
	}
	r := reflect.ValueOf(v)
	switch r.Kind() {
	case reflect.Pointer, reflect.Map, reflect.Slice, reflect.Func, reflect.Chan, reflect.Interface:
		return r.IsNil()
	}
	return false
}

// plainHTML is a rough text form of HTML: tags, styles and scripts dropped.
func plainHTML(s string) string {
	var out strings.Builder
	for s != "" {
		text, rest, tag := strings.Cut(s, "<")
		out.WriteString(html.UnescapeString(text))
		if !tag {
			break
		}
		name, after, _ := strings.Cut(rest, ">")
		s = after
		for _, skip := range []string{"style", "script"} {
			if strings.HasPrefix(strings.ToLower(name), skip) {
				_, s, _ = strings.Cut(s, "</"+skip+">")
			}
		}
		if breaksLine(name) {
			out.WriteByte('\n')
		}
	}
	return strings.TrimSpace(out.String())
}

// breaksLine reports whether a tag ends a line of text.
func breaksLine(tag string) bool {
	name, _, _ := strings.Cut(strings.ToLower(strings.TrimSuffix(tag, "/")), " ")
	switch name {
	case "br", "/p", "/div", "/li", "/tr", "/h1", "/h2", "/h3", "/h4", "/table", "/pre":
		return true
	}
	return false
}
