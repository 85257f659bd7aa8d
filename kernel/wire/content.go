package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// Content is what one type of message says.
type Content interface {
	// MsgType is the msg_type of messages with this content. It is asked of
	// zero values too. An empty one means that no such message is sent.
	MsgType() string
}

// None stands for the reply to a message that has none.
type None struct{}

// MsgType returns "".
func (None) MsgType() string { return "" }

// Into decodes a message's content to its type. Content that is missing decodes
// as an empty object.
func Into[T Content](m Message) (T, error) {
	var c T
	raw := m.Content
	if len(raw) == 0 {
		raw = []byte("{}")
	}
	if err := json.Unmarshal(raw, &c); err != nil {
		return c, fmt.Errorf("decode %s: %w", c.MsgType(), err)
	}
	return c, nil
}

// marshal is json.Marshal without the escaping of <, > and &, which would make
// every HTML output longer and harder to read in a log.
func marshal(v any) (json.RawMessage, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

// Status is the status of a reply. The zero value is "ok".
type Status string

// The states of a reply (specification: "Request-Reply").
const (
	OK      Status = "ok"
	Failed  Status = "error"
	Aborted Status = "aborted"
)

// MarshalText writes the zero value as "ok".
func (s Status) MarshalText() ([]byte, error) {
	if s == "" {
		s = OK
	}
	return []byte(s), nil
}

// AbortedReply answers a request that was not even begun, in place of its own
// type of reply. The specification wants the status and nothing else.
type AbortedReply struct {
	Type   string `json:"-"` // msg_type of the reply that it stands for
	Status Status `json:"status"`
}

// MsgType returns the type of the reply that it stands for.
func (r AbortedReply) MsgType() string { return r.Type }

// ErrorReply answers a request that failed, in place of its own type of reply.
type ErrorReply struct {
	Type      string   `json:"-"` // msg_type of the reply that it stands for
	Status    Status   `json:"status"`
	Name      string   `json:"ename"`
	Value     string   `json:"evalue"`
	Traceback []string `json:"traceback"`
	// ExecutionCount is set in an execute_reply only.
	ExecutionCount *int `json:"execution_count,omitempty"`
}

// MsgType returns the type of the reply that it stands for.
func (r ErrorReply) MsgType() string { return r.Type }

// errNull is the answer to a JSON null where the specification wants an object.
var errNull = errors.New("null instead of an object")

// object checks that raw is a JSON object; the JSON itself was checked before.
func object(raw json.RawMessage) error {
	raw = bytes.TrimLeft(raw, " \t\r\n")
	switch {
	case len(raw) > 0 && raw[0] == '{':
		return nil
	case bytes.Equal(raw, []byte("null")):
		return errNull
	}
	return errors.New("not a JSON object")
}
