package zmq

import (
	"errors"
	"net"
	"testing"
	"testing/synctest"
	"time"
)

// holder is a peer that may hold received bytes.
func holder(g *guard) *peer {
	p := newPeer(nowhere{}, g)
	g.intake.enter(p)
	return p
}

func mustTake(t *testing.T, p *peer, n uint64) {
	t.Helper()
	if err := p.g.intake.take(p, n); err != nil {
		t.Fatal(err)
	}
}

// Four peers may hold 80 together, each of them 1 whatever the others do.
func small() *guard { return lone(0, Limits{Received: 80, Peers: 8}) }

func TestIntakeWaitsForTheKernel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := small()
		a, b := holder(g), holder(g)
		mustTake(t, a, 6+frameCost)
		g.intake.complete(a)
		mustTake(t, b, 1) // its share
		var took time.Time
		go func() {
			mustTake(t, b, 20)
			took = time.Now()
		}()
		time.Sleep(time.Second)
		synctest.Wait()
		if !took.IsZero() {
			t.Error("did not wait for room")
		}
		g.intake.taken([][]byte{make([]byte, 6)})
		synctest.Wait()
		if took.IsZero() {
			t.Error("waits though the kernel has made room")
		}
		if g.intake.total != 21 || g.intake.whole != 0 {
			t.Errorf("%d held, %d whole", g.intake.total, g.intake.whole)
		}
	})
}

// Who began a message long ago and does not end it goes; who holds little stays.
func TestIntakeEvictsTheOldest(t *testing.T) {
	g := small()
	little, old, young := holder(g), holder(g), holder(g)
	mustTake(t, little, 1)
	mustTake(t, old, 39)
	mustTake(t, young, 39)
	mustTake(t, young, 10)
	if err := g.intake.take(old, 1); !errors.Is(err, net.ErrClosed) {
		t.Errorf("the oldest stayed: %v", err)
	}
	mustTake(t, little, 30)
	if err := g.intake.take(young, 80); !errors.Is(err, errTooLong) && !errors.Is(err, net.ErrClosed) {
		t.Errorf("more than there is: %v", err)
	}
}

func TestIntakeEndsWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := small()
		a, b := holder(g), holder(g)
		mustTake(t, a, 80)
		g.intake.complete(a)
		waited := make(chan error, 1)
		go func() { waited <- g.intake.take(b, 20) }()
		synctest.Wait()
		_ = b.Close()
		if err := <-waited; !errors.Is(err, net.ErrClosed) {
			t.Error(err)
		}
	})
}

// The longest queue pays for all.
func TestStoreIsRelieved(t *testing.T) {
	g := lone(0, Limits{Queue: 100, Queued: 100})
	var peers []*peer
	for range 3 {
		p := newPeer(nowhere{}, g)
		g.store.enter(p)
		peers = append(peers, p)
	}
	fill := func(i, n int) error { return peers[i].queue(peers[i].out.put(make([]byte, n))) }
	if err := errors.Join(fill(0, 60), fill(1, 30)); err != nil {
		t.Fatal(err)
	}
	if err := fill(2, 20); err != nil {
		t.Errorf("who has little is at fault: %v", err)
	}
	if err := fill(0, 1); err == nil {
		t.Error("the longest queue stayed")
	}
	if n := g.store.total.Load(); n != 50 {
		t.Errorf("%d queued", n)
	}
}

// Who is least far and has been silent for longest makes room, whoever came
// first.
func TestPending(t *testing.T) {
	g := lone(0, Limits{Handshakes: 3})
	h := &g.pending
	peers := make([]*peer, 6)
	for i := range peers {
		peers[i] = newPeer(&closing{}, g)
		peers[i].heard.Store(int64(i))
	}
	peers[0].heard.Store(10)
	peers[1].steps.Store(1)
	for _, p := range peers[:5] {
		h.begin(p)
	}
	check := func(want ...bool) {
		t.Helper()
		for i := range want {
			if got := peers[i].Conn.(*closing).closed; got != want[i] {
				t.Errorf("%d: closed is %v", i, got)
			}
		}
	}
	check(false, false, true, true, false)
	h.end(peers[1])
	h.begin(peers[5])
	check(false, false, true, true, false, false)
	h.close()
	check(true, false, true, true, true, true)
}

// closing is a connection that knows whether it was closed.
type closing struct {
	nowhere
	closed bool
}

func (c *closing) Close() error { c.closed = true; return nil }

// from is a connection from some address.
type from struct {
	nowhere
	address string
}

func (f from) RemoteAddr() net.Addr {
	a, _ := net.ResolveTCPAddr("tcp", f.address)
	return a
}

func TestPlaces(t *testing.T) {
	g := lone(0, Limits{Peers: 3})
	s := g.places
	come := func(address string, standing bool, heard int64) *peer {
		p := newPeer(from{address: address}, g)
		p.standing.Store(standing)
		p.heard.Store(heard)
		return p
	}
	crowd := []*peer{come("10.0.0.1:1", true, 3), come("10.0.0.1:2", true, 2), come("10.0.0.1:3", false, 9)}
	for _, p := range crowd {
		if _, loser, err := s.admit(p); loser != nil || err != nil {
			t.Fatal(loser, err)
		}
	}
	if _, loser, err := s.admit(come("10.0.0.1:4", true, 4)); loser != crowd[2] || err != nil {
		t.Errorf("not the one without standing: %v", err)
	}
	if _, _, err := s.admit(come("10.0.0.1:5", false, 5)); !errors.Is(err, errPeers) {
		t.Errorf("a crowd pushes itself out: %v", err)
	}
	if _, loser, err := s.admit(come("10.0.0.2:1", true, 5)); loser != crowd[1] || err != nil {
		t.Errorf("the crowd does not give way with its most silent one: %v", err)
	}
	if _, _, err := s.admit(come("10.0.0.3:1", true, 6)); err != nil {
		t.Errorf("nor a second time: %v", err)
	}
	if _, _, err := s.admit(come("10.0.0.2:2", true, 7)); !errors.Is(err, errPeers) {
		t.Errorf("more than its part: %v", err)
	}
}
