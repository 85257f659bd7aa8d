package kerneltest

import (
	"bufio"
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
	r  *bufio.Reader
	mu sync.Mutex // orders writes
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
	body := []byte("\x05READY\x0bSocket-Type\x00\x00\x00")
	body = append(append(body, byte(len(socketType))), socketType...)
	body = append(append(body, "\x08Identity\x00\x00\x00"...), byte(len(identity)))
	body = append(body, identity...)
	return append([]byte{4, byte(len(body))}, body...)
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

// Send sends one message.
func (c *Conn) Send(frames ...[]byte) error {
	var b []byte
	for i, f := range frames {
		flags := byte(1)
		if i == len(frames)-1 {
			flags = 0
		}
		b = append(b, flags|2)
		b = binary.BigEndian.AppendUint64(b, uint64(len(f)))
		b = append(b, f...)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	_, err := c.Write(b)
	return err
}

// Recv receives one message; a command is returned as one frame with the flag
// command set.
func (c *Conn) Recv() (frames [][]byte, command bool, err error) {
	for {
		flags, body, err := c.frame()
		if err != nil {
			return nil, false, err
		}
		frames = append(frames, body)
		if flags&1 == 0 {
			return frames, flags&4 != 0, nil
		}
	}
}

func (c *Conn) frame() (flags byte, body []byte, err error) {
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
