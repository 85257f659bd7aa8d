package worker

import (
	"io"
	"os"
	"sync"

	"gospark/cell/frame"
	"gospark/cell/rt"
)

// streams are what the source of one cell prints to and reads from. While a
// foreground cell runs, its text goes through the process's own streams, like all
// that libraries print, so that its order is the program's and a crash loses
// nothing. All other text goes to the kernel with the run's name.
type streams struct {
	w  *Worker
	id frame.RunID

	// printing is held while the process's own streams are written to, so that
	// nothing is written there any more when detach has returned. It guards own.
	printing sync.RWMutex
	own      bool

	// reading guards line, what is left of the last line that was asked for.
	reading sync.Mutex
	line    []byte
}

// textSize bounds the text in one frame.
const textSize = 1 << 20

func (s *streams) write(to rt.Stream, p []byte) (int, error) {
	if n, done, err := s.writeOwn(to, p); done {
		return n, err
	}
	for sent := 0; sent < len(p); {
		part := p[sent:min(len(p), sent+textSize)]
		if err := s.w.conn.Send(frame.Write{Run: s.id, Stderr: to == rt.Stderr, Text: part}); err != nil {
			return sent, err
		}
		sent += len(part)
	}
	return len(p), nil
}

// writeOwn writes to the process's stream if the run has it.
func (s *streams) writeOwn(to rt.Stream, p []byte) (n int, done bool, err error) {
	s.printing.RLock()
	defer s.printing.RUnlock()
	if !s.own {
		return 0, false, nil
	}
	n, err = s.w.files[to].Write(p)
	return n, true, err
}

// detach takes the process's own streams from the run.
func (s *streams) detach() {
	s.printing.Lock()
	defer s.printing.Unlock()
	s.own = false
}

// read reads of the lines that the person types for this run, and asks for one
// where there is none. The rest of a line goes with the run.
func (s *streams) read(p []byte) (int, error) {
	s.reading.Lock()
	defer s.reading.Unlock()
	if len(s.line) == 0 && len(p) > 0 {
		line, err := s.w.input(rt.Context(), s.id, "", false)
		if err != nil {
			return 0, err
		}
		s.line = []byte(line + "\n")
	}
	n := copy(p, s.line)
	s.line = s.line[n:]
	return n, nil
}

// replaced is the file that user code has put in the place of a stream of the
// process.
func (w *Worker) replaced(s rt.Stream) io.ReadWriter {
	file := [...]*os.File{os.Stdin, os.Stdout, os.Stderr}[s]
	if file == w.files[s] {
		return nil
	}
	return file
}

// logWriter is where package log's standard logger writes: to the run that logs.
type logWriter struct{ file *os.File }

func (l logWriter) Write(p []byte) (int, error) {
	if rt.Running() == nil {
		return l.file.Write(p)
	}
	return rt.Std(rt.Stderr, l.file).Write(p)
}
