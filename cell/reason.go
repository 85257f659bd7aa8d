package cell

import (
	"fmt"
	"strings"
	"syscall"
)

// reason says in a few words why the process ended.
func (p *process) reason() string {
	said := lastWords(p.stderr.last())
	switch {
	case p.status.Signaled() && p.status.Signal() == syscall.SIGKILL:
		return "killed; out of memory is the usual cause"
	case said != "":
		return said
	case p.status.Signaled():
		return p.status.Signal().String()
	}
	return fmt.Sprintf("exit status %d", p.status.ExitStatus())
}

// lastWords finds the line with which the Go run-time says why it ends.
func lastWords(text string) string {
	var words string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		for _, start := range []string{"fatal error: ", "panic: ", "SIGSEGV: ", "SIGABRT: ", "SIGBUS: "} {
			if strings.HasPrefix(line, start) {
				words = line
			}
		}
	}
	return words
}
