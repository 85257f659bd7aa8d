package display

import (
	"fmt"
	"math/rand/v2"
)

// Handle is an output that was shown and can be replaced in place, from any
// goroutine, also after its cell ended.
type Handle struct {
	id string
}

// show shows b as a new output.
func show(b Bundle) *Handle {
	h := &Handle{id: fmt.Sprintf("gospark-%016x", rand.Uint64())}
	sink().Show(Output{Bundle: b, ID: h.id})
	return h
}

// ID is the output's display id, unique in the notebook.
func (h *Handle) ID() string { return h.id }

// Update replaces the output by v, shown as [Show] shows it.
func (h *Handle) Update(v any) { h.replace(bundleOf(v)) }

// HTML replaces the output by a piece of HTML.
func (h *Handle) HTML(s string) { h.replace(htmlBundle(s)) }

// Markdown replaces the output by Markdown.
func (h *Handle) Markdown(s string) { h.replace(Rich(mimeMarkdown, s, s)) }

// LaTeX replaces the output by a formula.
func (h *Handle) LaTeX(s string) { h.replace(Rich(mimeLaTeX, s, s)) }

// SVG replaces the output by an SVG document.
func (h *Handle) SVG(s string) { h.replace(svgBundle(s)) }

// PNG replaces the output by an encoded PNG image.
func (h *Handle) PNG(data []byte) { h.replace(imageBundle(mimePNG, data)) }

// JPEG replaces the output by an encoded JPEG image.
func (h *Handle) JPEG(data []byte) { h.replace(imageBundle(mimeJPEG, data)) }

// Text replaces the output by plain text.
func (h *Handle) Text(s string) { h.replace(Plain(s)) }

// JSON replaces the output by a foldable tree of v (see [JSON]).
func (h *Handle) JSON(v any) { h.replace(jsonBundle(v)) }

// VegaLite replaces the output by a chart (see [VegaLite]).
func (h *Handle) VegaLite(spec any) { h.replace(vegaBundle(spec)) }

// Clear replaces the output by nothing.
func (h *Handle) Clear() { h.replace(Rich(mimeHTML, "", "")) }

func (h *Handle) replace(b Bundle) {
	sink().Show(Output{Bundle: b, ID: h.id, Update: true})
}

// MIMEBundle makes a handle that is a cell's result show nothing: what it
// stands for was shown already.
func (h *Handle) MIMEBundle() Bundle { return Bundle{} }
