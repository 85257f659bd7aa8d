package kerneltest

import (
	"runtime"
	"strings"
	"testing"
	"time"
)

// leakPatience is how long goroutines may take to end.
const leakPatience = 5 * time.Second

// NoLeaks fails the test if a goroutine of this module or of zmq4 is left at
// the end of it. Call it first.
func NoLeaks(t testing.TB) {
	t.Helper()
	t.Cleanup(func() {
		deadline := time.Now().Add(leakPatience)
		for {
			left := leftBehind()
			if len(left) == 0 {
				return
			}
			if time.Now().After(deadline) {
				t.Errorf("%d goroutines left:\n%s", len(left), strings.Join(left, "\n\n"))
				return
			}
			time.Sleep(5 * time.Millisecond) // polls a condition
		}
	})
}

// leftBehind lists the stacks of goroutines that should have ended.
func leftBehind() []string {
	buf := make([]byte, 1<<20)
	buf = buf[:runtime.Stack(buf, true)]
	var left []string
	for _, g := range strings.Split(string(buf), "\n\n") {
		if !strings.Contains(g, "gospark/") && !strings.Contains(g, "zmq4.") {
			continue
		}
		switch {
		case strings.Contains(g, "kerneltest.leftBehind"), strings.Contains(g, "testing.tRunner"),
			strings.Contains(g, "main.main"), strings.Contains(g, "testing.runFuzzing"):
		case strings.Contains(g, "zmq4.(*pubMWriter).run"):
			// zmq4 v0.17.0 has no way to end it: one for each PUB socket.
		default:
			left = append(left, g)
		}
	}
	return left
}
