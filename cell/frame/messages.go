package frame

import (
	"encoding/json"
	"time"

	"gospark/display"
)

// Message is anything that a frame carries.
type Message interface{ kind() kind }

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
	kindSetup
	kindPing
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
	// Setup changes the process around the cells; Ack answers.
	Setup struct {
		Dir string            `json:"dir,omitempty"` // working folder
		Env map[string]string `json:"env,omitempty"`
	}
	// Run asks the worker to call a loaded entry as one cell; Done answers.
	Run struct {
		Cell   string            `json:"cell"` // unique in the worker's life
		Number int               `json:"number"`
		Entry  string            `json:"entry"`
		Meta   map[string]string `json:"meta,omitempty"`
	}
	// Interrupt asks the running cell to stop; Done still answers its Run.
	Interrupt struct {
		Cell string `json:"cell"`
	}
	// Ping is answered at once by a Ping: a worker that cannot is dying.
	Ping struct{}
	// Reply answers the Show, Clear, Input or Call of the same Seq.
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
	// Ack answers a Load or a Setup.
	Ack struct {
		Error string        `json:"error,omitempty"`
		Took  time.Duration `json:"took"`
	}
	// Done answers a Run; at most one of its outcomes is set, none means that
	// the cell ended well.
	Done struct {
		Cell  string          `json:"cell"`
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
	}
	// Panicked tells of a panic in a goroutine that a cell started; the cell
	// itself may have ended long ago.
	Panicked struct {
		Cell   string `json:"cell"`
		Number int    `json:"number"`
		Panic  Panic  `json:"panic"`
	}
	// Show asks for a rich output after all text printed so far; Reply answers.
	Show struct {
		Seq    uint64         `json:"seq"`
		Cell   string         `json:"cell"`
		Output display.Output `json:"output"`
	}
	// Clear asks to empty the cell's output; Reply answers.
	Clear struct {
		Seq  uint64 `json:"seq"`
		Cell string `json:"cell"`
		Wait bool   `json:"wait,omitempty"`
	}
	// Input asks the person for a line; Reply's payload is the line, without
	// its end.
	Input struct {
		Seq      uint64 `json:"seq"`
		Cell     string `json:"cell"`
		Prompt   string `json:"prompt,omitempty"`
		Password bool   `json:"password,omitempty"`
	}
	// Call asks the kernel's function of that name; Reply answers.
	Call struct {
		Seq     uint64 `json:"seq"`
		Cell    string `json:"cell"`
		Name    string `json:"name"`
		Payload []byte `json:"payload,omitempty"`
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

func (Load) kind() kind      { return kindLoad }
func (Run) kind() kind       { return kindRun }
func (Interrupt) kind() kind { return kindInterrupt }
func (Reply) kind() kind     { return kindReply }
func (Ready) kind() kind     { return kindReady }
func (Ack) kind() kind       { return kindAck }
func (Done) kind() kind      { return kindDone }
func (Show) kind() kind      { return kindShow }
func (Clear) kind() kind     { return kindClear }
func (Input) kind() kind     { return kindInput }
func (Call) kind() kind      { return kindCall }
func (Panicked) kind() kind  { return kindPanicked }
func (Setup) kind() kind     { return kindSetup }
func (Ping) kind() kind      { return kindPing }

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
	case kindSetup:
		return decode[Setup]
	case kindPing:
		return decode[Ping]
	}
	return nil
}

func decode[M Message](data []byte) (Message, error) {
	var m M
	err := json.Unmarshal(data, &m)
	return m, err
}
