package launcher

import (
	"slices"
	"sync"
	"time"
)

// hub is what a supervisor knows and tells: the phases of the start, the server
// once it is ready, who holds leases, and how it ended.
type hub struct {
	changed *broadcast
	joined  chan struct{}  // closed when the starter has attached
	stop    chan stopOrder // what somebody who asks for the end says

	mu       sync.Mutex // guards the fields below
	server   Server
	profile  Profile
	phases   []Phase
	end      *event // Failed or Gone; nothing is said after it
	starter  int    // process that started this supervisor and has not attached yet
	members  map[int]Client
	nextID   int
	lastLeft time.Time // when the last lease went, or the server became ready

	lastJoined time.Time // when the last lease began
}

func newHub(s Server, p Profile, starter int) *hub {
	return &hub{starter: starter,
		changed: newBroadcast(), joined: make(chan struct{}), stop: make(chan stopOrder, 1),
		server: s, profile: p, members: map[int]Client{}, lastLeft: time.Now(),
	}
}

// view is what one connection has not been told yet.
type view struct {
	phases  []Phase
	server  *Server
	differs []string
	end     *event
	changed <-chan struct{}
}

// look returns the phases from the given one on, the server if it is ready, and
// the end if there is one.
func (h *hub) look(from int, want Profile) view {
	h.mu.Lock()
	defer h.mu.Unlock()
	v := view{phases: slices.Clone(h.phases[from:]), end: h.end, changed: h.changed.wait()}
	if h.server.State == Ready {
		s := h.status()
		v.server, v.differs = &s, h.profile.differs(want)
	}
	return v
}

// status is the server with its clients. mu is held.
func (h *hub) status() Server {
	s := h.server
	s.Clients = len(h.members)
	s.Attached = nil
	for _, c := range h.members {
		s.Attached = append(s.Attached, c)
	}
	slices.SortFunc(s.Attached, func(a, b Client) int { return a.PID - b.PID })
	return s
}

func (h *hub) snapshot() Server {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.status()
}

// phase tells a step of the start.
func (h *hub) phase(text string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if n := len(h.phases); n > 0 && h.phases[n-1].Text == text {
		return
	}
	h.phases = append(h.phases, Phase{Text: text, Elapsed: time.Since(h.server.Started)})
	h.changed.signal()
}

// update changes what is known of the server.
func (h *hub) update(change func(*Server)) Server {
	h.mu.Lock()
	defer h.mu.Unlock()
	change(&h.server)
	if h.server.State == Ready {
		h.lastLeft = time.Now()
	}
	h.changed.signal()
	return h.status()
}

// awaitStarter waits a moment for the one who started the supervisor, who would
// otherwise not hear how a very short start ended.
func (h *hub) awaitStarter(limit time.Duration) {
	t := time.NewTimer(limit)
	defer t.Stop()
	select {
	case <-h.joined:
	case <-t.C:
	}
}

// finish tells the end, once.
func (h *hub) finish(e event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.end == nil {
		h.end = &e
	}
	h.changed.signal()
}

// join opens a lease; false when the server is ending.
func (h *hub) join(c Client) (int, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.end != nil {
		return 0, false
	}
	if c.PID == h.starter {
		h.starter = 0
		close(h.joined)
	}
	h.nextID++
	h.lastJoined = time.Now()
	h.members[h.nextID] = c
	return h.nextID, true
}

// attachedWithin reports whether a lease began in the last d.
func (h *hub) attachedWithin(d time.Duration) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return time.Since(h.lastJoined) < d
}

// leave closes a lease.
func (h *hub) leave(id int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.members, id)
	h.lastLeft = time.Now()
}

// describe changes what is known of the holder of a lease.
func (h *hub) describe(id int, c Client) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, ok := h.members[id]; ok {
		h.members[id] = c
	}
}

// others lists who else than the process pid holds a lease.
func (h *hub) others(pid int) []Client {
	h.mu.Lock()
	defer h.mu.Unlock()
	var out []Client
	for _, c := range h.status().Attached {
		if c.PID != pid {
			out = append(out, c)
		}
	}
	return out
}

// stopOrder is a wish that the server end.
type stopOrder struct {
	why   GoneError
	drain time.Duration // how long running jobs may go on
}

// askStop asks the supervisor to end; the first reason counts.
func (h *hub) askStop(order stopOrder) {
	select {
	case h.stop <- order:
	default:
	}
}

// finishIfIdle ends the hub, atomically with the look at the leases, so that a
// lease is either counted or refused.
func (h *hub) finishIfIdle(limit time.Duration, e event) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.members) > 0 || h.end != nil || time.Since(h.lastLeft) < limit {
		return false
	}
	h.end = &e
	h.changed.signal()
	return true
}

// broadcast wakes all who wait for a change.
type broadcast struct {
	mu sync.Mutex
	ch chan struct{}
}

func newBroadcast() *broadcast { return &broadcast{ch: make(chan struct{})} }

// wait returns a channel that is closed at the next signal.
func (b *broadcast) wait() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.ch
}

func (b *broadcast) signal() {
	b.mu.Lock()
	defer b.mu.Unlock()
	close(b.ch)
	b.ch = make(chan struct{})
}
