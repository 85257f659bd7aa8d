// Package display is what Go cells call to show things: [HTML], [Markdown],
// [PNG], [VegaLite], [Show] for any value, [Progress] bars, and [Input]; and to
// talk to what is in the front end: [OpenComm], [HandleComm].
//
// Every call shows at once and returns a [Handle], through which the same
// output can be replaced later. A type of the user's own shows itself richly
// when it has a method such as HTML() string or PNG() []byte (see [Of]).
//
// The package is linked into every cell that uses it, so it imports only light
// parts of the standard library and knows neither Jupyter nor Spark: where
// outputs go is decided by the [Sink] that the cell's worker installs. Without
// one, in a plain Go program, the text form is printed to standard output.
package display
