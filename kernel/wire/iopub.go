package wire

// KernelStatus tells what the kernel does for the parent request (specification:
// "Kernel status").
type KernelStatus struct {
	State ExecutionState `json:"execution_state"`
}

// MsgType returns "status".
func (KernelStatus) MsgType() string { return "status" }

// ExecutionState is a state of the kernel.
type ExecutionState string

// The states of a kernel.
const (
	Starting ExecutionState = "starting"
	Busy     ExecutionState = "busy"
	Idle     ExecutionState = "idle"
)

// StreamName names an output stream.
type StreamName string

// The two streams.
const (
	Stdout StreamName = "stdout"
	Stderr StreamName = "stderr"
)

// Stream is text that the program wrote (specification: "Streams").
type Stream struct {
	Name StreamName `json:"name"`
	Text string     `json:"text"`
}

// MsgType returns "stream".
func (Stream) MsgType() string { return "stream" }

// Transient holds what belongs to the moment and not into a saved notebook.
type Transient struct {
	DisplayID string `json:"display_id,omitempty"`
}

// DisplayData shows a bundle (specification: "Display data").
type DisplayData struct {
	Data      map[string]any `json:"data"`
	Metadata  map[string]any `json:"metadata"`
	Transient Transient      `json:"transient"`
}

// MsgType returns "display_data".
func (DisplayData) MsgType() string { return "display_data" }

// UpdateDisplayData replaces what was shown with the same display id.
type UpdateDisplayData DisplayData

// MsgType returns "update_display_data".
func (UpdateDisplayData) MsgType() string { return "update_display_data" }

// ExecuteInput repeats the code of a cell to every front end (specification:
// "Code inputs").
type ExecuteInput struct {
	Code           string `json:"code"`
	ExecutionCount int    `json:"execution_count"`
}

// MsgType returns "execute_input".
func (ExecuteInput) MsgType() string { return "execute_input" }

// ExecuteResult is the value of a cell (specification: "Execution results").
type ExecuteResult struct {
	ExecutionCount int            `json:"execution_count"`
	Data           map[string]any `json:"data"`
	Metadata       map[string]any `json:"metadata"`
}

// MsgType returns "execute_result".
func (ExecuteResult) MsgType() string { return "execute_result" }

// Error shows why a cell failed (specification: "Execution errors").
type Error struct {
	Name      string   `json:"ename"`
	Value     string   `json:"evalue"`
	Traceback []string `json:"traceback"`
}

// MsgType returns "error".
func (Error) MsgType() string { return "error" }

// ClearOutput clears a cell's outputs, at once or when the next one comes.
type ClearOutput struct {
	Wait bool `json:"wait"`
}

// MsgType returns "clear_output".
func (ClearOutput) MsgType() string { return "clear_output" }

// Welcome tells a new subscriber of iopub that it misses nothing from here on
// (JEP 65).
type Welcome struct {
	Subscription string `json:"subscription"`
}

// MsgType returns "iopub_welcome".
func (Welcome) MsgType() string { return "iopub_welcome" }
