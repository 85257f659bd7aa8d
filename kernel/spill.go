package kernel

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// Bounds of the text that cells could not show.
const (
	spillBytes = 256 << 20          // of one kernel
	spillAge   = 7 * 24 * time.Hour // after which the folder of a former kernel goes
)

// spills are the files with the text that cells could not show, in a folder of
// this kernel. They outlive it: a job that has ended has its output.
type spills struct {
	parent string // "" is the system's folder for temporary files

	// mu guards the fields below.
	mu     sync.Mutex
	folder string // "": not yet needed
	held   int    // bytes in all files
}

// create makes the file of a cell, for this user only, and returns its name.
func (s *spills) create(number int) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.folder == "" {
		parent := s.parent
		if parent == "" {
			parent = os.TempDir()
		}
		tidy(parent)
		folder, err := os.MkdirTemp(parent, "gospark-output-*")
		if err != nil {
			return "", fmt.Errorf("make a folder for output: %w", err)
		}
		s.folder = folder
	}
	f, err := os.CreateTemp(s.folder, fmt.Sprintf("cell-%d-*.txt", number))
	if err != nil {
		return "", fmt.Errorf("make a file for output: %w", err)
	}
	return f.Name(), f.Close()
}

// tidy removes the folders of former kernels; those of other users stay.
func tidy(parent string) {
	folders, _ := filepath.Glob(filepath.Join(parent, "gospark-output-*"))
	for _, f := range folders {
		if i, err := os.Lstat(f); err == nil && i.IsDir() && time.Since(i.ModTime()) > spillAge {
			_ = os.RemoveAll(f)
		}
	}
}

// write appends to a file and returns how much of text it took: the last of it
// is lost where there is no more room.
func (s *spills) write(file string, text []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	text = text[:min(len(text), spillBytes-s.held)]
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return 0, fmt.Errorf("keep output: %w", err)
	}
	n, err := f.Write(text)
	s.held += n
	if err = errors.Join(err, f.Close()); err != nil {
		return n, fmt.Errorf("keep output: %w", err)
	}
	return n, nil
}
