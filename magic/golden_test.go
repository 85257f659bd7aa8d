package magic

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "rewrite the answers in testdata")

// golden runs answer on every file of testdata/NAME.txtar whose name does not
// end in " =>" and compares with the file of that name that does.
func golden(t *testing.T, name string, answer func(text string) string) {
	t.Helper()
	path := filepath.Join("testdata", name+".txtar")
	a, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	out := &txtar.Archive{Comment: a.Comment}
	want := map[string]string{}
	for _, f := range a.Files {
		want[f.Name] = string(f.Data)
	}
	for _, f := range a.Files {
		if strings.HasSuffix(f.Name, " =>") {
			continue
		}
		got := answer(string(f.Data))
		out.Files = append(out.Files, f, txtar.File{Name: f.Name + " =>", Data: []byte(got)})
		if w := want[f.Name+" =>"]; w != got && !*update {
			t.Errorf("%s (go test -update accepts it)\n got:\n%s\nwant:\n%s", f.Name, got, w)
		}
	}
	if *update {
		if err := os.WriteFile(path, txtar.Format(out), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestParseGolden(t *testing.T) { golden(t, "cells", describe) }

func TestCommandGolden(t *testing.T) {
	golden(t, "commands", func(text string) string {
		var b strings.Builder
		for line := range strings.Lines(text) {
			b.WriteString(line)
			for _, s := range Parse(strings.TrimSuffix(line, "\n")) {
				b.WriteString("    " + outcome(s) + "\n")
			}
		}
		return b.String()
	})
}

func TestHelpGolden(t *testing.T) {
	golden(t, "help", func(text string) string {
		command, err := Parse(text)[0].Command()
		if err != nil {
			return err.Error() + "\n"
		}
		return command.(Help).Text
	})
}

// describe tells how a cell is parsed, one paragraph a segment.
func describe(text string) string {
	var b strings.Builder
	for _, s := range Parse(text) {
		fmt.Fprintf(&b, "%s, line %d: %q\n", [...]string{"go", "line", "cell", "shell"}[s.Kind], s.Line, s.Text)
		if s.Kind != Go {
			b.WriteString("  " + outcome(s) + "\n")
		}
	}
	return b.String()
}

func outcome(s Segment) string {
	if s.Kind == Go {
		return fmt.Sprintf("go %q", s.Text)
	}
	command, err := s.Command()
	var usage *UsageError
	switch {
	case errors.As(err, &usage):
		return fmt.Sprintf("error: %s | nearest: %s | usage: %s", usage.Message, usage.Nearest, usage.Usage)
	case err != nil:
		return "error of another kind: " + err.Error()
	}
	if help, ok := command.(Help); ok {
		head, _, _ := strings.Cut(help.Text, "\n")
		return fmt.Sprintf("Help{%q} %s", help.Topic, head)
	}
	return strings.TrimPrefix(fmt.Sprintf("%T%+v", command, command), "magic.")
}
