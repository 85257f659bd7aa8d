package rt

import (
	"io"
)

// This file holds what generated code calls in the place of fmt's functions and of
// os.Stdin, os.Stdout and os.Stderr: each run has streams of its own, so that what
// a cell's goroutines print while other cells run is the cell's.

// Stream is one of a run's standard streams, by its file descriptor.
type Stream int

// The standard streams.
const (
	Stdin Stream = iota
	Stdout
	Stderr
)

// Prints turns fmt.Fprint and fmt.Fprintln into fmt.Print and fmt.Println of the
// calling goroutine's run.
func Prints(print func(io.Writer, ...any) (int, error)) func(...any) (int, error) {
	return func(v ...any) (int, error) { return print(current(Stdout), v...) }
}

// Printsf is [Prints] for fmt.Printf.
func Printsf(print func(io.Writer, string, ...any) (int, error)) func(string, ...any) (int, error) {
	return func(format string, v ...any) (int, error) { return print(current(Stdout), format, v...) }
}

// Scans turns fmt.Fscan and fmt.Fscanln into fmt.Scan and fmt.Scanln of the
// calling goroutine's run.
func Scans(scan func(io.Reader, ...any) (int, error)) func(...any) (int, error) {
	return func(v ...any) (int, error) { return scan(current(Stdin), v...) }
}

// Scansf is [Scans] for fmt.Scanf.
func Scansf(scan func(io.Reader, string, ...any) (int, error)) func(string, ...any) (int, error) {
	return func(format string, v ...any) (int, error) { return scan(current(Stdin), format, v...) }
}

// File is what [Std] takes and gives: *os.File is one.
type File interface {
	io.ReadWriter
	io.StringWriter
}

// Std is the run's stream in the place of file, which is os.Stdin, os.Stdout or
// os.Stderr; file itself where user code has put another file there.
func Std(s Stream, file File) File {
	if named, ok := file.(interface{ Name() string }); ok && named.Name() == s.name() {
		return stream{s}
	}
	return file
}

// name is the one that package os gives to its file.
func (s Stream) name() string { return [...]string{"/dev/stdin", "/dev/stdout", "/dev/stderr"}[s] }

// current is where a stream leads now.
func current(s Stream) io.ReadWriter {
	r := Running()
	if r == nil {
		return stream{s}
	}
	if r.info.Replaced != nil {
		if file := r.info.Replaced(s); file != nil {
			return file
		}
	}
	return &r.std[s]
}

// stream is a standard stream of whichever run uses it.
type stream struct{ s Stream }

func (o stream) Write(p []byte) (int, error) {
	if r := Running(); r != nil {
		return r.std[o.s].Write(p)
	}
	return 0, io.ErrClosedPipe
}

func (o stream) WriteString(s string) (int, error) { return o.Write([]byte(s)) }

func (o stream) Read(p []byte) (int, error) {
	if r := Running(); r != nil {
		return r.std[o.s].Read(p)
	}
	return 0, io.EOF
}

// runStream is a standard stream of one run.
type runStream struct {
	run *Run
	s   Stream
}

func (o *runStream) Write(p []byte) (int, error) {
	if write := o.run.info.Write; write != nil {
		return write(o.s, p)
	}
	return 0, io.ErrClosedPipe
}

func (o *runStream) Read(p []byte) (int, error) {
	if read := o.run.info.Read; read != nil {
		return read(p)
	}
	return 0, io.EOF
}
