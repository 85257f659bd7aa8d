package toolchain

import (
	"bytes"
	"context"
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
	if c.merge {
		cmd.Stderr = &out
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
