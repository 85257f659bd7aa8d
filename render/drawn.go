package render

import (
	"bytes"
	"fmt"
	"io"
	"reflect"

	"gospark/display"
)

// Size of a picture that is drawn for a result, in points: six by four inches.
const (
	drawnWidth  = 432
	drawnHeight = 288
)

// drawn is the picture of a value that can write itself as one, which gonum's plots
// can: by a method WriterTo(width, height Length, format string) (io.WriterTo, error)
// whose lengths are numbers of points. It is found by its form, so that no plotting
// package is needed here.
func drawn(r reflect.Value) (b display.Bundle, ok bool) {
	m := r.MethodByName("WriterTo")
	if !m.IsValid() || isNilValue(r) || !draws(m.Type()) {
		return b, false
	}
	defer func() {
		if p := recover(); p != nil {
			b, ok = display.Plain(fmt.Sprintf("%s panicked while it was drawn: %v", typeName(r.Type()), p)), true
		}
	}()
	length := m.Type().In(0)
	out := m.Call([]reflect.Value{
		reflect.ValueOf(drawnWidth).Convert(length), reflect.ValueOf(drawnHeight).Convert(length), reflect.ValueOf("png"),
	})
	err, _ := out[1].Interface().(error)
	var picture bytes.Buffer
	if err == nil {
		_, err = out[0].Interface().(io.WriterTo).WriteTo(&picture)
	}
	if err != nil {
		return display.Plain(fmt.Sprintf("%s cannot be drawn: %v", typeName(r.Type()), err)), true
	}
	return pictureBundle(picture.Bytes()), true
}

// draws says whether a method has the form that [drawn] calls.
func draws(m reflect.Type) bool {
	return m.NumIn() == 3 && m.In(0).Kind() == reflect.Float64 && m.In(1) == m.In(0) && m.In(2).Kind() == reflect.String &&
		m.NumOut() == 2 && m.Out(0).Implements(reflect.TypeFor[io.WriterTo]()) && m.Out(1) == reflect.TypeFor[error]()
}
