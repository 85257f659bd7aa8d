package toolchain

import (
	"bytes"
	"context"
	"io"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// command is one run of a tool.
type command struct {
	doing string // for the error
	dir   string
	env   environ
	argv  []string
	// merge returns what it writes to standard error as well.
	merge bool
	// say is told of each line of standard error as it comes; nil for nobody.
	say func(line string)
}

// killAfter is how long a cancelled tool may take to go before its pipes are
// closed on it.
const killAfter = 2 * time.Second

// run runs the command and returns its standard output. A cancelled ctx kills
// the tool with all the processes that it started.
func (c command) run(ctx context.Context) ([]byte, error) {
	var out, said bytes.Buffer
	cmd := exec.CommandContext(ctx, c.argv[0], c.argv[1:]...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = c.dir, c.env, &out, &said
	switch {
	case c.merge:
		cmd.Stderr = &out
	case c.say != nil:
		cmd.Stderr = io.MultiWriter(&said, &lines{say: c.say})
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = killAfter
	err := cmd.Run()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if err != nil {
		text := strings.TrimSpace(said.String())
		if text == "" {
			text = strings.TrimSpace(out.String())
		}
		return nil, &CommandError{Doing: c.doing, Output: text, Err: err}
	}
	return out.Bytes(), nil
}

// lines hands on whole lines.
type lines struct {
	say  func(string)
	part []byte
}

func (l *lines) Write(p []byte) (int, error) {
	l.part = append(l.part, p...)
	for {
		line, rest, whole := bytes.Cut(l.part, []byte("\n"))
		if !whole {
			return len(p), nil
		}
		l.say(string(line))
		l.part = rest
	}
}
