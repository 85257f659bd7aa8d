package magic

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/rogpeppe/go-internal/txtar"
)

// Whatever a cell is: its segments joined are the cell, nothing panics, errors
// are usage errors, lines are counted right.
func FuzzParse(f *testing.F) {
	for _, file := range []string{"testdata/cells.txtar", "testdata/commands.txtar"} {
		a, err := txtar.ParseFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for _, part := range a.Files {
			if !strings.HasSuffix(part.Name, "=>") {
				f.Add(string(part.Data))
			}
		}
	}
	f.Fuzz(func(t *testing.T, cell string) {
		var joined strings.Builder
		all := Parse(cell)
		for _, s := range all {
			checkSegment(t, cell, s, joined.Len())
			joined.WriteString(s.Text)
		}
		if joined.String() != cell {
			t.Fatalf("%q became %q", cell, joined.String())
		}
		if blank := goOnly(all); len(blank) != len(cell) || strings.Count(blank, "\n") != strings.Count(cell, "\n") {
			t.Fatalf("%q blanked to %q", cell, blank)
		}
		IsComplete(cell)
	})
}

func checkSegment(t *testing.T, cell string, s Segment, at int) {
	t.Helper()
	if s.start != at {
		t.Fatalf("%q: a segment begins at %d, not %d", cell, s.start, at)
	}
	if s.Kind == Go {
		if got := strings.Count(s.Source()[:len(s.Source())-len(s.Text)], "\n"); got != strings.Count(cell[:at], "\n") {
			t.Fatalf("%q: Go is %d lines down", cell, got)
		}
		return
	}
	if !strings.HasPrefix(cell[s.argsAt:], s.Args) || s.Kind == Cell && cell[s.bodyAt:] != s.Body {
		t.Fatalf("%q: wrong places in %+v", cell, s)
	}
	var usage *UsageError
	if command, err := s.Command(); err != nil && !errors.As(err, &usage) {
		t.Fatalf("%q: %v", cell, err)
	} else if sql, ok := command.(SQL); ok && !strings.Contains(cell, strings.Split(sql.Query, "\n")[0]) {
		t.Fatalf("%q: query %q", cell, sql.Query)
	}
}

func FuzzComplete(f *testing.F) {
	f.Add("%spark start --conf a", 12)
	f.Add("%%sql -o a\nSELECT", 15)
	f.Add("%time %time %sql -n 5 x", 20)
	f.Fuzz(func(t *testing.T, cell string, cursor int) {
		if !utf8.ValidString(cell) {
			return
		}
		c := Complete(cell, cursor, known)
		cursor = min(max(cursor, 0), len(cell))
		if c.Start < 0 || c.Start > cursor || c.End < cursor || c.End > len(cell) || cursor < c.Offset {
			t.Fatalf("%q at %d: %+v", cell, cursor, c)
		}
	})
}
