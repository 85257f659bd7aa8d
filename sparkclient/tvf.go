package sparkclient

import (
	"errors"
	"slices"

	"gospark/sparkclient/internal/plan"
)

// TableValuedFunctions are functions whose value is a table. Their arguments
// are Columns; a string is the name of a column, which in a lateral join may be
// [Column.Outer]; any other value is a constant. For functions without a method
// here, registered ones too, see [Session.TableFunction].
type TableValuedFunctions struct{ session *Session }

// TVF is the functions whose value is a table.
func (s *Session) TVF() TableValuedFunctions { return TableValuedFunctions{s} }

func (f TableValuedFunctions) call(name string, args ...any) *DataFrame {
	return f.session.tableFunction(name, columns(args, Name))
}

// Range is [Session.Range].
func (f TableValuedFunctions) Range(bounds ...int64) *DataFrame { return f.session.Range(bounds...) }

// Explode makes a row of each element of an array or entry of a map.
func (f TableValuedFunctions) Explode(collection any) *DataFrame {
	return f.call("explode", collection)
}

// ExplodeOuter is Explode with a row of null for an empty collection.
func (f TableValuedFunctions) ExplodeOuter(collection any) *DataFrame {
	return f.call("explode_outer", collection)
}

// Posexplode is Explode with the position of each element.
func (f TableValuedFunctions) Posexplode(collection any) *DataFrame {
	return f.call("posexplode", collection)
}

// PosexplodeOuter is Posexplode with a row of null for an empty collection.
func (f TableValuedFunctions) PosexplodeOuter(collection any) *DataFrame {
	return f.call("posexplode_outer", collection)
}

// Inline makes a row of each struct of an array.
func (f TableValuedFunctions) Inline(structs any) *DataFrame { return f.call("inline", structs) }

// InlineOuter is Inline with a row of null for an empty array.
func (f TableValuedFunctions) InlineOuter(structs any) *DataFrame {
	return f.call("inline_outer", structs)
}

// JSONTuple takes fields out of a JSON text, a column each.
func (f TableValuedFunctions) JSONTuple(json any, fields ...any) *DataFrame {
	if len(fields) == 0 {
		return f.session.failed(errors.New("JSONTuple needs a field"))
	}
	return f.session.tableFunction("json_tuple", append([]Column{Name(json)}, columns(fields, Lit)...))
}

// Stack parts values into n rows.
func (f TableValuedFunctions) Stack(n any, values ...any) *DataFrame {
	return f.session.tableFunction("stack", columns(slices.Concat([]any{n}, values), Lit))
}

// Collations lists the collations of strings.
func (f TableValuedFunctions) Collations() *DataFrame { return f.call("collations") }

// SQLKeywords lists the words that have a meaning in SQL.
func (f TableValuedFunctions) SQLKeywords() *DataFrame { return f.call("sql_keywords") }

// VariantExplode makes a row of each element or field of a variant.
func (f TableValuedFunctions) VariantExplode(variant any) *DataFrame {
	return f.call("variant_explode", variant)
}

// VariantExplodeOuter is VariantExplode with a row of null where there are none.
func (f TableValuedFunctions) VariantExplodeOuter(variant any) *DataFrame {
	return f.call("variant_explode_outer", variant)
}

// TableFunction is the result of any table-valued function. An argument is a
// constant, a Column or a [TableArg].
func (s *Session) TableFunction(name string, args ...any) *DataFrame {
	list := make([]Column, len(args))
	for i, arg := range args {
		if table, ok := arg.(TableArg); ok {
			list[i] = table.column()
		} else {
			list[i] = Lit(arg)
		}
	}
	return s.tableFunction(name, list)
}

func (s *Session) tableFunction(name string, args []Column) *DataFrame {
	return s.derive(func(e []*plan.Expression) *plan.Relation {
		return &plan.Relation{RelType: &plan.UnresolvedTableValuedFunction{FunctionName: name, Arguments: e}}
	}, args...)
}

// TableArg is a DataFrame as the argument of a table-valued function, and how
// its rows are dealt out.
type TableArg struct {
	df               *DataFrame
	partition, order []Column
	single           bool
	err              error
}

// AsTable is the DataFrame as an argument of [Session.TableFunction].
func (df *DataFrame) AsTable() TableArg { return TableArg{df: df} }

// PartitionBy has the function see the rows with equal values together.
func (t TableArg) PartitionBy(cols ...any) TableArg {
	t.check(!t.parted(), "PartitionBy goes on a table argument that is not partitioned yet")
	t.partition = columns(spread(cols), Name)
	return t
}

// WithSinglePartition has the function see all rows together.
func (t TableArg) WithSinglePartition() TableArg {
	t.check(!t.parted(), "WithSinglePartition goes on a table argument that is not partitioned yet")
	t.single = true
	return t
}

// OrderBy sorts within the partitions.
func (t TableArg) OrderBy(cols ...any) TableArg {
	t.check(t.parted(), "OrderBy goes on a table argument after PartitionBy or WithSinglePartition")
	t.order = append(slices.Clone(t.order), ordered(cols)...)
	return t
}

func (t *TableArg) parted() bool { return len(t.partition) > 0 || t.single }

func (t *TableArg) check(right bool, message string) {
	if !right && t.err == nil {
		t.err = errors.New(message)
	}
}

func (t TableArg) column() Column {
	if t.err != nil {
		return Column{err: t.err}
	}
	c := t.df.subquery(plan.SubqueryTypeTableArg)
	list, refs, err := parts(slices.Concat(t.partition, t.order))
	if err := firstError(c.err, err); err != nil {
		return Column{err: err}
	}
	n := len(t.partition)
	options := &plan.SubqueryExpressionTableArgOptions{PartitionSpec: list[:n], OrderSpec: orders(list[n:])}
	if t.single {
		options.WithSinglePartition = new(true)
	}
	c.expr.ExprType.(*plan.SubqueryExpression).TableArgOptions = options
	c.refs = append(c.refs, refs...)
	return c
}
