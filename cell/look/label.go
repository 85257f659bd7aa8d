package look

import "unsafe"

// Label is the address of the calling goroutine's profiler labels, used only as an
// identity, and SetLabel gives the goroutine those of another one. The runtime exports
// both for such uses (go.dev/issue/67401).
//
//go:linkname Label runtime/pprof.runtime_getProfLabel
func Label() unsafe.Pointer

//go:linkname SetLabel runtime/pprof.runtime_setProfLabel
func SetLabel(unsafe.Pointer)
