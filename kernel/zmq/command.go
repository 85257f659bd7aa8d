package zmq

import (
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"github.com/go-zeromq/zmq4"
)

// Bounds of commands.
const (
	maxCommand     = 1024
	maxPingContext = 16 // RFC 37: a PING carries at most so much to repeat
)

var (
	errCommand = errors.New("a malformed command")
	errSilent  = errors.New("it fell silent for longer than its own PING allowed")
)

// command obeys a command (RFC 37). Those of the handshake and unknown ones mean
// nothing any more or not yet, and are ignored.
func (p *peer) command(body []byte) error {
	name, rest, ok := cutName(body)
	if !ok {
		return errCommand
	}
	switch name {
	case "PING":
		return p.ping(rest)
	case "ERROR":
		return fmt.Errorf("it ended the connection: %q", rest)
	case "SUBSCRIBE", "CANCEL":
		if p.g.typ != zmq4.Pub {
			return nil
		}
		return p.subscribe(name == "SUBSCRIBE", rest)
	}
	return nil
}

// ping answers. A peer that tells its time to live, in tenths of a second, wants
// to be forgotten when it is silent for longer.
func (p *peer) ping(b []byte) error {
	if len(b) < 2 || len(b) > 2+maxPingContext {
		return errCommand
	}
	p.ttl = time.Duration(binary.BigEndian.Uint16(b)) * time.Second / 10
	if p.ttl == 0 {
		_ = p.SetReadDeadline(time.Time{})
	}
	return p.queue(p.out.put(appendFrame(nil, flagCommand, append([]byte("\x04PONG"), b[2:]...))))
}

// probePatience is how long a peer may take to answer our PING.
const probePatience = time.Second

// lives asks a peer whether it is still there. One that is being asked already
// counts as alive: the one who asks will know.
func (p *peer) lives() bool {
	if !p.probe.TryLock() {
		return true
	}
	defer p.probe.Unlock()
	select {
	case <-p.pulse:
	default:
	}
	start := time.Now()
	if p.queue(p.out.put(appendFrame(nil, flagCommand, []byte("\x04PING\x00\x00")))) != nil {
		return false
	}
	select {
	case <-p.pulse:
		return true
	case <-p.eof:
		return false
	case <-p.g.quit:
		return true
	case <-time.After(probePatience):
		// It may have answered behind much that the kernel has not taken yet, or
		// still be reading its way to the question.
		return !p.reading.Load() || p.out.movedSince(start)
	}
}
