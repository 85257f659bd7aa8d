// Package source turns the text of a cell into one Go file that the stock
// compiler takes, and answers completion, inspection and "is it complete".
//
// A [Notebook] is the live state: what every name means after the cells that
// were committed. [Notebook.Compile] parses and type-checks a cell against it
// and generates a file of package path repl that repeats, as source, the live
// declarations the cell uses; the loader binds their symbols to the first ones
// loaded, so all cells share one variable, one type, one function. Nothing
// changes until [Notebook.Commit].
//
// The one thing to understand: a symbol once loaded is never replaced. What a
// cell redefines gets a new symbol, its name followed by "ꞏ" and a number, and
// so does every live function and type that depends on it. A declaration that is
// textually the same and means the same keeps its symbol, so running a cell
// again changes nothing but its effects. Methods belong to their type: a method
// declared in a later cell makes a new version of the type.
//
// The package is pure: it runs nothing and reads packages only through the
// importer it is given.
package source
