// Package cell runs Go cells: it keeps their live state in a worker process and
// turns each new cell into a plugin that this process loads.
//
// [Runtime] wires four packages, which know less each: source (what names mean),
// toolchain (compile and link), worker with rt (the process that runs the code)
// and frame (what kernel and worker say to each other).
//
// The one thing to understand is how the order of outputs is kept. What the
// foreground cell prints goes through pipes that the kernel reads, whatever prints
// it: fmt, the run-time, C code, or a fatal error that ends the process. Rich
// output goes over the socket, and the worker waits until the kernel has taken
// it; before the kernel takes it, it empties the pipes. So everything appears in
// the order of the program. Only between standard output and standard error, which
// are two pipes, there is no order when both are written within a millisecond.
//
// Pipes cannot tell who writes. So the source of cells writes to its own run (see
// package rt), and what the goroutines of other cells print, of former ones and of
// those in the background, goes over the socket with the run's name. A cell leaves
// the foreground before its end is told, and the kernel empties the pipes then.
//
// The package knows neither Jupyter nor Spark.
package cell
