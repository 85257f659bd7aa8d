package rt

import (
	"reflect"

	"gospark/cell/look"
)

// Go runs f in a goroutine of the calling cell.
func Go(f func()) {
	r := Enter(Running())
	go func() {
		defer Guard(r)
		f()
	}()
}

// Running is the run that the calling goroutine belongs to: the one whose label
// it carries, else the foreground run; nil outside of cells.
func Running() *Run {
	front := foreground.Load()
	l := look.Label()
	if l == nil || front != nil && front.label.Load() == uintptr(l) {
		return front
	}
	if r := runs.find(l); r != nil {
		return r
	}
	return front
}

// Enter counts the calling goroutine as one of r's. It must be followed by
// [Guard], as in: defer Guard(Enter(Running())).
func Enter(r *Run) *Run {
	if r != nil {
		r.enter()
	}
	return r
}

// Guard is deferred by every goroutine that a cell starts: a panic ends the
// goroutine, not the worker, and is reported to [Info.Panic].
func Guard(r *Run) {
	v := Recovered(recover())
	if r == nil {
		return
	}
	if v != nil && v != Stopped && r.info.Panic != nil {
		r.info.Panic(panicked(v))
	}
	r.leave()
}

// Wrap gives f a guard: what `go f(x)` and calls that start a goroutine with
// their argument become. Parameters and results stay as they are.
func Wrap[F any](f F) F {
	if g, ok := any(f).(func()); ok && g != nil {
		return any(Wrap0(g)).(F)
	}
	v := reflect.ValueOf(f)
	if v.Kind() != reflect.Func || v.IsNil() {
		return f
	}
	r := Running()
	call := v.Call
	if v.Type().IsVariadic() {
		call = v.CallSlice
	}
	return reflect.MakeFunc(v.Type(), func(args []reflect.Value) (out []reflect.Value) {
		out = zeros(v.Type()) //nolint:wastedassign // what is returned when Guard recovers
		defer Guard(Enter(r))
		return call(args)
	}).Interface().(F)
}

func zeros(t reflect.Type) []reflect.Value {
	out := make([]reflect.Value, t.NumOut())
	for i := range out {
		out[i] = reflect.Zero(t.Out(i))
	}
	return out
}

// Wrap0 is [Wrap] for functions without parameters and results.
func Wrap0(f func()) func() {
	if f == nil {
		return nil
	}
	r := Running()
	return func() {
		defer Guard(Enter(r))
		f()
	}
}

// Later is [Wrap0] for what a goroutine calls that the cell did not start, such as
// a timer's: it makes the goroutine the cell's.
func Later(f func()) func() {
	if f == nil {
		return nil
	}
	l, guarded := look.Label(), Wrap0(f)
	return func() {
		former := look.Label()
		look.SetLabel(l)
		defer look.SetLabel(former)
		guarded()
	}
}

// Wrap1 is [Wrap] for functions with one parameter.
func Wrap1[A any](f func(A)) func(A) {
	if f == nil {
		return nil
	}
	r := Running()
	return func(a A) {
		defer Guard(Enter(r))
		f(a)
	}
}

// Wrap2 is [Wrap] for functions with two parameters.
func Wrap2[A, B any](f func(A, B)) func(A, B) {
	if f == nil {
		return nil
	}
	r := Running()
	return func(a A, b B) {
		defer Guard(Enter(r))
		f(a, b)
	}
}

// Wrap3 is [Wrap] for functions with three parameters.
func Wrap3[A, B, C any](f func(A, B, C)) func(A, B, C) {
	if f == nil {
		return nil
	}
	r := Running()
	return func(a A, b B, c C) {
		defer Guard(Enter(r))
		f(a, b, c)
	}
}
