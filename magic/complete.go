package magic

// Candidate is one completion.
type Candidate struct {
	Text string
	Type string // a word of JupyterLab's completer: "magic", "option", "value", …
	Doc  string // one line
}

// Dynamic names a kind of value that only a running notebook knows.
type Dynamic string

// Kinds of dynamic values.
const (
	Profiles  Dynamic = "profile"
	ConfKeys  Dynamic = "conf key"
	Variables Dynamic = "variable" // Go variables
	Tables    Dynamic = "table"
	Views     Dynamic = "view"
	Sessions  Dynamic = "session"
	Running   Dynamic = "operation" // ids of running operations
	UIPages   Dynamic = "page"
	Files     Dynamic = "file"
	Folders   Dynamic = "folder"
	EnvKeys   Dynamic = "environment variable"
)

// Lookup gives the candidates of a dynamic kind; those that do not begin with
// prefix are left out by Complete. nil knows nothing.
type Lookup func(kind Dynamic, prefix string) []Candidate

// Language is whose text stands at the cursor.
type Language string

// Languages of a cell's parts.
const (
	InMagic Language = "magic"
	InGo    Language = "go"
	InSQL   Language = "sql"
	InShell Language = "shell"
	InText  Language = "text" // nothing completes here
)

// Completion is the answer of [Complete]: what could replace text[Start:End].
// Where Language is not InMagic there are no candidates and someone else
// completes: Part is the text in that language, Offset its place in the cell.
type Completion struct {
	Candidates []Candidate
	Start, End int
	Language   Language
	Part       string
	Offset     int
}

// Complete completes at cursor, a byte offset.
func Complete(text string, cursor int, lookup Lookup) Completion { return Completion{} }

// Status answers whether Enter should run a cell in a console.
type Status string

// Statuses of is_complete_reply; AskGo means that the Go text decides.
const (
	Complete_  Status = "complete"
	Incomplete Status = "incomplete"
	AskGo      Status = "go"
)

// IsComplete judges a cell; with AskGo, goText is what to ask about.
func IsComplete(text string) (status Status, goText string) { return Complete_, "" }
