package toolchain

import (
	"errors"
	"fmt"
	"strings"

	"golang.org/x/sys/unix"
)

// MissingTool means that this machine lacks something that Go cells need.
type MissingTool struct {
	Tool   string // "Go", "C compiler"
	Found  string // what is there and does not do, if anything
	Advice string // the one command that installs it
}

func (e *MissingTool) Error() string {
	if e.Found != "" {
		return fmt.Sprintf("Go cells need %s (found %s); install it with: %s", e.Tool, e.Found, e.Advice)
	}
	return fmt.Sprintf("Go cells need %s, which was not found; install it with: %s", e.Tool, e.Advice)
}

// ErrDiskFull is matched by errors that come from a full disk.
var ErrDiskFull = errors.New("the disk is full")

// CommandError is a tool that failed.
type CommandError struct {
	Doing  string // "build the standard library for cells"
	Output string // what the tool said, trimmed
	Err    error
}

func (e *CommandError) Error() string {
	if e.Output == "" {
		return fmt.Sprintf("%s: %v", e.Doing, e.Err)
	}
	return fmt.Sprintf("%s: %v\n%s", e.Doing, e.Err, e.Output)
}

// Unwrap gives the cause, ErrDiskFull where the output names it.
func (e *CommandError) Unwrap() error {
	if strings.Contains(e.Output, unix.ENOSPC.Error()) {
		return ErrDiskFull
	}
	return e.Err
}

// CompileError is what the compiler found wrong with a cell that type-checked;
// rare, and a fault of the generated source more often than of the user's.
type CompileError struct {
	Lines []string // "cell[7]:3:5: message"
}

func (e *CompileError) Error() string { return strings.Join(e.Lines, "\n") }

// diskFull marks file errors of a full disk.
func diskFull(err error) error {
	if errors.Is(err, unix.ENOSPC) || errors.Is(err, unix.EDQUOT) {
		return fmt.Errorf("%w: %w", ErrDiskFull, err)
	}
	return err
}
