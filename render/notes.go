package render

import (
	"fmt"
	"strconv"
	"strings"
)

// rowsNote says how many rows are shown of how many, and how to see more.
func (g grid) rowsNote(shown int) string {
	switch {
	case g.Total > int64(shown):
		return fmt.Sprintf("%s of %s", Grouped(int64(shown)), Count(g.Total, "row")) + g.hint("")
	case g.More:
		return "first " + Count(int64(shown), "row") + g.hint("there are more")
	case g.given > shown:
		return fmt.Sprintf("%s of %s", Grouped(int64(shown)), Count(int64(g.given), "row")) + g.hint("")
	}
	return Count(int64(shown), "row")
}

// hint is how to see more, or other words where nobody says how.
func (g grid) hint(otherwise string) string {
	switch {
	case g.Hint != "":
		return "; more with " + g.Hint
	case otherwise != "":
		return "; " + otherwise
	}
	return ""
}

// columnsNote names the columns that are not shown.
func columnsNote(hidden []Column) string {
	const most = 12
	if len(hidden) == 0 {
		return ""
	}
	var names []string
	for i, c := range hidden {
		if i == most {
			names = append(names, "…")
			break
		}
		names = append(names, cut(visible(c.Name), 40))
	}
	return "+ " + Count(int64(len(hidden)), "column") + ": " + strings.Join(names, ", ")
}

// Count is a number with its noun, for people: "336,776 rows".
func Count(n int64, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return Grouped(n) + " " + noun
}

// Grouped writes a count for people: 336,776. Never used for data.
func Grouped(n int64) string {
	s := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, s = "-", s[1:]
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return sign + s
}
