// Package kerneltest is for tests of kernels: an [Interpreter] made of
// functions, a [Frontend] that speaks the protocol on its own, and a check that
// no goroutine is left.
//
// The front end shares no code with packages wire and zmq: it has its own ZMTP
// and its own signing, so that a mistake there is not made twice. It reads until
// idle and fails the test on any message that nobody asked for.
package kerneltest
