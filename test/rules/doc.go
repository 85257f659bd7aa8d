// Package rules holds the structure of gospark as tests: which package may
// import which, how large things may get, what must be documented, who may
// start a goroutine. Each failure says why the rule exists and what to do.
//
// The lists in these tests are meant to be edited together with
// ARCHITECTURE.md: a new package or an exception is one line with its reason.
package rules
