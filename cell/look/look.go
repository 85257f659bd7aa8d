package look

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"
)

// Look panics where the calling goroutine is to stop. [IsStop] knows the panic.
//
// What is loaded has no type parameter (as atomic.Pointer has), so that the compiler
// has it in the place of the call in cells, too.
func Look() { _ = *(*byte)(atomic.LoadPointer(&door)) }

// door is what looks read: open's address, or closed.
var (
	door = unsafe.Pointer(&open)
	open byte
)

// closed is an address that cannot be read, nor be anybody else's: Go takes those in
// the first page for nil pointers, and fields of structs have smaller ones, or are
// aligned.
const closed = 0xfef

// IsStop reports whether a panic's value may be what [Look] panicked with. It may also
// be a nil pointer's.
func IsStop(v any) bool {
	err, ok := v.(runtime.Error)
	return ok && err.Error() == "runtime error: invalid memory address or nil pointer dereference"
}

// stops are the goroutines that are to stop.
var stops struct {
	// mu guards changes of all that is below, and of door. The handler only reads, at any
	// time, and counts.
	mu     sync.Mutex
	labels labels
	// rest is 1 where goroutines with other labels, or none, are to stop.
	rest uint32
	// passed changes when the handler takes a goroutine over a look.
	passed uint64
	// watched counts what is being stopped; over ends the last one's keep.
	watched int
	over    chan struct{}
}

// labels are the addresses of labels, with 1 added where their goroutines are to stop,
// and 0 in free places. The list grows at its end and never shrinks, so the handler
// walks it at any time.
type labels struct {
	at   [255]uintptr
	next unsafe.Pointer // *labels
}

// Know notes a label of goroutines that go on.
func Know(label uintptr) { note(label, label) }

// Stop makes the goroutines with a label stop.
func Stop(label uintptr) { note(label, label|1) }

// Forget is for a label that no goroutine has any more.
func Forget(label uintptr) { note(label, 0) }

// Rest tells whether goroutines are to stop whose label is not known.
func Rest(stop bool) {
	value := uint32(0)
	if stop {
		value = 1
	}
	atomic.StoreUint32(&stops.rest, value)
}

func note(label, value uintptr) {
	stops.mu.Lock()
	defer stops.mu.Unlock()
	var free *uintptr
	last := &stops.labels
	for l := last; l != nil; l = (*labels)(l.next) {
		for i := range l.at {
			switch l.at[i] &^ 1 {
			case label:
				atomic.StoreUintptr(&l.at[i], value)
				return
			case 0:
				if free == nil {
					free = &l.at[i]
				}
			}
		}
		last = l
	}
	if value == 0 {
		return
	}
	if free == nil {
		more := new(labels)
		free = &more.at[0]
		atomic.StorePointer(&last.next, unsafe.Pointer(more))
	}
	atomic.StoreUintptr(free, value)
}

// goesOn reports whether the goroutines with a label go on. The handler calls it, so
// it calls nothing itself, not even what loads atomically where races are detected.
//
//go:nosplit
//go:norace
func goesOn(label uintptr) bool {
	for l := &stops.labels; l != nil; l = (*labels)(l.next) {
		for i := range l.at {
			if v := l.at[i]; v != 0 && v&^1 == label {
				return v&1 == 0
			}
		}
	}
	return stops.rest == 0
}

// Close makes looks find out whether they are to stop, until [Open] is called as often.
func Close() {
	stops.mu.Lock()
	defer stops.mu.Unlock()
	if stops.watched++; stops.watched > 1 {
		close(stops.over)
	}
	stops.over = make(chan struct{})
	shut()
	go keep(stops.over)
}

// Open undoes a Close.
func Open() {
	stops.mu.Lock()
	defer stops.mu.Unlock()
	if stops.watched--; stops.watched == 0 {
		close(stops.over)
		unshut()
	}
}

// shut stores closed in door. It has no other pointer's form, so that no tool takes it
// for one.
func shut() {
	address := uintptr(closed)
	atomic.StorePointer(&door, *(*unsafe.Pointer)(unsafe.Pointer(&address)))
}

func unshut() { atomic.StorePointer(&door, unsafe.Pointer(&open)) }

// A door that stays closed costs those that pass a lot, and one that opens is missed by
// who looks seldom or waits for a processor. So it is closed for longer and longer, up
// to mostClosed, and in between open for longer still, up to mostOpen times as long.
const (
	firstClosed = 2 * time.Millisecond
	mostClosed  = 64 * time.Millisecond
	mostOpen    = 20
)

// keep keeps the door until it is over: everything has stopped, or a later Close keeps
// it. While nobody passes it stays closed.
func keep(over <-chan struct{}) {
	long := firstClosed
	for round := 1; ; round++ {
		passed := atomic.LoadUint64(&stops.passed)
		if !wait(over, long) {
			return
		}
		if atomic.LoadUint64(&stops.passed) != passed {
			if !set(over, unshut) || !wait(over, time.Duration(min(round, mostOpen))*long) || !set(over, shut) {
				return
			}
		}
		long = min(2*long, mostClosed)
	}
}

// wait waits, and reports whether it is not over before.
func wait(over <-chan struct{}, long time.Duration) bool {
	t := time.NewTimer(long)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-over:
		return false
	}
}

// set moves the door, and reports whether it is not over.
func set(over <-chan struct{}, move func()) bool {
	stops.mu.Lock()
	defer stops.mu.Unlock()
	select {
	case <-over:
		return false
	default:
		move()
		return true
	}
}
