package render

import (
	"html"
	"strings"
)

// escape makes data safe inside HTML text and quoted attributes. Everything
// that this package did not write itself goes through here.
func escape(s string) string {
	return html.EscapeString(strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", "\ufffd"), "\ufffd"))
}
