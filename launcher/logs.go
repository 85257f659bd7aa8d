package launcher

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"slices"
	"strings"
	"time"
)

// followPoll is how often a followed log is looked at.
const followPoll = 100 * time.Millisecond

// LogOptions say which part of a server's log is wanted.
type LogOptions struct {
	// Tail is how many of the last lines to begin with; negative means all that
	// is kept.
	Tail int
	// Follow goes on with what is written until ctx ends.
	Follow bool
}

// LogPath is where the log of a profile's server is; ErrNotRunning when the
// profile never had one.
func LogPath(o Options, profile string) (string, error) {
	f, err := openExisting(o.withDefaults(), profile)
	if err != nil {
		return "", err
	}
	defer f.close()
	return f.file(logName), nil
}

// Logs yields lines of the log of a profile's server, or of its last one when
// none runs: without their ends, oldest first. An error ends it; the error is
// ErrNotRunning when the profile never had a server. The end of ctx ends
// following without an error.
func Logs(ctx context.Context, o Options, profile string, lo LogOptions) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		f, err := openExisting(o.withDefaults(), profile)
		if err != nil {
			yield("", err)
			return
		}
		defer f.close()
		t := tailer{folder: f}
		defer t.close()
		if !t.begin(lo.Tail, yield) || !lo.Follow {
			return
		}
		for pause(ctx, followPoll) == nil {
			if !t.more(yield) {
				return
			}
		}
	}
}

// tailer reads the log and goes on in the next file when it is rotated.
type tailer struct {
	folder *folder
	file   *os.File
	in     *bufio.Reader
	part   strings.Builder // a line whose end is not written yet
}

func (t *tailer) close() {
	if t.file != nil {
		t.file.Close()
	}
}

// open opens the log if it is there.
func (t *tailer) open() error {
	file, err := t.folder.root.Open(logName)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("open the server's log: %w", err)
	}
	t.close()
	t.file, t.in = file, bufio.NewReader(file)
	return nil
}

// begin yields the last n lines; false when the caller has had enough.
func (t *tailer) begin(n int, yield func(string, error) bool) bool {
	if err := t.open(); err != nil {
		return yield("", err) && false
	}
	var lines []string
	err := t.lines(func(line string) bool {
		lines = append(lines, line)
		if n >= 0 && len(lines) > 2*n+100 {
			lines = slices.Delete(lines, 0, len(lines)-n)
		}
		return true
	})
	if n >= 0 && len(lines) > n {
		lines = lines[len(lines)-n:]
	}
	for _, line := range lines {
		if !yield(line, nil) {
			return false
		}
	}
	return err == nil || yield("", err) && false
}

// more yields what was written since; false at an error or when the caller has
// had enough.
func (t *tailer) more(yield func(string, error) bool) bool {
	goOn := true
	emit := func(line string) bool { goOn = yield(line, nil); return goOn }
	for {
		if err := t.lines(emit); err != nil {
			return yield("", err) && false
		}
		if !goOn || !t.rotated() {
			return goOn
		}
		// Between the last read and the rotation there may have been more.
		if err := t.lines(emit); err != nil || !goOn {
			return false
		}
		if err := t.open(); err != nil {
			return yield("", err) && false
		}
	}
}

// lines hands complete lines to emit until the file's present end.
func (t *tailer) lines(emit func(string) bool) error {
	for t.in != nil {
		text, err := t.in.ReadString('\n')
		t.part.WriteString(text)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read the server's log: %w", err)
		}
		line := strings.TrimRight(t.part.String(), "\r\n")
		t.part.Reset()
		if !emit(line) {
			return nil
		}
	}
	return nil
}

// rotated reports whether the log's name stands for another file by now.
func (t *tailer) rotated() bool {
	there, err := t.folder.root.Stat(logName)
	if err != nil {
		return false
	}
	if t.file == nil {
		return true
	}
	ours, err := t.file.Stat()
	return err == nil && !os.SameFile(ours, there)
}
