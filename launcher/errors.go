package launcher

import (
	"errors"
	"fmt"
	"strings"
)

// ErrRunning says that a supervisor of this profile is there already.
var ErrRunning = errors.New("a server of this profile is running already")

// ErrNotRunning says that no server of this profile runs.
var ErrNotRunning = errors.New("no server of this profile is running")

// NotFoundError says that a program the server needs is missing or unfit.
type NotFoundError struct {
	What   string // "Spark" or "Java"
	Reason string // what was found, or where it was looked for
	Advice string // the one command or setting that mends it
}

// Error gives the reason and the advice.
func (e *NotFoundError) Error() string { return e.Reason + ": " + e.Advice }

// StartError says why a server did not start.
type StartError struct {
	// Cause is one sentence without a Java stack trace.
	Cause string `json:"cause"`
	// Advice is what to do next; empty when nobody knows.
	Advice string `json:"advice,omitempty"`
	// LogTail holds the last lines that the JVM wrote.
	LogTail []string `json:"log_tail,omitempty"`
	// LogPath is where all of it stands.
	LogPath string `json:"log_path,omitempty"`
}

// Error gives cause and advice.
func (e *StartError) Error() string {
	if e.Advice == "" {
		return "Spark did not start: " + e.Cause
	}
	return "Spark did not start: " + e.Cause + ": " + e.Advice
}

// InUseError says that others hold leases on a server that was to be stopped.
type InUseError struct {
	Clients []Client // the others
}

// Error says how many.
func (e *InUseError) Error() string {
	names := make([]string, 0, len(e.Clients))
	for _, c := range e.Clients {
		if c.Name != "" {
			names = append(names, c.Name)
		}
	}
	who := ""
	if len(names) > 0 {
		who = " (" + strings.Join(names, ", ") + ")"
	}
	return fmt.Sprintf("%d other clients use the server%s", len(e.Clients), who)
}

// GoneError says why the server of a lease is no longer there.
type GoneError struct {
	// Reason is one sentence: it was stopped, it ran out of memory, it was killed.
	Reason string `json:"reason"`
	// Advice is what keeps it from happening again; may be empty.
	Advice string `json:"advice,omitempty"`
}

// Error gives the reason.
func (e *GoneError) Error() string { return e.Reason }
