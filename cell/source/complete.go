package source

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// cursorMark follows the identifier that is being completed.
const cursorMark = mark + "cursor"

// Complete lists what could replace code[start:end]; cursor is a byte offset.
func (n *Notebook) Complete(code string, cursor int) (c []Candidate, start, end int) {
	cursor = min(max(cursor, 0), len(code))
	start = identStart(code, cursor)
	prefix := code[start:cursor]
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.start() != nil {
		return nil, start, cursor
	}
	switch where, from := inside(code, cursor); where {
	case inComment:
		return nil, cursor, cursor
	case inString:
		if isImportPath(code, from) {
			return n.paths(code[from+1 : cursor]), from + 1, cursor
		}
		return nil, cursor, cursor
	}
	if start < len(code) && code[start] >= '0' && code[start] <= '9' {
		return nil, cursor, cursor
	}
	f := n.tolerant(code[:cursor]+cursorMark+code[cursor:], start, func(name string) bool { return hasPrefixFold(name, prefix) })
	defer f.close()
	all := f.candidates(prefix)
	return ranked(all, prefix), start, cursor
}

func identStart(code string, at int) int {
	for at > 0 {
		r, size := utf8.DecodeLastRuneInString(code[:at])
		if r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			break
		}
		at -= size
	}
	return at
}

func identEnd(code string, at int) int {
	for at < len(code) {
		r, size := utf8.DecodeRuneInString(code[at:])
		if r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			break
		}
		at += size
	}
	return at
}

type place int

const (
	inCode place = iota
	inString
	inComment
)

// inside says whether the cursor is in a string or a comment, and where that
// begins.
func inside(code string, cursor int) (place, int) {
	for at := 0; at < cursor; {
		where, end, open := literalAt(code[:cursor], at)
		if open {
			return where, at
		}
		at = end
	}
	return inCode, 0
}

// literalAt is what begins at an offset: a string or rune, a comment, or else one byte of
// code. It is open where it goes on behind the end of the code.
func literalAt(code string, at int) (where place, end int, open bool) {
	rest := code[at:]
	switch {
	case rest[0] == '`':
		return until(inString, code, at+1, "`")
	case rest[0] == '"' || rest[0] == '\'':
		for i := 1; i < len(rest); i++ {
			switch {
			case rest[i] == '\n':
				return inString, at + i, false
			case rest[i] == rest[0]:
				return inString, at + i + 1, false
			case rest[i] == '\\' && i+1 < len(rest) && rest[i+1] != '\n':
				i++
			}
		}
		return inString, len(code), true
	case strings.HasPrefix(rest, "//"):
		return until(inComment, code, at+2, "\n")
	case strings.HasPrefix(rest, "/*"):
		return until(inComment, code, at+2, "*/")
	}
	return inCode, at + 1, false
}

// until is a literal that ends with the next of what closes it.
func until(where place, code string, from int, closing string) (place, int, bool) {
	if i := strings.Index(code[from:], closing); i >= 0 {
		return where, from + i + len(closing), false
	}
	return where, len(code), true
}

// StringBefore is what stands before the cursor in a string literal, as written,
// and where it begins. It is none in an import, and with escapes in it.
func StringBefore(code string, cursor int) (text string, start int, ok bool) {
	where, quote := inside(code, cursor)
	if where != inString || code[quote] == '\'' || isImportPath(code, quote) {
		return "", 0, false
	}
	text = code[quote+1 : cursor]
	return text, quote + 1, !strings.Contains(text, "\\")
}

func isImportPath(code string, quote int) bool {
	s := scan(code[:quote])
	for i := len(s.toks) - 1; i >= 0; i-- {
		switch t := s.toks[i]; t.tok {
		case token.IMPORT:
			return true
		case token.LPAREN, token.STRING, token.SEMICOLON, token.IDENT, token.PERIOD:
		default:
			return false
		}
	}
	return false
}

func (n *Notebook) paths(prefix string) []Candidate {
	var out []Candidate
	all := slices.Concat(n.opts.Std, slices.Collect(maps.Values(n.opts.Prelude.Imports)))
	if n.opts.Packages != nil {
		all = append(all, n.opts.Packages()...)
	}
	for _, p := range all {
		if strings.HasPrefix(p, prefix) && !strings.Contains("/"+p, "/internal") && !strings.HasPrefix(p, "vendor/") {
			out = append(out, Candidate{p, "module", ""})
		}
	}
	slices.SortFunc(out, func(a, b Candidate) int { return cmp.Compare(a.Text, b.Text) })
	return slices.Compact(out)
}

// fragment is a cell that may be half-written, checked as far as possible.
type fragment struct {
	*compilation
	at token.Pos // of the name in question
	id *ast.Ident
	// around are the nodes from the outermost to id
	around []ast.Node
}

// tolerant parses and checks with all faults ignored what is relevant of code to the
// identifier at an offset and declarations of wanted names, and finds the identifier.
func (n *Notebook) tolerant(code string, off int, wanted func(name string) bool) *fragment {
	code = relevant(code, off, wanted)
	c, _ := parseCell(n.fset, newText(code+closers(code), -1))
	f := &fragment{compilation: n.compilation(c, n.state)}
	f.collect()
	_ = f.resolveImports() // what cannot be imported is just not known
	f.check()
	for _, d := range slices.Concat(f.decls, f.inits) {
		f.find(d.node, off)
	}
	for n := range f.statementNodes() {
		f.find(n, off)
	}
	return f
}

func (f *fragment) close() {
	for _, tf := range f.cell.files {
		f.nb.fset.RemoveFile(tf)
	}
}

// find looks for the identifier that begins at an offset.
func (f *fragment) find(n ast.Node, off int) {
	if f.id != nil {
		return
	}
	var stack []ast.Node
	ast.Inspect(n, func(n ast.Node) bool {
		if n == nil {
			stack = stack[:len(stack)-1]
			return false
		}
		stack = append(stack, n)
		if id, ok := n.(*ast.Ident); ok && f.id == nil && f.cell.offset(id.Pos()) == off {
			f.id, f.at, f.around = id, id.Pos(), slices.Clone(stack)
		}
		return true
	})
}

// parent is the i-th node around the identifier, 1 being the next.
func (f *fragment) parent(i int) ast.Node {
	if i >= len(f.around) {
		return nil
	}
	return f.around[len(f.around)-1-i]
}

func (f *fragment) candidates(prefix string) []Candidate {
	if f.id == nil {
		return f.names(prefix)
	}
	if sel, ok := f.parent(1).(*ast.SelectorExpr); ok && sel.Sel == f.id {
		return f.members(sel)
	}
	return append(f.keys(), f.names(prefix)...)
}

// members are what can follow a dot.
func (f *fragment) members(sel *ast.SelectorExpr) []Candidate {
	if id, ok := sel.X.(*ast.Ident); ok {
		if p, ok := f.info.Uses[id].(*types.PkgName); ok {
			return packageMembers(p.Imported())
		}
	}
	tv := f.info.Types[sel.X]
	if tv.Type == nil {
		return nil
	}
	m := &memberList{pkg: f.pkg, seen: map[string]bool{}}
	m.methods(tv.Type, !tv.IsType())
	if !tv.IsType() {
		m.fields(tv.Type, map[types.Type]bool{})
		for key := range f.nb.opts.Prelude.Methods {
			if i := strings.LastIndexByte(key, '.'); i > 0 && f.named(tv.Type, key[:i]) {
				m.add(key[i+1:], "method", "")
			}
		}
	}
	return m.out
}

func packageMembers(p *types.Package) []Candidate {
	var out []Candidate
	for _, name := range p.Scope().Names() {
		if token.IsExported(name) {
			out = append(out, candidate(p.Scope().Lookup(name)))
		}
	}
	return out
}

type memberList struct {
	pkg  *types.Package
	seen map[string]bool
	out  []Candidate
}

func (m *memberList) add(name, kind, detail string) {
	if !m.seen[name] {
		m.seen[name] = true
		m.out = append(m.out, Candidate{name, kind, detail})
	}
}

func (m *memberList) methods(t types.Type, addressable bool) {
	if _, ptr := types.Unalias(t).(*types.Pointer); addressable && !ptr && !types.IsInterface(t) {
		t = types.NewPointer(t)
	}
	for s := range types.NewMethodSet(t).Methods() {
		if o := s.Obj(); o.Exported() || o.Pkg() == m.pkg {
			m.add(o.Name(), "method", strings.TrimPrefix(userType(s.Type()), "func"))
		}
	}
}

func (m *memberList) fields(t types.Type, seen map[types.Type]bool) {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	s, ok := t.Underlying().(*types.Struct)
	if !ok || seen[t] {
		return
	}
	seen[t] = true
	for v := range s.Fields() {
		if v.Exported() || v.Pkg() == m.pkg {
			m.add(v.Name(), "field", userType(v.Type()))
		}
	}
	for v := range s.Fields() {
		if v.Embedded() {
			m.fields(v.Type(), seen)
		}
	}
}

// keys are the fields of the struct literal that the name stands in.
func (f *fragment) keys() []Candidate {
	lit, ok := f.parent(1).(*ast.CompositeLit)
	if kv, isKV := f.parent(1).(*ast.KeyValueExpr); isKV && kv.Key == f.id {
		lit, ok = f.parent(2).(*ast.CompositeLit)
	}
	if !ok || lit.Type == f.id {
		return nil
	}
	t := f.info.Types[lit].Type
	if t == nil {
		return nil
	}
	s, ok := t.Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	var out []Candidate
	for v := range s.Fields() {
		if v.Exported() || v.Pkg() == f.pkg {
			out = append(out, Candidate{v.Name(), "field", userType(v.Type())})
		}
	}
	return out
}

// names are those in scope, keywords, and packages that need no import line.
func (f *fragment) names(prefix string) []Candidate {
	var out []Candidate
	seen := map[string]bool{}
	add := func(c Candidate) {
		name := c.Text
		if _, former := formerNumber(name); former && prefix == "" {
			return // one for each cell: only who begins to type one wants them
		}
		if !seen[name] && name != "_" && !strings.HasPrefix(name, "_gospark") && !strings.Contains(name, mark) {
			seen[name] = true
			out = append(out, c)
		}
	}
	for s := f.innermost(); s != nil; s = s.Parent() {
		for _, name := range s.Names() {
			obj := s.Lookup(name)
			if s != f.pkg.Scope() && s != types.Universe && obj.Pos() > f.at {
				continue
			}
			add(candidate(obj))
		}
	}
	for t := token.BREAK; t <= token.VAR; t++ {
		add(Candidate{t.String(), "keyword", ""})
	}
	if prefix != "" {
		for name, p := range f.nb.opts.Prelude.Imports {
			add(Candidate{name, "module", p})
		}
		for name := range f.nb.std {
			if c := f.nb.candidates(name); len(c) > 0 {
				add(Candidate{name, "module", c[0]})
			}
		}
	}
	return out
}

func (f *fragment) innermost() *types.Scope {
	best := f.pkg.Scope()
	for _, s := range f.info.Scopes {
		if f.at.IsValid() && s.Contains(f.at) && (best == f.pkg.Scope() || s.Pos() >= best.Pos() && s.End() <= best.End()) {
			best = s
		}
	}
	return best
}

func candidate(o types.Object) Candidate {
	kind, detail := "variable", ""
	switch o := o.(type) {
	case *types.Func:
		kind, detail = "function", strings.TrimPrefix(userType(o.Type()), "func")
	case *types.TypeName:
		kind, detail = "type", userType(o.Type().Underlying())
		if len(detail) > 60 {
			detail = detail[:strings.IndexAny(detail, " {(")]
		}
	case *types.Const:
		kind, detail = "constant", userType(o.Type())
	case *types.PkgName:
		kind, detail = "module", o.Imported().Path()
	case *types.Builtin:
		kind = "function"
	case *types.Nil:
		kind = "constant"
	default:
		detail = userType(o.Type())
	}
	return Candidate{o.Name(), kind, detail}
}

// hasPrefixFold says whether a name begins with prefix, whatever the case of letters.
func hasPrefixFold(name, prefix string) bool {
	return strings.HasPrefix(strings.ToLower(name), strings.ToLower(prefix))
}

// ranked are the candidates that begin with prefix: the same letter case first,
// keywords and unimported packages last.
func ranked(all []Candidate, prefix string) []Candidate {
	out := slices.DeleteFunc(all, func(c Candidate) bool {
		return !hasPrefixFold(c.Text, prefix) || c.Text == ""
	})
	rank := func(c Candidate) int {
		r := 0
		if !strings.HasPrefix(c.Text, prefix) {
			r += 10
		}
		switch c.Kind {
		case "field", "method":
			r--
		case "keyword":
			r++
		case "module":
			r += 2
		}
		return r
	}
	slices.SortStableFunc(out, func(a, b Candidate) int {
		return cmp.Or(rank(a)-rank(b), cmp.Compare(a.Text, b.Text))
	})
	return out
}
