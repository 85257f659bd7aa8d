package render

import (
	"time"

	"gospark/display"
)

// Operation is the state of one running Spark operation, or of any other wait.
// The zero value of a field means that it is not known.
type Operation struct {
	Label   string // what runs, one line: "SELECT count(*) FROM flights"
	Stages  []Stage
	Running int64 // tasks in flight
	Rows    int64 // result rows that arrived
	Elapsed time.Duration
	Link    string // page of the operation in the Spark UI
	// Failed and Finished make the line a summary.
	Failed, Finished bool
}

// Stage is one stage of an operation.
type Stage struct {
	ID          int64
	Tasks, Done int64
	Bytes       int64 // read so far
	Complete    bool
}

// Progress is one line per operation, made to be updated in place: a slim bar
// and words. An operation without stages has a bar that only shows life.
func Progress(ops ...Operation) display.Bundle { return display.Bundle{} }

// Gone replaces a progress line that is no longer needed.
func Gone() display.Bundle { return display.Rich("text/html", "", "") }
