package zmq_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/nacl/box"

	"gospark/kernel/kerneltest"
	"gospark/kernel/wire"
	"gospark/kernel/zmq"
	"gospark/kernel/zmq/curve"
)

// encrypted is a connection with libzmq's test keys.
func encrypted() wire.Connection {
	c := tcp()
	c.CurvePublicKey, c.CurveSecretKey = "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID", "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs"
	return c
}

// holder has the connection file's keys; stranger knows only the public one.
func holder(t testing.TB) *kerneltest.CurveClient {
	t.Helper()
	c := encrypted()
	k, err := curve.ParseKeys(c.CurvePublicKey, c.CurveSecretKey)
	if err != nil {
		t.Fatal(err)
	}
	return &kerneltest.CurveClient{Server: k.Public, Public: k.Public, Secret: k.Secret}
}

func stranger(t testing.TB) *kerneltest.CurveClient {
	c := holder(t)
	public, secret, _ := box.GenerateKey(rand.Reader)
	c.Public, c.Secret = *public, *secret
	return c
}

func dialCurve(t *testing.T, s *zmq.Sockets, ch wire.Channel, typ string, client *kerneltest.CurveClient) *kerneltest.Conn {
	t.Helper()
	network, address := where(s, ch)
	c, err := kerneltest.DialCurve(network, address, typ, "", client)
	if err != nil {
		t.Fatal(err)
	}
	_ = c.SetDeadline(time.Now().Add(patience))
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func TestEncrypted(t *testing.T) {
	s := open(t, encrypted(), zmq.Options{})
	shell := dialCurve(t, s, wire.Shell, "DEALER", holder(t))
	for _, n := range []int{0, 1, 200, 300, 70_000, 8 << 20} {
		want := bytes.Repeat([]byte("x"), n)
		if err := shell.Send([]byte("head"), want, nil, want); err != nil {
			t.Fatal(err)
		}
		f, _, err := shell.Recv()
		if err != nil || len(f) != 4 || !bytes.Equal(f[1], want) || !bytes.Equal(f[3], want) {
			t.Fatalf("%d bytes: %d frames, %v", n, len(f), err)
		}
	}
	// jupyter_client makes a new key for each heartbeat socket.
	echoed(t, dialCurve(t, s, wire.Heartbeat, "REQ", stranger(t)), "")
	if err := shell.Command([]byte("\x04PING\x00\x0ahi")); err != nil {
		t.Fatal(err)
	}
	if f, command, err := shell.Recv(); err != nil || !command || string(f[0]) != "\x04PONGhi" {
		t.Errorf("%q, %v", f, err)
	}
}

func TestEncryptedPublish(t *testing.T) {
	const n = 2000
	s := open(t, encrypted(), zmq.Options{})
	c := dialCurve(t, s, wire.IOPub, "SUB", holder(t))
	if err := c.Command([]byte("\x09SUBSCRIBE")); err != nil {
		t.Fatal(err)
	}
	if f, _, err := c.Recv(); err != nil || fmt.Sprintf("%s", f) != "[ welcome]" {
		t.Fatalf("%q, %v", f, err)
	}
	for i := range n {
		if err := s.Send(wire.IOPub, [][]byte{[]byte("topic"), []byte(strconv.Itoa(i))}); err != nil {
			t.Fatal(err)
		}
	}
	for i := range n {
		if f, _, err := c.Recv(); err != nil || string(f[1]) != strconv.Itoa(i) {
			t.Fatalf("message %d: %q, %v", i, f, err)
		}
	}
}

// Who has not the keys is refused, and told so where it can understand.
func TestEncryptionIsRequired(t *testing.T) {
	s := open(t, encrypted(), zmq.Options{})
	network, address := where(s, wire.Shell)
	for name, dial := range map[string]func() (*kerneltest.Conn, error){
		"no encryption": func() (*kerneltest.Conn, error) {
			return kerneltest.Dial(network, address, "DEALER", "")
		},
		"another client's key": func() (*kerneltest.Conn, error) {
			return kerneltest.DialCurve(network, address, "DEALER", "", stranger(t))
		},
		"another server's key": func() (*kerneltest.Conn, error) {
			c := holder(t)
			c.Server[0]++
			return kerneltest.DialCurve(network, address, "DEALER", "", c)
		},
		"another kind of socket": func() (*kerneltest.Conn, error) {
			return kerneltest.DialCurve(network, address, "SUB", "", holder(t))
		},
	} {
		if c, err := dial(); err == nil {
			if f, _, err := c.Recv(); err == nil && !strings.HasPrefix(string(f[0]), "\x05ERROR") {
				t.Errorf("%s: admitted, %q", name, f)
			}
			_ = c.Close()
		}
	}
	echoed(t, dialCurve(t, s, wire.Shell, "DEALER", holder(t)), "hello")
}

func TestWantsEncryption(t *testing.T) {
	s := open(t, tcp(), zmq.Options{})
	network, address := where(s, wire.Shell)
	if _, err := kerneltest.DialCurve(network, address, "DEALER", "", holder(t)); err == nil {
		t.Error("encrypts without keys")
	}
}

func TestBadKeys(t *testing.T) {
	c := encrypted()
	c.CurveSecretKey = c.CurvePublicKey
	if _, err := zmq.Listen(t.Context(), c, zmq.Options{}); err == nil || !strings.Contains(err.Error(), "connection file") {
		t.Error(err)
	}
}

// What somebody on the way changes, repeats or leaves out ends that connection
// and no other.
func TestTamperedFrames(t *testing.T) {
	s := open(t, encrypted(), zmq.Options{Limits: limits()})
	good := dialCurve(t, s, wire.Shell, "DEALER", holder(t))
	frame := func(b []byte) []byte { return append([]byte{0, byte(len(b))}, b...) }
	for name, spoil := range map[string]func(c *kerneltest.CurveClient) []byte{
		"replayed": func(c *kerneltest.CurveClient) []byte {
			m := frame(c.Seal(0, []byte("x")))
			return append(m, m...)
		},
		"left out": func(c *kerneltest.CurveClient) []byte { // allowed: nonces only grow
			_ = c.Seal(0, []byte("x"))
			m := frame(c.Seal(0, []byte("x")))
			return append(m, m...)
		},
		"truncated":     func(c *kerneltest.CurveClient) []byte { m := c.Seal(0, []byte("x")); return frame(m[:len(m)-1]) },
		"changed":       func(c *kerneltest.CurveClient) []byte { m := c.Seal(0, []byte("x")); m[20]++; return frame(m) },
		"not encrypted": func(*kerneltest.CurveClient) []byte { return frame([]byte("hello")) },
		"empty":         func(*kerneltest.CurveClient) []byte { return frame(nil) },
		"PING in plain": func(*kerneltest.CurveClient) []byte { return []byte("\x04\x07\x04PING\x00\x0a") },
		"more outside":  func(c *kerneltest.CurveClient) []byte { m := frame(c.Seal(0, []byte("x"))); m[0] = 1; return m },
		"long command":  func(c *kerneltest.CurveClient) []byte { return frame(c.Seal(2, make([]byte, 0))) },
		"2^62":          func(*kerneltest.CurveClient) []byte { return long(0, 1<<62) },
		"over the limit": func(*kerneltest.CurveClient) []byte {
			return long(0, uint64(limits().Message+curve.Overhead+1))
		},
	} {
		client := holder(t)
		bad := dialCurve(t, s, wire.Shell, "DEALER", client)
		if _, err := bad.Write(spoil(client)); err != nil {
			t.Fatal(err)
		}
		for err := error(nil); err == nil; {
			if _, _, err = bad.Recv(); err != nil && !ended(err) {
				t.Errorf("%s: %v", name, err)
			}
		}
		echoed(t, good, name)
	}
}

// ended reports whether the other side has ended the connection.
func ended(err error) bool {
	var network net.Error
	return errors.Is(err, io.EOF) || errors.As(err, &network) && !network.Timeout()
}

// Encryption costs something; how much is for make bench to tell.
func BenchmarkEncrypted(b *testing.B) {
	for name, c := range map[string]wire.Connection{"plain": tcp(), "curve": encrypted()} {
		b.Run(name, func(b *testing.B) {
			s, err := zmq.Listen(b.Context(), c, zmq.Options{})
			if err != nil {
				b.Fatal(err)
			}
			if err := s.Start(nil); err != nil {
				b.Fatal(err)
			}
			defer s.Close(b.Context())
			network, address := where(s, wire.Heartbeat)
			conn, err := kerneltest.Dial(network, address, "REQ", "")
			if c.CurvePublicKey != "" {
				conn, err = kerneltest.DialCurve(network, address, "REQ", "", stranger(b))
			}
			if err != nil {
				b.Fatal(err)
			}
			defer conn.Close()
			body := make([]byte, 1<<20)
			b.SetBytes(int64(2 * len(body)))
			for b.Loop() {
				if err := conn.Send(nil, body); err != nil {
					b.Fatal(err)
				}
				if _, _, err := conn.Recv(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
