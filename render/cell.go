package render

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// cell is one value of a table as text.
type cell struct {
	text  string
	whole string // fuller than text, for the tooltip; may be empty
	// pretty is a nested value over several lines, where one would be long.
	pretty string
	null   bool
}

// cellOf writes a value for a table cell, exactly: integers ungrouped, floats
// in their shortest form that reads back the same, decimals with all digits,
// bytes as hex, nested values in a JSON-like form.
func cellOf(v any, typ string) cell {
	switch t := v.(type) {
	case nil:
		return cell{null: true}
	case string:
		return cell{text: t}
	case bool:
		return cell{text: strconv.FormatBool(t)}
	case int64:
		return cell{text: strconv.FormatInt(t, 10)}
	case float64:
		return cell{text: float(t, 64)}
	case []byte:
		return cell{text: hexText(t), null: t == nil}
	case time.Time:
		return cell{text: timeText(t, typ)}
	case time.Duration:
		return cell{text: durationText(t, typ)}
	}
	return reflectedCell(reflect.ValueOf(v), typ)
}

// reflectedCell is cellOf for the rarer types.
func reflectedCell(r reflect.Value, typ string) cell {
	if isNilValue(r) {
		return cell{null: true}
	}
	if s, ok := selfText(r); ok {
		c := cell{text: s, whole: composite(r)}
		if len(s) > maxFolded && c.whole != "" {
			c.pretty = indented(c.whole)
		}
		return c
	}
	switch r.Kind() {
	case reflect.Pointer, reflect.Interface:
		return cellOf(exposed(r.Elem()).Interface(), typ)
	case reflect.Slice, reflect.Array, reflect.Map, reflect.Struct:
		p := printer{plain: true, left: maxCellTitle}
		n := p.node(r, 0)
		c := cell{text: n.flat()}
		if len(c.text) > maxFolded {
			c.pretty = n.layout(maxFolded, "")
		}
		return c
	}
	return cell{text: scalar(r)}
}

// composite is the JSON of a struct-like value that can encode itself, such as
// a Spark row within a row: it has the fields' names.
func composite(r reflect.Value) string {
	m, ok := r.Interface().(json.Marshaler)
	if !ok || r.Kind() != reflect.Struct && r.Kind() != reflect.Slice && r.Kind() != reflect.Map {
		return ""
	}
	text, err := m.MarshalJSON()
	if err != nil || !strings.HasPrefix(string(text), "{") {
		return ""
	}
	return string(text)
}

// indented is JSON over several lines.
func indented(s string) string {
	var b bytes.Buffer
	if json.Indent(&b, []byte(cut(s, maxCellTitle)), "", "  ") != nil {
		return cut(s, maxCellTitle)
	}
	return b.String()
}

// scalar writes a value of a basic kind.
func scalar(r reflect.Value) string {
	switch r.Kind() {
	case reflect.Bool:
		return strconv.FormatBool(r.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return strconv.FormatInt(r.Int(), 10)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return strconv.FormatUint(r.Uint(), 10)
	case reflect.Float32:
		return float(r.Float(), 32)
	case reflect.Float64:
		return float(r.Float(), 64)
	case reflect.Complex64, reflect.Complex128:
		return strings.Trim(strconv.FormatComplex(r.Complex(), 'g', -1, r.Type().Bits()), "()")
	case reflect.String:
		return r.String()
	}
	return fmt.Sprint(r)
}

// float is the shortest text that reads back as f, with an exponent only where
// Go's %v has one.
func float(f float64, bits int) string {
	s := strconv.FormatFloat(f, 'g', -1, bits)
	if mantissa, exp, ok := strings.Cut(s, "e+"); ok && mantissa != "" {
		if n, _ := strconv.Atoi(exp); n < 21 {
			return strconv.FormatFloat(f, 'f', -1, bits)
		}
	}
	return s
}

func hexText(b []byte) string {
	const most = maxCellTitle / 2
	if len(b) > most {
		return "0x" + hex.EncodeToString(b[:most]) + "…"
	}
	return "0x" + hex.EncodeToString(b)
}

// timeText writes a time as its column's type wants it. The zone is written
// where no Spark type tells that it is the session's.
func timeText(t time.Time, typ string) string {
	const clock = "15:04:05.999999999"
	switch base, _, _ := strings.Cut(typ, "("); base {
	case "date":
		return t.Format(time.DateOnly)
	case "time":
		return t.Format(clock)
	case "timestamp", "timestamp_ntz", "timestamp_ltz":
		return t.Format(time.DateOnly + " " + clock)
	}
	return t.Format(time.DateOnly + " " + clock + "Z07:00")
}

// durationText writes a duration; one that is a time of day as a clock.
func durationText(d time.Duration, typ string) string {
	if strings.HasPrefix(typ, "time") {
		return time.Time{}.Add(d).Format("15:04:05.999999999")
	}
	return d.String()
}

// isNumeric reports whether a type, Spark's or Go's, holds numbers.
func isNumeric(typ string) bool {
	switch base, _, _ := strings.Cut(strings.ToLower(typ), "("); base {
	case "tinyint", "smallint", "int", "integer", "bigint", "byte", "short", "long", "float", "double",
		"decimal", "real", "numeric", "int8", "int16", "int32", "int64", "uint", "uint8", "uint16", "uint32",
		"uint64", "uintptr", "float32", "float64", "complex64", "complex128", "*apd.decimal", "apd.decimal",
		"*big.int", "*big.float", "*big.rat":
		return true
	}
	return false
}

// isNumber reports whether a value is a number.
func isNumber(v any) bool {
	r := reflect.ValueOf(v)
	if tellsItself(v) {
		_, decimal := v.(decimalText)
		return decimal || isNumeric(r.Type().String())
	}
	for r.Kind() == reflect.Pointer && !r.IsNil() {
		r = r.Elem()
	}
	return r.CanInt() || r.CanUint() || r.CanFloat() || r.CanComplex()
}

// visible makes text fit one line: line ends and tabs become signs, other
// control characters and broken UTF-8 the replacement character.
func visible(s string) string {
	clean := true
	for _, r := range s {
		if unicode.IsControl(r) || r == utf8.RuneError || isDirection(r) {
			clean = false
			break
		}
	}
	if clean {
		return s
	}
	return strings.Map(visibleRune, strings.ReplaceAll(s, "\r\n", "\n"))
}

func visibleRune(r rune) rune {
	switch {
	case r == '\n' || r == '\r':
		return '↵'
	case r == '\t':
		return '⇥'
	case unicode.IsControl(r), isDirection(r):
		return utf8.RuneError
	}
	return r
}

// isDirection reports whether r reorders the text around it, or is one of the
// Unicode line separators.
func isDirection(r rune) bool {
	return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0x2028 || r == 0x2029
}

// cut shortens s to n characters, the last one being an ellipsis.
func cut(s string, n int) string {
	if len(s) <= n || utf8.RuneCountInString(s) <= n {
		return s
	}
	i := 0
	for range n - 1 {
		_, size := utf8.DecodeRuneInString(s[i:])
		i += size
	}
	return s[:i] + "…"
}
