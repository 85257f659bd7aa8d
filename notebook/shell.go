package notebook

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
	"unicode/utf8"

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
// that it started, when ctx ends. What it leaves running ends with the kernel.
func (n *Notebook) script(ctx context.Context, r *run, c magic.Script) error {
	cmd := exec.CommandContext(ctx, c.Shell, "-c", c.Text)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
	cmd.WaitDelay = scriptGrace
	stdout, stderr := stream(r.out, wire.Stdout), stream(r.out, wire.Stderr)
	cmd.Stdout, cmd.Stderr = stdout, stderr
	err := cmd.Start()
	if err == nil {
		n.jobs.Add(cmd.Process.Pid)
		err = cmd.Wait()
		n.jobs.Sweep()
	}
	stdout.flush()
	stderr.flush()
	if ctx.Err() != nil {
		if cmd.Process != nil { // whatever ignored the first signal
			_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		}
		return ctx.Err()
	}
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		return &scriptError{status: exit.String()}
	case errors.Is(err, exec.ErrWaitDelay): // it left something running that prints; that is its business
		return nil
	}
	return err
}

// stream makes a writer of one of a cell's streams.
func stream(out kernel.Output, name wire.StreamName) *streamWriter {
	return &streamWriter{out: out, name: name}
}

// streamWriter writes text, whatever the bytes are. A character whose bytes come
// in two parts waits for the second one.
type streamWriter struct {
	out  kernel.Output
	name wire.StreamName

	mu   sync.Mutex
	part []byte // the beginning of a character; guarded by mu
}

func (w *streamWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	whole := slices.Concat(w.part, p)
	end := len(whole)
	for at := end - 1; at >= max(end-utf8.UTFMax, 0); at-- {
		if utf8.RuneStart(whole[at]) {
			if !utf8.FullRune(whole[at:]) {
				end = at
			}
			break
		}
	}
	w.part = slices.Clone(whole[end:])
	w.write(whole[:end])
	return len(p), nil
}

// flush writes what is left when no more comes.
func (w *streamWriter) flush() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.write(w.part)
	w.part = nil
}

func (w *streamWriter) write(p []byte) {
	if len(p) > 0 {
		w.out.Stream(w.name, strings.ToValidUTF8(string(p), "\uFFFD"))
	}
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
	if secretName.MatchString(key) || secretValue.MatchString(value) {
		return "(hidden)"
	}
	return value
}

// secretName matches variables, and secretValue values (a token in an address,
// a password before its host), that are not shown.
var (
	secretName  = regexp.MustCompile(`(?i)token|secret|passw(or)?d|passphrase|credential|(api|access|private)_?key`)
	secretValue = regexp.MustCompile(`(?i);token=|://[^/@\s]*:[^/@\s]+@`)
)

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
