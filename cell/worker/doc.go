// Package worker is the process that holds a notebook's live Go state: it loads
// cells, which are plugins, and runs them, several at once where it is asked to.
//
// The kernel starts it with its socket as file descriptor 3 and reads the
// worker's standard output and error; everything else is in package
// [gospark/cell/frame]. The worker never outlives its kernel: the end of the
// socket ends the process.
//
// A cell runs on a goroutine of its own (package [gospark/cell/rt]), so a panic,
// os.Exit or runtime.Goexit ends the cell and not the worker. An interrupt stops
// the cell at its next loop or blocking call that honours the context; what
// ignores both is left behind with its goroutine.
//
// This is the only package that imports plugin. It knows neither Jupyter nor
// Spark: the main package hands in hooks.
package worker
