package notebook

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"gospark/display"
	"gospark/kernel"
	"gospark/kernel/wire"
	"gospark/magic"
	"gospark/render"
)

// scriptGrace is how long a script may take to end after an interrupt.
const scriptGrace = 2 * time.Second

// scriptError is a script that ended with a status of its own.
type scriptError struct{ status string }

func (e *scriptError) Error() string { return "the command ended with " + e.status }

// script runs a shell script, streaming what it prints. It is ended, with all
// that it started, when ctx ends.
func (n *Notebook) script(ctx context.Context, r *run, c magic.Script) error {
	cmd := exec.CommandContext(ctx, c.Shell, "-c", c.Text)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
	cmd.WaitDelay = scriptGrace
	cmd.Stdout = stream(r.out, wire.Stdout)
	cmd.Stderr = stream(r.out, wire.Stderr)
	err := cmd.Run()
	if ctx.Err() != nil {
		if cmd.Process != nil { // whatever ignored the first signal
			_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		}
		return ctx.Err()
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return &scriptError{status: exit.String()}
	}
	return err
}

// stream makes a writer of one of a cell's streams.
func stream(out kernel.Output, name wire.StreamName) io.Writer {
	return &streamWriter{out: out, name: name}
}

type streamWriter struct {
	mu   sync.Mutex
	out  kernel.Output
	name wire.StreamName
}

func (w *streamWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.out.Stream(w.name, strings.ToValidUTF8(string(p), "\uFFFD"))
	return len(p), nil
}

// changeDir moves the kernel and the worker to another folder.
func (n *Notebook) changeDir(ctx context.Context, c magic.ChangeDir) (*display.Bundle, error) {
	dir := c.Dir
	if dir == "" || dir == "~" || strings.HasPrefix(dir, "~/") {
		home, err := os.UserHomeDir()
		if err != nil {
			return nil, fmt.Errorf("find the home folder: %w", err)
		}
		dir = filepath.Join(home, strings.TrimPrefix(strings.TrimPrefix(dir, "~"), "/"))
	}
	if err := os.Chdir(dir); err != nil {
		return nil, err
	}
	now := workDir()
	if err := n.cells.Chdir(ctx, now); err != nil {
		return nil, err
	}
	return text(now), nil
}

// env shows or sets environment variables, in the kernel and in the worker.
func (n *Notebook) env(ctx context.Context, c magic.Env) (*display.Bundle, error) {
	for _, s := range c.Set {
		if err := os.Setenv(s.Key, s.Value); err != nil {
			return nil, fmt.Errorf("set %s: %w", s.Key, err)
		}
		if err := n.cells.Setenv(ctx, s.Key, s.Value); err != nil {
			return nil, err
		}
	}
	if len(c.Set) > 0 && len(c.Keys) == 0 {
		return nil, nil
	}
	keys := c.Keys
	if len(keys) == 0 {
		for _, pair := range os.Environ() {
			key, _, _ := strings.Cut(pair, "=")
			keys = append(keys, key)
		}
		slices.Sort(keys)
	}
	rows := make([][]any, len(keys))
	for i, key := range keys {
		rows[i] = []any{key, envValue(key)}
	}
	table := render.Table([]render.Column{{Name: "variable"}, {Name: "value"}}, rows, render.TableOptions{})
	return &table, nil
}

// envValue is a variable as it may be shown: what looks like a secret is not.
func envValue(key string) any {
	value, ok := os.LookupEnv(key)
	if !ok {
		return nil
	}
	upper := strings.ToUpper(key)
	for _, word := range []string{"TOKEN", "SECRET", "PASSWORD", "PASSWD", "CREDENTIAL", "API_KEY"} {
		if strings.Contains(upper, word) {
			return "(hidden)"
		}
	}
	return value
}

// writeFile writes the cell's body to a file.
func (n *Notebook) writeFile(c magic.WriteFile) (*display.Bundle, error) {
	flags, verb := os.O_WRONLY|os.O_CREATE|os.O_TRUNC, "wrote"
	if c.Append {
		flags, verb = os.O_WRONLY|os.O_CREATE|os.O_APPEND, "appended"
	}
	f, err := os.OpenFile(c.Path, flags, 0o644)
	if err != nil {
		return nil, err
	}
	if _, err = f.WriteString(c.Text); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	if err := f.Close(); err != nil {
		return nil, err
	}
	return text(fmt.Sprintf("%s %d bytes to %s", verb, len(c.Text), c.Path)), nil
}

// text is a plain answer.
func text(s string) *display.Bundle {
	b := display.Plain(s)
	return &b
}
