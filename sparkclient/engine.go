package sparkclient

import (
	"context"
	"iter"
)

// Engine is one server-side session seen from below: it carries encoded plans
// to a Spark Connect server and brings the answers back. Package
// sparkclient/connect implements it; everything heavy (gRPC, protobuf, Arrow)
// stays behind it so that a cell that uses sparkclient links quickly.
//
// Requests and answers cross as encoded messages of Spark's protos; the Engine
// fills in what every request needs (session id, user context, client type,
// the observed server-side session id) and checks the same in the answers.
//
// All methods may be called from several goroutines. Errors are *[Error] where
// Spark answered, and [ErrSessionLost], [ErrUnauthenticated] or
// [ErrUnavailable] (possibly wrapped) where it could not.
type Engine interface {
	// SessionID is the id of the server-side session, a UUID.
	SessionID() string

	// Execute starts an operation that runs plan, an encoded Plan. The
	// operation carries the tags of [Tags](ctx) and reports to the handlers
	// of [ProgressHandler](ctx) and [AnswerHandler](ctx). When ctx ends before the stream does, the
	// operation is interrupted on the server and the stream's error is
	// ctx.Err().
	Execute(ctx context.Context, plan []byte) (Stream, error)

	// Analyze sends an encoded AnalyzePlanRequest, of which only the member
	// of its oneof is set, and returns the encoded AnalyzePlanResponse.
	Analyze(ctx context.Context, request []byte) ([]byte, error)

	// Config sends an encoded ConfigRequest.Operation and returns the
	// encoded ConfigResponse.
	Config(ctx context.Context, operation []byte) ([]byte, error)

	// Interrupt stops operations of the session and returns their ids.
	Interrupt(ctx context.Context, what Interrupt) ([]string, error)

	// EncodeRows writes rows as one Arrow IPC stream, the data of a
	// LocalRelation. The values of a row are those of the table at
	// [DataType]; the slice may be reused for the next row.
	EncodeRows(schema *StructType, rows iter.Seq[[]any]) ([]byte, error)

	// AddArtifacts uploads files to the session. A name tells the server
	// what it is: jars/x.jar, classes/x.class, files/x, cache/<sha256>.
	AddArtifacts(ctx context.Context, artifacts []Artifact) error

	// ArtifactExists says which of the named artifacts the session has.
	ArtifactExists(ctx context.Context, names []string) (map[string]bool, error)

	// NewSession is another, empty session on the same connection. It costs
	// no request.
	NewSession() Engine

	// CloneSession is another session on the same connection that begins
	// with a copy of this one's configuration and temporary views.
	CloneSession(ctx context.Context) (Engine, error)

	// Release ends the session on the server and lets go of the connection.
	Release(ctx context.Context) error
}

// Artifact is a file for the server: Data, or the file at Path of this machine
// where Path is not empty.
type Artifact struct {
	Name string
	Data []byte
	Path string
}

// Interrupt names the operations to stop: those with the tag, the one with the
// id or, when both are empty, all of the session.
type Interrupt struct {
	Tag         string
	OperationID string
}

// Stream is the answer of one running operation. It belongs to one goroutine.
type Stream interface {
	// OperationID is the UUID of the operation.
	OperationID() string

	// Next waits for the next batch of rows; io.EOF is the end.
	Next() (Batch, error)

	// Schema is the result's schema. It is known once Next returned a batch
	// or io.EOF and nil for an operation without rows.
	Schema() *StructType

	// Answers are the encoded ExecutePlanResponses seen so far that carry
	// something other than rows, progress or completion: what a command
	// answered, observed metrics.
	Answers() [][]byte

	// Close ends the stream. An operation that is still running is
	// interrupted on the server. Close may be called more than once.
	Close() error
}

// Batch is a part of a result, column by column. It is valid until the next
// call of its stream's Next or Close; values taken out of it stay valid.
type Batch interface {
	Len() int
	Columns() []Vector
}

// Vector is one column of a batch. It may also be an [Int64Vector],
// [Float64Vector], [StringVector] or [BoolVector], which give the values of the
// common types without an allocation each.
type Vector interface {
	// IsNull says whether the value in row i is null.
	IsNull(i int) bool
	// Value is the value in row i as in the table at [DataType], nil for null.
	Value(i int) any
}

// Int64Vector holds TINYINT, SMALLINT, INT or BIGINT values.
type Int64Vector interface {
	Vector
	Int64(i int) int64
}

// Float64Vector holds FLOAT or DOUBLE values.
type Float64Vector interface {
	Vector
	Float64(i int) float64
}

// StringVector holds STRING values.
type StringVector interface {
	Vector
	Text(i int) string
}

// BoolVector holds BOOLEAN values.
type BoolVector interface {
	Vector
	Bool(i int) bool
}
