// Package toolchain drives the stock Go toolchain for cells: it finds Go and a
// C linker, builds the worker program once per Go version, and turns a cell's
// source into a plugin that this worker can load.
//
// Everything is kept in one private folder:
//
//	src/<hash>/      gospark's own module source, unpacked
//	build/<key>/     worker, extld, manifest.json, importcfg and the archives of
//	                 all packages that cells may import, for one source and Go
//	run/<random>/    the cells of one running kernel; removed with it
//
// The one thing to understand: all packages are compiled once, in the dynamic
// form that plugins need (compile -dynlink), and the worker is linked from the
// very same archives as a position-independent program. So a cell and its worker
// can never disagree about a package, and nothing is compiled twice.
//
// A cell is bound to the worker: its plugin refers to the worker's functions, types
// and variables and has no copy of them. Where that cannot be done, the cell is
// linked whole, with the packages that it imports: slower, but as good.
//
// A cell is compiled and linked by the tools themselves, not by the go command,
// and the C linker is called directly by the small program extld (its folder
// says why).
//
// The package knows nothing of Jupyter or of what cells mean.
package toolchain
