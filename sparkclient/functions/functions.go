// Package functions is PySpark's pyspark.sql.functions: the functions that
// Spark has for columns. A notebook's cells know it as F:
//
//	df.GroupBy("carrier").Agg(F.Avg("arr_delay").As("late"))
//
// The names are PySpark's in Go spelling: date_format is DateFormat, from_json
// FromJSON. Where PySpark takes a column or its name, so does the function: a
// string is a name there, a [sparkclient.Column] itself and any other value a
// constant. Where PySpark takes a constant, such as the format of DateFormat, a
// string is text. Arguments that may be left out are the last ones.
//
// Most functions are generated from the table functions.tsv; they know nothing
// of how Spark computes them. What Spark's function does, its documentation at
// https://spark.apache.org/docs/latest/api/sql/ tells under Spark's name.
package functions

import (
	"math/rand/v2"

	"gospark/sparkclient"
)

// more lists arguments: the fixed ones and then the rest, which kinds tells
// names (n) from constants (l); the last kind goes for all further ones.
func more(kinds string, rest []any, fixed ...any) []any {
	list := fixed
	for i, arg := range rest {
		if kinds[min(i, len(kinds)-1)] == 'n' {
			arg = sparkclient.Name(arg)
		}
		list = append(list, arg)
	}
	return list
}

// Col is the column of that name; * is all columns.
func Col(name string) sparkclient.Column { return sparkclient.Col(name) }

// Column is Col, under its other name.
func Column(name string) sparkclient.Column { return sparkclient.Col(name) }

// Lit is a constant.
func Lit(value any) sparkclient.Column { return sparkclient.Lit(value) }

// Expr is the column that a SQL expression describes.
func Expr(sql string) sparkclient.Column { return sparkclient.Expr(sql) }

// When begins a chain of cases: When(c, v).When(d, w).Otherwise(x).
func When(condition sparkclient.Column, value any) sparkclient.Column {
	return sparkclient.When(condition, value)
}

// Broadcast marks a DataFrame as small enough to be sent everywhere in a join.
func Broadcast(df *sparkclient.DataFrame) *sparkclient.DataFrame { return df.Hint("broadcast") }

// Asc sorts upwards, nulls first.
func Asc(col any) sparkclient.Column { return sparkclient.Name(col).Asc() }

// AscNullsFirst sorts upwards, nulls first.
func AscNullsFirst(col any) sparkclient.Column { return sparkclient.Name(col).AscNullsFirst() }

// AscNullsLast sorts upwards, nulls last.
func AscNullsLast(col any) sparkclient.Column { return sparkclient.Name(col).AscNullsLast() }

// Desc sorts downwards, nulls last.
func Desc(col any) sparkclient.Column { return sparkclient.Name(col).Desc() }

// DescNullsFirst sorts downwards, nulls first.
func DescNullsFirst(col any) sparkclient.Column { return sparkclient.Name(col).DescNullsFirst() }

// DescNullsLast sorts downwards, nulls last.
func DescNullsLast(col any) sparkclient.Column { return sparkclient.Name(col).DescNullsLast() }

// Log is the natural logarithm of a column, or Log(base, col).
func Log(args ...any) sparkclient.Column {
	if len(args) == 2 {
		return sparkclient.Call("log", args[0], sparkclient.Name(args[1]))
	}
	return sparkclient.Call("ln", more("n", args)...)
}

// CallFunction calls a function by the name that SQL knows it by.
func CallFunction(name string, cols ...any) sparkclient.Column {
	return sparkclient.CallFunction(name, cols...)
}

// CallUDF calls a registered function.
func CallUDF(name string, cols ...any) sparkclient.Column {
	return sparkclient.Call(name, more("n", cols)...)
}

// The trim functions take the characters to trim as the second argument and
// Spark takes them as the first.

func trim(name string, col any, chars []any) sparkclient.Column {
	if len(chars) == 0 {
		return sparkclient.Call(name, sparkclient.Name(col))
	}
	return sparkclient.Call(name, sparkclient.Name(chars[0]), sparkclient.Name(col))
}

// Trim takes blanks, or the characters of a column, off both ends.
func Trim(col any, chars ...any) sparkclient.Column { return trim("trim", col, chars) }

// Ltrim takes blanks, or the characters of a column, off the start.
func Ltrim(col any, chars ...any) sparkclient.Column { return trim("ltrim", col, chars) }

// Rtrim takes blanks, or the characters of a column, off the end.
func Rtrim(col any, chars ...any) sparkclient.Column { return trim("rtrim", col, chars) }

// Functions of chance get their seed here, so that a DataFrame has the same
// rows each time it is computed.

func seeded(name string, seed []any, args ...any) sparkclient.Column {
	if len(seed) == 0 {
		seed = []any{rand.Int64()}
	}
	return sparkclient.Call(name, append(args, seed[0])...)
}

// Rand is a number from 0 to 1, evenly spread.
func Rand(seed ...any) sparkclient.Column { return seeded("rand", seed) }

// Randn is a number with the standard normal distribution.
func Randn(seed ...any) sparkclient.Column { return seeded("randn", seed) }

// Randstr is a string of that length of letters and digits.
func Randstr(length any, seed ...any) sparkclient.Column { return seeded("randstr", seed, length) }

// Uniform is a number from min to max.
func Uniform(min, max any, seed ...any) sparkclient.Column {
	return seeded("uniform", seed, min, max)
}

// UUID is a random identifier.
func UUID(seed ...any) sparkclient.Column { return seeded("uuid", seed) }

// Shuffle puts the elements of an array into random order.
func Shuffle(col any, seed ...any) sparkclient.Column {
	return seeded("shuffle", seed, sparkclient.Name(col))
}

// Functions of Spark's packages spark-avro and spark-protobuf, which the server
// must have.

// FromAvro reads binary values in Avro's form; schema is Avro's, as JSON.
func FromAvro(col any, schema string, options ...map[string]string) sparkclient.Column {
	return external("from_avro", col, []any{schema}, options)
}

// ToAvro writes values in Avro's form, with a schema of Avro's if one is given.
func ToAvro(col any, schema ...string) sparkclient.Column {
	args := []any{}
	for _, s := range schema {
		args = append(args, s)
	}
	return external("to_avro", col, args, nil)
}

// FromProtobuf reads binary values that are messages of that name; descriptors
// is the FileDescriptorSet that protoc --include_imports writes, nil where name
// is a class in a jar.
func FromProtobuf(col any, name string, descriptors []byte, options ...map[string]string) sparkclient.Column {
	return protobuf("from_protobuf", col, name, descriptors, options)
}

// ToProtobuf writes values as messages: see [FromProtobuf].
func ToProtobuf(col any, name string, descriptors []byte, options ...map[string]string) sparkclient.Column {
	return protobuf("to_protobuf", col, name, descriptors, options)
}

func protobuf(function string, col any, name string, descriptors []byte, options []map[string]string) sparkclient.Column {
	args := []any{name}
	if descriptors != nil {
		args = append(args, descriptors)
	}
	return external(function, col, args, options)
}

func external(function string, col any, args []any, options []map[string]string) sparkclient.Column {
	args = append([]any{sparkclient.Name(col)}, args...)
	for _, o := range options {
		args = append(args, o)
	}
	return sparkclient.Call(function, args...)
}
