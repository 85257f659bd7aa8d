package source

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// A loop that counts and does little else runs in strips: it looks whether the
// cell is to stop once for so many iterations, and within them it is the loop that was
// written. A look in each is up to a third of the time that such a loop takes.
const stripLength = 1024

// fewIterations is how many iterations of inner loops may take no look at all, where
// their number stands in the text.
const fewIterations = 1_000_000

// tinyBody is how many operations a loop's body has at most that is worth strips. In a
// larger one a look is not felt, and strips make more variables, for which the compiler
// may lack registers.
const tinyBody = 12

// strip makes a loop run in strips, where that cannot be told from the loop as it is
// written; else it leaves it and returns false. It can be where the loop counts in
// int or goes over a slice, its body is tiny and calls nothing that may take long, and
// what it counts and compares with is not changed there.
//
// In what is written for it, N is the bound, L that of a strip, B where one begins,
// C the step, D that of a strip, S the slice and I the place in a strip.
func (in *instrument) strip(loop ast.Stmt) bool {
	if !in.allowsStrips() {
		return false
	}
	s := in.stripper()
	switch loop := loop.(type) {
	case *ast.ForStmt:
		return s.counting(loop)
	case *ast.RangeStmt:
		return s.ranging(loop)
	}
	return false
}

// allowsStrips reports whether nobody has given the names another meaning that the
// code of strips uses.
func (b *built) allowsStrips() bool {
	if b.noStrips == nil {
		taken := func(name string) bool { return name == "int" || name == "uint" || name == "len" }
		found := slices.ContainsFunc(b.pkg.Scope().Names(), taken)
		for id := range b.info.Defs {
			found = found || taken(plainName(id.Name))
		}
		b.noStrips = &found
	}
	return !*b.noStrips
}

// isShort reports whether a loop needs no look: it is tight, and how often it runs
// stands in the text.
func (in *instrument) isShort(loop ast.Stmt) bool {
	s := in.stripper()
	return s.few(loop) > 0
}

// stripper looks at one loop.
type stripper struct {
	*instrument
	fixed  map[types.Object]bool // what the body must not change
	breaks []token.Pos           // that leave the loop
	inner  int                   // the most iterations of a loop in it; 0 where it has none
}

func (in *instrument) stripper() *stripper {
	return &stripper{instrument: in, fixed: map[types.Object]bool{}}
}

// isTiny reports whether a loop's body is tight, has no loop in it and few operations.
func (s *stripper) isTiny(body *ast.BlockStmt) bool {
	if !s.isTight(body) || s.inner > 0 {
		return false
	}
	operations := 0
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BinaryExpr, *ast.IndexExpr, *ast.StarExpr, *ast.CallExpr, *ast.IncDecStmt:
			operations++
		case *ast.AssignStmt:
			if n.Tok != token.ASSIGN && n.Tok != token.DEFINE {
				operations++
			}
		}
		return true
	})
	return operations <= tinyBody
}

// in spells out the names in a piece of a loop.
func (s *stripper) in(piece string, args ...any) string {
	label := ""
	if len(s.breaks) > 0 {
		label = s.label() + ": "
	}
	return fmt.Sprintf(strings.NewReplacer(
		"LABEL", label, "LOOK", look, "MOST", fmt.Sprint(stripLength),
		"N", "_gospark_n", "L", "_gospark_l", "B", "_gospark_b", "C", "_gospark_c", "D", "_gospark_d", "S", "_gospark_s", "I", "_gospark_i",
	).Replace(piece), args...)
}

func (s *stripper) label() string { return fmt.Sprint("_gospark_strips", s.strips) }

// leave lets a break leave all strips.
func (s *stripper) leave() {
	for _, at := range s.breaks {
		s.insert(at+token.Pos(len("break")), " "+s.label())
	}
	s.strips++
}

// counting is for loops of the form
//
//	for i := a; i < n; i++ { body }
//
// with < or <=, and also with i += c. All that is written stays where it is.
func (s *stripper) counting(loop *ast.ForStmt) bool {
	init, ok := loop.Init.(*ast.AssignStmt)
	if !ok || init.Tok != token.DEFINE || len(init.Lhs) != 1 {
		return false
	}
	id, ok := init.Lhs[0].(*ast.Ident)
	if !ok || !isInt(s.info.Defs[id]) {
		return false
	}
	cond, ok := loop.Cond.(*ast.BinaryExpr)
	if !ok || cond.Op != token.LSS && cond.Op != token.LEQ || !s.isUse(cond.X, id) || !s.steady(cond.Y) {
		return false
	}
	var step ast.Expr
	switch post := loop.Post.(type) {
	case *ast.IncDecStmt:
		ok = post.Tok == token.INC && s.isUse(post.X, id)
	case *ast.AssignStmt:
		step = post.Rhs[0]
		ok = post.Tok == token.ADD_ASSIGN && s.isUse(post.Lhs[0], id) && s.steady(step)
	default:
		ok = false
	}
	counter := s.info.Defs[id]
	if !ok || s.fixed[counter] {
		return false
	}
	s.fixed[counter] = true
	if !s.isTiny(loop.Body) {
		return false
	}
	i, less := plainName(id.Name), cond.Op.String()
	s.replace(loop.For, init.Pos(), "{ ")
	s.replace(init.End(), cond.Y.Pos(), s.in("; N := int("))
	if step == nil {
		s.replace(cond.Y.End(), loop.Body.Lbrace, s.in("); LABELfor %[1]s %[2]s N { LOOK; L := N; if uint(N-%[1]s) > MOST { L = %[1]s + MOST }; "+
			"for ; %[1]s %[2]s L; %[1]s++ ", i, less))
		s.finish(loop.Body.End(), " } }")
	} else {
		// A strip of one iteration, where the step leads nowhere or far. A bound
		// that nothing exceeds ends no strip, as it does not end the loop.
		one := "L, D := %[1]s+1, 1; if "
		if cond.Op == token.LEQ {
			one = "L, D := %[1]s, 1; if N == int(^uint(0)>>1) { L, D = N, C } else if "
		}
		s.replace(cond.Y.End(), step.Pos(), s.in("); C := int("))
		s.replace(step.End(), loop.Body.Lbrace, s.in("); LABELfor %[1]s %[2]s N { LOOK; "+one+"0 < C && C <= 1<<20 { "+
			"if L, D = N, C; uint(N-%[1]s) > MOST*uint(C) { L = %[1]s + MOST*C } }; for ; %[1]s %[2]s L; %[1]s += D ", i, less))
		s.finish(loop.Body.End(), s.in("; %s += C - D } }", i))
	}
	s.leave()
	return true
}

// ranging is for loops over an int and over a slice.
func (s *stripper) ranging(loop *ast.RangeStmt) bool {
	if loop.Tok == token.ASSIGN || s.info.Types[loop.X].Type == nil {
		return false
	}
	key, value := s.defined(loop.Key), s.defined(loop.Value)
	_, isSlice := s.info.Types[loop.X].Type.Underlying().(*types.Slice)
	isCount := types.Identical(s.info.Types[loop.X].Type, types.Typ[types.Int]) && (key == "" || isInt(s.info.Defs[loop.Key.(*ast.Ident)]))
	if !isSlice && !isCount || !s.isTiny(loop.Body) {
		return false
	}
	if value != "" {
		index, open, end := "_", "", " } }"
		if key != "" {
			index, open, end = "I", s.in("{ %s := I + B; ", key), " } } }"
		}
		s.replace(loop.For, loop.X.Pos(), s.in("{ S := "))
		s.replace(loop.X.End(), loop.Body.Lbrace,
			s.in("; LABELfor B := 0; B < len(S); B += MOST { LOOK; L := B + MOST; if L > len(S) { L = len(S) }; for "+index+", %s := range S[B:L] ", value)+open)
		s.finish(loop.Body.End(), end)
		s.leave()
		return true
	}
	bound, head := "int", s.in("range L-B")
	if isSlice {
		bound = "len"
	}
	if key != "" {
		head = s.in("%[1]s := B; %[1]s < L; %[1]s++", key)
	}
	s.replace(loop.For, loop.X.Pos(), s.in("{ B, N := 0, "+bound+"("))
	s.replace(loop.X.End(), loop.Body.Lbrace, s.in("); LABELfor B < N { LOOK; L := N; if N-B > MOST { L = B + MOST }; for ")+head+" ")
	s.finish(loop.Body.End(), s.in("; B = L } }"))
	s.leave()
	return true
}
