package render

import (
	"bytes"
	"cmp"
	"encoding/hex"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds of a printed value.
const (
	maxDepth = 8
	maxItems = 200 // of one slice, map or struct
	maxLeaf  = 4000
)

// printer turns a value into a [node]. It follows pointers, ends at cycles,
// sorts maps by key, and stops when left, a budget of bytes, is used up.
type printer struct {
	// plain is the form of table cells: {a: 1, b: [1, 2]} without Go types,
	// null for nil.
	plain bool
	left  int
	path  []visit // what is being printed now, outermost first
}

// visit is a pointer, map or slice on the path to a value.
type visit struct {
	typ reflect.Type
	ptr uintptr
	len int
}

// node prints r. Types are written where Go needs them: not inside a slice or
// map whose own type tells them.
func (p *printer) node(r reflect.Value, depth int) node { return p.any(r, depth, true) }

func (p *printer) any(r reflect.Value, depth int, typed bool) node {
	r = exposed(r)
	if isNilValue(r) {
		return p.leaf(p.nilText(r, typed))
	}
	if s, ok := selfText(r); ok {
		return p.leaf(cut(visible(s), maxLeaf))
	}
	if p.left <= 0 || depth > maxDepth {
		return node{text: "…"}
	}
	switch r.Kind() {
	case reflect.Interface:
		return p.any(r.Elem(), depth, true)
	case reflect.Pointer:
		return p.pointer(r, depth, typed)
	case reflect.Struct:
		return p.fields(addressable(r), depth, typed)
	case reflect.Map:
		return p.entries(r, depth, typed)
	case reflect.Slice, reflect.Array:
		return p.elements(r, depth, typed)
	}
	return p.leaf(p.basic(r))
}

func (p *printer) leaf(s string) node {
	p.left -= len(s) + 2
	return node{text: s}
}

func (p *printer) nilText(r reflect.Value, typed bool) string {
	switch {
	case p.plain:
		return "null"
	case typed && r.IsValid() && (r.Kind() == reflect.Slice || r.Kind() == reflect.Map):
		return typeName(r.Type()) + "(nil)"
	}
	return "nil"
}

// basic prints a value without parts.
func (p *printer) basic(r reflect.Value) string {
	switch r.Kind() {
	case reflect.String:
		return quoted(r.String())
	case reflect.Func:
		return typeName(r.Type()) + " {…}"
	case reflect.Chan:
		return fmt.Sprintf("%s (%d of %d)", typeName(r.Type()), r.Len(), r.Cap())
	case reflect.UnsafePointer, reflect.Uintptr:
		return fmt.Sprintf("%#x", r.Interface())
	}
	return scalar(r)
}

func (p *printer) pointer(r reflect.Value, depth int, typed bool) node {
	leave, cyclic := p.enter(r, 0)
	if cyclic {
		return p.leaf("<cycle>")
	}
	defer leave()
	n := p.any(r.Elem(), depth, typed)
	if !p.plain {
		if n.leaf() {
			n.text = "&" + n.text
		} else {
			n.open = "&" + n.open
		}
	}
	return n
}

func (p *printer) fields(r reflect.Value, depth int, typed bool) node {
	n := node{open: p.open(r.Type(), typed, "{"), close: "}"}
	for i := range r.NumField() {
		if p.left <= 0 || i == maxItems {
			n.items = append(n.items, node{text: "…"})
			break
		}
		f := r.Type().Field(i)
		if f.Name == "_" {
			continue
		}
		item := p.any(r.Field(i), depth+1, true)
		item.key = f.Name + ": "
		p.left -= len(item.key)
		n.items = append(n.items, item)
	}
	return n
}

func (p *printer) entries(r reflect.Value, depth int, typed bool) node {
	leave, cyclic := p.enter(r, r.Len())
	if cyclic {
		return p.leaf("<cycle>")
	}
	defer leave()
	n := node{open: p.open(r.Type(), typed, "{"), close: "}"}
	for i, k := range sortedKeys(r) {
		if p.left <= 0 || i == maxItems {
			n.items = append(n.items, node{text: "… " + Grouped(int64(r.Len()-i)) + " more"})
			break
		}
		item := p.any(r.MapIndex(k), depth+1, r.Type().Elem().Kind() == reflect.Interface)
		item.key = p.keyText(k, depth) + ": "
		p.left -= len(item.key)
		n.items = append(n.items, item)
	}
	return n
}

// keyText is a map's key; in the plain form words need no quotes.
func (p *printer) keyText(k reflect.Value, depth int) string {
	k = exposed(k)
	if k.Kind() == reflect.Interface && !k.IsNil() {
		k = k.Elem()
	}
	if p.plain && k.Kind() == reflect.String && isWord(k.String()) {
		return k.String()
	}
	return p.any(k, depth+1, false).flat()
}

func (p *printer) elements(r reflect.Value, depth int, typed bool) node {
	if r.Type().Elem().Kind() == reflect.Uint8 {
		return p.leaf(p.bytesText(r, typed))
	}
	if r.Kind() == reflect.Slice {
		leave, cyclic := p.enter(r, r.Len())
		if cyclic {
			return p.leaf("<cycle>")
		}
		defer leave()
	} else {
		r = addressable(r)
	}
	n := node{open: p.open(r.Type(), typed, "{"), close: "}"}
	if p.plain {
		n.open, n.close = "[", "]"
	}
	for i := range r.Len() {
		if p.left <= 0 || i == maxItems {
			n.items = append(n.items, node{text: "… " + Grouped(int64(r.Len()-i)) + " more"})
			break
		}
		n.items = append(n.items, p.any(r.Index(i), depth+1, r.Type().Elem().Kind() == reflect.Interface))
	}
	return n
}

// bytesText prints bytes: readable ones as text, others as hex.
func (p *printer) bytesText(r reflect.Value, typed bool) string {
	b := make([]byte, min(r.Len(), maxLeaf))
	reflect.Copy(reflect.ValueOf(b), r)
	if p.plain {
		return hexText(b)
	}
	more := ""
	if len(b) < r.Len() {
		more = " /* " + Grouped(int64(r.Len())) + " bytes */"
	}
	text := `"0x` + hex.EncodeToString(b) + `"`
	if utf8.Valid(b) && !bytes.ContainsFunc(b, func(c rune) bool { return !unicode.IsPrint(c) && !unicode.IsSpace(c) }) {
		text = strconv.Quote(string(b))
	}
	if typed {
		text = typeName(r.Type()) + "(" + text + ")"
	}
	return text + more
}

// open is the bracket that begins a composite literal.
func (p *printer) open(t reflect.Type, typed bool, bracket string) string {
	if p.plain || !typed {
		return bracket
	}
	return typeName(t) + bracket
}

// enter puts a reference on the path; cyclic tells that it is there already.
func (p *printer) enter(r reflect.Value, length int) (leave func(), cyclic bool) {
	v := visit{r.Type(), r.Pointer(), length}
	if slices.Contains(p.path, v) {
		return nil, true
	}
	p.path = append(p.path, v)
	return func() { p.path = p.path[:len(p.path)-1] }, false
}

// generated matches what stands behind the user's name in that of a type which is
// declared again, or in a function; and the path of the cells' package, which stands in
// the arguments of generic types.
var (
	generated = regexp.MustCompile(`ꞏ[\pL\pN_]*`)
	cells     = regexp.MustCompile(`\brepl\.`)
)

// typeName is a type as people write it.
func typeName(t reflect.Type) string {
	s := strings.ReplaceAll(t.String(), "interface {}", "any")
	return generated.ReplaceAllString(cells.ReplaceAllString(strings.ReplaceAll(s, "[]uint8", "[]byte"), "main."), "")
}

// quoted is a Go string literal, shortened where it is very long.
func quoted(s string) string {
	if len(s) > maxLeaf {
		return strconv.Quote(cut(s, maxLeaf)) + " /* " + Grouped(int64(len(s))) + " bytes */"
	}
	return strconv.Quote(s)
}

func isWord(s string) bool {
	for _, r := range s {
		if r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return false
		}
	}
	return s != ""
}

// sortedKeys orders a map's keys: numbers and strings by value, others by
// their text.
func sortedKeys(m reflect.Value) []reflect.Value {
	keys := m.MapKeys()
	slices.SortStableFunc(keys, compareKeys)
	return keys
}

func compareKeys(a, b reflect.Value) int {
	if a.Kind() == reflect.Interface && b.Kind() == reflect.Interface {
		a, b = a.Elem(), b.Elem()
	}
	if a.Kind() == b.Kind() {
		switch {
		case a.CanInt():
			return cmp.Compare(a.Int(), b.Int())
		case a.CanUint():
			return cmp.Compare(a.Uint(), b.Uint())
		case a.CanFloat():
			return cmp.Compare(a.Float(), b.Float())
		case a.Kind() == reflect.String:
			return cmp.Compare(a.String(), b.String())
		}
	}
	return cmp.Compare(keyLabel(a), keyLabel(b))
}

// keyLabel is a text to order keys of other kinds by.
func keyLabel(k reflect.Value) string {
	if s, ok := selfText(k); ok {
		return s
	}
	p := printer{left: 200}
	return p.any(k, 0, true).flat()
}
