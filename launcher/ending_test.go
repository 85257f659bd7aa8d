package launcher_test

import (
	"strings"
	"syscall"
	"testing"
	"time"

	"gospark/launcher"
)

// How a server ended is known until the next one starts, unless it was wanted.
func TestEnded(t *testing.T) {
	o := fakeOptions(t, "")
	ended := func(want string) {
		t.Helper()
		eventually(t, "it ended: "+want, func() bool { // the system closes a dead process's files one by one
			why, at, err := launcher.Ended(o, "p")
			if err != nil {
				t.Fatal(err)
			}
			if why == nil {
				return want == ""
			}
			isKnown := !at.IsZero() && time.Since(at) < time.Minute
			return want != "" && strings.Contains(why.Error(), want) && isKnown == (want != "without a word")
		})
	}
	end := func(pid func(launcher.Server) int) {
		t.Helper()
		l := attach(t, o, launcher.Profile{Name: "p"})
		ended("")
		if err := syscall.Kill(pid(l.Server()), syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		<-l.Done()
	}
	ended("") // it has never run
	end(func(s launcher.Server) int { return s.PID })
	ended("killed")
	end(func(s launcher.Server) int { return s.Supervisor })
	ended("without a word")
	attach(t, o, launcher.Profile{Name: "p"})
	if err := launcher.Stop(t.Context(), o, "p", true, 0); err != nil {
		t.Fatal(err)
	}
	ended("")
	o.Env = append(o.Env, "FAKE=say:Invalid maximum heap size: -Xmx4gb")
	failure(t, o, launcher.Profile{Name: "p"})
	ended("-Xmx4gb")
}
