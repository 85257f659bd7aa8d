package look

import "unsafe"

// thread is the state of an interrupted thread (Linux's struct ucontext, in it
// mcontext), as far as it is used.
type thread struct {
	_   [88]byte
	r14 uintptr
	_   [72]byte
	rip uintptr
}

// goroutine is the goroutine's address, which Go keeps in R14.
//
//go:nosplit
//go:norace
func (t *thread) goroutine() uintptr { return t.r14 }

// skipLoad goes on after the load, where it has the form of the compiler's nil checks:
// TESTB AL, (register).
//
//go:nosplit
//go:norace
func (t *thread) skipLoad() bool {
	const rexB, testb = 0x41, 0x84
	code, n := **(**[5]byte)(unsafe.Pointer(&t.rip)), uintptr(2)
	op, register := code[0], code[1]
	if op == rexB { // R8 to R15
		op, register, n = code[1], code[2], 3
	}
	switch {
	case op != testb:
		return false
	case register == 0b00_000_100, register == 0b01_000_101: // SP and R12, BP and R13 take one more
		n++
	case register >= 0b00_001_000: // more than (register)
		return false
	}
	t.rip += n
	return true
}
