//go:build linux && (amd64 || arm64)

package look

import (
	"errors"
	"fmt"
	"syscall"
	"unsafe"
)

// handler is what onFault needs.
var handler struct {
	next    uintptr // Go's own handler
	labelAt uintptr // where in a goroutine (runtime.g) its label is
}

// Install puts the handler of signals in front of Go's. Without it an interrupt stops
// all goroutines that look, with whatever label.
func Install() error {
	at, ok := findLabel()
	if !ok {
		return errors.New("this Go keeps its goroutines' labels elsewhere than expected")
	}
	handler.labelAt = at
	var a action
	if err := sigaction(nil, &a); err != nil {
		return err
	}
	if a.handler == onFaultAddress() {
		return nil
	}
	handler.next = a.handler
	a.handler = onFaultAddress()
	return sigaction(&a, nil)
}

// action is the kernel's struct sigaction.
type action struct {
	handler, flags, restorer uintptr
	mask                     uint64
}

func sigaction(set, get *action) error {
	_, _, err := syscall.RawSyscall6(syscall.SYS_RT_SIGACTION, uintptr(syscall.SIGSEGV),
		uintptr(unsafe.Pointer(set)), uintptr(unsafe.Pointer(get)), unsafe.Sizeof(uint64(0)), 0, 0)
	if err != 0 {
		return fmt.Errorf("a handler of faults: %w", err)
	}
	return nil
}

// onFaultAddress is where onFault begins, which the kernel calls and nobody else. It
// returns if passes says so, and else goes on to Go's handler.
func onFaultAddress() uintptr

// goroutine is the calling goroutine's address.
func goroutine() uintptr

var _ = passes // onFault calls it

// passes takes a goroutine over the load of a closed door if it goes on. It runs on
// the signal's stack, with all signals blocked.
//
//go:nosplit
//go:norace
func passes(t *thread) bool {
	at := t.goroutine() + handler.labelAt
	if !goesOn(**(**uintptr)(unsafe.Pointer(&at))) || !t.skipLoad() {
		return false
	}
	stops.passed++
	return true
}

// goroutineWords is less than a goroutine has, and more than stands before its label.
const goroutineWords = 56

// findLabel looks in the calling goroutine for the label, by changing it.
func findLabel() (at uintptr, ok bool) {
	former := Label()
	defer SetLabel(former)
	var marks [2]struct{ list []struct{ key, value string } } // what package pprof makes labels of
	for i := range uintptr(goroutineWords) {
		at, found := i*unsafe.Sizeof(i), true
		place := goroutine() + at
		for m := range marks {
			SetLabel(unsafe.Pointer(&marks[m]))
			found = found && **(**uintptr)(unsafe.Pointer(&place)) == uintptr(unsafe.Pointer(&marks[m]))
		}
		if found {
			return at, true
		}
	}
	return 0, false
}
