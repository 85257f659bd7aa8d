package notebook

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"gospark/kernel"
	"gospark/launcher/profile"
	"gospark/nearest"
	"gospark/render"
)

// advised adds to a failure what the catalog and the administrator know of it.
// The profile files are read at each error, so that a change tells at once.
func (n *Notebook) advised(ctx context.Context, f render.Failure) render.Failure {
	f.Advice = append(n.closest(ctx, f), f.Advice...)
	all := f.Name + ": " + f.Message + "\n" + f.Details
	for _, a := range profile.Load(n.profiles).Advice {
		pattern, err := regexp.Compile(a.Pattern)
		if err != nil { // the files' check has refused it
			continue
		}
		match := pattern.FindStringSubmatchIndex(all)
		said := string(pattern.ExpandString(nil, a.Advice, all, match))
		if match != nil && !slices.Contains(f.Advice, said) {
			f.Advice = append(f.Advice, said)
		}
	}
	return f
}

// closest looks for the table or function that was probably meant, in what is
// known of the catalog.
func (n *Notebook) closest(ctx context.Context, f render.Failure) []string {
	s, _ := n.spark.peek()
	var known []kernel.Match
	ctx, cancel := context.WithTimeout(ctx, catalogWait)
	defer cancel()
	class, _, _ := strings.Cut(f.Name, ".")
	switch class {
	case "TABLE_OR_VIEW_NOT_FOUND":
		known = n.tablesIn(ctx, s, "")
	case "UNRESOLVED_ROUTINE":
		known = n.functions(ctx, s)
	default:
		return nil
	}
	names := make([]string, len(known))
	for i, m := range known {
		names[i] = m.Text
	}
	wrong := quotedName(f.Message)
	if near := nearest.Of(wrong, names); near != "" && near != wrong {
		return []string{"did you mean `" + near + "`?"}
	}
	return nil
}

// quotedName is the last part of the first name in backquotes.
func quotedName(message string) string {
	_, rest, ok := strings.Cut(message, "`")
	if !ok {
		return ""
	}
	name, after, _ := strings.Cut(rest, "`")
	for strings.HasPrefix(after, ".`") {
		name, after, _ = strings.Cut(after[2:], "`")
	}
	return name
}
