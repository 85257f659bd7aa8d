package sparktest

import (
	"net"
	"os"
	"syscall"
	"testing"
)

// The server can be reached while the tests run and is gone after Stop.
func TestServerLivesAndDies(t *testing.T) {
	t.Setenv("GOSPARK_TEST_REMOTE", "")
	var s Server
	defer s.Stop()
	address, token := s.Address(t)
	if token == "" {
		t.Error("no token")
	}
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatalf("dial: %v", err)
	}
	_ = conn.Close()
	s.Stop()
	if err := syscall.Kill(s.PID(), 0); err != syscall.ESRCH {
		t.Errorf("process after Stop: %v", err)
	}
	if _, err := os.Stat(s.dir); !os.IsNotExist(err) {
		t.Errorf("folder after Stop: %v", err)
	}
}

func TestRemoteFromEnvironment(t *testing.T) {
	t.Setenv("GOSPARK_TEST_REMOTE", "sc://h:1/;token=t")
	var s Server
	if testing.Short() {
		t.Skip("Remote skips in short mode")
	}
	if address, token := s.Address(t); address != "h:1" || token != "t" || s.PID() != 0 {
		t.Errorf("got %s %s %d", address, token, s.PID())
	}
}
