package render

import (
	"fmt"
	"reflect"
	"time"
	"unsafe"
)

// decimalText is what decimals have (apd.Decimal): all digits, no exponent.
type decimalText interface{ Text(format byte) string }

// selfText is the text that a value gives of itself: an error, a Stringer, a
// decimal. Methods of the pointer count too. A method that panics is reported
// in the text, as fmt does.
func selfText(r reflect.Value) (text string, ok bool) {
	if !r.IsValid() || isNilValue(r) {
		return "", false
	}
	v := withMethods(exposed(r))
	if v == nil {
		return "", false
	}
	defer func() {
		if p := recover(); p != nil {
			text, ok = fmt.Sprintf("%s(panicked: %v)", typeName(r.Type()), p), true
		}
	}()
	switch t := v.(type) {
	case time.Time:
		return timeText(t, ""), true
	case *time.Time:
		return timeText(*t, ""), true
	case decimalText:
		return t.Text('f'), true
	case error:
		return t.Error(), true
	case fmt.Stringer:
		return t.String(), true
	}
	return "", false
}

// withMethods is the value, or a pointer to a copy of it where only the
// pointer has the methods that selfText looks for; nil when there is none.
func withMethods(r reflect.Value) any {
	if r.NumMethod() > 0 {
		if v := r.Interface(); tellsItself(v) {
			return v
		}
	}
	if r.Kind() == reflect.Pointer || r.Kind() == reflect.Interface || r.Type().Name() == "" {
		return nil
	}
	if reflect.PointerTo(r.Type()).NumMethod() == 0 {
		return nil
	}
	p := reflect.New(r.Type())
	p.Elem().Set(r)
	if v := p.Interface(); tellsItself(v) {
		return v
	}
	return nil
}

func tellsItself(v any) bool {
	switch v.(type) {
	case error, fmt.Stringer, decimalText:
		return true
	}
	return false
}

// exposed makes a value that was read from an unexported field usable: cells
// declare small types with lower-case fields all the time, and a notebook that
// shows them as less than they are is no help. The value is a copy.
func exposed(r reflect.Value) reflect.Value {
	if !r.IsValid() || r.CanInterface() {
		return r
	}
	if !r.CanAddr() {
		return r
	}
	return reflect.NewAt(r.Type(), unsafe.Pointer(r.UnsafeAddr())).Elem()
}

// addressable is r, or a copy of it, whose fields can be [exposed].
func addressable(r reflect.Value) reflect.Value {
	if r.CanAddr() || !r.CanInterface() {
		return r
	}
	c := reflect.New(r.Type()).Elem()
	c.Set(r)
	return c
}

func isNilValue(r reflect.Value) bool {
	switch r.Kind() {
	case reflect.Invalid:
		return true
	case reflect.Pointer, reflect.Map, reflect.Slice, reflect.Func, reflect.Chan, reflect.Interface, reflect.UnsafePointer:
		return r.IsNil()
	}
	return false
}
