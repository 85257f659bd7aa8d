// Package frame is the language between the kernel and its cell worker:
// length-prefixed, typed messages over one unix socket.
//
// A frame is a four-byte big-endian length, one byte that names the message's
// type, and the message as JSON; the length counts the type byte and the JSON.
// Both ends are the same build of gospark, so there is no version to agree on.
//
// The package knows neither processes nor plugins. Text that cells print does
// not pass here: it goes through the worker's own standard output and error,
// which the kernel reads (package cell says how the order is kept).
package frame
