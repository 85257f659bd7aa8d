package source

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/types"
	"maps"
	"path"
	"slices"
	"strings"
)

// programFile is the text of a program while it grows.
type programFile struct {
	strings.Builder
	parts []programPart
	paths []string
}

// programPart is the text that a cell has become.
type programPart struct {
	span
	record *record
}

// copyContext gives a block a ctx of its own, which it may change.
const copyContext = "ctx := ctx; _ = ctx;"

// file writes the program. Its parts are written before its head, which imports what
// they turn out to use.
func (p *program) file() *programFile {
	var decls, vars, main strings.Builder
	p.writeDecls(&decls)
	parts := p.writeMain(&main)
	p.writeGlobals(&vars)
	f := &programFile{}
	f.WriteString("// Saved from a notebook by %save.\npackage main\n")
	prelude := p.preludeText()
	p.writeImports(f)
	f.WriteString(prelude + vars.String() + decls.String())
	for _, part := range parts {
		at := f.Len()
		f.parts = append(f.parts, programPart{span{at + part.start, at + part.end}, part.record})
	}
	f.WriteString(main.String())
	return f
}

// preludeText declares the prelude's variables that are used.
func (p *program) preludeText() string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(p.prelude)) {
		saved := p.nb.opts.Prelude.Saved[name]
		for as, path := range saved.Imports {
			p.importName(importKey{as, path})
		}
		b.WriteString("\n" + saved.Source + "\n")
	}
	return b.String()
}

// writeImports writes the standard library's packages first.
func (p *program) writeImports(f *programFile) {
	var std, other []string
	for k, name := range p.imports {
		if p.dropped[importSpec(name, k.path)] {
			continue
		}
		f.paths = append(f.paths, k.path)
		if first, _, _ := strings.Cut(k.path, "/"); strings.Contains(first, ".") || !p.isStd(k.path) {
			other = append(other, importSpec(name, k.path))
		} else {
			std = append(std, importSpec(name, k.path))
		}
	}
	slices.Sort(f.paths)
	f.paths = slices.Compact(f.paths)
	byPath := func(a, b string) int {
		return cmp.Or(cmp.Compare(a[strings.IndexByte(a, '"'):], b[strings.IndexByte(b, '"'):]), cmp.Compare(a, b))
	}
	slices.SortFunc(std, byPath)
	slices.SortFunc(other, byPath)
	if len(std) > 0 && len(other) > 0 {
		std = append(std, "") // a line between both
	}
	f.WriteString(group("import", append(std, other...)))
}

// group is a declaration of several things; "" for none.
func group(keyword string, lines []string) string {
	switch len(lines) {
	case 0:
		return ""
	case 1:
		return fmt.Sprintf("\n%s %s\n", keyword, lines[0])
	}
	return fmt.Sprintf("\n%s (\n%s\n)\n", keyword, strings.Join(lines, "\n"))
}

func (p *program) isStd(path string) bool {
	return path == "unsafe" || slices.Contains(p.nb.opts.Std, path)
}

// importSpec is an import line's text, without a name that the path promises.
func importSpec(name, path string) string {
	if base := byName([]string{path}); len(base[name]) > 0 {
		return fmt.Sprintf("%q", path)
	}
	return fmt.Sprintf("%s %q", name, path)
}

// importName is the name under which the program has a package: the user's, unless
// something global has it.
func (p *program) importName(k importKey) string {
	if name, ok := p.imports[k]; ok {
		return name
	}
	taken := func(name string) bool {
		for e := range p.globals {
			if p.name(e) == name {
				return true
			}
		}
		for other, as := range p.imports {
			if as == name && other.path != k.path {
				return true
			}
		}
		e := p.nb.state.live[name]
		return e != nil && e.kind != varKind
	}
	name := k.name
	for taken(name) {
		name += "pkg"
	}
	p.imports[k] = name
	return name
}

// packageFor is a name for a package that a type needs.
func (p *program) packageFor(pkg *types.Package) string {
	for k, name := range p.imports {
		if k.path == pkg.Path() && name != "." && name != "_" {
			return name
		}
	}
	return p.importName(importKey{pkg.Name(), pkg.Path()})
}

// renames are the edits that let a text's names be the program's. Each package that
// it uses is imported.
func (p *program) renames(t *text, refs []ref) []edit {
	var out []edit
	put := func(r ref, name string) {
		if r.start >= 0 && name != r.written(t) {
			out = append(out, edit{off: r.start, del: r.end - r.start, ins: name, prio: naming})
		}
	}
	for _, r := range refs {
		switch {
		case r.context || r.entity.isContext():
			p.prelude["ctx"] = true
		case r.entity != nil && r.entity.prelude:
			p.prelude[r.entity.name] = true
		case r.entity != nil:
			if name, ok := p.names[r.entity]; ok {
				put(r, name)
			}
		case r.dotted:
			p.imports[importKey{".", r.path}] = "."
		case r.start < 0:
			p.importName(importKey{path.Base(r.path), r.path})
		default:
			put(r, p.importName(importKey{r.written(t), r.path}))
		}
	}
	return out
}

// writeDecls writes the live constants, types, methods and functions.
func (p *program) writeDecls(b *strings.Builder) {
	done := map[*decl]bool{}
	for _, e := range p.live() {
		if e.prelude || e.decl == nil || done[e.decl] {
			continue
		}
		switch {
		case e.kind == constKind && !p.intact(e.decl):
			p.writeConst(b, e)
			continue
		case e.kind == typeKind:
			b.WriteString("\n" + p.doc(e.decl) + "type " + p.declText(e.decl) + "\n")
		default:
			b.WriteString("\n" + p.doc(e.decl) + p.declText(e.decl) + "\n")
		}
		done[e.decl] = true
		for _, m := range e.methods {
			b.WriteString("\n" + p.doc(m) + p.declText(m) + "\n")
		}
	}
}

// intact says whether all constants of a group are live.
func (p *program) intact(d *decl) bool {
	for _, e := range d.entities {
		if p.nb.state.live[e.name] != e {
			return false
		}
	}
	return true
}

// writeConst writes what is left of a group of constants.
func (p *program) writeConst(b *strings.Builder, e *entity) {
	c := e.obj.(*types.Const)
	typ := ""
	if basic, ok := c.Type().(*types.Basic); !ok || basic.Info()&types.IsUntyped == 0 {
		typ, _ = p.typeText(c.Type())
	}
	fmt.Fprintf(b, "\nconst %s %s = %s\n", e.name, typ, constText(c))
}

func (p *program) declText(d *decl) string {
	edits := append(p.renames(d.text, d.refs), d.plain...)
	return d.text.apply(span{d.start, p.withComment(d.text, d.end)}, edits, "")
}

// doc is the comment above a declaration, as it stands there.
func (p *program) doc(d *decl) string {
	at := p.keyword(d)
	return d.text.code[p.scans[d.text].docStart(d.text.code, at):at]
}

// keyword is where a declaration begins: a type's text does not include the word.
func (p *program) keyword(d *decl) int {
	if d.kind == typeKind {
		before := strings.TrimRight(d.text.code[:d.start], " \t")
		if strings.HasSuffix(before, "type") {
			return len(before) - len("type")
		}
	}
	return d.start
}

// withComment is the end of a text with the comment behind it in its line.
func (p *program) withComment(t *text, end int) int {
	for _, c := range p.scans[t].comments {
		if c.start >= end && strings.Trim(t.code[end:c.start], " \t") == "" && strings.HasPrefix(t.code[c.start:], "//") {
			return c.end
		}
	}
	return end
}

// writeGlobals declares the variables that main does not have for itself.
func (p *program) writeGlobals(b *strings.Builder) {
	var lines []string
	for e := range p.globals {
		if t, ok := p.typeText(e.obj.Type()); ok && !e.prelude {
			lines = append(lines, p.name(e)+" "+t)
		}
	}
	slices.Sort(lines)
	b.WriteString(group("var", lines))
}

// typeText is a type as the program names it; not ok where it has no name there.
func (p *program) typeText(t types.Type) (string, bool) {
	w := &typeText{entity: p.named, local: nil, pkg: p.nb.pkg, imports: p.packageFor}
	w.typ(t)
	return w.String(), !w.failed
}

// named is the entity of a type under the program's name.
func (p *program) named(obj types.Object) *entity {
	e := p.nb.state.byObj[obj]
	if e == nil {
		return nil
	}
	return &entity{gen: p.name(e)}
}

// writeMain writes the statements of the cells.
func (p *program) writeMain(b *strings.Builder) []programPart {
	if p.onlyMain() {
		return nil
	}
	var parts []programPart
	b.WriteString("\nfunc main() {")
	for _, r := range p.records {
		at := b.Len()
		if why := p.note(r); why != "" {
			b.WriteString("\n// " + strings.ReplaceAll(why, "\n", " ") + "\n")
		}
		if p.left[r] != "" {
			continue
		}
		if body := p.cellText(r); body != "" {
			fmt.Fprintf(b, "\n// In [%d]\n%s\n", r.shown, body)
		}
		parts = append(parts, programPart{span{at, b.Len()}, r})
	}
	b.WriteString("}\n")
	return parts
}

// note says what of a cell is not in the program, and why; "" where all is.
func (p *program) note(r *record) string {
	if why := p.left[r]; why != "" {
		return fmt.Sprintf("cell [%d] is left out: %s", r.shown, why)
	}
	end := r.end()
	if end == len(r.code) || len(r.running())+len(r.defs) == 0 {
		return ""
	}
	first := func(n ast.Node) bool { return r.offset(n.Pos()) < end }
	if slices.ContainsFunc(r.running(), first) || slices.ContainsFunc(r.defs, func(d initDef) bool { return d.start < end }) {
		line, _ := r.position(end)
		return fmt.Sprintf("cell [%d] failed in line %d: the rest of it is left out", r.shown, line)
	}
	return fmt.Sprintf("cell [%d] failed: its statements are left out", r.shown)
}
