package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// Bounds of one message. Front ends stay far below them.
const (
	MaxIdentities = 16
	MaxBuffers    = 4096
	MaxHeader     = 64 << 10 // bytes of header and of parent header
)

// The reasons for which Decode refuses a message.
var (
	ErrFrames    = errors.New("not the frames of a Jupyter message")
	ErrSignature = errors.New("the signature does not fit")
	ErrReplayed  = errors.New("the message was received before")
)

// delimiter stands between the routing frames and the message.
const delimiter = "<IDS|MSG>"

// Message is one message: what stands in the frames, content not yet decoded.
type Message struct {
	// Identities are the routing frames on ROUTER sockets, the topic on iopub.
	Identities [][]byte
	Header     Header
	// RawHeader is the header as it came: replies repeat it as their parent
	// header, fields unknown here included. Encode ignores it.
	RawHeader json.RawMessage
	Parent    json.RawMessage // parent header; nil is written as {}
	Metadata  json.RawMessage // nil is written as {}
	Content   json.RawMessage
	Buffers   [][]byte
}

// New makes a message with the given content.
func New(c Content, session string, parent json.RawMessage) (Message, error) {
	raw, err := marshal(c)
	if err != nil {
		return Message{}, fmt.Errorf("encode %s: %w", c.MsgType(), err)
	}
	return Message{Header: NewHeader(c.MsgType(), session), Parent: parent, Content: raw}, nil
}

// ParentID is the msg_id of the parent header, or "".
func (m Message) ParentID() string {
	var h Header
	if json.Unmarshal(m.Parent, &h) != nil {
		return ""
	}
	return h.MsgID
}

// frames are the parts of a message on the wire.
type frames struct {
	identities [][]byte
	signature  []byte
	signed     [][]byte // header, parent header, metadata, content
	buffers    [][]byte
}

// split finds the parts, within bounds.
func split(raw [][]byte) (frames, error) {
	at := -1
	for i, f := range raw[:min(len(raw), MaxIdentities+1)] {
		if string(f) == delimiter {
			at = i
			break
		}
	}
	if at < 0 || len(raw) < at+6 {
		return frames{}, ErrFrames
	}
	f := frames{
		identities: raw[:at], signature: raw[at+1],
		signed: raw[at+2 : at+6], buffers: raw[at+6:],
	}
	if len(f.buffers) > MaxBuffers || len(f.signed[0]) > MaxHeader || len(f.signed[1]) > MaxHeader {
		return frames{}, fmt.Errorf("%w: over the bounds", ErrFrames)
	}
	return f, nil
}

// Decode checks frames that came from a front end and returns the message in
// them. The frames are kept, not copied. The error wraps ErrFrames,
// ErrSignature or ErrReplayed, or says which part is no JSON object.
func (s *Signer) Decode(raw [][]byte) (Message, error) {
	f, err := split(raw)
	if err != nil {
		return Message{}, err
	}
	if err := s.check(f.signature, f.signed); err != nil {
		return Message{}, err
	}
	m := Message{
		Identities: f.identities, RawHeader: f.signed[0], Parent: f.signed[1],
		Metadata: f.signed[2], Content: f.signed[3], Buffers: f.buffers,
	}
	for i, name := range [...]string{"header", "parent header", "metadata", "content"} {
		if !json.Valid(f.signed[i]) {
			return Message{}, fmt.Errorf("%w: the %s is no JSON", ErrFrames, name)
		}
		// Careless front ends send null for "nothing".
		if err := object(f.signed[i]); err != nil && (i == 0 || !errors.Is(err, errNull)) {
			return Message{}, fmt.Errorf("%w: the %s is %w", ErrFrames, name, err)
		}
	}
	if err := json.Unmarshal(m.RawHeader, &m.Header); err != nil {
		return Message{}, fmt.Errorf("%w: header: %w", ErrFrames, err)
	}
	return m, nil
}

// Encode returns the signed frames of a message.
func (s *Signer) Encode(m Message) ([][]byte, error) {
	header, err := marshal(m.Header)
	if err != nil {
		return nil, fmt.Errorf("encode header: %w", err)
	}
	signed := [][]byte{header, orEmpty(m.Parent), orEmpty(m.Metadata), orEmpty(m.Content)}
	out := make([][]byte, 0, len(m.Identities)+6+len(m.Buffers))
	out = append(out, m.Identities...)
	out = append(out, []byte(delimiter), s.sign(signed))
	out = append(out, signed...)
	return append(out, m.Buffers...), nil
}

// orEmpty is raw, or an empty object for nothing.
func orEmpty(raw json.RawMessage) []byte {
	if len(raw) == 0 || bytes.Equal(raw, []byte("null")) {
		return []byte("{}")
	}
	return raw
}
