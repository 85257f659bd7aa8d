package zmq

import (
	"bufio"
	"net"
	"os"
	"strings"
	"testing"
)

const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 1
   1: 0100007F:C350 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1001        0 2
broken
`

func TestScanTCP(t *testing.T) {
	for _, tt := range []struct {
		local, remote string
		uid           int
		found         bool
	}{
		{"0100007F:C350", "0100007F:1F90", 1001, true},
		{"0100007F:1F90", "0100007F:C350", 0, false},
	} {
		uid, found := scanTCP(bufio.NewScanner(strings.NewReader(table)), tt.local, tt.remote)
		if uid != tt.uid || found != tt.found {
			t.Errorf("%+v: %d %v", tt, uid, found)
		}
	}
}

// Our own connections belong to us, over every kind of socket.
func TestPeerUID(t *testing.T) {
	for network, address := range map[string]string{
		"tcp4": "127.0.0.1:0", "tcp6": "[::1]:0", "unix": t.TempDir() + "/s",
	} {
		ln, err := net.Listen(network, address)
		if err != nil {
			t.Logf("%s: %v", network, err) // no IPv6 here
			continue
		}
		out, err := net.Dial(network, ln.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		in, err := ln.Accept()
		if err != nil {
			t.Fatal(err)
		}
		uid, known, err := peerUID(in)
		if uid != os.Getuid() || !known || err != nil {
			t.Errorf("%s: %d %v %v", network, uid, known, err)
		}
		if local, ok := in.LocalAddr().(*net.TCPAddr); ok {
			remote := in.RemoteAddr().(*net.TCPAddr)
			if uid, found := lookTCP(remote, local); !found || uid != os.Getuid() {
				t.Errorf("%s: the tables say %d, %v", network, uid, found)
			}
			if uid, found := diagTCP(remote, local); found && uid != os.Getuid() {
				t.Errorf("%s: the answer is %d", network, uid)
			}
			if _, found := diagTCP(remote, &net.TCPAddr{IP: local.IP, Port: 1}); found {
				t.Errorf("%s: found a socket that is not there", network)
			}
		}
		if err := ownerCheck(true).check(in); err != nil {
			t.Error(err)
		}
		_, _, _ = out.Close(), in.Close(), ln.Close()
	}
}
