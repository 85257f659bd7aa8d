package zmq

import (
	"context"
	"io"
	"net"
	"sync"
	"time"

	"github.com/go-zeromq/zmq4"
)

// tap is a subscriber inside the process. zmq4 queues what is published and
// does not tell when it has passed it on; the tap, which subscribes to
// everything, counts what has come out.
//
// zmq4's reader calls Read, its one publishing goroutine calls Write.
type tap struct {
	net.Conn               // nil: zmq4 calls nothing but Read, Write and Close
	noted    chan struct{} // closed when zmq4 has noted the subscription
	first    sync.Once     // closes noted
	quit     chan struct{}
	once     sync.Once // closes quit
	in       []byte    // zmq4's reader only
	split    splitter

	// mu guards the fields below.
	mu      sync.Mutex
	passed  int
	changed *sync.Cond
}

func newTap() *tap {
	in := append(greeting(zmq4.NullSecurity), ready(hello{socketType: string(zmq4.Sub)})...)
	t := &tap{noted: make(chan struct{}), quit: make(chan struct{}), in: appendFrame(in, 0, []byte{1}), split: newSplitter()}
	t.changed = sync.NewCond(&t.mu)
	return t
}

// Read gives zmq4 a handshake and one subscription, and then blocks to the end.
func (t *tap) Read(b []byte) (int, error) {
	if len(t.in) == 0 { // zmq4 notes a subscription before it reads on
		t.first.Do(func() { close(t.noted) })
		<-t.quit
		return 0, io.EOF
	}
	n := copy(b, t.in)
	t.in = t.in[n:]
	return n, nil
}

// Write counts messages.
func (t *tap) Write(b []byte) (int, error) {
	if len(t.split.write(b)) > 0 {
		t.mu.Lock()
		t.passed = t.split.count
		t.mu.Unlock()
		t.changed.Broadcast()
	}
	return len(b), nil
}

// Close ends Read.
func (t *tap) Close() error {
	t.once.Do(func() { close(t.quit) })
	return nil
}

// await returns when n messages have passed, or ctx ends.
func (t *tap) await(ctx context.Context, n int) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	return await(ctx, t.changed, func() bool { return t.passed >= n })
}

// Deadlines mean nothing to it.
func (t *tap) SetDeadline(time.Time) error { return nil }
