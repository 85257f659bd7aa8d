package source

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"regexp"
	"slices"
	"strings"

	"gospark/nearest"
)

// The type checker's messages that a word of advice can follow.
var (
	noMember   = regexp.MustCompile(`^undefined: ([\pL_][\pL_\pN]*)\.([\pL_][\pL_\pN]*)$`)
	noField    = regexp.MustCompile(`undefined \(type .* has no field or method ([\pL_][\pL_\pN]*)\)$`)
	notUsed    = regexp.MustCompile(` is not used$`)
	blankValue = regexp.MustCompile(`^cannot use _ as value`)
	mismatched = regexp.MustCompile(`\(mismatched types (\w+) and (\w+)\)$`)
)

// advise is what to do about a message at pos; empty where nothing is known.
func (c *compilation) advise(pos token.Pos, msg string) string {
	if m := undefined.FindStringSubmatch(msg); m != nil {
		return c.adviseName(pos, m[1])
	}
	if m := noMember.FindStringSubmatch(msg); m != nil {
		if p := c.pkgs[m[1]]; p != nil {
			return didYouMean(m[1]+".", near(m[2], exported(p.Scope().Names())))
		}
	}
	if m := noField.FindStringSubmatch(msg); m != nil {
		return didYouMean("", near(m[1], c.members(pos)))
	}
	if notUsed.MatchString(msg) {
		return "only the last expression of a cell is shown; print this one, or assign it to _"
	}
	if blankValue.MatchString(msg) {
		return "_ is what the last cell showed, if that was one value; _3 is what cell 3 showed"
	}
	if m := mismatched.FindStringSubmatch(msg); m != nil && numeric(m[1]) && numeric(m[2]) {
		return "convert one of them, as in " + m[2] + "(…)"
	}
	return ""
}

// near is the name that was meant; of a short one nobody can tell.
func near(wrong string, names []string) string {
	if len(wrong) < 3 {
		return ""
	}
	return nearest.Of(wrong, names)
}

func didYouMean(prefix, name string) string {
	if name == "" {
		return ""
	}
	return "did you mean " + prefix + name + "?"
}

// adviseName looks for a name that is meant among those that pos can see, and
// among the packages that need no import line.
func (c *compilation) adviseName(pos token.Pos, name string) string {
	if len(c.nb.std[name]) > 0 { // it is one, and what follows is not in it
		return ""
	}
	seen := map[string]bool{}
	for s := c.innermost(pos); s != nil; s = s.Parent() {
		for _, n := range s.Names() {
			if _, former := formerNumber(n); !former && !strings.Contains(n, mark) && !strings.HasPrefix(n, "_gospark") {
				seen[n] = true
			}
		}
	}
	_, selected := c.selectors()[name]
	if selected {
		for pkg := range c.nb.std {
			seen[pkg] = true
		}
	}
	meant := near(name, slices.Sorted(maps.Keys(seen)))
	if meant == "" && selected {
		return "a package outside the standard library needs an import line"
	}
	return didYouMean("", meant)
}

// innermost is the scope at pos.
func (c *compilation) innermost(pos token.Pos) *types.Scope {
	best := c.pkg.Scope()
	for _, s := range c.info.Scopes {
		if s.Contains(pos) && (best == c.pkg.Scope() || s.End()-s.Pos() < best.End()-best.Pos()) {
			best = s
		}
	}
	return best
}

// members are the fields and methods of what stands before the selector at pos.
func (c *compilation) members(pos token.Pos) []string {
	t := c.selected(pos)
	if t == nil {
		return nil
	}
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	var out []string
	if s, ok := t.Underlying().(*types.Struct); ok {
		for f := range s.Fields() {
			out = append(out, f.Name())
		}
	}
	if !types.IsInterface(t) {
		t = types.NewPointer(t)
	}
	for m := range types.NewMethodSet(t).Methods() {
		out = append(out, m.Obj().Name())
	}
	return out
}

// selected is the type of what stands before the selector at pos, nil for none.
func (c *compilation) selected(pos token.Pos) (t types.Type) {
	c.inspect(func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok && sel.Sel.Pos() == pos {
			t = c.info.Types[sel.X].Type
		}
		return true
	})
	return t
}

func exported(names []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(n string) bool { return !token.IsExported(n) })
}

func numeric(name string) bool {
	b, ok := types.Universe.Lookup(name).(*types.TypeName)
	if !ok {
		return false
	}
	basic, ok := b.Type().(*types.Basic)
	return ok && basic.Info()&types.IsNumeric != 0
}
