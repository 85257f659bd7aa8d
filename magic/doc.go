// Package magic parses cell text into Go code and magics, and command lines
// into typed [Command] values, with help, completion and nearest-name errors.
//
// It is pure: parsing has no effect and asks nothing; what completion cannot
// know (variable names, configuration keys) it asks of the [Lookup] that the
// caller hands in.
//
// The rule that decides what is a magic: a line that begins with % and a
// letter, or with ! and a command, where a Go statement could begin. Go has no
// statement that begins with %, so no valid Go is ever taken for a magic; a Go
// statement that begins with ! (useful only as a result) is written (!x).
package magic
