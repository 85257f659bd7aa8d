package look

// thread is the state of an interrupted thread (Linux's struct ucontext, in it
// sigcontext), as far as it is used.
type thread struct {
	_          [184]byte
	registers  [31]uintptr
	sp, pc, ps uintptr
}

// goroutine is the goroutine's address, which Go keeps in R28.
//
//go:nosplit
//go:norace
func (t *thread) goroutine() uintptr { return t.registers[28] }

// skipLoad goes on after the load.
//
//go:nosplit
//go:norace
func (t *thread) skipLoad() bool {
	t.pc += 4
	return true
}
