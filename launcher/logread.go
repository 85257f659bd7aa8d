package launcher

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"syscall"
	"time"
)

const (
	// readMost bounds what one call of ReadLog returns, in bytes.
	readMost = 512 << 10
	// readPoll is how often a log is looked at while there is nothing new.
	readPoll = 200 * time.Millisecond
	// birthmark is how much of a file's beginning tells it from others.
	birthmark = 32
)

// LogPlace is a place in the log of a profile's server. The zero value is the
// beginning of what is kept.
type LogPlace struct {
	// File tells the part of the log; it stays the same when the part is put
	// aside.
	File string `json:"file,omitempty"`
	// Offset is in bytes.
	Offset int64 `json:"offset"`
}

// LogPart is what stands after a place.
type LogPart struct {
	// Text is whole lines, with their ends.
	Text []byte
	// Next is where to go on.
	Next LogPlace
	// Gap says that something is missing before Text: it is kept no more.
	Gap bool
	// Left is how much more there is at this moment, in bytes.
	Left int64
}

// ReadLog returns what stands in a profile's log after a place, at most half a
// megabyte of it, also where the server has ended. Where there is nothing it waits
// until there is; a profile that never had a server is waited for, too.
func ReadLog(ctx context.Context, o Options, profile string, after LogPlace) (LogPart, error) {
	for {
		part, err := readLog(o.withDefaults(), profile, after)
		if err != nil || len(part.Text) > 0 {
			return part, err
		}
		if err := pause(ctx, readPoll); err != nil {
			return part, err
		}
	}
}

func readLog(o Options, profile string, after LogPlace) (LogPart, error) {
	f, err := openExisting(o, profile)
	if errors.Is(err, ErrNotRunning) {
		return LogPart{Next: after}, nil
	}
	if err != nil {
		return LogPart{}, err
	}
	defer f.close()
	parts, err := f.logParts()
	defer func() {
		for _, p := range parts {
			p.file.Close()
		}
	}()
	if err != nil {
		return LogPart{}, err
	}
	return readParts(parts, after)
}

// logPart is one file of the log.
type logPart struct {
	file *os.File
	id   string
	size int64
}

// logParts opens the files of the log, the older one first. A file that has only
// just begun is left out: nothing tells it from others yet.
func (f *folder) logParts() ([]logPart, error) {
	var parts []logPart
	for _, name := range []string{logName + ".1", logName} {
		file, err := f.root.Open(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return parts, fmt.Errorf("open the server's log: %w", err)
		}
		p := logPart{file: file}
		if p.id, p.size, err = identify(file); err != nil || p.size < birthmark {
			file.Close()
			if err != nil {
				return parts, fmt.Errorf("read the server's log: %w", err)
			}
			continue
		}
		if len(parts) > 0 && parts[0].id == p.id { // it was put aside between the two looks
			file.Close()
			continue
		}
		parts = append(parts, p)
	}
	return parts, nil
}

// identify tells a file by its place on the disk and how it begins: the system
// gives the place of a removed file to a new one.
func identify(file *os.File) (id string, size int64, err error) {
	fi, err := file.Stat()
	if err != nil {
		return "", 0, err
	}
	begin := make([]byte, birthmark)
	if _, err := file.ReadAt(begin, 0); errors.Is(err, io.EOF) {
		return "", 0, nil
	} else if err != nil {
		return "", 0, err
	}
	var inode uint64
	if st, ok := fi.Sys().(*syscall.Stat_t); ok {
		inode = st.Ino
	}
	return fmt.Sprintf("%x-%x", inode, crc32.ChecksumIEEE(begin)), fi.Size(), nil
}

// readParts reads the first text that stands after a place.
func readParts(parts []logPart, after LogPlace) (LogPart, error) {
	at, out := 0, LogPart{Next: after}
	for at < len(parts) && parts[at].id != after.File {
		at++
	}
	if at == len(parts) { // a new reader, or one that was away for long
		at, out.Gap, after = 0, after.File != "", LogPlace{}
	}
	for ; at < len(parts); at++ {
		p := parts[at]
		text, err := p.linesAfter(after.Offset)
		if err != nil {
			return LogPart{}, fmt.Errorf("read the server's log: %w", err)
		}
		if len(text) > 0 {
			out.Text = text
			out.Next = LogPlace{File: p.id, Offset: after.Offset + int64(len(text))}
			out.Left = p.size - out.Next.Offset
			for _, later := range parts[at+1:] {
				out.Left += later.size
			}
			return out, nil
		}
		after = LogPlace{}
	}
	return out, nil
}

// linesAfter reads whole lines; a line that is longer than one read is cut.
func (p logPart) linesAfter(offset int64) ([]byte, error) {
	if offset >= p.size {
		return nil, nil
	}
	text := make([]byte, min(readMost, p.size-offset))
	n, err := p.file.ReadAt(text, offset)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	text = text[:n]
	if end := bytes.LastIndexByte(text, '\n'); end >= 0 {
		return text[:end+1], nil
	}
	if len(text) == readMost {
		return text, nil
	}
	return nil, nil
}
