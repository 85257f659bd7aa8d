package kernel

import (
	"context"
	"encoding/json"

	"gospark/display"
	"gospark/kernel/wire"
)

// Interpreter runs cells of one language. The kernel calls Execute for the cells
// of one subshell one after the other, but those of different subshells run at
// once. Every method may be called at any time, also while cells run.
type Interpreter interface {
	// Info describes the language for kernel_info_reply. The kernel fills in
	// the protocol version and adds the features that are its own.
	Info() wire.KernelInfoReply
	// Start begins background work. out is for what belongs to no cell.
	Start(ctx context.Context, out Output) error
	// Execute runs one cell. A cell's failure is an *Error; any other error is
	// reported to the user as a fault of the kernel. Interrupting cancels ctx:
	// Execute must then return soon.
	Execute(ctx context.Context, cell Cell, out Output) (Result, error)
	// Complete answers for the text before and after cursor, a byte offset
	// (the kernel converts the protocol's code points).
	Complete(ctx context.Context, code string, cursor int) (Completion, error)
	// Inspect describes what stands at cursor (a byte offset). detail 0 is
	// short, 1 is long. A nil bundle means nothing was found.
	Inspect(ctx context.Context, code string, cursor, detail int) (*display.Bundle, error)
	// IsComplete says whether Enter should run code in a console.
	IsComplete(ctx context.Context, code string) (wire.IsCompleteReply, error)
	// CommOpen is asked when a front end opens a comm, beside running cells.
	// ok=false makes the kernel close it again.
	CommOpen(ctx context.Context, comm Comm, target string, opening CommMessage) (handler CommHandler, ok bool)
	// Close ends everything that the interpreter started; restart tells that a
	// new kernel for the same notebook follows at once.
	Close(ctx context.Context, restart bool) error
}

// Cell is one execute_request.
type Cell struct {
	ID      string // msg_id of the request; unique
	Number  int    // execution count
	Code    string
	Silent  bool   // no output but errors, no execution count
	Stdin   bool   // allow_stdin: Output.Input may ask
	CellID  string // the front end's id of the notebook cell, if it sent one
	Session string // session id of the front end
	// Subshell is the id of the subshell that runs the cell, "" for the parent
	// subshell. Only cells of different subshells run at once.
	Subshell string
	// Expressions are user_expressions: name → expression, evaluated after
	// the cell.
	Expressions map[string]string
}

// Result is what a cell that succeeded left.
type Result struct {
	// Value is shown as execute_result when not nil.
	Value *display.Bundle
	// Expressions answers Cell.Expressions, by name: a bundle or an *Error.
	Expressions map[string]Expression
	// Text replaces the cell's own where it is not empty: front ends offer it as
	// the next input ("source": "set_next_input").
	Text string
	// Pages are payloads for pagers ("source": "page").
	Pages []display.Bundle
}

// Expression is the answer to one user expression; exactly one field is set.
type Expression struct {
	Value *display.Bundle
	Err   *Error
}

// Completion lists what could replace code[Start:End] (byte offsets).
type Completion struct {
	Matches    []Match
	Start, End int
}

// Match is one completion. Type is a word of JupyterLab's completer: function,
// type, variable, module, keyword, field, method, magic, table, column, ….
type Match struct {
	Text      string
	Type      string
	Signature string
}

// Error is a cell's failure, ready to be shown: "error" on iopub and the reply.
type Error struct {
	Name      string   // ename, such as "compile error" or a Spark error class
	Value     string   // evalue, one line
	Traceback []string // lines for people, ANSI colours allowed
	// Details is shown below the error where it is not nil: what few want to
	// read, folded.
	Details *display.Bundle
}

// Error is name and value in one line.
func (e *Error) Error() string { return e.Name + ": " + e.Value }

// Output shows things under one cell's parent header. It stays usable after
// the cell ended (a goroutine may go on printing) and is safe for concurrent
// use. Text and rich output appear in the order of the calls.
type Output interface {
	// Stream writes text to "stdout" or "stderr".
	Stream(name wire.StreamName, text string)
	// Show sends display_data or update_display_data.
	Show(display.Output)
	// Clear is clear_output.
	Clear(wait bool)
	// Input asks the front end for a line (input_request). ErrNoStdin where the
	// request did not allow it.
	Input(ctx context.Context, prompt string, password bool) (string, error)
	// OpenComm opens a comm towards the front end.
	OpenComm(target string, opening CommMessage, handler CommHandler) (Comm, error)
}

// CommMessage is what one side of a comm tells the other, in any of its messages.
type CommMessage struct {
	Data     json.RawMessage // what the two sides have agreed on; nil is sent as {}
	Metadata json.RawMessage // a JSON object; nil is sent as {}
	Buffers  [][]byte        // raw bytes beside the JSON; they must not be changed afterwards
}

// Comm is one open comm. It is safe for concurrent use.
type Comm interface {
	ID() string
	// Send sends a comm_msg, under the header of the front end's last message.
	Send(m CommMessage) error
	// Close sends a comm_close; once the comm is closed it does nothing.
	Close(m CommMessage) error
}

// CommHandler receives a comm's messages, in their order and beside running
// cells: while one is handled, those of all other comms wait.
type CommHandler interface {
	Message(ctx context.Context, m CommMessage)
	// Closed is told of the front end's comm_close.
	Closed(ctx context.Context, m CommMessage)
}
