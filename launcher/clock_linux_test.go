package launcher_test

import (
	"os"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"gospark/launcher"
)

// The machine's clock jumps by hours, forth and back: nobody is cut off, nothing
// ends early, and the idle server ends when its time is over, not hours later.
// It sets the clock of the whole machine for some seconds, so it has to be asked
// for; as root: GOSPARK_CLOCK=1 go test ./launcher -run ClockJumps.
func TestClockJumps(t *testing.T) {
	if os.Getenv("GOSPARK_CLOCK") == "" {
		t.Skip("it sets the clock of this machine: GOSPARK_CLOCK=1 runs it, as root")
	}
	began := time.Now()
	jump := func(by time.Duration) {
		t.Helper()
		now := unix.NsecToTimespec(began.UnixNano() + int64(time.Since(began)+by)) // Since does not see the jumps
		if err := unix.ClockSettime(unix.CLOCK_REALTIME, &now); err != nil {
			t.Fatal("cannot set the clock: ", err)
		}
	}
	t.Cleanup(func() { jump(0) })
	const idle = 3 * time.Second
	o := fakeOptions(t, "")
	l := attach(t, o, launcher.Profile{Idle: idle})
	s := l.Server()
	for _, by := range []time.Duration{2 * time.Hour, -2 * time.Hour, 2 * time.Hour} {
		jump(by)
		other := attach(t, o, launcher.Profile{})
		if other.Server().PID != s.PID {
			t.Fatalf("after a jump by %v another server was started", by)
		}
		other.Close()
		select {
		case <-l.Done():
			t.Fatalf("a jump by %v ended the lease: %v", by, l.Err())
		case <-time.After(idle / 6):
		}
	}
	l.Close()
	closed := time.Now()
	jump(0) // the server became idle in what is now the future
	time.Sleep(idle / 3)
	if dead(s.PID) {
		t.Errorf("the server ended after %v of %v", time.Since(closed), idle)
	}
	jump(-2 * time.Hour)
	eventually(t, "the idle server ends", func() bool { return dead(s.PID) && dead(s.Supervisor) })
}
