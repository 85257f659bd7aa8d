// Package history keeps the cells that ran, across restarts and for all kernels
// of a user at once: it is a [gospark/kernel.History] in an SQLite file.
//
// Session numbers are IPython's: each kernel that keeps a cell gets the next one.
// What a reader must understand: a cell never waits for the file. [Store.Add]
// only notes it; [Store.Run] writes, and [Store.Find] writes what was noted
// before it looks. Nothing is opened before the first of them needs it. Where the
// file cannot be used (read-only, damaged, no space), history goes on in memory.
//
// The package knows nothing of messages but the request that it answers.
package history
