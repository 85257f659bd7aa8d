package zmq

import "gospark/kernel/zmq/curve"

// sealChunk is how much of a queue is encrypted at a time, unless one frame is
// longer.
const sealChunk = 64 << 10

// sealing encrypts frames with a connection's key.
func sealing(s *curve.Server) sealer {
	var out, message []byte // kept for reuse
	return func(frames []byte) ([]byte, int) {
		out = out[:0]
		if cap(out) > keepBuffer {
			out, message = nil, nil
		}
		n := 0
		for n == 0 || n < len(frames) && n < sealChunk {
			h, _ := parseHeader(frames[n:]) // the outbox holds whole frames of ours
			start := n + headerLen(frames[n])
			n = start + int(h.size)
			message = s.Seal(message[:0], h.curveFlags(), frames[start:n])
			out = appendFrame(out, 0, message)
		}
		return out, n
	}
}

// curveFlags are a frame's flags inside a box.
func (h frameHeader) curveFlags() byte {
	switch {
	case h.command:
		return curve.Command
	case h.more:
		return curve.More
	}
	return 0
}
