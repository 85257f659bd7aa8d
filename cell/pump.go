package cell

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"golang.org/x/sys/unix"
)

// pumpEvery is how long output may gather before it is handed on, so that ten
// thousand lines do not become ten thousand messages. The first text after a
// pause is handed on at once.
const pumpEvery = 10 * time.Millisecond

// crashSize is how much of a dying worker's last words is kept. crashPause is
// when a worker that seems to say them is asked whether it lives.
const (
	crashSize  = 64 << 10
	crashPause = 100 * time.Millisecond
)

// crashAt is where a line begins as the last words of the Go run-time do; -1 for
// nowhere. All that cells print goes through it, so it looks at little else than
// the first byte of each line.
func crashAt(text []byte) int {
	for at := 0; at < len(text); {
		if line := text[at:]; strings.IndexByte("fpruS", line[0]) >= 0 && isCrash(line) {
			return at
		}
		next := bytes.IndexByte(text[at:], '\n')
		if next < 0 {
			break
		}
		at += next + 1
	}
	return -1
}

// isCrash reports whether text begins as the last words of the Go run-time do.
func isCrash(text []byte) bool {
	for _, words := range []string{"fatal error: ", "panic: ", "runtime: goroutine stack exceeds", "unexpected fault address"} {
		if bytes.HasPrefix(text, []byte(words)) {
			return true
		}
	}
	name, signal := bytes.CutPrefix(text, []byte("SIG")) // "SIGSEGV: segmentation violation"
	end := bytes.IndexFunc(name, func(r rune) bool { return r < 'A' || r > 'Z' })
	return signal && end > 0 && bytes.HasPrefix(name[end:], []byte(": "))
}

// readSize is how much is read at once.
const readSize = 64 << 10

// pipeSize is room for what a dying worker writes while nothing runs any more.
const pipeSize = 1 << 20

// pump reads one of the worker's standard streams. Its goroutine, run, ends at
// the stream's end; whoever needs the order calls drain beside it.
type pump struct {
	read *os.File
	emit func(text string)
	// doubt is called when the worker may be dying; if it lives, somebody
	// calls drain.
	doubt func()

	// order is shared by the pumps of a worker and taken while text is read and
	// emitted. It guards the fields below.
	order *sync.Mutex
	buf   []byte
	rest  []byte // an incomplete character at the end of what was read
	held  []byte // from what looks like a crash on; nil for none
	shut  bool
}

// newPump makes a pipe; write is the worker's end.
func newPump(order *sync.Mutex, emit func(string), doubt func()) (p *pump, write *os.File, err error) {
	var fds [2]int
	if err := unix.Pipe2(fds[:], unix.O_CLOEXEC); err != nil {
		return nil, nil, fmt.Errorf("make a pipe: %w", err)
	}
	// A smaller pipe does as well where the system's limit is reached.
	_, _ = unix.FcntlInt(uintptr(fds[0]), unix.F_SETPIPE_SZ, pipeSize)
	if err := unix.SetNonblock(fds[0], true); err != nil {
		return nil, nil, errors.Join(err, unix.Close(fds[0]), unix.Close(fds[1]))
	}
	p = &pump{read: os.NewFile(uintptr(fds[0]), "worker output"), emit: emit, doubt: doubt, order: order, buf: make([]byte, readSize)}
	return p, os.NewFile(uintptr(fds[1]), "worker output"), nil
}

// run hands text on until the stream ends or ended is closed.
func (p *pump) run(ended <-chan struct{}) {
	conn, err := p.read.SyscallConn()
	if err != nil {
		return
	}
	for open := true; open; {
		var n int
		err := conn.Read(func(fd uintptr) bool {
			n, open = p.take(int(fd))
			return n > 0 || !open
		})
		if errors.Is(err, os.ErrDeadlineExceeded) {
			_ = p.read.SetReadDeadline(time.Time{})
			p.doubt()
			continue
		}
		if err != nil {
			return
		}
		if n >= readSize {
			continue // enough has gathered meanwhile
		}
		pause := time.NewTimer(pumpEvery)
		select {
		case <-pause.C:
		case <-ended:
		}
		pause.Stop()
	}
}

// take hands on all that is there. It returns how many bytes there were, and
// whether more can come.
func (p *pump) take(fd int) (total int, open bool) {
	p.order.Lock()
	defer p.order.Unlock()
	for !p.shut {
		n, err := unix.Read(fd, p.buf)
		switch {
		case errors.Is(err, unix.EINTR):
			continue
		case errors.Is(err, unix.EAGAIN):
			return total, true
		case err != nil || n == 0:
			p.flush()
			return total, false
		}
		total += n
		p.hand(p.buf[:n])
	}
	return total, false
}

// hand emits whole characters and keeps the rest; order is held.
func (p *pump) hand(data []byte) {
	if len(p.rest) > 0 {
		data = append(p.rest, data...)
	}
	whole := len(data) - partial(data)
	p.rest = append([]byte(nil), data[whole:]...)
	text := data[:whole]
	if p.held == nil {
		if at := crashAt(text); at >= 0 {
			p.held = []byte{}
			p.say(text[:at])
			text = text[at:]
			_ = p.read.SetReadDeadline(time.Now().Add(crashPause))
		}
	}
	if p.held == nil {
		p.say(text)
		return
	}
	p.held = append(p.held, text...)
	if len(p.held) > crashSize {
		p.release()
	}
}

// say emits text; order is held.
func (p *pump) say(text []byte) {
	if len(text) > 0 {
		p.emit(string(text))
	}
}

// release emits what was held back: the worker lives; order is held.
func (p *pump) release() {
	if p.held != nil {
		p.say(p.held)
		p.held = nil
		_ = p.read.SetReadDeadline(time.Time{})
	}
}

// flush emits an incomplete character as it is; order is held.
func (p *pump) flush() {
	p.say(p.rest)
	p.rest = nil
}

// partial is the length of the incomplete character at the end of data.
func partial(data []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(data); n++ {
		last := data[len(data)-n:]
		if utf8.RuneStart(last[0]) {
			if utf8.FullRune(last) {
				return 0
			}
			return n
		}
	}
	return 0
}

// drain hands on what was written before the call, by a worker that lives.
func (p *pump) drain() {
	p.catchUp()
	p.order.Lock()
	defer p.order.Unlock()
	p.release()
}

// catchUp reads what was written before the call.
func (p *pump) catchUp() {
	conn, err := p.read.SyscallConn()
	if err != nil {
		return
	}
	_ = conn.Control(func(fd uintptr) { p.take(int(fd)) })
}

// close ends the pump; what it held back is kept for lastWords.
func (p *pump) close() {
	p.order.Lock()
	p.flush()
	p.shut = true
	p.order.Unlock()
	_ = p.read.Close()
}

// lastWords is what was held back at the end.
func (p *pump) lastWords() string {
	p.order.Lock()
	defer p.order.Unlock()
	return string(p.held)
}
