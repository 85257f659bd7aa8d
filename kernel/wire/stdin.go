package wire

// InputRequest asks the person for a line (specification: "Messages on the stdin
// channel").
type InputRequest struct {
	Prompt   string `json:"prompt"`
	Password bool   `json:"password"` // do not echo
}

// MsgType returns "input_request".
func (InputRequest) MsgType() string { return "input_request" }

// InputReply is the line.
type InputReply struct {
	Value string `json:"value"`
}

// MsgType returns "input_reply".
func (InputReply) MsgType() string { return "input_reply" }
