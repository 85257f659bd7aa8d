//go:build amd64 || arm64

// Package repair sets right, before main runs, what the linker gets wrong in a
// program that is made of packages in the form for plugins: the worker.
//
// The one thing to understand: the run-time makes its description of the frames of
// reflect.MakeFunc and of method values when it starts, and takes the address of
// their pointer mask from the global offset table, as all -dynlink code does. The
// Go linker has no symbol of its own for a mask, so what it puts there (Go 1.26) is
// another one's address. The collector would take numbers in those frames for
// pointers and overlook pointers: a fatal error, or memory that was freed too early.
//
// It also keeps what only plugins use of the run-time, addmoduledata: cells find it
// in the worker.
//
// It refers to the run-time's own symbols, which the linker allows with
// -checklinkname=0 only. So package toolchain alone links it, and no other package
// imports it. It knows nothing of cells.
package repair

import "unsafe"

// stackObject is the run-time's description of a variable in a stack frame
// (stackObjectRecord in runtime/stack.go).
type stackObject struct {
	off, size, ptrBytes int32
	mask                uint32 // where its pointer mask is, from the module's rodata
}

// methodFrame says where the run-time keeps its description of the registers in
// the frames of reflect.MakeFunc and of method values, and where rodata begins.
func methodFrame() (object, rodata uintptr)

func init() {
	at, rodata := methodFrame()
	object := (*stackObject)(pointer(at))
	if int(object.ptrBytes) != regArgsWords*int(unsafe.Sizeof(at)) {
		return // not the Go that this was written for
	}
	mask := uintptr(unsafe.Pointer(unsafe.StringData(regArgsMask)))
	if offset := mask - rodata; offset < 1<<32 {
		object.mask = uint32(offset)
	}
}

// pointer is an address outside of the heap as a pointer.
func pointer(at uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&at)) }
