package zmq

import (
	"cmp"
	"slices"
	"sync"
)

// pending are the handshakes under way. There is a place for everybody who
// comes: when too many are under way, one loses its own, of those that are least
// far the one that has been silent for longest. An honest peer has its next word
// under way at any time, so it is neither kept waiting nor locked out by any
// number of others.
type pending struct {
	most int

	// mu guards the field below.
	mu   sync.Mutex
	list []*peer
}

// begin notes a handshake.
func (h *pending) begin(p *peer) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.list) >= h.most {
		at := h.silent()
		_ = h.list[at].Conn.Close()
		h.list = slices.Delete(h.list, at, at+1)
	}
	h.list = append(h.list, p)
}

// silent is the place of the one that has to go. One whose words have arrived,
// but were not read yet, is not silent, unless all are so.
func (h *pending) silent() int {
	order := slices.Clone(h.list)
	slices.SortStableFunc(order, func(p, q *peer) int {
		return cmp.Or(cmp.Compare(p.steps.Load(), q.steps.Load()), cmp.Compare(p.heard.Load(), q.heard.Load()))
	})
	for _, p := range order {
		if !unread(p.Conn) {
			return slices.Index(h.list, p)
		}
	}
	return slices.Index(h.list, order[0])
}

// end takes a handshake off the list.
func (h *pending) end(p *peer) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if at := slices.Index(h.list, p); at >= 0 {
		h.list = slices.Delete(h.list, at, at+1)
	}
}

// close ends them all.
func (h *pending) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, p := range h.list {
		_ = p.Conn.Close()
	}
}
