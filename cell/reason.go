package cell

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// reason says in a few words why the process ended, and where the cell was.
func (p *process) reason() (string, []Frame) {
	said := p.stderr.lastWords()
	words := lastWords(said)
	switch {
	case p.status.Signaled() && p.status.Signal() == syscall.SIGKILL:
		words = "it was killed; out of memory is the usual cause"
	case words != "":
	case p.status.Signaled():
		words = p.status.Signal().String()
	default:
		words = fmt.Sprintf("exit status %d", p.status.ExitStatus())
	}
	return words, frames(said)
}

// lastWords finds the line with which the Go run-time says why it ends.
func lastWords(text string) string {
	var words string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if isCrash([]byte(line)) && !strings.HasPrefix(line, "runtime: ") {
			words = line
		}
	}
	return words
}

// traceLine is a place in a cell, as a run-time trace writes it.
var traceLine = regexp.MustCompile(`^\t(.*cell\[\d+\]):(\d+)`)

// maxFrames is enough to see where an endless recursion is.
const maxFrames = 10

// frames are the places in cells that a run-time trace names, each once.
func frames(text string) []Frame {
	var out []Frame
	var function string
	for line := range strings.Lines(text) {
		m := traceLine.FindStringSubmatch(line)
		if m == nil {
			function = line
			continue
		}
		name, _, _ := strings.Cut(function, "(0x")
		name, _, _ = strings.Cut(name, "(...)")
		number, _ := strconv.Atoi(m[2])
		f := Frame{Func: strings.TrimSpace(name), File: path.Base(m[1]), Line: number}
		if !slices.Contains(out, f) && len(out) < maxFrames {
			out = append(out, f)
		}
	}
	return out
}
