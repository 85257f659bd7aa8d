package rt

import (
	"context"
	"runtime"

	"gospark/cell/look"
)

// This file holds what generated code calls.

// Look panics when the run that the calling goroutine belongs to is being stopped. It
// stands in every loop, and in functions that call themselves.
func Look() { look.Look() }

// Recovered is what recover returned: [Stopped] in a goroutine that [Look] stops.
func Recovered(v any) any {
	if !look.IsStop(v) {
		return v
	}
	if r := Running(); r == nil || !r.stopped.Load() {
		return v
	}
	return Stopped
}

// Result keeps the values of the cell's last expressions.
func Result(vals ...any) {
	if r := Running(); r != nil {
		r.result(vals, nil)
	}
}

// ResultError is [Result] where the static type of the last value is error: a
// value that is not nil is the cell's error, and nil is no value.
func ResultError(vals ...any) {
	r := Running()
	if r == nil || len(vals) == 0 {
		return
	}
	last := len(vals) - 1
	err, _ := vals[last].(error)
	r.result(vals[:last:last], err)
}

// Discard takes the last expressions of a cell that ends with a semicolon.
func Discard(...any) {}

// Context is the context of the running cell, or of the cell that started the
// calling goroutine. It ends when the cell is interrupted.
func Context() context.Context {
	if r := Running(); r != nil {
		return r.ctx
	}
	return context.Background()
}

// Exit replaces os.Exit: it ends the cell, not the worker. Unlike os.Exit it
// runs the deferred calls of the calling goroutine.
func Exit(code int) {
	if r := Running(); r != nil {
		r.exit(code)
	}
	runtime.Goexit()
}

// Exits replaces os.Exit, which it is given so that the package is used.
func Exits(func(int)) func(int) { return Exit }

// Exiting replaces log.Fatal and log.Fatalln: it turns the print function into
// one that prints and ends the cell.
func Exiting(print func(...any)) func(...any) {
	return func(v ...any) {
		print(v...)
		Exit(1)
	}
}

// Exitingf is [Exiting] for log.Fatalf.
func Exitingf(print func(string, ...any)) func(string, ...any) {
	return func(format string, v ...any) {
		print(format, v...)
		Exit(1)
	}
}
