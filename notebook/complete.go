package notebook

import (
	"cmp"
	"context"
	"os"
	"path/filepath"
	"strings"

	"gospark/cell/source"
	"gospark/display"
	"gospark/kernel"
	"gospark/kernel/wire"
	"gospark/launcher/profile"
	"gospark/magic"
)

// Complete answers Tab: magics and their options here, names of tables inside
// SQL from the catalog, everything else as Go.
func (n *Notebook) Complete(ctx context.Context, code string, cursor int) (kernel.Completion, error) {
	found := magic.Complete(code, cursor, n.lookup(ctx))
	switch found.Language {
	case magic.InMagic:
		return fromMagic(found), nil
	case magic.InSQL:
		return n.completeSQL(ctx, found.Part, cursor-found.Offset, found.Offset), nil
	case magic.InGo:
		return n.completeGo(found.Part, cursor-found.Offset, found.Offset), nil
	}
	return kernel.Completion{Start: cursor, End: cursor}, nil
}

func fromMagic(found magic.Completion) kernel.Completion {
	c := kernel.Completion{Start: found.Start, End: found.End}
	for _, m := range found.Candidates {
		c.Matches = append(c.Matches, kernel.Match{Text: m.Text, Type: m.Type, Signature: m.Doc})
	}
	return c
}

func (n *Notebook) completeGo(code string, cursor, offset int) kernel.Completion {
	candidates, start, end := n.cells.Complete(code, cursor)
	c := kernel.Completion{Start: start + offset, End: end + offset}
	for _, m := range candidates {
		c.Matches = append(c.Matches, kernel.Match{Text: m.Text, Type: m.Kind, Signature: m.Detail})
	}
	if path, start, ok := source.StringBefore(code, cursor); ok {
		c.Start = start + offset
		hidden := strings.HasPrefix(filepath.Base(path), ".") // . and .. too
		for _, m := range pathsLike(path, false) {
			if strings.HasPrefix(m.Text, path) && (hidden || !strings.HasPrefix(filepath.Base(m.Text), ".")) {
				c.Matches = append(c.Matches, kernel.Match{Text: m.Text, Type: m.Type})
			}
		}
	}
	return c
}

// lookup answers what completion of magics asks of a running notebook.
func (n *Notebook) lookup(ctx context.Context) magic.Lookup {
	return func(kind magic.Dynamic, prefix string) []magic.Candidate {
		ctx, cancel := context.WithTimeout(ctx, catalogWait)
		defer cancel()
		s, _ := n.spark.peek()
		switch kind {
		case magic.Tables, magic.Views:
			return candidates(n.tablesIn(ctx, s, ""))
		case magic.ConfKeys:
			return candidates(n.settings(ctx, s))
		case magic.Variables:
			var found []magic.Candidate
			for _, v := range n.cells.Vars() {
				found = append(found, magic.Candidate{Text: v.Name, Type: "variable", Doc: v.Type})
			}
			return found
		case magic.Running:
			return n.operations()
		case magic.Sessions:
			return n.sessionNames(s)
		case magic.Files, magic.Folders:
			return pathsLike(prefix, kind == magic.Folders)
		case magic.EnvKeys:
			var found []magic.Candidate
			for _, pair := range os.Environ() {
				key, _, _ := strings.Cut(pair, "=")
				found = append(found, magic.Candidate{Text: key})
			}
			return found
		case magic.Profiles:
			var found []magic.Candidate
			for _, name := range profile.Load(n.profiles).Names(false) {
				found = append(found, magic.Candidate{Text: name, Type: "profile"})
			}
			return found
		}
		return nil
	}
}

// operations are those that the kernel runs for cells.
func (n *Notebook) operations() []magic.Candidate {
	var found []magic.Candidate
	for _, r := range n.running.all() {
		for id, label := range r.track.Running() {
			found = append(found, magic.Candidate{Text: id, Doc: label})
		}
	}
	return found
}

// sessionNames are the sessions that can be used.
func (n *Notebook) sessionNames(s state) []magic.Candidate {
	if s.stage != ready {
		return nil
	}
	all, err := n.sharedSessions(s)
	if err != nil {
		return nil
	}
	var found []magic.Candidate
	for _, one := range all {
		found = append(found, magic.Candidate{Text: one.Name, Doc: one.Notebook})
	}
	return found
}

func candidates(matches []kernel.Match) []magic.Candidate {
	found := make([]magic.Candidate, len(matches))
	for i, m := range matches {
		found[i] = magic.Candidate{Text: m.Text, Type: m.Type, Doc: m.Signature}
	}
	return found
}

// pathsLike are the files and folders that a path could become.
func pathsLike(prefix string, foldersOnly bool) []magic.Candidate {
	dir, _ := filepath.Split(prefix)
	entries, err := os.ReadDir(cmp.Or(dir, "."))
	if err != nil {
		return nil
	}
	var found []magic.Candidate
	for _, e := range entries {
		switch path := dir + e.Name(); {
		case e.IsDir():
			found = append(found, magic.Candidate{Text: path + "/", Type: "folder"})
		case !foldersOnly:
			found = append(found, magic.Candidate{Text: path, Type: "file"})
		}
	}
	return found
}

// Inspect answers Shift-Tab for Go, and for a magic with its help.
func (n *Notebook) Inspect(ctx context.Context, code string, cursor, detail int) (*display.Bundle, error) {
	part := magic.Complete(code, cursor, nil)
	switch part.Language {
	case magic.InGo:
		doc, ok := n.cells.Inspect(part.Part, cursor-part.Offset, detail)
		if !ok {
			return nil, nil
		}
		page := docPage(doc)
		return &page, nil
	case magic.InSQL:
		return n.inspectSQL(ctx, part.Part, cursor-part.Offset), nil
	}
	return nil, nil
}

// docPage shows what is known of a Go symbol.
func docPage(doc source.Doc) display.Bundle {
	var markdown strings.Builder
	plain := strings.TrimSpace(doc.Signature + "\n\n" + doc.Text)
	markdown.WriteString("```go\n" + doc.Signature + "\n```\n\n" + doc.Text + "\n")
	if doc.Path != "" {
		markdown.WriteString("\n*" + doc.Path + "*\n")
		plain += "\n\n" + doc.Path
	}
	if doc.Source != "" {
		markdown.WriteString("\n```go\n" + doc.Source + "\n```\n")
		plain += "\n\n" + doc.Source
	}
	return display.Rich("text/markdown", markdown.String(), plain)
}

// IsComplete says whether Enter runs a console's input.
func (n *Notebook) IsComplete(_ context.Context, code string) (wire.IsCompleteReply, error) {
	status, goText := magic.IsComplete(code)
	indent := ""
	if status == magic.AskGo {
		s, in := n.cells.IsComplete(goText)
		status, indent = magic.Status(s), in
	}
	return wire.IsCompleteReply{Status: wire.Completeness(status), Indent: indent}, nil
}
