package magic

import "strings"

// Status answers whether Enter should run a cell in a console.
type Status string

// Statuses of is_complete_reply; AskGo means that the Go text decides.
const (
	Ready      Status = "complete"
	Incomplete Status = "incomplete"
	AskGo      Status = "go"
)

// IsComplete judges a cell; with AskGo, goText is what to ask about: the cell
// with all but Go blanked out. A %%magic goes on until an empty line, SQL also
// until a semicolon.
func IsComplete(text string) (status Status, goText string) {
	all := Parse(text)
	if len(all) == 0 {
		return Ready, ""
	}
	last := all[len(all)-1]
	switch {
	case last.Kind == Go:
		return AskGo, goOnly(all)
	case last.Kind == Cell:
		return last.bodyStatus()
	case strings.HasSuffix(strings.TrimRight(text, " \t\r\n"), `\`) && !endsWithBlankLine(text):
		return Incomplete, ""
	}
	return Ready, ""
}

func (s Segment) bodyStatus() (Status, string) {
	switch body := strings.TrimSpace(s.Body); {
	case strings.Contains(s.Args, "--help"), body == "" && s.saysAllOnOneLine():
		return Ready, ""
	case s.Name == "time" && body != "":
		return IsComplete(s.Body)
	case s.Name == "sql" && strings.HasSuffix(body, ";"), body != "" && endsWithBlankLine(s.Body):
		return Ready, ""
	}
	return Incomplete, ""
}

// saysAllOnOneLine reports whether a cell magic has its text on its own line,
// as in %%sql SELECT 1.
func (s Segment) saysAllOnOneLine() bool {
	sp, taken, ok := find(s.typed(), split(s.Args))
	if !ok || !sp.raw {
		return !ok
	}
	in, _, err := sp.read(s, split(s.Args)[taken:])
	return err != nil || in.rest != ""
}

func endsWithBlankLine(text string) bool {
	at := strings.LastIndexByte(text, '\n')
	return at >= 0 && strings.TrimSpace(text[at:]) == "" && strings.TrimSpace(text[:at]) != ""
}
