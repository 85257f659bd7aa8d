package notebook

import (
	"fmt"
	"log/slog"
	"math"
	"os"
	"strconv"
	"strings"

	"gospark/kernel"
)

// limitVariable sets how much text a cell may show: 50MB, 0 for no limit. %env
// changes it for the cells that follow.
const limitVariable = "GOSPARK_OUTPUT_LIMIT"

// OutputLimit looks up what a cell may show, anew for each cell.
func OutputLimit(log *slog.Logger) func() kernel.Limit {
	return func() kernel.Limit {
		limit := kernel.DefaultLimit()
		value := os.Getenv(limitVariable)
		if value == "" {
			return limit
		}
		n, err := parseSize(value)
		if err != nil {
			log.Warn("the limit of a cell's output stays as it is", "variable", limitVariable, "err", err)
			return limit
		}
		if n == 0 {
			return kernel.Limit{}
		}
		limit.Text = n
		return limit
	}
}

// parseSize reads a number of bytes: 50MB, 1.5 GB, 0.
func parseSize(s string) (int, error) {
	number, factor := strings.ToUpper(strings.TrimSpace(s)), 1.0
	for _, unit := range []struct {
		name  string
		bytes float64
	}{{"KB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"B", 1}} {
		if rest, ok := strings.CutSuffix(number, unit.name); ok {
			number, factor = strings.TrimSpace(rest), unit.bytes
			break
		}
	}
	n, err := strconv.ParseFloat(number, 64)
	if err != nil || n < 0 || n*factor > math.MaxInt || math.IsNaN(n) {
		return 0, fmt.Errorf("%q is no size: write 50MB, or 0 for no limit", s)
	}
	return int(n * factor), nil
}

// OverflowNotice says in a cell what it could not show, where it is, and how to
// see more.
func OverflowNotice(o kernel.Overflow) string {
	var b strings.Builder
	if !o.Ended {
		fmt.Fprintf(&b, "\nThis cell has shown as much as a cell may (%s of text, %d outputs); it goes on running.\n", size(o.Limit.Text), o.Limit.Outputs)
		if o.File != "" {
			fmt.Fprintf(&b, "The rest of its text goes to %s\n", o.File)
		}
		fmt.Fprintf(&b, "`%%env %s=100MB` lets the cells that follow show more, 0 sets no limit.\n", limitVariable)
		return b.String()
	}
	b.WriteString("Left out here: " + size(o.Text) + " of text")
	if o.Outputs > 0 {
		fmt.Fprintf(&b, " and %d output%s", o.Outputs, plural(o.Outputs))
	}
	switch {
	case o.Lost == 0 && o.Text > 0:
		b.WriteString("; the text is in " + o.File)
	case o.Lost > 0 && o.File != "":
		fmt.Fprintf(&b, "; all but the last %s of the text is in %s", size(o.Lost), o.File)
	case o.Lost > 0:
		b.WriteString("; it could not be kept, because no file could be written")
	}
	return b.String() + "\n"
}

// size writes a number of bytes for people: 20 MB.
func size(n int) string {
	switch {
	case n >= 1e9:
		return strconv.FormatFloat(float64(n)/1e9, 'f', 1, 64) + " GB"
	case n >= 1e6:
		return strconv.Itoa(n/1e6) + " MB"
	case n >= 1e3:
		return strconv.Itoa(n/1e3) + " kB"
	}
	return strconv.Itoa(n) + " bytes"
}
