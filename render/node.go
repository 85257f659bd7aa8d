package render

import (
	"strings"
	"unicode/utf8"
)

// node is a printed value: a leaf, or a bracket of items.
type node struct {
	key         string // "X: " of a field or map entry
	text        string // of a leaf
	open, close string // of a bracket; both empty for a leaf
	items       []node
}

func (n node) leaf() bool { return n.open == "" }

// flat is the node on one line.
func (n node) flat() string {
	var b strings.Builder
	n.writeFlat(&b)
	return b.String()
}

func (n node) writeFlat(b *strings.Builder) {
	b.WriteString(n.key)
	b.WriteString(n.text)
	b.WriteString(n.open)
	for i, item := range n.items {
		if i > 0 {
			b.WriteString(", ")
		}
		item.writeFlat(b)
	}
	b.WriteString(n.close)
}

// layout is the node within a width where that is possible: on one line, else
// its items one to a line, or, where all are short, filled into lines.
func (n node) layout(width int, indent string) string {
	flat := n.flat()
	if n.leaf() || utf8.RuneCountInString(indent)+utf8.RuneCountInString(flat) <= width {
		return flat
	}
	inner := indent + "  "
	var b strings.Builder
	b.WriteString(n.key + n.open + "\n")
	if n.fillable() {
		n.fill(&b, width, inner)
	} else {
		for _, item := range n.items {
			b.WriteString(inner + item.layout(width, inner) + ",\n")
		}
	}
	b.WriteString(indent + n.close)
	return b.String()
}

// fillable reports whether the items are short leaves without names.
func (n node) fillable() bool {
	for _, item := range n.items {
		if !item.leaf() || item.key != "" || len(item.text) > 24 {
			return false
		}
	}
	return true
}

func (n node) fill(b *strings.Builder, width int, indent string) {
	line := indent
	for _, item := range n.items {
		if len(line) > len(indent) && utf8.RuneCountInString(line)+utf8.RuneCountInString(item.text)+1 > width {
			b.WriteString(strings.TrimRight(line, " ") + "\n")
			line = indent
		}
		line += item.text + ", "
	}
	b.WriteString(strings.TrimRight(line, " ") + "\n")
}
