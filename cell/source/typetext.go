package source

import (
	"fmt"
	"go/constant"
	"go/types"
	"strconv"
	"strings"
)

// typeText writes types as generated code names them.
type typeText struct {
	strings.Builder
	entity  func(types.Object) *entity
	local   map[types.Object]string
	pkg     *types.Package
	imports func(*types.Package) string
	failed  bool // a type that has no name here
	depth   int
}

func (w *typeText) typ(t types.Type) {
	if w.depth++; w.depth > 100 {
		w.failed = true
	}
	defer func() { w.depth-- }()
	if w.failed {
		return
	}
	switch t := t.(type) {
	case *types.Basic:
		w.basic(t)
	case *types.Named:
		w.named(t.Obj(), t.TypeArgs())
	case *types.Alias:
		w.alias(t)
	case *types.Pointer:
		w.prefixed("*", t.Elem())
	case *types.Slice:
		w.prefixed("[]", t.Elem())
	case *types.Array:
		w.prefixed("["+strconv.FormatInt(t.Len(), 10)+"]", t.Elem())
	case *types.Map:
		w.prefixed("map[", t.Key())
		w.prefixed("]", t.Elem())
	case *types.Chan:
		w.prefixed([]string{"chan (", "chan<- (", "<-chan ("}[t.Dir()], t.Elem())
		w.WriteByte(')')
	case *types.Signature:
		w.WriteString("func")
		w.signature(t)
	case *types.Struct:
		w.strukt(t)
	case *types.Interface:
		w.iface(t)
	case *types.Union:
		w.union(t)
	default:
		w.failed = true
	}
}

func (w *typeText) basic(t *types.Basic) {
	switch {
	case t.Kind() == types.Invalid || t.Info()&types.IsUntyped != 0:
		w.failed = true
	case t.Kind() == types.UnsafePointer:
		w.WriteString(w.imports(types.Unsafe) + ".Pointer")
	default:
		w.WriteString(t.Name())
	}
}

func (w *typeText) prefixed(s string, t types.Type) {
	w.WriteString(s)
	w.typ(t)
}

func (w *typeText) alias(t *types.Alias) {
	obj := t.Obj()
	if obj.Pkg() == w.pkg && w.entity(obj) == nil || obj.Pkg() != nil && obj.Pkg() != w.pkg && !obj.Exported() {
		w.typ(types.Unalias(t))
		return
	}
	w.named(obj, t.TypeArgs())
}

func (w *typeText) named(obj *types.TypeName, args *types.TypeList) {
	switch {
	case obj.Pkg() == nil:
		w.WriteString(obj.Name())
	case obj.Pkg() != w.pkg:
		if !obj.Exported() || obj.Parent() != obj.Pkg().Scope() {
			w.failed = true
			return
		}
		w.WriteString(w.imports(obj.Pkg()) + "." + obj.Name())
	default:
		name, lifted := w.local[obj]
		if e := w.entity(obj); e != nil {
			name = e.gen
		} else if !lifted || strings.Contains(name, "[") {
			w.failed = true
		}
		w.WriteString(name)
	}
	if args.Len() > 0 {
		w.WriteByte('[')
		for i := range args.Len() {
			w.comma(i)
			w.typ(args.At(i))
		}
		w.WriteByte(']')
	}
}

func (w *typeText) comma(i int) {
	if i > 0 {
		w.WriteString(", ")
	}
}

func (w *typeText) signature(t *types.Signature) {
	w.tuple(t.Params(), t.Variadic())
	switch t.Results().Len() {
	case 0:
	case 1:
		w.WriteByte(' ')
		w.typ(t.Results().At(0).Type())
	default:
		w.WriteByte(' ')
		w.tuple(t.Results(), false)
	}
}

func (w *typeText) tuple(t *types.Tuple, variadic bool) {
	w.WriteByte('(')
	for i := range t.Len() {
		w.comma(i)
		typ := t.At(i).Type()
		if s, ok := typ.(*types.Slice); ok && variadic && i == t.Len()-1 {
			w.prefixed("...", s.Elem())
			continue
		}
		w.typ(typ)
	}
	w.WriteByte(')')
}

func (w *typeText) strukt(t *types.Struct) {
	w.WriteString("struct{")
	for i := range t.NumFields() {
		f := t.Field(i)
		if i > 0 {
			w.WriteString("; ")
		}
		if !f.Exported() && f.Pkg() != w.pkg {
			w.failed = true
		}
		if !f.Embedded() {
			w.WriteString(f.Name() + " ")
		}
		w.typ(f.Type())
		if tag := t.Tag(i); tag != "" {
			w.WriteString(" " + strconv.Quote(tag))
		}
	}
	w.WriteByte('}')
}

func (w *typeText) iface(t *types.Interface) {
	if t.NumMethods() == 0 && t.NumEmbeddeds() == 0 {
		w.WriteString("any")
		return
	}
	w.WriteString("interface{")
	for i := range t.NumExplicitMethods() {
		m := t.ExplicitMethod(i)
		if !m.Exported() && m.Pkg() != w.pkg {
			w.failed = true
		}
		if i > 0 {
			w.WriteString("; ")
		}
		w.WriteString(m.Name())
		w.signature(m.Signature())
	}
	for i := range t.NumEmbeddeds() {
		if i > 0 || t.NumExplicitMethods() > 0 {
			w.WriteString("; ")
		}
		w.typ(t.EmbeddedType(i))
	}
	w.WriteByte('}')
}

func (w *typeText) union(t *types.Union) {
	for i := range t.Len() {
		if i > 0 {
			w.WriteString(" | ")
		}
		if t.Term(i).Tilde() {
			w.WriteByte('~')
		}
		w.typ(t.Term(i).Type())
	}
}

// constText is a constant's exact value as a Go expression of the same kind.
func constText(c *types.Const) string {
	v := c.Val()
	basic, _ := c.Type().Underlying().(*types.Basic)
	switch {
	case basic != nil && basic.Kind() == types.UntypedRune:
		if i, ok := constant.Int64Val(v); ok && i >= 0 && i <= 0x10ffff && (i < 0xd800 || i > 0xdfff) {
			return fmt.Sprintf("'\\U%08x'", i)
		}
		return "(" + v.ExactString() + " + '\\x00')"
	case v.Kind() == constant.Complex || basic != nil && basic.Kind() == types.UntypedComplex:
		return "(" + floatText(constant.Real(v)) + " + 1i*" + floatText(constant.Imag(v)) + ")"
	case v.Kind() == constant.Float || basic != nil && basic.Kind() == types.UntypedFloat:
		return floatText(v)
	}
	return v.ExactString()
}

func floatText(v constant.Value) string {
	num, denom := constant.Num(v), constant.Denom(v)
	if num.Kind() == constant.Int && denom.Kind() == constant.Int {
		return "(" + num.ExactString() + ".0/" + denom.ExactString() + ".0)"
	}
	return v.ExactString()
}
