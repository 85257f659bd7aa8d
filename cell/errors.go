package cell

import (
	"fmt"
	"strings"

	"gospark/cell/toolchain"
	"gospark/display"
)

// MissingTool means that Go cells cannot be built on this machine yet.
type MissingTool = toolchain.MissingTool

// Frame is one line of a panic's trace that belongs to a cell.
type Frame struct {
	Func string // as the user wrote it
	File string // "cell[7]"
	Line int
}

// PanicError is a panic that ended a cell. What ran before it is kept.
type PanicError struct {
	Value  string
	Frames []Frame // innermost first
}

func (e *PanicError) Error() string { return "panic: " + e.Value }

// ExitError is a cell that called os.Exit or log.Fatal.
type ExitError struct{ Code int }

func (e *ExitError) Error() string { return fmt.Sprintf("exit status %d", e.Code) }

// CellError is the error value, not nil, with which a cell ended.
type CellError struct {
	Msg    string
	Type   string          // its Go type
	Causes []string        // the errors that it wraps, outermost first
	Bundle *display.Bundle // where the error can show itself
}

func (e *CellError) Error() string { return e.Msg }

// WorkerDied means that the process with all variables has ended. The next cell
// starts a new one.
type WorkerDied struct {
	Reason string   // "fatal error: stack overflow"
	Lost   []string // the variables that are gone
	Frames []Frame  // where the cell was, if the Go run-time said so
}

func (e *WorkerDied) Error() string {
	if len(e.Lost) == 0 {
		return "the Go process ended: " + e.Reason
	}
	return "the Go process ended: " + e.Reason + "; lost: " + strings.Join(e.Lost, ", ")
}

// ClashError is a cell that was not loaded because it defines a symbol that an
// earlier cell defines otherwise; loading it would corrupt memory. It is always
// gospark's fault.
type ClashError struct{ Symbol string }

func (e *ClashError) Error() string {
	return fmt.Sprintf("gospark gave two different things the name %s; please report this, and rename it in the cell to go on", e.Symbol)
}
