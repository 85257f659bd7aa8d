package source

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Notebook is the live state of a session. It is safe for concurrent use.
type Notebook struct {
	opts Options
	std  map[string][]string // package name → paths

	// mu guards the fields below, and the type checker's objects.
	mu      sync.Mutex
	fset    *token.FileSet
	pkg     *types.Package
	state   *state
	ran     []*record // the cells of a program, in order
	prelude error
	started bool
}

// New returns a notebook that holds only the prelude. A prelude that does not
// compile is an error of the first Compile.
func New(opts Options) *Notebook {
	n := &Notebook{
		opts: opts, std: byName(opts.Std), fset: token.NewFileSet(),
		pkg: types.NewPackage(packagePath, "main"), state: newState(),
	}
	return n
}

// Compile turns a cell into a unit. A fault of the cell is a *CompileError. The
// state does not change.
func (n *Notebook) Compile(c Cell) (*Unit, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if err := n.start(); err != nil {
		return nil, err
	}
	return n.compile(c)
}

// start declares the prelude. Its variables are declared, and set by cell 0.
func (n *Notebook) start() error {
	if n.started {
		return n.prelude
	}
	n.started = true
	if n.opts.Prelude.Source == "" {
		return nil
	}
	u, err := n.compile(Cell{Code: n.opts.Prelude.Source})
	if err != nil {
		n.prelude = fmt.Errorf("prelude: %w", err)
		return n.prelude
	}
	n.state = u.next
	return nil
}

func (n *Notebook) compile(in Cell) (*Unit, error) {
	c, err := parseCell(n.fset, newText(in.Code, in.Number))
	if err != nil {
		return nil, err
	}
	cp := n.compilation(c, n.state)
	cp.number = in.Shown
	if diags := cp.collect(); len(diags) > 0 {
		return nil, &CompileError{in.Number, diags}
	}
	if err := cp.run(); err != nil {
		return nil, err
	}
	return cp.build().unit(in), nil
}

func (b *built) unit(in Cell) *Unit {
	e := &emitter{built: b, seen: map[*entity]bool{}, taken: map[string]bool{}, imports: map[importKey]string{}}
	text := e.file()
	sum := sha256.Sum256([]byte(text))
	number := strconv.Itoa(b.cell.number)
	b.next.number(number)
	u := &Unit{
		Number: b.cell.number, Source: []byte(strings.ReplaceAll(text, numberMark, number)), Entry: "Cell" + number,
		Imports: e.paths(), Key: hex.EncodeToString(sum[:]), Results: b.results, next: b.next, record: b.record(in, e),
	}
	for _, name := range slices.Sorted(maps.Keys(b.dropped)) {
		if !b.declares(name) && !b.dropped[name].result {
			u.Dropped = append(u.Dropped, name)
		}
	}
	for id := range b.lost {
		for _, e := range b.old.live {
			if e.decl != nil && e.decl.id() == id {
				u.Broken = append(u.Broken, e.name)
			}
			for _, m := range e.methods {
				if m.id() == id {
					u.Broken = append(u.Broken, e.name+"."+m.names0())
				}
			}
		}
	}
	slices.Sort(u.Broken)
	return u
}

// number puts the cell's number into the names that were made for it.
func (s *state) number(n string) {
	for obj, name := range s.local {
		s.local[obj] = strings.ReplaceAll(name, numberMark, n)
	}
}

// Commit makes u's declarations live, once it is loaded. No other unit may have
// been committed since u was compiled.
func (n *Notebook) Commit(u *Unit) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.state = u.next
	if u.record.shown != 0 {
		n.ran = ran(n.ran, u.record)
	}
}

// Original turns generated names in a message back to what the user wrote.
func (n *Notebook) Original(msg string) string { return original(msg) }

// Vars lists the live variables by name.
func (n *Notebook) Vars() []Var {
	n.mu.Lock()
	defer n.mu.Unlock()
	var out []Var
	for _, e := range n.state.live {
		if e.kind == varKind && !e.result {
			out = append(out, Var{e.name, userType(e.obj.Type()), e.gen})
		}
	}
	slices.SortFunc(out, func(a, b Var) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// Reset forgets all cells; the prelude stays. Symbols are not used again: the
// worker may stay as it is.
func (n *Notebook) Reset() {
	n.mu.Lock()
	defer n.mu.Unlock()
	versions := n.state.versions
	n.state, n.started, n.prelude, n.ran = newState(), false, nil, nil
	n.state.versions = versions
}
