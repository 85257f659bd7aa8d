package wire

import "encoding/json"

// ExecuteRequest asks to run a cell (specification: "Execute").
type ExecuteRequest struct {
	Code            string            `json:"code"`
	Silent          bool              `json:"silent"`
	StoreHistory    bool              `json:"store_history"`
	UserExpressions map[string]string `json:"user_expressions"`
	AllowStdin      bool              `json:"allow_stdin"`
	StopOnError     bool              `json:"stop_on_error"`
}

// MsgType returns "execute_request".
func (ExecuteRequest) MsgType() string { return "execute_request" }

// ExecuteMetadata is what JupyterLab puts into the metadata of execute_request.
type ExecuteMetadata struct {
	CellID string `json:"cellId"`
}

// ExecuteReplyMetadata is the metadata of an execute_reply: JupyterLab measures
// a cell's time from it.
type ExecuteReplyMetadata struct {
	Started string `json:"started"` // as the date of a header
}

// UnmarshalJSON fills in the specification's defaults: history is stored unless
// the request is silent, errors stop the queue, stdin is allowed.
func (r *ExecuteRequest) UnmarshalJSON(b []byte) error {
	type plain ExecuteRequest
	var silent struct {
		Silent bool `json:"silent"`
	}
	if err := json.Unmarshal(b, &silent); err != nil {
		return err
	}
	p := plain{StoreHistory: !silent.Silent, AllowStdin: true, StopOnError: true}
	if err := json.Unmarshal(b, &p); err != nil {
		return err
	}
	p.StoreHistory = p.StoreHistory && !p.Silent
	*r = ExecuteRequest(p)
	return nil
}

// ExecuteReply tells how a cell ended well. One that failed is answered with an
// [ErrorReply].
type ExecuteReply struct {
	Status          Status                    `json:"status"`
	ExecutionCount  int                       `json:"execution_count"`
	UserExpressions map[string]UserExpression `json:"user_expressions"`
	Payload         []Payload                 `json:"payload"`
}

// MsgType returns "execute_reply".
func (ExecuteReply) MsgType() string { return "execute_reply" }

// UserExpression is the answer to one of user_expressions: a bundle when the
// status is ok, else an error.
type UserExpression struct {
	Status    Status         `json:"status"`
	Data      map[string]any `json:"data,omitempty"`
	Metadata  map[string]any `json:"metadata,omitempty"`
	Name      string         `json:"ename,omitempty"`
	Value     string         `json:"evalue,omitempty"`
	Traceback []string       `json:"traceback,omitempty"`
}

// Payload asks the front end to do something after the cell. Source is "page":
// show Data in a pager from line Start; or "set_next_input": offer Text as the next
// input, or in the place of the cell's own text.
type Payload struct {
	Source  string         `json:"source"`
	Data    map[string]any `json:"data,omitempty"`
	Start   int            `json:"start"`
	Text    string         `json:"text,omitempty"`
	Replace bool           `json:"replace,omitempty"`
}

// InspectRequest asks about the code at a cursor (specification: "Introspection").
type InspectRequest struct {
	Code        string `json:"code"`
	CursorPos   *int   `json:"cursor_pos"` // in code points; nil is the end
	DetailLevel int    `json:"detail_level"`
}

// MsgType returns "inspect_request".
func (InspectRequest) MsgType() string { return "inspect_request" }

// InspectReply is what is known about it.
type InspectReply struct {
	Status   Status         `json:"status"`
	Found    bool           `json:"found"`
	Data     map[string]any `json:"data"`
	Metadata map[string]any `json:"metadata"`
}

// MsgType returns "inspect_reply".
func (InspectReply) MsgType() string { return "inspect_reply" }

// CompleteRequest asks what could stand at a cursor (specification: "Completion").
type CompleteRequest struct {
	Code      string `json:"code"`
	CursorPos *int   `json:"cursor_pos"` // in code points; nil is the end
}

// MsgType returns "complete_request".
func (CompleteRequest) MsgType() string { return "complete_request" }

// CompleteReply lists replacements for the code points from CursorStart to
// CursorEnd.
type CompleteReply struct {
	Status      Status           `json:"status"`
	Matches     []string         `json:"matches"`
	CursorStart int              `json:"cursor_start"`
	CursorEnd   int              `json:"cursor_end"`
	Metadata    CompleteMetadata `json:"metadata"`
}

// MsgType returns "complete_reply".
func (CompleteReply) MsgType() string { return "complete_reply" }

// CompleteMetadata carries the types of matches, as JupyterLab reads them.
type CompleteMetadata struct {
	Types []CompletionType `json:"_jupyter_types_experimental,omitempty"`
}

// CompletionType describes one match; Start and End are in code points.
type CompletionType struct {
	Text      string `json:"text"`
	Type      string `json:"type"`
	Signature string `json:"signature,omitempty"`
	Start     int    `json:"start"`
	End       int    `json:"end"`
}

// IsCompleteRequest asks whether code is ready to run (specification: "Code
// completeness").
type IsCompleteRequest struct {
	Code string `json:"code"`
}

// MsgType returns "is_complete_request".
func (IsCompleteRequest) MsgType() string { return "is_complete_request" }

// Completeness says whether code is ready to run.
type Completeness string

// The answers to is_complete_request.
const (
	Complete   Completeness = "complete"
	Incomplete Completeness = "incomplete"
	Invalid    Completeness = "invalid"
	Unknown    Completeness = "unknown"
)

// IsCompleteReply answers it; Indent is for the next line of incomplete code.
type IsCompleteReply struct {
	Status Completeness `json:"status"`
	Indent string       `json:"indent"`
}

// MsgType returns "is_complete_reply".
func (IsCompleteReply) MsgType() string { return "is_complete_reply" }

// HistoryAccess is the way in which history is asked for.
type HistoryAccess string

// The ways of history_request.
const (
	Tail   HistoryAccess = "tail"
	Range  HistoryAccess = "range"
	Search HistoryAccess = "search"
)

// HistoryRequest asks for what was run before (specification: "History").
type HistoryRequest struct {
	Output  bool          `json:"output"` // with outputs
	Raw     bool          `json:"raw"`
	Access  HistoryAccess `json:"hist_access_type"`
	Session int           `json:"session"` // Range: a session number; 0 is this one, -1 the one before
	Start   int           `json:"start"`   // Range: first line
	Stop    *int          `json:"stop"`    // Range: line after the last; nil is the end
	N       int           `json:"n"`       // Tail, Search: at most so many, the last ones
	Pattern string        `json:"pattern"` // Search: a glob with * and ?
	Unique  bool          `json:"unique"`  // Search: each input once
}

// MsgType returns "history_request".
func (HistoryRequest) MsgType() string { return "history_request" }

// HistoryReply lists cells, oldest first.
type HistoryReply struct {
	Status  Status         `json:"status"`
	History []HistoryEntry `json:"history"`
}

// MsgType returns "history_reply".
func (HistoryReply) MsgType() string { return "history_reply" }

// HistoryEntry is one cell that ran. It is written as (session, line, input) or,
// when outputs were asked for, (session, line, (input, output)).
type HistoryEntry struct {
	Session, Line int
	Input         string
	Output        *string // text of the result; nil where there was none
	WithOutput    bool    // outputs were asked for
}

// MarshalJSON writes the tuple of the specification.
func (e HistoryEntry) MarshalJSON() ([]byte, error) {
	if e.WithOutput {
		return marshal([]any{e.Session, e.Line, []any{e.Input, e.Output}})
	}
	return marshal([]any{e.Session, e.Line, e.Input})
}
