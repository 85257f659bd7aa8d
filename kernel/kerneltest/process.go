package kerneltest

import (
	"encoding/json"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"gospark/kernel/wire"
)

// Process is a kernel in a process of its own.
type Process struct {
	*exec.Cmd
	File string // the connection file
	Conn wire.Connection

	t    testing.TB
	done chan error
}

// Spawn starts a kernel on free ports; command makes the command from the name
// of the connection file. It is killed at the end of the test.
func Spawn(t testing.TB, command func(file string) *exec.Cmd) *Process {
	t.Helper()
	conn := wire.Connection{Transport: "tcp", IP: "127.0.0.1", Key: "secret", SignatureScheme: "hmac-sha256"}
	for ch := range wire.Channels {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close() // held until all are chosen
		_, port, _ := net.SplitHostPort(l.Addr().String())
		*conn.Port(ch), _ = strconv.Atoi(port)
	}
	b, err := json.Marshal(conn)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "kernel.json")
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	p := &Process{File: file, Conn: conn, t: t}
	p.Again(command)
	return p
}

// Again starts one more kernel on the same connection file.
func (p *Process) Again(command func(file string) *exec.Cmd) {
	p.t.Helper()
	p.Cmd, p.done = command(p.File), make(chan error, 1)
	if p.Stderr == nil {
		p.Stderr = os.Stderr
	}
	if err := p.Start(); err != nil {
		p.t.Fatal(err)
	}
	cmd, done := p.Cmd, p.done
	go func() { done <- cmd.Wait() }()
	p.t.Cleanup(func() { _ = cmd.Process.Kill() })
}

// Ended waits for the end of the process.
func (p *Process) Ended() error {
	p.t.Helper()
	select {
	case err := <-p.done:
		return err
	case <-time.After(patience):
		p.t.Fatal("the kernel does not end")
		return nil
	}
}

// Connect waits until the kernel listens on all sockets, and connects.
func (p *Process) Connect(session string) *Frontend {
	p.t.Helper()
	for ch := range wire.Channels {
		address := net.JoinHostPort(p.Conn.IP, strconv.Itoa(*p.Conn.Port(ch)))
		deadline := time.Now().Add(patience)
		for {
			c, err := net.Dial("tcp", address)
			if err == nil {
				_ = c.Close()
				break
			}
			if errors.Is(err, os.ErrDeadlineExceeded) || time.Now().After(deadline) {
				p.t.Fatalf("the kernel does not listen for %s: %v", ch, err)
			}
			time.Sleep(5 * time.Millisecond) // polls a condition
		}
	}
	return Connect(p.t, p.Conn, session)
}
