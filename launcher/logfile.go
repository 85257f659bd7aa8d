package launcher

import (
	"errors"
	"io/fs"
	"os"
	"sync"
)

// logLimit is the size at which a log file is put aside; one older part is kept.
const logLimit = 8 * mib

// logFile is server.log. Writing never fails for the writer: a full disk must
// not stop the server; what went wrong first is kept for the report.
type logFile struct {
	folder *folder
	limit  int64

	mu   sync.Mutex // guards the fields below
	file *os.File   // nil when it could not be opened
	size int64
	err  error
}

// openLog starts a new log and puts the one of the last server aside.
func openLog(f *folder, limit int64) *logFile {
	l := &logFile{folder: f, limit: limit}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rotate()
	return l
}

// rotate puts the file aside and opens a new one. mu is held.
func (l *logFile) rotate() {
	if l.file != nil {
		l.note(l.file.Close())
		l.file = nil
	}
	if err := l.folder.root.Rename(logName, logName+".1"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		l.note(err)
	}
	file, err := l.folder.root.OpenFile(logName, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	l.note(err)
	if err == nil {
		l.file = file
	}
	l.size = 0
}

func (l *logFile) note(err error) {
	if l.err == nil {
		l.err = err
	}
}

// write appends to the log.
func (l *logFile) write(text []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.size+int64(len(text)) > l.limit && l.size > 0 {
		l.rotate()
	}
	if l.file == nil {
		return
	}
	n, err := l.file.Write(text)
	l.size += int64(n)
	l.note(err)
}

// failure is the first thing that went wrong.
func (l *logFile) failure() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.err
}

func (l *logFile) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.file != nil {
		l.note(l.file.Close())
		l.file = nil
	}
}
