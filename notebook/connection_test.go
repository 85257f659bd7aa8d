package notebook

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"gospark/sparkclient"
)

func quiet(state) {}

// reaches waits until the connection is at a stage.
func reaches(t *testing.T, c *connection, s stage) state {
	t.Helper()
	for {
		now, changed := c.peek()
		if now.stage == s {
			return now
		}
		select {
		case <-changed:
		case <-t.Context().Done():
			t.Fatalf("the connection stays at stage %d", now.stage)
		}
	}
}

// together calls f in n goroutines and waits for them.
func together(n int, f func()) {
	var wait sync.WaitGroup
	for range n {
		wait.Go(f)
	}
	wait.Wait()
}

// Of many who need Spark at once, one makes the connection for all, at the
// beginning and after a loss.
func TestManyWaitForOneConnection(t *testing.T) {
	server := serveScript(t)
	c := open(t, Options{Remote: server.url("")}).spark
	var mu sync.Mutex
	used := map[int]string{}
	waiter := func() {
		s, err := c.await(t.Context(), quiet)
		if err != nil {
			t.Error(err)
			return
		}
		mu.Lock()
		defer mu.Unlock()
		used[s.epoch] = s.session.ID()
	}
	together(20, waiter)
	first, _ := c.peek()
	together(20, func() {
		_ = c.lose(t.Context(), first.epoch, sparkclient.ErrSessionLost)
		waiter()
	})
	if len(used) != 2 || len(server.began()) != 2 {
		t.Errorf("epochs %v, sessions %v", used, server.began())
	}
	now, _ := c.peek()
	if now.stage != ready || !errors.Is(now.former, sparkclient.ErrSessionLost) {
		t.Errorf("stage %d, former %v", now.stage, now.former)
	}
}

// Who comes late with the news of a loss does not end the session after it.
func TestLossOfAFormerSession(t *testing.T) {
	server := serveScript(t)
	c := open(t, Options{Remote: server.url("")}).spark
	first, err := c.await(t.Context(), quiet)
	if err != nil {
		t.Fatal(err)
	}
	epoch, err := c.connect(t.Context(), first.target)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.after(t.Context(), epoch, quiet); err != nil {
		t.Fatal(err)
	}
	mine := errors.New("mine")
	if err := c.lose(t.Context(), first.epoch, mine); err != mine { //nolint:errorlint // the very same
		t.Errorf("got %v", err)
	}
	if now, _ := c.peek(); now.stage != ready || now.epoch != epoch {
		t.Errorf("stage %d, epoch %d", now.stage, now.epoch)
	}
}

// A notebook ends its own session and no other.
func TestSessionsAreReleasedByTheirOwner(t *testing.T) {
	server := serveScript(t)
	const shared = "11111111-2222-3333-4444-555555555555"
	b := open(t, Options{Remote: server.url("")})
	own := func() string {
		t.Helper()
		s, err := b.spark.await(t.Context(), quiet)
		if err != nil {
			t.Fatal(err)
		}
		return s.session.ID()
	}
	first := own()
	holds(t, b.good("%spark session use "+shared), "connected", shared)
	a := b.cell("%spark session new")
	if a.errs() != "" {
		t.Errorf("leaving a shared session is said to end it: %q", a.errs())
	}
	second := own()
	a = b.cell("%spark session new")
	holds(t, a.errs(), sessionEnded, "gone")
	third := own()
	if first == second || second == third {
		t.Errorf("sessions %s, %s, %s", first, second, third)
	}
	b.good("%spark connect " + server.url(";session_id="+shared))
	b.good("%spark stop")
	if !slices.Equal(server.ended(), []string{first, second, third}) {
		t.Errorf("released %v, not %v", server.ended(), []string{first, second, third})
	}
}

func TestInterruptWhileConnecting(t *testing.T) {
	server := serveScript(t)
	server.gate = make(chan struct{})
	b := open(t, Options{Remote: server.url("")})
	ctx, interrupt := context.WithCancel(t.Context())
	c := b.spark
	_, err := c.await(ctx, func(s state) {
		if s.stage == connecting {
			interrupt()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	close(server.gate) // the attempt went on
	if _, err := c.await(t.Context(), quiet); err != nil {
		t.Fatal(err)
	}
	if n := len(server.began()); n != 1 {
		t.Errorf("%d sessions", n)
	}
}

// An address where nobody answers does not keep a notebook from another one.
func TestConnectElsewhereWhileConnecting(t *testing.T) {
	server := serveScript(t)
	b := open(t, Options{Remote: blackHole(t)})
	waited := make(chan error, 1)
	go func() {
		_, err := b.spark.after(t.Context(), 1, quiet)
		waited <- err
	}()
	ctx, interrupt := context.WithCancel(t.Context())
	_, err := b.spark.await(ctx, func(state) { interrupt() })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("the impatient one: %v", err)
	}
	holds(t, b.good("%spark connect "+server.url(";token=s3cret")), "connected", "sc://"+server.address, "4.3.0")
	if err := <-waited; err != nil && !errors.Is(err, errAbandoned) {
		t.Errorf("the patient one: %v", err)
	}
	if status := b.good("%spark"); strings.Contains(status, "s3cret") {
		t.Errorf("the token is shown:\n%s", status)
	}
}

func TestStopWhileConnecting(t *testing.T) {
	b := open(t, Options{Remote: blackHole(t)})
	ctx, interrupt := context.WithCancel(t.Context())
	if _, err := b.spark.await(ctx, func(state) { interrupt() }); err == nil {
		t.Error("connected to nobody")
	}
	holds(t, b.good("%spark"), "Connecting to Spark")
	holds(t, b.good("%spark stop"), "disconnected")
	holds(t, b.good("%spark"), "not connected")
}

func TestStopWhileNothingIsConnected(t *testing.T) {
	b := open(t, Options{Remote: "sc://" + nobody(t)})
	together(5, func() {
		if err := b.spark.disconnect(t.Context()); err != nil {
			t.Error(err)
		}
	})
	if s, _ := b.spark.peek(); s.stage != detached {
		t.Errorf("stage %d", s.stage)
	}
}

// Who waits when the connection is ended is told so.
func TestDisconnectUnderAWaiter(t *testing.T) {
	b := open(t, Options{Remote: blackHole(t)})
	waited := make(chan error, 1)
	go func() {
		_, err := b.spark.await(t.Context(), quiet)
		waited <- err
	}()
	reaches(t, b.spark, connecting)
	if err := b.spark.disconnect(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-waited; !errors.Is(err, errAbandoned) && !errors.Is(err, errStopped) {
		t.Errorf("got %v", err)
	}
}

// Close ends waits, and nothing waits for ever after it.
func TestCloseWhileConnecting(t *testing.T) {
	b := open(t, Options{Remote: blackHole(t)})
	waited := make(chan error, 1)
	go func() {
		_, err := b.spark.await(t.Context(), quiet)
		waited <- err
	}()
	reaches(t, b.spark, connecting)
	if err := b.Close(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	if err := <-waited; err == nil {
		t.Error("connected to nobody")
	}
	c := b.spark
	if _, err := c.await(t.Context(), quiet); !errors.Is(err, errEnding) {
		t.Errorf("await: %v", err)
	}
	if _, err := c.connect(t.Context(), target{}); !errors.Is(err, errEnding) {
		t.Errorf("connect: %v", err)
	}
	if err := c.disconnect(t.Context()); err != nil {
		t.Errorf("disconnect: %v", err)
	}
	if err := c.lose(t.Context(), 1, sparkclient.ErrSessionLost); !errors.Is(err, sparkclient.ErrSessionLost) {
		t.Errorf("lose: %v", err)
	}
}

func TestCloseReleasesTheSession(t *testing.T) {
	server := serveScript(t)
	b := open(t, Options{Remote: server.url("")})
	s, err := b.spark.await(t.Context(), quiet)
	if err != nil {
		t.Fatal(err)
	}
	id := s.session.ID()
	if err := b.Close(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(server.ended(), []string{id}) {
		t.Errorf("released %v, not %s", server.ended(), id)
	}
}

// Nobody is there, then somebody is: a query says the one and uses the other.
func TestUnreachableRemote(t *testing.T) {
	address := nobody(t)
	b := open(t, Options{Remote: "sc://" + address})
	holds(t, b.bad("%sql SELECT 1").trace(), "no Spark server", address, "run the cell again")
	holds(t, b.good("%spark"), "not connected", "because", address, "the next query tries again")
	serveScriptAt(t, address)
	if _, err := b.spark.await(t.Context(), quiet); err != nil {
		t.Error(err)
	}
}

func TestRefusedToken(t *testing.T) {
	server := serveScript(t)
	server.refuse = status.Error(codes.Unauthenticated, "Invalid authentication token")
	b := open(t, Options{Remote: server.url(";token=s3cret")})
	for _, code := range []string{"%sql SELECT 1", "%spark connect '" + server.url(";token=s3cret") + "'"} {
		a := b.bad(code)
		holds(t, a.trace(), "token refused", "give the right one")
		if strings.Contains(fmt.Sprint(a.err), "s3cret") {
			t.Errorf("%s tells the token: %v", code, a.err)
		}
	}
}

func TestBadAddresses(t *testing.T) {
	b := open(t, Options{})
	for url, want := range map[string]string{
		"http://h":                   "begins with sc://",
		"sc://":                      "no valid host",
		"sc://h:99999":               "port 99999",
		"sc://h/;token":              "key=value",
		"sc://h:1/;use_ssl=maybe":    "use_ssl",
		"'sc://h/;session_id=noone'": "session_id",
	} {
		holds(t, b.bad("%spark connect "+url).trace(), want)
	}
}
