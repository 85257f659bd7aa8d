package connect

import "testing"

func TestWhyUnreachable(t *testing.T) {
	for said, want := range map[string]string{
		`connection error: desc = "transport: Error while dialing: dial tcp 127.0.0.1:1: connect: connection refused"`:    "connection refused",
		`connection error: desc = "transport: Error while dialing: dial tcp: lookup far: no such host"`:                   "dial tcp: lookup far: no such host",
		`connection error: desc = "transport: authentication handshake failed: tls: first record does not look like TLS"`: "authentication handshake failed: tls: first record does not look like TLS",
		"the server is draining": "the server is draining",
	} {
		if got := whyUnreachable(said); got != want {
			t.Errorf("%s\nis told as %q, want %q", said, got, want)
		}
	}
}
