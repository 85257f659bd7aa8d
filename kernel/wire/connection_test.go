package wire

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

func TestParseConnection(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want Connection
		ok   bool
	}{
		{
			`{"transport":"tcp","ip":"127.0.0.1","shell_port":1,"control_port":2,"iopub_port":3,"stdin_port":4,"hb_port":5,"key":"k","signature_scheme":"hmac-sha256","kernel_name":"n","jupyter_session":"x"}`,
			Connection{"tcp", "127.0.0.1", 1, 2, 3, 4, 5, "k", "hmac-sha256", "n", "", ""}, true,
		},
		{`{}`, Connection{Transport: "tcp", IP: "127.0.0.1", SignatureScheme: "hmac-sha256"}, true},
		{`{"transport":"ipc","ip":"/tmp/k","shell_port":70000}`, Connection{Transport: "ipc", IP: "/tmp/k", ShellPort: 70000, SignatureScheme: "hmac-sha256"}, true},
		{
			`{"curve_publickey":"p","curve_secretkey":"s"}`,
			Connection{Transport: "tcp", IP: "127.0.0.1", SignatureScheme: "hmac-sha256", CurvePublicKey: "p", CurveSecretKey: "s"}, true,
		},
		{`{"curve_publickey":"p"}`, Connection{}, false},
		{`{"curve_secretkey":"s"}`, Connection{}, false},
		{`{"transport":"ipc"}`, Connection{}, false},
		{`{"transport":"udp"}`, Connection{}, false},
		{`{"shell_port":70000}`, Connection{}, false},
		{`{"shell_port":-1}`, Connection{}, false},
		{`{"key":"k","signature_scheme":"hmac-md5"}`, Connection{}, false},
		{`{`, Connection{}, false},
	} {
		got, err := ParseConnection([]byte(tt.in))
		if (err == nil) != tt.ok || got != tt.want {
			t.Errorf("%s: %+v, %v", tt.in, got, err)
		}
	}
}

func TestReadConnection(t *testing.T) {
	path := filepath.Join(t.TempDir(), "c.json")
	if _, err := ReadConnection(path); err == nil {
		t.Error("read a file that is not there")
	}
	if err := os.WriteFile(path, []byte(`{"key":"k"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if c, err := ReadConnection(path); err != nil || c.Key != "k" {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestChannelNames(t *testing.T) {
	for c, want := range map[Channel]string{Shell: "shell", Heartbeat: "heartbeat", Channels: "channel 5", -1: "channel -1"} {
		if c.String() != want {
			t.Errorf("%s, want %s", c, want)
		}
	}
}

// Whatever stands in a connection file, what is accepted can be listened on and
// says the same when it is written and read again.
func FuzzParseConnection(f *testing.F) {
	f.Add([]byte(`{"transport":"ipc","ip":"/tmp/k","shell_port":1,"key":"k","signature_scheme":"hmac-sha256"}`))
	f.Add([]byte(`{"curve_publickey":"p","curve_secretkey":"s","hb_port":65535}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := ParseConnection(b)
		if err != nil {
			return
		}
		text, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := ParseConnection(text); err != nil || again != c {
			t.Errorf("%+v became %+v, %v", c, again, err)
		}
	})
}
