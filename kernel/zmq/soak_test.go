package zmq_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gospark/kernel/kerneltest"
	"gospark/kernel/wire"
	"gospark/kernel/zmq"
)

// soakTime is how long TestSoak goes on, unless GOSPARK_SOAK says otherwise.
const soakTime = 5 * time.Second

// soakHeap is what kernel, honest and hostile peers of TestSoak may need
// together. The limits allow the kernel 48 MiB of it, and the buffers that the
// queues grow in as much again; a collector's heap is about twice what lives in it.
const soakHeap = 192 << 20

// soak is a kernel with hostile peers around it.
type soak struct {
	*testing.T
	s    *zmq.Sockets
	conn func(network, address, typ, identity string) (*kerneltest.Conn, error)
	ctx  context.Context
	work sync.WaitGroup
	heap atomic.Uint64 // the most that was seen
	log  *logged

	again atomic.Int32 // handshakes that an honest peer had to begin again
}

// An honest front end loses nothing, gets all in order and is let in again and
// again, whatever others do; and nothing of it all is left at the end.
func TestSoak(t *testing.T) {
	for name, c := range map[string]wire.Connection{"plain": tcp(), "encrypted": encrypted()} {
		t.Run(name, func(t *testing.T) {
			l := zmq.Limits{
				Handshakes: 64, Peers: 64,
				Message: 4 << 20, Queue: 16 << 20, Received: 8 << 20, Queued: 40 << 20,
			}
			log := new(logged)
			k := &soak{T: t, s: open(t, c, zmq.Options{Limits: l, Log: log.logger()}), conn: kerneltest.Dial, log: log}
			if c.CurvePublicKey != "" {
				k.conn = func(network, address, typ, identity string) (*kerneltest.Conn, error) {
					return kerneltest.DialCurve(network, address, typ, identity, holder(t))
				}
			}
			k.run()
		})
	}
}

func (k *soak) run() {
	d := soakTime / 2
	if text := os.Getenv("GOSPARK_SOAK"); text != "" {
		var err error
		if d, err = time.ParseDuration(text); err != nil {
			k.Fatal(err)
		}
	}
	k.echoes(k.dial(wire.Shell, "DEALER", "warm"), 1)
	files, goroutines := openFiles(k), runtime.NumGoroutine()
	sub := k.dial(wire.IOPub, "SUB", "")
	if err := sub.Send([]byte{1}); err != nil {
		k.Fatal(err)
	}
	if _, _, err := sub.Recv(); err != nil {
		k.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(k.Context(), d)
	defer cancel()
	k.ctx = ctx
	for _, evil := range []func(){k.silent, k.fuzz, k.giant, k.partial, k.deafSub, k.deafDealer, k.topics, k.pings, k.watch} {
		k.work.Go(func() {
			for ctx.Err() == nil {
				evil()
			}
		})
	}
	k.work.Go(k.publish)
	k.work.Go(k.front)
	received := uint32(0)
	for ended := false; !ended; received++ {
		f, _, err := sub.Recv()
		if err != nil || len(f) != 2 || binary.BigEndian.Uint32(f[1]) != received {
			k.Fatalf("message %d: %v", received, err)
		}
		ended = string(f[0]) == "end"
	}
	k.work.Wait()
	_ = sub.Close()
	k.flat(files, goroutines)
	k.Logf("%d messages in order, %d MiB of heap at most, %d of more than 1,000 handshakes begun again", received, k.heap.Load()>>20, k.again.Load())
	if k.again.Load() > 20 {
		k.Error("honest peers are kept waiting")
	}
}

// publish publishes numbered messages, and one with the topic "end" at the end.
func (k *soak) publish() {
	for n, topic := uint32(0), "topic"; topic != "end"; n++ {
		if k.ctx.Err() != nil {
			topic = "end"
		}
		body := binary.BigEndian.AppendUint32(make([]byte, 0, 16<<10), n)
		if err := k.s.Send(wire.IOPub, [][]byte{[]byte(topic), body[:cap(body)]}); err != nil {
			k.Error(err)
		}
		_ = k.s.Pace(k.ctx)
	}
}

// front is an honest front end on shell and heartbeat, which also comes again.
func (k *soak) front() {
	shell, beat := k.dial(wire.Shell, "DEALER", "honest"), k.dial(wire.Heartbeat, "REQ", "")
	for i := 0; k.ctx.Err() == nil || i < 500; i++ { // with the other two 1,000 connections
		k.echoes(shell, i)
		k.echoes(beat, i)
		again := k.dial(wire.Shell, "DEALER", "again")
		k.echoes(again, i)
		_ = again.Close()
		other := k.dial(wire.Shell, "DEALER", "")
		k.echoes(other, i)
		_ = other.Close()
	}
	_, _ = shell.Close(), beat.Close()
}

// dial connects an honest peer. Like libzmq, it tries again where it loses its
// place before it has said anything, which takes a flood and a busy machine.
func (k *soak) dial(ch wire.Channel, typ, identity string) *kerneltest.Conn {
	k.Helper()
	network, address := where(k.s, ch)
	c, err := k.conn(network, address, typ, identity)
	for tries := 1; err != nil && tries < 5; tries++ {
		k.again.Add(1)
		c, err = k.conn(network, address, typ, identity)
	}
	if err != nil {
		k.Errorf("an honest peer is kept out: %v", err)
		runtime.Goexit()
	}
	_ = c.SetDeadline(time.Now().Add(time.Hour))
	return c
}

func (k *soak) echoes(c *kerneltest.Conn, i int) {
	k.Helper()
	text := strconv.Itoa(i)
	if err := c.Send([]byte(text), nil); err != nil {
		k.Error(err)
	}
	if f, _, err := c.Recv(); err != nil || string(f[0]) != text {
		k.Errorf("echo of %d: %q, %v\n%s", i, f, err, k.log.about(c.LocalAddr().String()))
		runtime.Goexit()
	}
}

// channels are those that hostile peers go for.
func channels() wire.Channel { return rand.N(wire.Channels) }

// raw writes something and lets go some time later.
func (k *soak) raw(c net.Conn, err error, b []byte, keep time.Duration) {
	if err != nil {
		return
	}
	_ = c.SetDeadline(time.Now().Add(time.Second))
	_, _ = c.Write(b)
	if keep > 0 {
		k.rest(keep)
	}
	_ = c.Close()
}

func (k *soak) rest(d time.Duration) {
	select {
	case <-k.ctx.Done():
	case <-time.After(d):
	}
}

func (k *soak) open(ch wire.Channel) (net.Conn, error) {
	network, address := where(k.s, ch)
	return net.Dial(network, address)
}

// evil is an admitted peer that means no good.
func (k *soak) evil(ch wire.Channel) (*kerneltest.Conn, error) {
	network, address := where(k.s, ch)
	typ := "DEALER"
	if ch == wire.IOPub {
		typ = "SUB"
	}
	return k.conn(network, address, typ, "")
}

// silent keeps 100 connections open which say nothing, or greet and stop there.
func (k *soak) silent() {
	var w sync.WaitGroup
	for range 100 {
		w.Go(func() {
			c, err := k.open(channels())
			k.raw(c, err, kerneltest.Greeting()[:rand.N(65)], 50*time.Millisecond)
		})
	}
	w.Wait()
}

// fuzz writes what no peer would, before and after an honest handshake.
func (k *soak) fuzz() {
	b := make([]byte, rand.N(200))
	for i := range b {
		b[i] = byte(rand.N(256))
	}
	c, err := k.open(channels())
	k.raw(c, err, append(append(kerneltest.Greeting(), kerneltest.Ready("DEALER", "")...), b...), 0)
	e, err := k.evil(channels())
	if err == nil {
		k.raw(e, nil, b, 0)
	}
}

// giant announces 2^62 bytes, or as many as are allowed, and sends few.
func (k *soak) giant() {
	for _, size := range []uint64{1 << 62, 4 << 20} {
		if c, err := k.evil(wire.Shell); err == nil {
			k.raw(c, nil, append(long(0, size), make([]byte, 100)...), 10*time.Millisecond)
		}
	}
}

// partial begins large messages and does not end them.
func (k *soak) partial() {
	var w sync.WaitGroup
	for range 8 {
		w.Go(func() {
			c, err := k.evil(wire.Shell)
			if err != nil {
				return
			}
			_ = c.SetDeadline(time.Now().Add(time.Second))
			k.raw(c, nil, append(long(1, 2<<20), bytes.Repeat([]byte("x"), 2<<20-1)...), 50*time.Millisecond)
		})
	}
	w.Wait()
}

// deafSub subscribes and never reads.
func (k *soak) deafSub() {
	c, err := k.evil(wire.IOPub)
	if err != nil {
		return
	}
	_ = c.Send([]byte{1})
	k.rest(200 * time.Millisecond)
	_ = c.Close()
}

// deafDealer asks for much and never reads the answers.
func (k *soak) deafDealer() {
	c, err := k.evil(wire.Shell)
	if err != nil {
		return
	}
	_ = c.SetDeadline(time.Now().Add(time.Second))
	for k.ctx.Err() == nil && c.Send(make([]byte, 64<<10)) == nil {
	}
	_ = c.Close()
}

// topics subscribes to ever more.
func (k *soak) topics() {
	c, err := k.evil(wire.IOPub)
	if err != nil {
		return
	}
	_ = c.SetDeadline(time.Now().Add(time.Second))
	for i := 0; k.ctx.Err() == nil && c.Send(fmt.Appendf([]byte{1}, "none %d", i)) == nil; i++ {
	}
	_ = c.Close()
}

// pings wants answers that it never reads.
func (k *soak) pings() {
	c, err := k.evil(channels())
	if err != nil {
		return
	}
	_ = c.SetDeadline(time.Now().Add(200 * time.Millisecond))
	for k.ctx.Err() == nil && c.Command([]byte("\x04PING\x00\x010123456789abcdef")) == nil {
	}
	_ = c.Close()
}

// watch looks at the heap.
func (k *soak) watch() {
	k.rest(20 * time.Millisecond)
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	if n := m.HeapInuse; n > k.heap.Load() {
		k.heap.Store(n)
	}
}

// flat waits until files and goroutines are as many as before.
func (k *soak) flat(files, goroutines int) {
	k.Helper()
	if n := k.heap.Load(); n > soakHeap {
		k.Errorf("%d MiB of heap", n>>20)
	}
	for end := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) { // polls a condition
		f, g := openFiles(k), runtime.NumGoroutine()
		if f <= files && g <= goroutines {
			return
		}
		if time.Now().After(end) {
			buf := make([]byte, 1<<20)
			k.Errorf("%d open files and %d goroutines; there were %d and %d\n%s", f, g, files, goroutines, buf[:runtime.Stack(buf, true)])
			return
		}
	}
}

func openFiles(t testing.TB) int {
	t.Helper()
	list, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip(err)
	}
	return len(list)
}
