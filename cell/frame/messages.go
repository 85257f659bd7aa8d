package frame

import (
	"encoding/json"
	"time"

	"gospark/display"
)

// Message is anything that a frame carries.
type Message interface{ kind() kind }

// RunID names one execution of a cell in the life of a worker.
type RunID uint64

// kind is the type byte of a frame.
type kind byte

const (
	kindLoad kind = iota + 1
	kindRun
	kindInterrupt
	kindReply
	kindReady
	kindAck
	kindDone
	kindShow
	kindClear
	kindInput
	kindCall
	kindPanicked
	kindChdir
	kindSetenv
	kindPing
	kindWrite
	kindCommTarget
	kindCommOpen
	kindCommMsg
	kindCommClose
)

// From the kernel to the worker.
type (
	// Load asks the worker to load a plugin; Ack answers.
	Load struct {
		// Path is the plugin's file.
		Path string `json:"path"`
		// Entry is the exported function that Run calls later; empty for a
		// plugin that is loaded only for the packages that it brings.
		Entry string `json:"entry,omitempty"`
	}
	// Chdir changes the working folder; Ack answers.
	Chdir struct {
		Dir string `json:"dir"`
	}
	// Setenv sets an environment variable before anything that is sent after it.
	// Nothing answers: the kernel has set the same in its own process before.
	Setenv struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	}
	// Run asks the worker to call a loaded entry as one cell, beside those that
	// run; Done answers.
	Run struct {
		ID     RunID             `json:"id"`
		Cell   string            `json:"cell"` // the request's id, for the hooks
		Number int               `json:"number"`
		Entry  string            `json:"entry"`
		Meta   map[string]string `json:"meta,omitempty"`
		// Background keeps the process's own streams from the run: all that it
		// prints comes as Write.
		Background bool `json:"background,omitempty"`
	}
	// Interrupt asks a running cell to stop; Done still answers its Run.
	Interrupt struct {
		Run RunID `json:"run"`
	}
	// Ping is answered at once by a Ping: a worker that cannot is dying.
	Ping struct{}
	// Reply answers what the worker asked under the same Seq.
	Reply struct {
		Seq     uint64 `json:"seq"`
		Payload []byte `json:"payload,omitempty"`
		Error   string `json:"error,omitempty"`
	}
)

// From the worker to the kernel.
type (
	// Ready is the worker's first message.
	Ready struct {
		GoVersion string `json:"go_version"`
	}
	// Ack answers a Load or a Chdir.
	Ack struct {
		Error string        `json:"error,omitempty"`
		Took  time.Duration `json:"took"`
	}
	// Done answers a Run; at most one of its outcomes is set, none means that
	// the cell ended well.
	Done struct {
		Run   RunID           `json:"run"`
		Value *display.Bundle `json:"value,omitempty"`
		Took  time.Duration   `json:"took"`

		Panic  *Panic  `json:"panic,omitempty"`
		Failed *Failed `json:"failed,omitempty"`
		Exit   *int    `json:"exit,omitempty"`
		// Interrupted tells that the cell ended because it was told to.
		Interrupted bool `json:"interrupted,omitempty"`
		// Abandoned tells that it did not stop in time: its goroutine goes
		// on behind the next cells.
		Abandoned bool `json:"abandoned,omitempty"`
		// Gone are runs, found since the last Done, of which nothing is left.
		Gone []RunID `json:"gone,omitempty"`
	}
	// Write is text that a run printed and that did not go through the process's
	// own streams. It may end within a character.
	Write struct {
		Run    RunID  `json:"run"`
		Stderr bool   `json:"stderr,omitempty"`
		Text   []byte `json:"text"`
	}
	// Panicked tells of a panic in a goroutine that a cell started; the cell
	// itself may have ended long ago.
	Panicked struct {
		Run    RunID `json:"run"`
		Number int   `json:"number"`
		Panic  Panic `json:"panic"`
	}
	// Show asks for a rich output after all text printed so far; Reply answers.
	Show struct {
		Seq    uint64         `json:"seq"`
		Run    RunID          `json:"run"`
		Output display.Output `json:"output"`
	}
	// Clear asks to empty the cell's output; Reply answers.
	Clear struct {
		Seq  uint64 `json:"seq"`
		Run  RunID  `json:"run"`
		Wait bool   `json:"wait,omitempty"`
	}
	// Input asks the person for a line; Reply's payload is the line, without
	// its end.
	Input struct {
		Seq      uint64 `json:"seq"`
		Run      RunID  `json:"run"`
		Prompt   string `json:"prompt,omitempty"`
		Password bool   `json:"password,omitempty"`
	}
	// Call asks the kernel's function of that name; Reply answers.
	Call struct {
		Seq     uint64 `json:"seq"`
		Run     RunID  `json:"run"`
		Name    string `json:"name"`
		Payload []byte `json:"payload,omitempty"`
	}
	// CommTarget says that a run takes comms which front ends open for Target.
	CommTarget struct {
		Target string `json:"target"`
	}
)

// From either side: comms between cells and front ends. The side that opens one
// chooses the name under which both know it. What the worker sends has a Seq and
// is answered by a Reply; that of CommOpen has the front end's id as payload.
type (
	// CommOpen opens a comm.
	CommOpen struct {
		Seq     uint64          `json:"seq,omitempty"`
		Run     RunID           `json:"run,omitempty"`
		Comm    string          `json:"comm"`
		ID      string          `json:"id,omitempty"` // the front end's
		Target  string          `json:"target"`
		Data    json.RawMessage `json:"data,omitempty"`
		Buffers [][]byte        `json:"buffers,omitempty"`
	}
	// CommMsg is one message of a comm.
	CommMsg struct {
		Seq     uint64          `json:"seq,omitempty"`
		Comm    string          `json:"comm"`
		Data    json.RawMessage `json:"data,omitempty"`
		Buffers [][]byte        `json:"buffers,omitempty"`
	}
	// CommClose ends a comm.
	CommClose struct {
		Seq  uint64          `json:"seq,omitempty"`
		Comm string          `json:"comm"`
		Data json.RawMessage `json:"data,omitempty"`
	}
)

// Panic is what a panic left.
type Panic struct {
	Value string `json:"value"`
	// Frames are the cell frames, innermost first.
	Frames []Frame `json:"frames,omitempty"`
}

// Frame is one line of a trace, as the compiler named it.
type Frame struct {
	Func string `json:"func"`
	File string `json:"file"` // "cell[7]"
	Line int    `json:"line"`
}

// Failed is the non-nil error value with which a cell ended.
type Failed struct {
	Message string   `json:"message"`
	Type    string   `json:"type"`
	Causes  []string `json:"causes,omitempty"` // the chain below the message
	// Value describes the error richly, where it or the worker's hook can.
	Value *display.Bundle `json:"value,omitempty"`
	// Canceled tells that the error is the cell's own cancelled context.
	Canceled bool `json:"canceled,omitempty"`
}

func (Load) kind() kind       { return kindLoad }
func (Run) kind() kind        { return kindRun }
func (Interrupt) kind() kind  { return kindInterrupt }
func (Reply) kind() kind      { return kindReply }
func (Ready) kind() kind      { return kindReady }
func (Ack) kind() kind        { return kindAck }
func (Done) kind() kind       { return kindDone }
func (Show) kind() kind       { return kindShow }
func (Clear) kind() kind      { return kindClear }
func (Input) kind() kind      { return kindInput }
func (Call) kind() kind       { return kindCall }
func (Panicked) kind() kind   { return kindPanicked }
func (Chdir) kind() kind      { return kindChdir }
func (Setenv) kind() kind     { return kindSetenv }
func (Ping) kind() kind       { return kindPing }
func (Write) kind() kind      { return kindWrite }
func (CommTarget) kind() kind { return kindCommTarget }
func (CommOpen) kind() kind   { return kindCommOpen }
func (CommMsg) kind() kind    { return kindCommMsg }
func (CommClose) kind() kind  { return kindCommClose }

// decoder is the decode function of a kind, nil for an unknown one.
func decoder(k kind) func([]byte) (Message, error) {
	switch k {
	case kindLoad:
		return decode[Load]
	case kindRun:
		return decode[Run]
	case kindInterrupt:
		return decode[Interrupt]
	case kindReply:
		return decode[Reply]
	case kindReady:
		return decode[Ready]
	case kindAck:
		return decode[Ack]
	case kindDone:
		return decode[Done]
	case kindShow:
		return decode[Show]
	case kindClear:
		return decode[Clear]
	case kindInput:
		return decode[Input]
	case kindCall:
		return decode[Call]
	case kindPanicked:
		return decode[Panicked]
	case kindChdir:
		return decode[Chdir]
	case kindSetenv:
		return decode[Setenv]
	case kindPing:
		return decode[Ping]
	case kindWrite:
		return decode[Write]
	case kindCommTarget:
		return decode[CommTarget]
	case kindCommOpen:
		return decode[CommOpen]
	case kindCommMsg:
		return decode[CommMsg]
	case kindCommClose:
		return decode[CommClose]
	}
	return nil
}

func decode[M Message](data []byte) (Message, error) {
	var m M
	err := json.Unmarshal(data, &m)
	return m, err
}
