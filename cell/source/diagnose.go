package source

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"math"
	"regexp"
	"slices"
	"strings"
)

// diagnose reports what is wrong with the cell, if anything.
func (c *compilation) diagnose() error {
	out := &CompileError{Number: c.cell.number}
	for _, e := range c.errs {
		if c.ignorable(e) || !c.inCell(e.pos) {
			continue
		}
		line, col := c.cell.position(c.cell.offset(e.pos))
		if strings.HasPrefix(e.msg, "\t") && len(out.Diagnostics) > 0 {
			continue // where the other declaration is
		}
		out.Diagnostics = append(out.Diagnostics, Diagnostic{line, col, c.explain(e.pos, e.msg)})
	}
	out.Diagnostics = append(out.Diagnostics, c.earlyUses()...)
	out.Diagnostics = append(out.Diagnostics, c.badResults()...)
	if len(out.Diagnostics) == 0 {
		return nil
	}
	slices.SortStableFunc(out.Diagnostics, func(a, b Diagnostic) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Col - b.Col
	})
	out.Diagnostics = slices.CompactFunc(out.Diagnostics, func(a, b Diagnostic) bool { return a.Line == b.Line && a.Col == b.Col })
	return out
}

// badResults are result expressions that are no values to show.
func (c *compilation) badResults() []Diagnostic {
	var out []Diagnostic
	for _, e := range c.cell.results {
		tv := c.info.Types[e]
		var msg string
		switch {
		case len(c.cell.results) > 1 && (tv.IsVoid() || isTuple(tv.Type)):
			msg = "every expression of a list must have one value"
		case tv.Value != nil && !fits(tv):
			msg = fmt.Sprintf("constant %s overflows %s; convert it to a type that holds it", tv.Value, types.Default(tv.Type))
		default:
			continue
		}
		line, col := c.cell.position(c.cell.offset(e.Pos()))
		out = append(out, Diagnostic{line, col, msg})
	}
	return out
}

func isTuple(t types.Type) bool { _, ok := t.(*types.Tuple); return ok }

// fits says whether an untyped constant has a value of its default type.
func fits(tv types.TypeAndValue) bool {
	b, ok := tv.Type.(*types.Basic)
	if !ok || b.Info()&types.IsUntyped == 0 {
		return true
	}
	switch b.Kind() {
	case types.UntypedInt:
		_, exact := constant.Int64Val(constant.ToInt(tv.Value))
		return exact
	case types.UntypedRune:
		v, exact := constant.Int64Val(constant.ToInt(tv.Value))
		return exact && v == int64(int32(v))
	case types.UntypedFloat:
		f, _ := constant.Float64Val(tv.Value)
		return !math.IsInf(f, 0)
	}
	return true
}

var undefined = regexp.MustCompile(`^undefined: ([\pL_][\pL_\pN]*)$`)

// explain adds to a message of the type checker what only the session knows, or
// what to do.
func (c *compilation) explain(pos token.Pos, msg string) string {
	msg = original(msg)
	why := c.gone(msg)
	if why == "" {
		why = c.advise(pos, msg)
	}
	if why == "" {
		return msg
	}
	return msg + " (" + why + ")"
}

// gone says why a name of the session that msg misses is no more.
func (c *compilation) gone(msg string) string {
	m := undefined.FindStringSubmatch(msg)
	if m == nil {
		return ""
	}
	if e := c.dropped[m[1]]; e != nil {
		return "the variable was lost with its type, which this cell changes"
	}
	for id, why := range c.lost {
		if e := c.old.live[m[1]]; e != nil && e.decl != nil && e.decl.id() == id {
			return "it does not compile with what this cell redefines: " + firstLine(original(why))
		}
	}
	return c.old.lost[m[1]]
}

// earlyUses are uses of a new variable before its declaration, where there is no
// earlier variable that they could mean. Initialisers of var declarations may use
// each other in any order, as at package level.
func (c *compilation) earlyUses() []Diagnostic {
	var out []Diagnostic
	for _, v := range c.vars {
		for _, id := range v.names {
			obj := c.info.Defs[id]
			if e := c.old.live[id.Name]; obj == nil || e != nil && e.kind == varKind {
				continue
			}
			for _, use := range c.usesBefore(v, obj, true) {
				if c.isVarDecl(v) && c.inVarDecl(use) {
					continue
				}
				line, col := c.cell.position(c.cell.offset(use.Pos()))
				out = append(out, Diagnostic{line, col, "undefined: " + id.Name + " (it is declared further down)"})
			}
		}
	}
	return out
}

func (c *compilation) isVarDecl(v *varDef) bool { _, ok := v.stmt.(*ast.DeclStmt); return ok }

func (c *compilation) inVarDecl(id *ast.Ident) bool {
	return slices.ContainsFunc(c.vars, func(v *varDef) bool {
		return c.isVarDecl(v) && v.spec.Pos() <= id.Pos() && id.Pos() < v.spec.End()
	})
}

// prefixes are what stands before generated names.
var prefixes = strings.NewReplacer("_gospark_rt.", "rt.", lower, "")

var generated = regexp.MustCompile(mark + `[\pL\pN_` + mark + `]*`)

// original strips what generated names add.
func original(msg string) string {
	return generated.ReplaceAllString(prefixes.Replace(msg), "")
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	return s
}
