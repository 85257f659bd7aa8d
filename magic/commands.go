package magic

// Command is what a person asked for: one of the types of this package, which
// stand beside the description of their magic (spark.go, sql.go, gotools.go,
// system.go).
type Command interface{ command() }

// Setting is one key=value.
type Setting struct{ Key, Value string }

// UsageError is a magic that was typed wrong. Its message is made for people.
type UsageError struct {
	Magic   string // "%spark start"; may be empty
	Message string // "there is no option --mastr"
	Nearest string // what was probably meant: "--master"; may be empty
	Usage   string // "%spark start [-m URL] [-c K=V]… [PROFILE]"; may be empty
}

func (e *UsageError) Error() string {
	if e.Nearest != "" {
		return e.Message + "; did you mean " + e.Nearest + "?"
	}
	return e.Message
}
