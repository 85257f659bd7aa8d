package frame

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
)

// MaxSize bounds one frame: room for a large picture, not for a runaway length.
const MaxSize = 256 << 20

// headerSize is the length and the type byte.
const headerSize = 5

// ErrFormat means that the bytes are not a frame of this package.
var ErrFormat = errors.New("frame: bad format")

// Conn sends and receives frames over a stream. Send may be called from any
// goroutine; Receive from one.
type Conn struct {
	r *bufio.Reader
	c io.Closer

	// mu keeps frames whole on w.
	mu sync.Mutex
	w  io.Writer
}

// NewConn speaks frames over rw.
func NewConn(rw io.ReadWriteCloser) *Conn {
	return &Conn{r: bufio.NewReader(rw), w: rw, c: rw}
}

// Send writes one message.
func (c *Conn) Send(m Message) error {
	data, err := Encode(m)
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, err := c.w.Write(data); err != nil {
		return fmt.Errorf("frame: send %T: %w", m, err)
	}
	return nil
}

// Receive waits for the next message. At the end of the stream the error is
// io.EOF.
func (c *Conn) Receive() (Message, error) { return Read(c.r) }

// Close closes the stream; a Receive that waits returns.
func (c *Conn) Close() error { return c.c.Close() }

// Encode is the whole frame of m.
func Encode(m Message) ([]byte, error) {
	body, err := json.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("frame: encode %T: %w", m, err)
	}
	if len(body)+1 > MaxSize {
		return nil, fmt.Errorf("frame: %T of %d bytes is larger than %d", m, len(body), MaxSize)
	}
	data := make([]byte, headerSize, headerSize+len(body))
	binary.BigEndian.PutUint32(data, uint32(len(body)+1))
	data[4] = byte(m.kind())
	return append(data, body...), nil
}

// Read reads one frame. The error is io.EOF only between two frames; bytes
// that are no frame give ErrFormat.
func Read(r io.Reader) (Message, error) {
	var header [headerSize]byte
	if _, err := io.ReadFull(r, header[:]); err != nil {
		return nil, err
	}
	size := binary.BigEndian.Uint32(header[:4])
	decode := decoder(kind(header[4]))
	if size < 1 || size > MaxSize || decode == nil {
		return nil, fmt.Errorf("%w: type %d, %d bytes", ErrFormat, header[4], size)
	}
	body, err := readBody(r, int(size)-1)
	if err != nil {
		return nil, err
	}
	m, err := decode(body)
	if err != nil {
		return nil, fmt.Errorf("%w: type %d: %w", ErrFormat, header[4], err)
	}
	return m, nil
}

// readBody reads n bytes; it grows with what really arrives, so that a length
// alone cannot take memory.
func readBody(r io.Reader, n int) ([]byte, error) {
	const step = 1 << 20
	body := make([]byte, 0, min(n, step))
	for len(body) < n {
		chunk := min(n-len(body), max(step, len(body)))
		start := len(body)
		body = append(body, make([]byte, chunk)...)
		if _, err := io.ReadFull(r, body[start:]); err != nil {
			if errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			return nil, err
		}
	}
	return body, nil
}
