// Package look lets code that runs be stopped, at next to no cost while it is not.
//
// Go cannot end a goroutine from outside, so each loop of a cell looks, in every
// iteration, whether it is to stop. [Look] loads an address and the byte that is there.
// It has no branch and calls nothing, so the compiler need not keep the loop's
// variables ready for a call, which costs more than the look itself. To stop a loop the
// address becomes one that cannot be read: the load faults, and Go makes a panic of it,
// as it does of every nil pointer, at a place where the compiler expects one.
//
// All goroutines load the same address. So a signal handler in front of Go's
// ([Install]) takes those over the load that are not to stop. It tells them by their
// profiler label, which goroutines inherit from who started them. A fault costs a
// microsecond, so the address is a good one again most of the time where other
// goroutines keep looking (see keep).
//
// The package knows neither cells nor runs. Its variables belong to the process, as
// signals do.
package look
