package launcher

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"time"
)

const (
	// scriptTime bounds how long a profile's script may take.
	scriptTime = 5 * time.Minute
	// scriptEnvironment bounds what it may export.
	scriptEnvironment = 4 * mib
	// sourcing reads the script, whose path is an argument and never part of this
	// text, and hands the environment to us on a pipe of its own.
	sourcing = `. "$1" || exit; exec env -0 >&3`
)

// runScript runs a profile's script in a shell and returns the environment that
// it leaves behind. Its output goes to line; its last words are in the error.
func runScript(ctx context.Context, script string, env []string, line func([]byte)) ([]string, error) {
	shell := lookPath(env, "bash")
	if shell == "" {
		shell = "/bin/sh"
	}
	ctx, cancel := context.WithTimeout(ctx, scriptTime)
	defer cancel()
	r, w, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("make a pipe for the script's environment: %w", err)
	}
	defer r.Close()
	var said bytes.Buffer
	cmd := exec.CommandContext(ctx, shell, "-c", sourcing, shell, script)
	cmd.Env, cmd.Stdout, cmd.Stderr, cmd.ExtraFiles = env, &said, &said, []*os.File{w}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = outputGrace
	err = cmd.Start()
	w.Close()
	var left []byte
	if err == nil {
		// A child that the script left behind may hold the pipe for ever.
		defer context.AfterFunc(ctx, func() { _ = r.SetReadDeadline(time.Unix(1, 0)) })()
		left, _ = io.ReadAll(io.LimitReader(r, scriptEnvironment)) // what lacks is told by the script's end
		err = cmd.Wait()
	}
	words := strings.Split(strings.TrimRight(said.String(), "\n"), "\n")
	for _, text := range words {
		line([]byte(text))
	}
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	if err != nil {
		return nil, fmt.Errorf("the profile's script %s failed: %w: %s", script, err, words[len(words)-1])
	}
	out := strings.Split(strings.TrimRight(string(left), "\x00"), "\x00")
	return slices.DeleteFunc(out, func(kv string) bool { return strings.HasPrefix(kv, "_=") || kv == "" }), nil
}
