package wire

import (
	"encoding/json"
	"fmt"
	"os"
)

// Channel is one of a kernel's sockets.
type Channel int

// The five channels.
const (
	Shell Channel = iota
	Control
	IOPub
	Stdin
	Heartbeat
	Channels // how many there are
)

// String is the specification's name.
func (c Channel) String() string {
	if c < 0 || c >= Channels {
		return fmt.Sprintf("channel %d", int(c))
	}
	return [...]string{"shell", "control", "iopub", "stdin", "heartbeat"}[c]
}

// Connection is a connection file: where a kernel listens and how it signs
// (specification: "Connection files").
type Connection struct {
	Transport       string `json:"transport"` // "tcp" or "ipc"
	IP              string `json:"ip"`        // an address; for ipc the path before "-PORT"
	ShellPort       int    `json:"shell_port"`
	ControlPort     int    `json:"control_port"`
	IOPubPort       int    `json:"iopub_port"`
	StdinPort       int    `json:"stdin_port"`
	HBPort          int    `json:"hb_port"`
	Key             string `json:"key"`
	SignatureScheme string `json:"signature_scheme"`
	KernelName      string `json:"kernel_name,omitempty"`
	// The key pair of both ends where they encrypt (CurveZMQ), in Z85: both or
	// neither.
	CurvePublicKey string `json:"curve_publickey,omitempty"`
	CurveSecretKey string `json:"curve_secretkey,omitempty"`
}

// ReadConnection reads a connection file.
func ReadConnection(path string) (Connection, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return Connection{}, fmt.Errorf("read connection file: %w", err)
	}
	c, err := ParseConnection(b)
	if err != nil {
		return Connection{}, fmt.Errorf("connection file %s: %w", path, err)
	}
	return c, nil
}

// ParseConnection reads the text of a connection file and checks it. A missing
// transport is tcp, a missing address is loopback.
func ParseConnection(b []byte) (Connection, error) {
	c := Connection{Transport: "tcp", SignatureScheme: "hmac-sha256"}
	if err := json.Unmarshal(b, &c); err != nil {
		return Connection{}, err
	}
	if c.Transport != "tcp" && c.Transport != "ipc" {
		return Connection{}, fmt.Errorf("transport %q is neither tcp nor ipc", c.Transport)
	}
	if c.SignatureScheme != "hmac-sha256" && c.Key != "" {
		return Connection{}, fmt.Errorf("signature scheme %q is not hmac-sha256", c.SignatureScheme)
	}
	if (c.CurvePublicKey == "") != (c.CurveSecretKey == "") {
		return Connection{}, fmt.Errorf("only one of curve_publickey and curve_secretkey is there")
	}
	if c.IP == "" {
		if c.Transport == "ipc" {
			return Connection{}, fmt.Errorf("ipc needs a path in \"ip\"")
		}
		c.IP = "127.0.0.1"
	}
	for ch := range Channels {
		if p := *c.Port(ch); p < 0 || p > 65535 && c.Transport == "tcp" {
			return Connection{}, fmt.Errorf("%s port %d", ch, p)
		}
	}
	return c, nil
}

// Port is the place of a channel's port.
func (c *Connection) Port(ch Channel) *int {
	return [...]*int{&c.ShellPort, &c.ControlPort, &c.IOPubPort, &c.StdinPort, &c.HBPort}[ch]
}
