// Package kernel is the Jupyter kernel for any language: it takes requests from
// five sockets and answers them, with an [Interpreter] for everything that is
// about the language.
//
// It knows no Go, no SQL and no Spark, and no ZeroMQ either: [Sockets] carry
// frames, package wire gives them types. What a reader must understand: every
// request goes through one bracket (see kernel.handle), which sends busy and
// idle, catches panics and turns errors into replies; and cells, and only cells,
// wait in one queue, so that nothing else ever waits behind a cell.
package kernel
