package sparkclient

import (
	"errors"
	"strings"
)

var (
	// ErrSessionLost says that the server no longer has the session: it was
	// restarted, or the session expired. Temporary views, session variables
	// and configuration set in it are gone. The next use of a [Session]
	// after this error begins a new one.
	ErrSessionLost = errors.New("the Spark session is gone")

	// ErrUnauthenticated says that the server refused the token.
	ErrUnauthenticated = errors.New("the Spark server refused the token")

	// ErrUnavailable says that the server cannot be reached.
	ErrUnavailable = errors.New("the Spark server cannot be reached")

	// ErrNoSession says that the process has no Spark session to offer.
	ErrNoSession = errors.New("no Spark session")
)

// Error is what Spark says of a plan that it could not analyse or run
// (FetchErrorDetailsResponse).
type Error struct {
	// Class is the error condition, for example TABLE_OR_VIEW_NOT_FOUND or
	// DIVIDE_BY_ZERO; empty for errors outside Spark's own list.
	Class string
	// SQLState is the five-character SQLSTATE, for example 42P01.
	SQLState string
	// Message is the first, human part; it begins with [Class] as Spark
	// prints it and may have several lines.
	Message string
	// Params are the parameters of the message by name.
	Params map[string]string
	// Contexts say which parts of the query or program are meant.
	Contexts []QueryContext
	// Types are the JVM class of the error and its ancestors.
	Types []string
	// StackTrace is the server's, one frame a line; usually empty.
	StackTrace []string
	// Cause is the error that led to this one, or nil.
	Cause *Error
}

// QueryContext is a part of a query that an error is about.
type QueryContext struct {
	// ObjectType and ObjectName tell what the text belongs to, for example
	// VIEW and v1; both are empty for the query itself.
	ObjectType, ObjectName string
	// Start and Stop are the first and last character of the part in the
	// query, from 0; both are -1 where there is no SQL text.
	Start, Stop int
	// Fragment is that part of the text, or the name of the DataFrame
	// operation.
	Fragment string
	// CallSite is the place in the client's program, where known.
	CallSite string
	// Summary is Spark's own rendering, with carets.
	Summary string
}

// Error is the message, without Spark's stack trace.
func (e *Error) Error() string {
	return strings.TrimSpace(e.Message)
}

// Unwrap gives the cause to errors.As and errors.Is.
func (e *Error) Unwrap() error {
	if e.Cause == nil {
		return nil
	}
	return e.Cause
}

// Causes lists the chain of causes, nearest first.
func (e *Error) Causes() []*Error {
	var causes []*Error
	for c := e.Cause; c != nil; c = c.Cause {
		causes = append(causes, c)
	}
	return causes
}
