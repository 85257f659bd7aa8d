package zmq

import (
	"errors"
	"net"
	"sync"
)

// frameCost is what a received frame costs besides its bytes.
const frameCost = 64

var errHoards = errors.New("it held an unfinished message while others needed the room")

// intake bounds what all peers of a kernel together make it hold: received
// messages that the kernel has not taken yet, and the beginnings of others.
//
// A peer that holds little is never refused, so requests of ordinary size pass
// whatever the others do. One that holds much waits where the kernel is about to
// make room; where it is not, because of messages that somebody began and does
// not end, the oldest of those loses its connection.
type intake struct {
	limit uint64
	share uint64 // what any peer may hold: all of them, half the limit

	// mu guards the fields below. It is held while no other lock is taken.
	mu      sync.Mutex
	total   uint64            // bytes held
	whole   uint64            // those of messages that wait for the kernel
	holders map[*peer]holding // connected peers, with the message that each is sending
	began   uint64            // numbers messages
	changed *sync.Cond
}

// holding is a message of which parts have arrived.
type holding struct {
	bytes uint64
	began uint64
}

func newIntake(limit, peers int) *intake {
	in := &intake{limit: uint64(limit), share: uint64(limit / peers / 2), holders: make(map[*peer]holding)}
	in.changed = sync.NewCond(&in.mu)
	return in
}

// enter lets a peer hold something.
func (in *intake) enter(p *peer) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.holders[p] = holding{}
}

// leave takes back what a peer holds and ends its waiting.
func (in *intake) leave(p *peer) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.total -= in.holders[p].bytes
	delete(in.holders, p)
	in.changed.Broadcast()
}

// take makes room for n more bytes of a peer's message.
func (in *intake) take(p *peer, n uint64) error {
	in.mu.Lock()
	defer in.mu.Unlock()
	for {
		h, ok := in.holders[p]
		switch {
		case !ok:
			return net.ErrClosed
		case h.bytes+n <= in.share || in.total+n <= in.limit:
			if h.bytes == 0 {
				in.began++
				h.began = in.began
			}
			h.bytes += n
			in.holders[p] = h
			in.total += n
			return nil
		case in.total-in.whole+n > in.limit: // no use in waiting for the kernel
			victim := in.oldest(p)
			if victim == nil {
				return errTooLong
			}
			in.mu.Unlock()
			victim.fail(errHoards)
			in.mu.Lock()
		default:
			in.changed.Wait()
		}
	}
}

// oldest is the peer, but for p, that has been sending its message for longest
// and holds more than its share.
func (in *intake) oldest(p *peer) *peer {
	var found *peer
	for q, h := range in.holders {
		if q != p && h.bytes > in.share && (found == nil || h.began < in.holders[found].began) {
			found = q
		}
	}
	return found
}

// giveBack takes back n bytes that turned out not to be needed.
func (in *intake) giveBack(p *peer, n uint64) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if h, ok := in.holders[p]; ok {
		h.bytes -= n
		in.holders[p] = h
		in.total -= n
		in.changed.Broadcast()
	}
}

// complete notes that a peer's message is whole.
func (in *intake) complete(p *peer) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if h, ok := in.holders[p]; ok {
		in.whole += h.bytes
		in.holders[p] = holding{}
	}
}

// taken notes that the kernel has taken a message.
func (in *intake) taken(frames [][]byte) {
	n := uint64(0)
	for _, f := range frames {
		n += uint64(len(f)) + frameCost
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	in.whole -= n
	in.total -= n
	in.changed.Broadcast()
}
