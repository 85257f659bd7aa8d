package profile

import (
	"strings"
)

// A Problem is something in a file that cannot be used as it stands.
type Problem struct {
	Origin
	// Profile or bundle that it is about; empty for the file as a whole.
	About string `json:"about,omitempty"`
	// Text says what is wrong, Advice what was probably meant or is to do.
	Text   string `json:"text"`
	Advice string `json:"advice,omitempty"`
	// Mild marks what only deserves a look: the profile works.
	Mild bool `json:"mild,omitempty"`
}

// Error is one line: place, what is wrong, advice.
func (p *Problem) Error() string {
	var b strings.Builder
	b.WriteString(p.Origin.String() + ": " + p.Text)
	if p.Advice != "" {
		b.WriteString("; " + p.Advice)
	}
	return b.String()
}
