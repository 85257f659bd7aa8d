// Package sparkview shows what Spark returns: a DataFrame as a table, running
// operations as a progress line.
//
// Both sides of a notebook use it, the kernel for SQL and the cell worker for
// Go, so that the same thing looks the same. It knows display and render, and
// nothing of Jupyter or of cells.
package sparkview
