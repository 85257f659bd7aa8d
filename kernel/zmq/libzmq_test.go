package zmq_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"gospark/kernel/wire"
	"gospark/kernel/zmq"
)

// libzmq runs a test of testdata/peer.py against s: libzmq shares no line with
// us.
func libzmq(t *testing.T, s *zmq.Sockets, test string) {
	t.Helper()
	if testing.Short() {
		t.Skip("needs the Python environment")
	}
	b, err := json.Marshal(s.Connection())
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "connection.json")
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), filepath.Join("..", "..", ".venv", "bin", "python"), filepath.Join("testdata", "peer.py"), file, test)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%s: %v (make .venv first)\n%s", test, err, out)
	}
}

// public is a folder that other users can read, with no long path.
func public(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "gospark-zmq-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// published is what shell's echo does besides: "publish N" publishes N messages
// on each of two topics.
func published(s *zmq.Sockets, f [][]byte) {
	if len(f) != 3 || string(f[1]) != "publish" {
		return
	}
	n, _ := strconv.Atoi(string(f[2]))
	for i := range n {
		for _, topic := range []string{"a", "b"} {
			_ = s.Send(wire.IOPub, [][]byte{[]byte(topic), []byte(strconv.Itoa(i))})
		}
	}
}

func TestLibzmq(t *testing.T) {
	curve := encrypted()
	curve.Transport, curve.IP = "ipc", filepath.Join(public(t), "c")
	for name, c := range map[string]wire.Connection{
		"tcp": tcp(), "tcp6": {Transport: "tcp", IP: "::1"}, "ipc": {Transport: "ipc", IP: filepath.Join(public(t), "k")},
		"tcp and CURVE": encrypted(), "ipc and CURVE": curve,
	} {
		t.Run(name, func(t *testing.T) { libzmq(t, open(t, c, zmq.Options{}), "all") })
	}
}

func TestLibzmqAndIdentities(t *testing.T) { libzmq(t, open(t, tcp(), zmq.Options{}), "identity") }

func TestLibzmqMustEncrypt(t *testing.T) {
	libzmq(t, open(t, encrypted(), zmq.Options{}), "curve_required")
}

func TestLibzmqWantsToEncrypt(t *testing.T) {
	l := new(logged)
	libzmq(t, open(t, tcp(), zmq.Options{Log: l.logger()}), "no_keys")
	l.says(t, "the connection file has no CURVE keys")
}
