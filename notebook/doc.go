// Package notebook is what a gospark notebook does with a cell: it implements
// [gospark/kernel.Interpreter].
//
// A cell's text is split into segments (magics, SQL, shell lines, Go), which run
// in order. Go runs in the worker through package cell; magics and SQL run here,
// in the kernel's own process, so that they need no Go toolchain. Both sides
// share one Spark session: the [connection] attaches to the shared server in the
// background and hands the worker what it needs to join.
//
// An error becomes prose here (explain.go) and nowhere else: what failed, on
// what, and the next thing to type.
package notebook
