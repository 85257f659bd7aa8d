package wire

import (
	"time"

	"github.com/google/uuid"
)

// Version is the protocol version of the messages that this package writes.
const Version = "5.4"

// Header is the header of a message (specification: "Message header").
type Header struct {
	MsgID    string `json:"msg_id"`
	Session  string `json:"session"`
	Username string `json:"username"`
	Date     string `json:"date"`
	MsgType  string `json:"msg_type"`
	Version  string `json:"version"`
	// SubshellID names the subshell that a request is for (JEP 91).
	SubshellID string `json:"subshell_id,omitempty"`
}

// NewHeader is the header of a new message of a type, sent in a session.
func NewHeader(msgType, session string) Header {
	return Header{
		MsgID:    uuid.NewString(),
		Session:  session,
		Username: "kernel",
		Date:     time.Now().UTC().Format("2006-01-02T15:04:05.000000Z"),
		MsgType:  msgType,
		Version:  Version,
	}
}

// Sent is the time at which the front end says it sent the message, by its own
// clock; ok is false where the date is missing or unreadable.
func (h Header) Sent() (t time.Time, ok bool) {
	// Python writes "+00:00" or "Z", old clients no zone at all.
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999"} {
		if t, err := time.Parse(layout, h.Date); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}
