package kernel

import (
	"encoding/json"
	"errors"
	"net"
	"strings"

	"gospark/display"
	"gospark/kernel/wire"
)

// reply answers a request on the channel and to the front end that it came from.
func (k *kernel) reply(r *request, c wire.Content) {
	var extra parcel
	if r.shell != nil {
		extra.metadata = metadataOf(wire.ExecuteReplyMetadata{Started: wire.Date(r.began)})
	}
	k.send(r.channel, r, r.Identities, c, extra)
}

// publish sends to all front ends, under a request's header; r may be nil.
func (k *kernel) publish(r *request, c wire.Content) { k.publishWith(r, c, parcel{}) }

// publishWith is publish with metadata and buffers.
func (k *kernel) publishWith(r *request, c wire.Content, extra parcel) {
	k.send(wire.IOPub, r, [][]byte{[]byte("kernel." + k.session + "." + c.MsgType())}, c, extra)
}

// parcel is what a message may carry beside its content.
type parcel struct {
	metadata json.RawMessage
	buffers  [][]byte
}

func metadataOf(v any) json.RawMessage {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil
	}
	return raw
}

// send signs and sends one message and returns its msg_id. A front end that has
// left misses nothing, so errors are only logged; at the end (net.ErrClosed) not
// even that.
func (k *kernel) send(to wire.Channel, r *request, identities [][]byte, c wire.Content, extra parcel) string {
	m, err := wire.New(c, k.session, nil)
	if err == nil {
		if r != nil {
			m.Parent = r.RawHeader
		}
		m.Identities, m.Metadata, m.Buffers = identities, extra.metadata, extra.buffers
		var frames [][]byte
		if frames, err = k.signer.Encode(m); err == nil {
			err = k.sockets.Send(to, frames)
		}
	}
	if err != nil && !errors.Is(err, net.ErrClosed) {
		k.log.Warn("kernel: message not sent", "type", c.MsgType(), "channel", to, "error", err)
	}
	if err != nil {
		return ""
	}
	return m.Header.MsgID
}

// welcome makes the frames for a new subscriber of iopub.
func (k *kernel) welcome(topic []byte) [][]byte {
	m, err := wire.New(wire.Welcome{Subscription: string(topic)}, k.session, nil)
	if err != nil {
		return nil
	}
	m.Identities = [][]byte{topic}
	frames, err := k.signer.Encode(m)
	if err != nil {
		return nil
	}
	return frames
}

// traceback is an error's, never nil: front ends want a list.
func traceback(e *Error) []string {
	if e.Traceback == nil {
		return []string{e.Error()}
	}
	return e.Traceback
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

// object is m, or an empty object for nil: front ends want no null.
func object(m map[string]any) map[string]any {
	if m == nil {
		return map[string]any{}
	}
	return m
}

// parts are a bundle's data and metadata, neither of them nil.
func parts(b *display.Bundle) (data, metadata map[string]any) {
	return object(b.Data), object(b.Metadata)
}
