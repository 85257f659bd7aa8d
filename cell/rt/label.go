package rt

import "unsafe"

// label is the address of the calling goroutine's profiler labels, used only as
// an identity. The runtime exports it for such uses (go.dev/issue/67401).
//
//go:linkname label runtime/pprof.runtime_getProfLabel
func label() unsafe.Pointer
