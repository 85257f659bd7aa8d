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

// Date writes a time as headers have it.
func Date(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000Z") }

// NewHeader is the header of a new message of a type, sent in a session.
func NewHeader(msgType, session string) Header {
	return Header{
		MsgID:    uuid.NewString(),
		Session:  session,
		Username: "kernel",
		Date:     Date(time.Now()),
		MsgType:  msgType,
		Version:  Version,
	}
}
