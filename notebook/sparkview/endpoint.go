package sparkview

// Endpoint tells the worker how to join the notebook's session. URL holds the
// token: it travels over the worker's private socket and is never shown.
type Endpoint struct {
	URL     string `json:"url"`
	User    string `json:"user"`
	Session string `json:"session"`
	Epoch   int    `json:"epoch"` // counts the notebook's sessions
}

// Keys of what goes with every Go cell to the worker.
const (
	MetaTag    = "spark-tag"    // of the cell's operations
	MetaEpoch  = "spark-epoch"  // of the session that is current
	MetaFolder = "spark-folder" // of relative paths; absent where the server is elsewhere
	MetaLink   = "spark-link"   // page of the session in the Spark UI; absent where there is none
	MetaVars   = "go-vars"      // the cell's value are those of variables, and this is their [Variables]
	MetaBind   = "spark-bind"   // the cell's value are arguments for a query of the kernel's
)
