package source

import (
	"cmp"
	"errors"
	"go/ast"
	"go/format"
	"go/token"
	"maps"
	"slices"
	"strconv"
)

// Program is the live code of a notebook as one file of package main.
type Program struct {
	Source []byte
	// Imports are the paths that Source imports, sorted.
	Imports []string
	// Left says what is not in it, and why: a sentence for each cell.
	Left []string
}

// ErrNoProgram is a notebook without code.
var ErrNoProgram = errors.New("no Go cell has run yet")

// program is the live code on its way to a file.
//
// Declarations are the live ones, each in its last version. Statements are those of
// the cells that ran, in the order of their first run and with the text of the last
// one. A variable is main's own, unless something outside of main's block uses it. A
// cell that does not compile with the last versions is left out, and said to be.
type program struct {
	nb      *Notebook
	records []*record
	left    map[*record]string // why a cell is left out
	idents  map[string]bool    // names that the texts use
	scans   map[*text]*scanned

	// The fields below are made anew for each try: see plan.
	names   map[*entity]string
	globals map[*entity]bool
	first   map[*entity]ast.Stmt // where a variable is declared
	recalls map[*entity]bool     // results that later cells use
	imports map[importKey]string
	prelude map[string]bool // the prelude's variables that are used

	// learned from the type checker
	unused  map[*entity]bool
	dropped map[string]bool // imports
}

// Program writes the live code as a program of its own.
func (n *Notebook) Program() (*Program, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	p := &program{
		nb: n, records: n.ran, left: map[*record]string{}, idents: map[string]bool{}, scans: map[*text]*scanned{},
		unused: map[*entity]bool{}, dropped: map[string]bool{},
	}
	if len(p.records) == 0 {
		return nil, ErrNoProgram
	}
	p.findIdents()
	for _, r := range p.records {
		if r.disordered {
			p.left[r] = "its variables are initialised in another order than they stand"
		}
	}
	for {
		p.plan()
		f := p.file()
		learned, err := p.check(f)
		if err != nil {
			return nil, err
		}
		if !learned {
			return p.finish(f)
		}
	}
}

func (p *program) finish(f *programFile) (*Program, error) {
	source, err := format.Source([]byte(f.String()))
	if err != nil {
		return nil, err
	}
	out := &Program{Source: source, Imports: f.paths}
	for _, r := range p.records {
		if why := p.note(r); why != "" {
			out.Left = append(out.Left, why)
		}
	}
	return out, nil
}

// findIdents collects the names that made-up ones must keep away from.
func (p *program) findIdents() {
	collect := func(t *text) {
		if p.scans[t] != nil {
			return
		}
		p.scans[t] = scan(t.code)
		for _, k := range p.scans[t].toks {
			if k.tok == token.IDENT {
				p.idents[k.lit] = true
			}
		}
	}
	for _, r := range p.records {
		collect(r.text)
	}
	for _, e := range p.live() {
		for _, d := range e.decls() {
			collect(d.text)
		}
	}
}

// live are the live entities in the order of their declaration.
func (p *program) live() []*entity {
	place := func(e *entity) (cell, at int) {
		if e.decl != nil {
			cell, at = e.decl.text.number, e.decl.start
		}
		return cell, at
	}
	return slices.SortedFunc(maps.Values(p.nb.state.live), func(a, b *entity) int {
		cellA, atA := place(a)
		cellB, atB := place(b)
		return cmp.Or(cellA-cellB, atA-atB, a.seq-b.seq)
	})
}

// plan decides what the names mean and where variables live.
func (p *program) plan() {
	p.names, p.globals, p.first = map[*entity]string{}, map[*entity]bool{}, map[*entity]ast.Stmt{}
	p.recalls, p.imports, p.prelude = map[*entity]bool{}, map[importKey]string{}, map[string]bool{}
	for p.findFirst() {
	}
	p.nameAll()
	for _, e := range p.live() {
		for _, d := range e.decls() {
			p.outside(d.refs)
		}
	}
	for _, r := range p.records {
		for _, d := range r.inits {
			p.outside(d.refs)
		}
		p.placeRecord(r)
	}
	for p.placeTogether() {
	}
}

// findFirst finds where variables are declared first. It reports whether it left out
// a cell that uses one which is declared nowhere before: then others may follow.
func (p *program) findFirst() bool {
	clear(p.first)
	known := map[*entity]bool{}
	for _, r := range p.records {
		if p.left[r] != "" {
			continue
		}
		end := r.end()
		for _, d := range r.defs {
			for _, v := range d.vars {
				if d.start < end && !known[v] {
					known[v] = true
					p.first[v] = d.stmt
				}
			}
		}
		if r.former != nil && end == len(r.code) {
			known[r.former] = true
		}
		for _, ref := range r.refs {
			if e := ref.entity; e != nil && e.kind == varKind && !e.prelude && !known[e] && ref.start < end {
				p.left[r] = "no cell before it declares " + e.name
				return true
			}
		}
	}
	return false
}

// nameAll chooses names: the live entity has the user's, former ones get a number.
func (p *program) nameAll() {
	taken := maps.Clone(p.idents)
	free := func(name string) string {
		for i := 0; taken[name]; i++ {
			name = withoutNumber(name) + strconv.Itoa(i+2)
		}
		taken[name] = true
		return name
	}
	for _, r := range p.records {
		for _, d := range r.defs {
			for _, v := range d.vars {
				if p.names[v] == "" && p.nb.state.live[v.name] != v {
					p.names[v] = free(v.name + "1")
				}
			}
		}
	}
	for _, r := range p.records {
		for _, ref := range r.refs {
			p.nameResult(ref, free)
		}
	}
	for _, e := range p.live() {
		for _, d := range e.decls() {
			for _, ref := range d.refs {
				p.nameResult(ref, free)
			}
		}
	}
	if m := p.nb.state.live["main"]; m != nil {
		p.names[m] = "main"
		if !p.onlyMain() {
			p.names[m] = free("notebookMain")
		}
	}
}

// nameResult gives a result that is used again a variable.
func (p *program) nameResult(r ref, free func(string) string) {
	if e := r.entity; e != nil && e.result && !p.recalls[e] {
		p.recalls[e], p.globals[e] = true, true
		p.names[e] = free("out" + e.name[1:])
	}
}

// withoutNumber is a name without the digits at its end.
func withoutNumber(name string) string {
	for len(name) > 1 && name[len(name)-1] >= '0' && name[len(name)-1] <= '9' {
		name = name[:len(name)-1]
	}
	return name
}

// onlyMain says whether the notebook is a program already: the user's main, and
// nothing that runs beside it.
func (p *program) onlyMain() bool {
	calls := false
	for _, r := range p.records {
		if len(r.running()) > 0 || len(r.inits) > 0 || len(r.defs) > 0 {
			return false
		}
		calls = calls || r.callsMain
	}
	return calls
}

// name is what the program calls an entity.
func (p *program) name(e *entity) string {
	if name, ok := p.names[e]; ok {
		return name
	}
	return e.name
}

// outside makes variables global that a declaration uses.
func (p *program) outside(refs []ref) {
	for _, r := range refs {
		if r.entity != nil && r.entity.kind == varKind && !r.entity.prelude {
			p.globals[r.entity] = true
		}
	}
}

// placeRecord makes the variables global of a cell that is a block of its own.
func (p *program) placeRecord(r *record) {
	if !r.apart() && r.order == nil {
		return
	}
	for _, d := range r.defs {
		for _, v := range d.vars {
			p.globals[v] = true
		}
	}
}

// placeTogether makes the variables global that are declared with one which is, or
// with one that was declared before by a var declaration, which cannot do so twice.
func (p *program) placeTogether() (changed bool) {
	for _, r := range p.records {
		byStmt := map[ast.Stmt][]*entity{}
		for _, d := range r.defs {
			byStmt[d.stmt] = append(byStmt[d.stmt], d.vars...)
			if s, ok := d.stmt.(*ast.AssignStmt); ok {
				byStmt[d.stmt] = r.assigned(s)
			}
		}
		for stmt, vars := range byStmt {
			_, defines := stmt.(*ast.AssignStmt)
			again := func(v *entity) bool { return p.globals[v] || !defines && p.first[v] != stmt }
			if !slices.ContainsFunc(vars, again) {
				continue
			}
			for _, v := range vars {
				changed = changed || !p.globals[v]
				p.globals[v] = true
			}
		}
	}
	return changed
}

// assigned are the live variables on the left of an assignment.
func (r *record) assigned(s *ast.AssignStmt) []*entity {
	var out []*entity
	for _, x := range s.Lhs {
		off := r.offset(x.Pos())
		for _, ref := range r.refs {
			if ref.start == off && ref.entity != nil {
				out = append(out, ref.entity)
			}
		}
	}
	return out
}

// apart says whether a cell has to be a block of its own: it returns, defers, has
// labels, or a ctx of its own.
func (r *record) apart() bool {
	apart := r.ownCtx
	for _, s := range r.stmts {
		ast.Inspect(s, func(n ast.Node) bool {
			switch n.(type) {
			case *ast.FuncLit:
				return false
			case *ast.ReturnStmt, *ast.DeferStmt, *ast.LabeledStmt:
				apart = true
			}
			return true
		})
	}
	return apart
}

// end is where the part of a cell ends that ran.
func (r *record) end() int {
	line := func(n ast.Node) int {
		line, _ := r.position(r.offset(n.End()))
		return line
	}
	for _, s := range r.stmts {
		if !isEmpty(s) && line(s) >= r.until {
			return r.offset(s.Pos())
		}
	}
	if len(r.results) > 0 && (r.failing || line(r.results[len(r.results)-1]) >= r.until) {
		return r.offset(r.results[0].Pos())
	}
	return len(r.code)
}
