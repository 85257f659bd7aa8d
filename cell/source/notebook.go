package source


// Notebook is the live state of a session. It is safe for concurrent use.
type Notebook struct{}

type state struct{}


// New returns a notebook that holds only the prelude. A prelude that does not
// compile is an error of the first Compile.
func New(opts Options) *Notebook { return &Notebook{} }

// Compile turns a cell into a unit. A fault of the cell is a *CompileError. The
// state does not change.
func (n *Notebook) Compile(code string, number int) (*Unit, error) { return nil, &CompileError{Number: number} }

// Commit makes u's declarations live, once it is loaded. No other unit may have
// been committed since u was compiled.
func (n *Notebook) Commit(u *Unit) {}

// Original turns generated names in a message back to what the user wrote.
func (n *Notebook) Original(msg string) string { return msg }

// Complete lists what could replace code[start:end]; cursor is a byte offset.
func (n *Notebook) Complete(code string, cursor int) (c []Candidate, start, end int) {
	return nil, cursor, cursor
}

// Inspect describes what stands at cursor. detail 1 adds the source.
func (n *Notebook) Inspect(code string, cursor, detail int) (Doc, bool) { return Doc{}, false }

// IsComplete says whether code is "complete", "incomplete" (and how the next
// line is indented) or "invalid".
func (n *Notebook) IsComplete(code string) (status, indent string) { return "complete", "" }

// Vars lists the live variables by name.
func (n *Notebook) Vars() []Var { return nil }

// Reset forgets all cells; the prelude stays.
func (n *Notebook) Reset() {}
