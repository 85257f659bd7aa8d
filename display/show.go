package display

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
)

// MIME types that the functions of this package produce.
const (
	mimeHTML     = "text/html"
	mimeMarkdown = "text/markdown"
	mimeLaTeX    = "text/latex"
	mimeSVG      = "image/svg+xml"
	mimePNG      = "image/png"
	mimeJPEG     = "image/jpeg"
	mimeJSON     = "application/json"
	mimeVegaLite = "application/vnd.vegalite.v5+json"
)

// HTML shows a piece of HTML. It is shown as it is: escape what comes from
// data (html/template, html.EscapeString).
func HTML(s string) *Handle { return show(htmlBundle(s)) }

// Markdown shows Markdown, $formulas$ included.
func Markdown(s string) *Handle { return show(Rich(mimeMarkdown, s, s)) }

// LaTeX shows a formula, such as `$\sum_i x_i$`.
func LaTeX(s string) *Handle { return show(Rich(mimeLaTeX, s, s)) }

// SVG shows an SVG document.
func SVG(s string) *Handle { return show(svgBundle(s)) }

// PNG shows an encoded PNG image.
func PNG(data []byte) *Handle { return show(imageBundle(mimePNG, data)) }

// JPEG shows an encoded JPEG image.
func JPEG(data []byte) *Handle { return show(imageBundle(mimeJPEG, data)) }

// Text shows plain text.
func Text(s string) *Handle { return show(Plain(s)) }

// JSON shows v as a foldable tree. v is JSON text ([]byte, json.RawMessage) or
// any value that encoding/json can encode.
func JSON(v any) *Handle { return show(jsonBundle(v)) }

// VegaLite shows a Vega-Lite chart. spec is JSON text (string, []byte) or any
// value that encodes to it, such as a struct or a map.
func VegaLite(spec any) *Handle { return show(vegaBundle(spec)) }

// Show shows any value as the result of a cell would be shown: what shows
// itself (see [Of]) richly, slices of structs as tables, the rest printed.
func Show(v any) *Handle { return show(bundleOf(v)) }

// Clear empties the output of the running cell. With wait true it is emptied
// only when the next output arrives, which avoids flicker in loops.
func Clear(wait bool) { sink().Clear(wait) }

// Input asks the person for a line of text. The error tells that the front end
// cannot ask (a headless run) or that the cell was interrupted.
func Input(prompt string) (string, error) { return sink().Input(prompt, false) }

// Password is [Input] without an echo of what is typed.
func Password(prompt string) (string, error) { return sink().Input(prompt, true) }

func bundleOf(v any) Bundle {
	if b, ok := Of(v); ok {
		return b
	}
	return sink().Render(v)
}

func htmlBundle(s string) Bundle { return Rich(mimeHTML, s, plainHTML(s)) }

func svgBundle(s string) Bundle { return Rich(mimeSVG, s, "[SVG image]") }

func imageBundle(mime string, data []byte) Bundle {
	text := fmt.Sprintf("[%s, %d bytes]", mime, len(data))
	if len(data) == 0 {
		return Plain(text) // nothing to draw
	}
	return Rich(mime, base64.StdEncoding.EncodeToString(data), text)
}

func jsonBundle(v any) Bundle {
	raw, err := rawJSON(v)
	if err != nil {
		return Plain("display.JSON: " + err.Error())
	}
	text, err := json.MarshalIndent(raw, "", "  ")
	if err != nil {
		return Plain("display.JSON: " + err.Error())
	}
	return Rich(mimeJSON, raw, string(text))
}

func vegaBundle(spec any) Bundle {
	if s, ok := spec.(string); ok {
		spec = []byte(s)
	}
	raw, err := rawJSON(spec)
	if err != nil {
		return Plain("display.VegaLite: " + err.Error())
	}
	return Rich(mimeVegaLite, raw, "[Vega-Lite chart]")
}

// rawJSON is v as checked JSON text; []byte and json.RawMessage already are.
func rawJSON(v any) (json.RawMessage, error) {
	switch b := v.(type) {
	case []byte:
		v = json.RawMessage(b)
	case json.RawMessage:
	}
	raw, err := json.Marshal(v)
	return json.RawMessage(raw), err
}
