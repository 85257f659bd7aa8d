// Package rt is the small run-time that the code generated from Go cells calls.
// It is linked into the worker and, by name, into every cell, so it imports
// little of the standard library and nothing else.
//
// A [Run] is one execution of a cell: from [Begin] until its last goroutine is
// gone. Every goroutine of a cell belongs to the run that started it (it
// inherits the run's profiler label), so interrupting one cell stops that cell's
// goroutines and no others, a panic in a goroutine names its cell, what it prints
// is that cell's, and [Context] answers with the right context.
//
// The package knows neither frames nor Jupyter: it reports through [Info].
//
// Two package variables are mutable, which the project otherwise forbids: the
// foreground run, and the runs by label.
package rt
