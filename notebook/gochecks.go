package notebook

import (
	"context"
	"errors"
	"strings"

	"gospark/cell/source"
	"gospark/display"
	"gospark/magic"
)

// errFormatted ends a cell whose text is replaced: nothing of it runs.
var errFormatted = errors.New("the cell was formatted")

// format is %go fmt: the Go of the cell formatted, the rest as it stands.
func (r *run) format() error {
	var b strings.Builder
	for _, part := range magic.Parse(r.cell.Code) {
		if part.Kind == magic.Line && part.Name == "go" {
			if command, err := part.Command(); err == nil && command == (magic.GoFmt{}) {
				continue
			}
		}
		text := part.Text
		if part.Kind == magic.Go {
			var err error
			if text, err = source.Format(part.Source()); err != nil {
				return err
			}
			text = strings.TrimLeft(text, "\n")
		}
		b.WriteString(text)
	}
	r.text = b.String()
	return errFormatted
}

// bench is %%bench.
func (n *Notebook) bench(ctx context.Context, r *run, c magic.Bench) (*display.Bundle, error) {
	return n.runAside(ctx, r, source.Bench(c.Text, c.Line), nil)
}

// errNoTests is a %%test without a test.
var errNoTests = errors.New("there is no test in this cell: a function TestXxx(t *testing.T)")

// test is %%test: the cell as any other, then the tests that it declares.
func (n *Notebook) test(ctx context.Context, r *run, c magic.Test) (*display.Bundle, error) {
	names := source.Tests(c.Text)
	if len(names) == 0 {
		return nil, errNoTests
	}
	if _, err := n.runGo(ctx, r, strings.Repeat("\n", max(c.Line-1, 0))+c.Text); err != nil {
		return nil, err
	}
	return n.runAside(ctx, r, source.RunTests(names, c.Run), nil)
}
