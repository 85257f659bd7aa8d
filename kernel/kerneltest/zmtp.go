package kerneltest

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"sync"
)

// Conn is a ZMTP 3.0 connection to one socket of a kernel, without any courtesy:
// tests can also write what no honest peer would.
type Conn struct {
	net.Conn
	r     *bufio.Reader
	curve *CurveClient
	mu    sync.Mutex // orders writes
}

// Greeting is an honest greeting.
func Greeting() []byte {
	g := make([]byte, 64)
	g[0], g[9], g[10] = 0xff, 0x7f, 3
	copy(g[12:], "NULL")
	return g
}

// Ready is an honest READY command.
func Ready(socketType, identity string) []byte {
	body := append([]byte("\x05READY"), metadata(socketType, identity)...)
	return append([]byte{4, byte(len(body))}, body...)
}

func metadata(socketType, identity string) []byte {
	b := append([]byte("\x0bSocket-Type\x00\x00\x00"), byte(len(socketType)))
	b = append(append(b, socketType...), "\x08Identity\x00\x00\x00"...)
	return append(append(b, byte(len(identity))), identity...)
}

// Dial connects and shakes hands.
func Dial(network, address, socketType, identity string) (*Conn, error) {
	c, err := net.Dial(network, address)
	if err != nil {
		return nil, err
	}
	conn := &Conn{Conn: c, r: bufio.NewReader(c)}
	if _, err := c.Write(append(Greeting(), Ready(socketType, identity)...)); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	if _, err := io.ReadFull(conn.r, make([]byte, 64)); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	if flags, _, err := conn.frame(); err != nil || flags != 4 {
		return nil, errors.Join(err, errors.New("no READY"), c.Close())
	}
	return conn, nil
}

// DialCurve connects and shakes hands as a CURVE client.
func DialCurve(network, address, socketType, identity string, client *CurveClient) (*Conn, error) {
	c, err := net.Dial(network, address)
	if err != nil {
		return nil, err
	}
	conn := &Conn{Conn: c, r: bufio.NewReader(c)}
	if err := conn.shakeCurve(client, metadata(socketType, identity)); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	conn.curve = client
	return conn, nil
}

func (c *Conn) shakeCurve(client *CurveClient, metadata []byte) error {
	g := Greeting()
	copy(g[12:], "CURVE")
	hello := client.Hello()
	if _, err := c.Write(append(append(g, 4, byte(len(hello))), hello...)); err != nil {
		return err
	}
	if _, err := io.ReadFull(c.r, make([]byte, 64)); err != nil {
		return err
	}
	_, welcome, err := c.outer()
	if err != nil {
		return err
	}
	initiate, err := client.Initiate(welcome, metadata)
	if err != nil {
		return err
	}
	b := binary.BigEndian.AppendUint64([]byte{6}, uint64(len(initiate)))
	if _, err := c.Write(append(b, initiate...)); err != nil {
		return err
	}
	_, ready, err := c.outer()
	if err != nil {
		return err
	}
	_, err = client.Ready(ready)
	return err
}

// Send sends one message.
func (c *Conn) Send(frames ...[]byte) error {
	var b []byte
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, f := range frames {
		flags := byte(1)
		if i == len(frames)-1 {
			flags = 0
		}
		if c.curve != nil {
			f, flags = c.curve.Seal(flags, f), 0
		}
		b = append(b, flags|2)
		b = binary.BigEndian.AppendUint64(b, uint64(len(f)))
		b = append(b, f...)
	}
	_, err := c.Write(b)
	return err
}

// Command sends a command of up to 200 bytes.
func (c *Conn) Command(body []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	flags := byte(4)
	if c.curve != nil {
		body, flags = c.curve.Seal(2, body), 0
	}
	_, err := c.Write(append([]byte{flags, byte(len(body))}, body...))
	return err
}

// Recv receives one message; a command is returned as one frame with the flag
// command set. It answers PING.
func (c *Conn) Recv() (frames [][]byte, command bool, err error) {
	for {
		flags, body, err := c.frame()
		if err != nil {
			return nil, false, err
		}
		if context, ok := bytes.CutPrefix(body, []byte("\x04PING")); ok && flags&4 != 0 {
			if err := c.Command(append([]byte("\x04PONG"), context[2:]...)); err != nil {
				return nil, false, err
			}
			continue
		}
		frames = append(frames, body)
		if flags&1 == 0 {
			return frames, flags&4 != 0, nil
		}
	}
}

// frame reads a frame; the flags are 1 for more and 4 for a command.
func (c *Conn) frame() (flags byte, body []byte, err error) {
	flags, body, err = c.outer()
	if err != nil || c.curve == nil {
		return flags, body, err
	}
	plain, err := c.curve.Open(body)
	if err != nil {
		return 0, nil, err
	}
	return plain[0]&1 | plain[0]&2<<1, plain[1:], nil
}

func (c *Conn) outer() (flags byte, body []byte, err error) {
	var h [9]byte
	if _, err := io.ReadFull(c.r, h[:2]); err != nil {
		return 0, nil, err
	}
	size := uint64(h[1])
	if h[0]&2 != 0 {
		if _, err := io.ReadFull(c.r, h[2:]); err != nil {
			return 0, nil, err
		}
		size = binary.BigEndian.Uint64(h[1:])
	}
	body = make([]byte, size)
	_, err = io.ReadFull(c.r, body)
	return h[0], body, err
}
