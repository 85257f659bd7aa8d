package sparkclient

import (
	"fmt"
	"reflect"
	"strings"

	"gospark/sparkclient/internal/plan"
)

// Column is an expression over the columns of a DataFrame. It is a description
// and may be used many times. Where a method takes any, a Column stands for
// itself and every other value for the constant [Lit] makes of it.
//
// Go has no operators of one's own, so they are methods: a.Add(b), a.Eq(b),
// a.And(b), a.Not().
type Column struct {
	expr *plan.Expression
	refs []*plan.Relation // the plans of subqueries in expr
	err  error

	level int // how deep the lambdas in expr are nested
}

// Col is the column of that name. Dots reach into structs, backquotes keep
// them from it; * is all columns and t.* all of t's.
//
//go:noinline // each cell would compile it, once for each column
func Col(name string) Column {
	switch {
	case name == "*":
		return Column{expr: &plan.Expression{ExprType: &plan.ExpressionUnresolvedStar{}}}
	case strings.HasSuffix(name, ".*"):
		return Column{expr: &plan.Expression{ExprType: &plan.ExpressionUnresolvedStar{UnparsedTarget: &name}}}
	}
	return Column{expr: &plan.Expression{ExprType: &plan.ExpressionUnresolvedAttribute{UnparsedIdentifier: name}}}
}

// Expr is the column that a SQL expression describes.
func Expr(sql string) Column {
	return Column{expr: &plan.Expression{ExprType: &plan.ExpressionExpressionString{Expression: sql}}}
}

// Call is a call of one of Spark's own functions. Arguments other than columns
// are constants; see [Name] for arguments that are names of columns.
func Call(function string, args ...any) Column {
	return call(&plan.ExpressionUnresolvedFunction{FunctionName: function}, args)
}

// CallDistinct is Call over the distinct values of its arguments.
func CallDistinct(function string, args ...any) Column {
	return call(&plan.ExpressionUnresolvedFunction{FunctionName: function, IsDistinct: true}, args)
}

func call(f *plan.ExpressionUnresolvedFunction, args []any) Column {
	return compose(func(e []*plan.Expression) *plan.Expression {
		f.Arguments = e
		return &plan.Expression{ExprType: f}
	}, columns(args, Lit)...)
}

// compose makes a column of columns: it carries their subqueries and the first
// of their errors.
func compose(make func([]*plan.Expression) *plan.Expression, cols ...Column) Column {
	list, refs, err := parts(cols)
	if err != nil {
		return Column{err: err}
	}
	c := Column{expr: make(list), refs: refs}
	for _, part := range cols {
		c.level = max(c.level, part.level)
	}
	return c
}

// parts takes columns apart.
func parts(cols []Column) (list []*plan.Expression, refs []*plan.Relation, err error) {
	list = make([]*plan.Expression, len(cols))
	for i, c := range cols {
		if err := c.Err(); err != nil {
			return nil, nil, err
		}
		list[i] = c.expr
		refs = append(refs, c.refs...)
	}
	return list, refs, nil
}

// CallFunction is a call of any function by its name as SQL finds it: built
// in, registered or stored in a catalog, db.name included.
func CallFunction(function string, args ...any) Column {
	return compose(func(e []*plan.Expression) *plan.Expression {
		return &plan.Expression{ExprType: &plan.CallFunction{FunctionName: function, Arguments: e}}
	}, columns(args, Name)...)
}

// Name is how functions read an argument that is a column: a string is a
// column's name, a Column itself, any other value a constant.
func Name(column any) Column {
	if name, ok := column.(string); ok {
		return Col(name)
	}
	return Lit(column)
}

// columns reads arguments.
func columns(args []any, to func(any) Column) []Column {
	list := make([]Column, len(args))
	for i, arg := range args {
		list[i] = to(arg)
	}
	return list
}

// spread replaces slices of columns or names among the arguments by their
// elements.
func spread(args []any) []any {
	var list []any
	for _, arg := range args {
		switch arg := arg.(type) {
		case []string:
			for _, a := range arg {
				list = append(list, a)
			}
		case []Column:
			for _, a := range arg {
				list = append(list, a)
			}
		case []any:
			list = append(list, arg...)
		default:
			list = append(list, arg)
		}
	}
	return list
}

// Err is the error that the column carries, for example because of a constant
// that is no Spark value; the action returns it.
func (c Column) Err() error {
	if c.err == nil && c.expr == nil {
		return fmt.Errorf("a Column is empty: make it with Col, Lit or a function")
	}
	return c.err
}

func (c Column) apply(function string, args ...any) Column {
	return Call(function, append([]any{c}, args...)...)
}

// Eq is whether both are equal; null where either is null.
func (c Column) Eq(other any) Column { return c.apply("==", other) }

// Ne is whether they differ; null where either is null.
func (c Column) Ne(other any) Column { return c.Eq(other).Not() }

// Lt is less than.
func (c Column) Lt(other any) Column { return c.apply("<", other) }

// Le is less than or equal to.
func (c Column) Le(other any) Column { return c.apply("<=", other) }

// Gt is greater than.
func (c Column) Gt(other any) Column { return c.apply(">", other) }

// Ge is greater than or equal to.
func (c Column) Ge(other any) Column { return c.apply(">=", other) }

// EqNullSafe is whether both are equal, where null equals null (<=>).
func (c Column) EqNullSafe(other any) Column { return c.apply("<=>", other) }

// Between is true from low to high, both included.
func (c Column) Between(low, high any) Column { return c.Ge(low).And(c.Le(high)) }

// IsIn is true for values equal to one of the list; a slice counts as its
// elements, a *DataFrame as a subquery of one column.
func (c Column) IsIn(values ...any) Column {
	if len(values) == 1 {
		if df, ok := values[0].(*DataFrame); ok {
			return df.subquery(plan.SubqueryTypeIn, c)
		}
	}
	return c.apply("in", elements(values)...)
}

// And is true where both are; as in SQL, null counts as unknown.
func (c Column) And(other any) Column { return c.apply("and", other) }

// Or is true where either is; as in SQL, null counts as unknown.
func (c Column) Or(other any) Column { return c.apply("or", other) }

// Not turns true to false and back; null stays null.
func (c Column) Not() Column { return c.apply("not") }

// Add is the sum.
func (c Column) Add(other any) Column { return c.apply("+", other) }

// Sub is the difference.
func (c Column) Sub(other any) Column { return c.apply("-", other) }

// Mul is the product.
func (c Column) Mul(other any) Column { return c.apply("*", other) }

// Div is the quotient: a double or decimal, never an integer.
func (c Column) Div(other any) Column { return c.apply("/", other) }

// Mod is the remainder, with the sign of the dividend.
func (c Column) Mod(other any) Column { return c.apply("%", other) }

// Pow is the column to the power of other, a double.
func (c Column) Pow(other any) Column { return c.apply("power", other) }

// Neg is the negative.
func (c Column) Neg() Column { return c.apply("negative") }

// BitwiseAND is the bits that both have.
func (c Column) BitwiseAND(other any) Column { return c.apply("&", other) }

// BitwiseOR is the bits that either has.
func (c Column) BitwiseOR(other any) Column { return c.apply("|", other) }

// BitwiseXOR is the bits that one of them has.
func (c Column) BitwiseXOR(other any) Column { return c.apply("^", other) }

// IsNull is true for null and never null itself.
func (c Column) IsNull() Column { return c.apply("isNull") }

// IsNotNull is false for null and never null itself.
func (c Column) IsNotNull() Column { return c.apply("isNotNull") }

// IsNaN is true for the floating-point value NaN.
func (c Column) IsNaN() Column { return c.apply("isNaN") }

// Contains is whether other stands somewhere in the text.
func (c Column) Contains(other any) Column { return c.apply("contains", other) }

// StartsWith is whether the text starts with other.
func (c Column) StartsWith(other any) Column { return c.apply("startsWith", other) }

// EndsWith is whether the text ends with other.
func (c Column) EndsWith(other any) Column { return c.apply("endsWith", other) }

// Like matches SQL patterns, where % is any text and _ any character.
func (c Column) Like(pattern any) Column { return c.apply("like", pattern) }

// ILike is Like without regard to case.
func (c Column) ILike(pattern any) Column { return c.apply("ilike", pattern) }

// RLike is whether a Java regular expression matches somewhere in the text.
func (c Column) RLike(pattern any) Column { return c.apply("rlike", pattern) }

// Substr is length characters from start, which counts from 1.
func (c Column) Substr(start, length any) Column { return c.apply("substr", start, length) }

// GetItem is the element of an array at an index from 0, or of a map at a key.
func (c Column) GetItem(key any) Column {
	return compose(func(e []*plan.Expression) *plan.Expression {
		return &plan.Expression{ExprType: &plan.ExpressionUnresolvedExtractValue{Child: e[0], Extraction: e[1]}}
	}, c, Lit(key))
}

// GetField is the field of a struct.
func (c Column) GetField(name string) Column { return c.GetItem(name) }

// WithField adds or replaces a field of a struct.
func (c Column) WithField(name string, value any) Column {
	return compose(func(e []*plan.Expression) *plan.Expression {
		return &plan.Expression{ExprType: &plan.ExpressionUpdateFields{StructExpression: e[0], FieldName: name, ValueExpression: e[1]}}
	}, c, Lit(value))
}

// DropFields leaves fields of a struct out.
func (c Column) DropFields(names ...string) Column {
	for _, name := range names {
		c = compose(func(e []*plan.Expression) *plan.Expression {
			return &plan.Expression{ExprType: &plan.ExpressionUpdateFields{StructExpression: e[0], FieldName: name}}
		}, c)
	}
	return c
}

// As names the column; several names are for functions that make several
// columns, such as explode of a map.
func (c Column) As(names ...string) Column {
	return compose(func(e []*plan.Expression) *plan.Expression {
		return &plan.Expression{ExprType: &plan.ExpressionAlias{Expr: e[0], Name: names}}
	}, c)
}

// Alias is As.
func (c Column) Alias(names ...string) Column { return c.As(names...) }

// Cast turns the values to another type, a [DataType] or its name. What does
// not fit is an error of the operation or null, as spark.sql.ansi.enabled says.
func (c Column) Cast(to any) Column { return c.cast(to, plan.EvalModeUnspecified) }

// TryCast is Cast with null for what does not fit.
func (c Column) TryCast(to any) Column { return c.cast(to, plan.EvalModeTry) }

func (c Column) cast(to any, mode plan.ExpressionCastEvalMode) Column {
	cast := &plan.ExpressionCast{EvalMode: mode}
	switch to := to.(type) {
	case string:
		cast.TypeStr = &to
	case DataType:
		cast.Type = typeToPlan(to)
	default:
		return Column{err: fmt.Errorf("a column is cast to a DataType or its name, not to a Go %T", to)}
	}
	return compose(func(e []*plan.Expression) *plan.Expression {
		cast.Expr = e[0]
		return &plan.Expression{ExprType: cast}
	}, c)
}

// When adds a case to a chain begun by [When].
func (c Column) When(condition Column, value any) Column {
	return c.extend(condition, value)
}

// Otherwise ends a chain begun by [When]: the value where no case holds.
func (c Column) Otherwise(value any) Column {
	return c.extend(value)
}

// When begins a chain of cases; it is null where none holds.
func When(condition Column, value any) Column {
	return Call("when", condition, value)
}

// extend adds arguments to a call of when that is not finished yet: one with
// an even number of them.
func (c Column) extend(args ...any) Column {
	if c.Err() != nil {
		return c
	}
	f, ok := c.expr.ExprType.(*plan.ExpressionUnresolvedFunction)
	if !ok || f.FunctionName != "when" || len(f.Arguments)%2 != 0 {
		return Column{err: fmt.Errorf("When and Otherwise go on a column that When began and Otherwise has not ended")}
	}
	added := compose(func(e []*plan.Expression) *plan.Expression {
		all := append(append([]*plan.Expression{}, f.Arguments...), e...)
		return &plan.Expression{ExprType: &plan.ExpressionUnresolvedFunction{FunctionName: "when", Arguments: all}}
	}, columns(args, Lit)...)
	added.refs, added.level = append(added.refs, c.refs...), max(added.level, c.level)
	return added
}

// Asc orders from low to high, nulls first.
func (c Column) Asc() Column { return c.AscNullsFirst() }

// Desc orders from high to low, nulls last.
func (c Column) Desc() Column { return c.DescNullsLast() }

// AscNullsFirst orders from low to high, nulls first.
func (c Column) AscNullsFirst() Column {
	return c.order(plan.SortDirectionAscending, plan.SortNullsFirst)
}

// AscNullsLast orders from low to high, nulls last.
func (c Column) AscNullsLast() Column {
	return c.order(plan.SortDirectionAscending, plan.SortNullsLast)
}

// DescNullsFirst orders from high to low, nulls first.
func (c Column) DescNullsFirst() Column {
	return c.order(plan.SortDirectionDescending, plan.SortNullsFirst)
}

// DescNullsLast orders from high to low, nulls last.
func (c Column) DescNullsLast() Column {
	return c.order(plan.SortDirectionDescending, plan.SortNullsLast)
}

func (c Column) order(direction plan.ExpressionSortOrderSortDirection, nulls plan.ExpressionSortOrderNullOrdering) Column {
	return compose(func(e []*plan.Expression) *plan.Expression {
		return &plan.Expression{ExprType: &plan.ExpressionSortOrder{Child: e[0], Direction: direction, NullOrdering: nulls}}
	}, c)
}

// ordered reads the arguments of an OrderBy: names, columns and orders.
func ordered(args []any) []Column {
	list := columns(spread(args), Name)
	for i, c := range list {
		if c.Err() != nil {
			continue
		}
		if _, ok := c.expr.ExprType.(*plan.ExpressionSortOrder); !ok {
			list[i] = c.Asc()
		}
	}
	return list
}

// orders takes the orders out of sorted columns.
func orders(list []*plan.Expression) []*plan.ExpressionSortOrder {
	sorted := make([]*plan.ExpressionSortOrder, len(list))
	for i, e := range list {
		sorted[i], _ = e.ExprType.(*plan.ExpressionSortOrder)
	}
	return sorted
}

// Transform is f(c), for chains.
func (c Column) Transform(f func(Column) Column) Column { return f(c) }

// Outer marks a column of the query around a subquery.
func (c Column) Outer() Column { return c }

// elements is the list itself or, when it is one slice, what is in it.
func elements(values []any) []any {
	if len(values) != 1 {
		return values
	}
	v := reflect.ValueOf(values[0])
	if k := v.Kind(); k != reflect.Slice && k != reflect.Array || v.Type().Elem().Kind() == reflect.Uint8 {
		return values
	}
	list := make([]any, v.Len())
	for i := range list {
		list[i] = v.Index(i).Interface()
	}
	return list
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
