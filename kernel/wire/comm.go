package wire

import "encoding/json"

// CommOpen opens a comm, from either side (specification: "Custom messages").
type CommOpen struct {
	CommID     string          `json:"comm_id"`
	TargetName string          `json:"target_name"`
	Data       json.RawMessage `json:"data"`
}

// MsgType returns "comm_open".
func (CommOpen) MsgType() string { return "comm_open" }

// CommMsg is one message of a comm.
type CommMsg struct {
	CommID string          `json:"comm_id"`
	Data   json.RawMessage `json:"data"`
}

// MsgType returns "comm_msg".
func (CommMsg) MsgType() string { return "comm_msg" }

// CommClose ends a comm, from either side.
type CommClose struct {
	CommID string          `json:"comm_id"`
	Data   json.RawMessage `json:"data"`
}

// MsgType returns "comm_close".
func (CommClose) MsgType() string { return "comm_close" }

// CommInfoRequest asks which comms are open; an empty target asks for all.
type CommInfoRequest struct {
	TargetName string `json:"target_name"`
}

// MsgType returns "comm_info_request".
func (CommInfoRequest) MsgType() string { return "comm_info_request" }

// CommInfoReply lists open comms by id.
type CommInfoReply struct {
	Status Status              `json:"status"`
	Comms  map[string]CommInfo `json:"comms"`
}

// MsgType returns "comm_info_reply".
func (CommInfoReply) MsgType() string { return "comm_info_reply" }

// CommInfo describes an open comm.
type CommInfo struct {
	TargetName string `json:"target_name"`
}

// CommData is data, or an empty object for none.
func CommData(data json.RawMessage) json.RawMessage { return orEmpty(data) }
