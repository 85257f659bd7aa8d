package wire

// CreateSubshellRequest asks for one more subshell (JEP 91).
type CreateSubshellRequest struct{}

// MsgType returns "create_subshell_request".
func (CreateSubshellRequest) MsgType() string { return "create_subshell_request" }

// CreateSubshellReply names it.
type CreateSubshellReply struct {
	Status     Status `json:"status"`
	SubshellID string `json:"subshell_id"`
}

// MsgType returns "create_subshell_reply".
func (CreateSubshellReply) MsgType() string { return "create_subshell_reply" }

// DeleteSubshellRequest asks to end a subshell.
type DeleteSubshellRequest struct {
	SubshellID string `json:"subshell_id"`
}

// MsgType returns "delete_subshell_request".
func (DeleteSubshellRequest) MsgType() string { return "delete_subshell_request" }

// DeleteSubshellReply says that it has ended.
type DeleteSubshellReply struct {
	Status Status `json:"status"`
}

// MsgType returns "delete_subshell_reply".
func (DeleteSubshellReply) MsgType() string { return "delete_subshell_reply" }

// ListSubshellRequest asks which subshells there are.
type ListSubshellRequest struct{}

// MsgType returns "list_subshell_request".
func (ListSubshellRequest) MsgType() string { return "list_subshell_request" }

// ListSubshellReply lists them, the parent subshell not included.
type ListSubshellReply struct {
	Status     Status   `json:"status"`
	SubshellID []string `json:"subshell_id"`
}

// MsgType returns "list_subshell_reply".
func (ListSubshellReply) MsgType() string { return "list_subshell_reply" }
