// Package sparkclient speaks Spark Connect for a notebook.
//
// A [Session] is one notebook's state on the server: configuration, temporary
// views, artifacts. A [DataFrame] is only a description; nothing reaches the
// server until an action (Count, Collect, Rows, Show, Write…) makes it an
// operation, which streams progress and batches of rows and can be interrupted.
// Whatever reaches the server takes a context first; a transformation does not,
// and an error in it is carried along the chain and returned by the action.
//
// The package is light on purpose: it is compiled into notebook cells, so it
// depends on the standard library and on apd (decimals) alone. gRPC, protobuf
// and Arrow sit behind [Engine], which package sparkclient/connect implements.
//
// It knows nothing of Jupyter: it returns rows, never text/html.
package sparkclient

//go:generate go run ./internal/generate
