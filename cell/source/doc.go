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
// Rules that a user may ask for:
//
//   - A cell is the body of a function whose top-level declarations are those of
//     a package. Statements run in order; functions, types and constants may be
//     used before their declaration, variables not, except by the initialisers of
//     var declarations, which have Go's order.
//   - := and var at top level declare live variables. Where one of that name and
//     type is live it is the same variable, so pointers and closures see the new
//     value; with another type it is a new one, and up to the end of its own
//     declaration the name means the old one. A function literal may use the
//     variable that it is assigned to.
//   - Changing a type loses the variables of the old one ([Unit.Dropped]), as does
//     giving it a method in a later cell. Earlier functions that no longer compile
//     are lost too ([Unit.Broken]).
//   - The last expression, or comma list of them, is the result, unless a
//     semicolon follows or it calls one of fmt's print functions.
//   - init functions run before the first statement; a cell that declares main and
//     has no statements runs it.
//
// The package is pure: it runs nothing and reads packages only through the
// importer it is given.
package source
