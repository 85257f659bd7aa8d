package render

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	"image/png"
	"reflect"
	"slices"
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
//   - what shows itself (see display.Of) as it wants, an image.Image as PNG;
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
func Values(vals ...any) display.Bundle {
	for len(vals) > 0 && vals[len(vals)-1] == nil {
		vals = vals[:len(vals)-1]
	}
	if len(vals) == 0 {
		return display.Bundle{}
	}
	if len(vals) == 1 {
		return Value(vals[0])
	}
	var bundles []display.Bundle
	rich := false
	for _, v := range vals {
		b := Value(v)
		bundles = append(bundles, b)
		rich = rich || len(b.Data) > 1
	}
	if rich {
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

// shortened cuts a text that is too long for a notebook.
func shortened(s string) string {
	if len(s) <= maxValueText {
		return s
	}
	head := strings.ToValidUTF8(s[:maxValueText], "")
	return head + fmt.Sprintf("…\n(the first %s of %s bytes)", grouped(int64(len(head))), grouped(int64(len(s))))
}

func imageBundle(img image.Image) display.Bundle {
	var b bytes.Buffer
	size := img.Bounds().Size()
	if err := png.Encode(&b, img); err != nil {
		return display.Plain(fmt.Sprintf("image of %d×%d that cannot be shown: %v", size.X, size.Y, err))
	}
	return display.Rich("image/png", base64.StdEncoding.EncodeToString(b.Bytes()),
		fmt.Sprintf("[image, %d×%d]", size.X, size.Y))
}

// recordsTable shows a slice of structs, of pointers to structs, or of maps
// with string keys as a table.
func recordsTable(r reflect.Value) (display.Bundle, bool) {
	if r.Kind() != reflect.Slice && r.Kind() != reflect.Array || r.Len() == 0 {
		return display.Bundle{}, false
	}
	elem := r.Type().Elem()
	record := elem
	if record.Kind() == reflect.Pointer {
		record = record.Elem()
	}
	if showsItself(elem) || showsItself(record) {
		return display.Bundle{}, false
	}
	o := TableOptions{Total: int64(r.Len()), Hint: fmt.Sprintf("display.Show(x[%d:])", min(r.Len(), DefaultRows))}
	shown := addressable(r).Slice(0, min(r.Len(), DefaultRows))
	switch {
	case record.Kind() == reflect.Struct && record.NumField() > 0:
		columns, rows := structRows(record, shown)
		return Table(columns, rows, o), true
	case record.Kind() == reflect.Map && record.Key().Kind() == reflect.String:
		columns, rows := mapRows(shown)
		return Table(columns, rows, o), len(columns) > 0
	}
	return display.Bundle{}, false
}

// showsItself reports whether values of a type are text, not records.
func showsItself(t reflect.Type) bool {
	if t.Kind() == reflect.Pointer || t.Name() == "" {
		return tellsItself(reflect.Zero(t).Interface())
	}
	return tellsItself(reflect.New(t).Interface())
}

func structRows(t reflect.Type, records reflect.Value) ([]Column, [][]any) {
	var columns []Column
	var fields []int
	for i := range t.NumField() {
		if f := t.Field(i); f.Name != "_" {
			columns = append(columns, Column{Name: f.Name, Type: fieldType(f.Type)})
			fields = append(fields, i)
		}
	}
	rows := make([][]any, records.Len())
	for i := range rows {
		record := exposed(records.Index(i))
		if record.Kind() == reflect.Pointer {
			if record.IsNil() {
				continue
			}
			record = record.Elem()
		}
		for _, f := range fields {
			rows[i] = append(rows[i], exposed(record.Field(f)).Interface())
		}
	}
	return columns, rows
}

// fieldType is a field's type as a column's head says it: short, and without
// the pointer that only means "may be missing".
func fieldType(t reflect.Type) string {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return typeName(t)
}

func mapRows(records reflect.Value) ([]Column, [][]any) {
	var names []string
	seen := map[string]bool{}
	for i := range records.Len() {
		record := reflect.Indirect(exposed(records.Index(i)))
		if !record.IsValid() {
			continue
		}
		for _, k := range record.MapKeys() {
			if !seen[k.String()] {
				seen[k.String()] = true
				names = append(names, k.String())
			}
		}
	}
	slices.Sort(names)
	columns := make([]Column, len(names))
	for i, name := range names {
		columns[i].Name = name
	}
	rows := make([][]any, records.Len())
	for i := range rows {
		rows[i] = mapRow(reflect.Indirect(exposed(records.Index(i))), names)
	}
	return columns, rows
}

func mapRow(record reflect.Value, names []string) []any {
	row := make([]any, len(names))
	if !record.IsValid() {
		return row
	}
	for i, name := range names {
		key := reflect.ValueOf(name).Convert(record.Type().Key())
		if v := record.MapIndex(key); v.IsValid() {
			row[i] = exposed(v).Interface()
		}
	}
	return row
}
