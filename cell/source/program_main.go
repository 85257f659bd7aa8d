package source

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

// cellText is what a cell's statements are in main; "" for none.
func (p *program) cellText(r *record) string {
	end := r.end()
	var inits string
	for _, d := range r.inits {
		if f, ok := d.node.(*ast.FuncDecl); ok && d.names0() == "init" && f.Body != nil {
			edits := append(p.renames(d.text, d.refs), d.plain...)
			inits += "func() " + d.text.apply(r.span(f.Body), edits, "") + "()\n"
		}
	}
	within := slices.DeleteFunc(slices.Clone(r.refs), func(ref ref) bool { return ref.start >= end })
	edits := slices.Concat(p.renames(r.text, within), r.edits, p.defEdits(r), p.removals(r))
	edits = append(edits, p.orderEdits(r, edits)...)
	edits = append(edits, p.valueEdits(r, edits)...)
	body := strings.TrimSpace(r.text.apply(span{0, end}, edits, ""))
	if len(r.running())+len(r.defs) == 0 {
		body = ""
	}
	if r.callsMain {
		body = p.name(p.nb.state.live["main"]) + "()"
	}
	if inits != "" {
		body = inits + body
	}
	if body == "" || !r.apart() {
		return body
	}
	if r.ownCtx {
		body = copyContext + "\n" + body
		p.prelude["ctx"] = true
	}
	return "func() {\n" + body + "\n}()"
}

// removals take away what is no statement: it stands outside of main.
func (p *program) removals(r *record) []edit {
	var out []edit
	remove := func(from, to int) {
		to = p.withComment(r.text, to)
		out = append(out, edit{off: from, del: to - from, prio: moveAway})
	}
	for _, s := range r.blanks {
		remove(s.start, s.end)
	}
	for _, s := range r.stmts {
		d, ok := s.(*ast.DeclStmt)
		if !ok {
			continue
		}
		if g, ok := d.Decl.(*ast.GenDecl); ok && g.Tok != token.VAR {
			at := r.span(g)
			remove(p.scans[r.text].docStart(r.code, at.start), at.end)
		}
	}
	return out
}

// defEdits let a declaration of variables that are there already be an assignment,
// and use those that Go finds unused.
func (p *program) defEdits(r *record) []edit {
	var out []edit
	done := map[ast.Stmt]bool{}
	for _, d := range r.defs {
		var used []string
		for _, v := range d.vars {
			if p.unused[v] && !p.globals[v] {
				used = append(used, "; _ = "+p.name(v))
			}
		}
		if len(used) > 0 {
			out = append(out, edit{off: r.offset(d.stmt.End()), ins: strings.Join(used, ""), prio: after})
		}
		if done[d.stmt] {
			continue
		}
		done[d.stmt] = true
		switch s := d.stmt.(type) {
		case *ast.AssignStmt:
			if !slices.ContainsFunc(r.assigned(s), func(v *entity) bool { return p.first[v] == s && !p.globals[v] }) {
				out = append(out, edit{off: r.offset(s.TokPos), del: len(":="), ins: "="})
			}
		case *ast.DeclStmt:
			if slices.ContainsFunc(d.vars, func(v *entity) bool { return p.globals[v] }) {
				out = append(out, p.assignments(r, s.Decl.(*ast.GenDecl))...)
			}
		}
	}
	return out
}

// assignments turn a var declaration to assignments.
func (p *program) assignments(r *record, g *ast.GenDecl) []edit {
	at := r.offset
	cut := func(from, to token.Pos) edit { return edit{off: at(from), del: at(to) - at(from)} }
	out := []edit{cut(g.TokPos, g.TokPos+token.Pos(len("var")))}
	if g.Lparen.IsValid() {
		out = append(out, cut(g.Lparen, g.Lparen+1), cut(g.Rparen, g.Rparen+1))
	}
	for _, s := range g.Specs {
		vs := s.(*ast.ValueSpec)
		switch {
		case vs.Type != nil && len(vs.Values) > 0 && blankOnly(vs.Names):
			out = append(out, edit{off: at(vs.Pos()), ins: "var "})
		case len(vs.Values) == 0:
			whole := r.span(vs)
			out = append(out, edit{off: whole.start, del: whole.end - whole.start, ins: p.zero(r, vs), prio: moveAway})
		case vs.Type != nil:
			out = append(out, cut(vs.Type.Pos(), vs.Type.End()))
		}
	}
	return out
}

// zero sets variables that were declared without a value.
func (p *program) zero(r *record, vs *ast.ValueSpec) string {
	typ := r.text.apply(r.span(vs.Type), p.renames(r.text, r.refs), "")
	var out []string
	for _, id := range vs.Names {
		off := r.offset(id.Pos())
		for _, ref := range r.refs {
			if ref.start == off && ref.entity != nil {
				out = append(out, fmt.Sprintf("%s = *new(%s)", p.name(ref.entity), typ))
			}
		}
	}
	return strings.Join(out, "; ")
}

// orderEdits put the cell's declarations into the order of their initialisation.
func (p *program) orderEdits(r *record, edits []edit) []edit {
	if r.order == nil {
		return nil
	}
	at := len(r.code)
	var text strings.Builder
	var out []edit
	for _, d := range r.order {
		at = min(at, d.start)
		text.WriteString(r.text.apply(d.span, edits, "") + "\n")
		out = append(out, edit{off: d.start, del: d.end - d.start, prio: reorder})
	}
	return append([]edit{{off: at, ins: text.String(), prio: reorder}}, out...)
}

// valueEdits let the cell's last expressions be printed.
func (p *program) valueEdits(r *record, edits []edit) []edit {
	if r.value == noValue || r.value == statement || r.end() < len(r.code) {
		return nil
	}
	at := span{r.offset(r.results[0].Pos()), r.offset(r.results[len(r.results)-1].End())}
	text := r.text.apply(at, edits, "")
	return []edit{{off: at.start, del: at.end - at.start, ins: p.show(r, text), prio: moveAway}}
}

// show is the statement that prints values as a program would.
func (p *program) show(r *record, text string) string {
	std := func(path string) string { return p.importName(importKey{path, path}) }
	printed := func(what string) string { return std("fmt") + ".Println(" + what + ")" }
	fatal := func() string { return "if err != nil {\n" + std("log") + ".Fatal(err)\n}\n" }
	kept := ""
	if r.former != nil && p.recalls[r.former] {
		kept = p.name(r.former)
	}
	switch r.value {
	case silenced:
		return strings.TrimSuffix(strings.Repeat("_, ", max(r.values, len(r.results))), ", ") + " = " + text
	case errorOnly:
		if strings.Contains(text, "{") {
			return "{\nerr := " + text + "\n" + fatal() + "}"
		}
		return "if err := " + text + "; " + strings.TrimPrefix(fatal(), "if ")
	case errorBehind:
		var names []string
		for i := range r.values - 1 {
			names = append(names, fmt.Sprintf("v%d", i+1))
		}
		list := strings.Join(names, ", ")
		keep := ""
		if kept != "" {
			keep = kept + " = " + list + "\n"
		}
		return "{\n" + list + ", err := " + text + "\n" + fatal() + keep + printed(list) + "\n}"
	}
	before := ""
	if kept != "" {
		before, text = kept+" = "+text+"\n", kept
	}
	if r.value == table {
		p.prelude["ctx"] = true
		return before + "if err := (" + text + ").Show(ctx); " + strings.TrimPrefix(fatal(), "if ")
	}
	return before + printed(text)
}
