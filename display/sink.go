package display

import (
	"fmt"
	"os"
	"strings"
	"sync/atomic"
)

// Sink is where outputs go. Its methods may be called from any goroutine, and
// a program's outputs must appear in the order of the calls.
type Sink interface {
	// Show shows or replaces one output.
	Show(Output)
	// Clear empties the running cell's output; with wait, only when the next
	// output arrives, which avoids flicker.
	Clear(wait bool)
	// Input asks the person for a line and waits for it under the running
	// cell's context; an interrupt ends it with that context's error.
	Input(prompt string, password bool) (string, error)
	// Render turns a value that does not show itself (see [Of]) into a bundle.
	Render(v any) Bundle
}

// installed is the process's sink. It is the one package variable here: cells
// are separate plugins that reach their worker only through what they link,
// and the worker stores it once, before the first cell.
var installed atomic.Pointer[Sink]

// Install makes s the sink of the process; nil goes back to standard output.
func Install(s Sink) {
	if s == nil {
		installed.Store(nil)
		return
	}
	installed.Store(&s)
}

func sink() Sink {
	if s := installed.Load(); s != nil {
		return *s
	}
	return terminal{}
}

// terminal is the sink of a plain Go program.
type terminal struct{}

func (terminal) Show(o Output) {
	if text := o.Text(); text != "" {
		fmt.Println(strings.TrimRight(text, "\n"))
	}
}

func (terminal) Clear(bool) {}

func (terminal) Input(prompt string, _ bool) (string, error) {
	fmt.Print(prompt)
	var line []byte
	for one := make([]byte, 1); ; { // no more than the line: the rest is the program's
		if _, err := os.Stdin.Read(one); err != nil && len(line) == 0 {
			return "", err
		} else if err != nil || one[0] == '\n' {
			return strings.TrimSuffix(string(line), "\r"), nil
		}
		line = append(line, one[0])
	}
}

func (terminal) Render(v any) Bundle { return Plain(fmt.Sprint(v)) }
