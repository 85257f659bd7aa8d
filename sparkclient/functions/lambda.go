package functions

import "gospark/sparkclient"

// Functions that take Go functions over Columns. The Go function is called
// once, here, to learn the expression; Spark evaluates that.

type (
	unary   = func(sparkclient.Column) sparkclient.Column
	binary  = func(a, b sparkclient.Column) sparkclient.Column
	ternary = func(a, b, c sparkclient.Column) sparkclient.Column
)

func lambda1(f unary) sparkclient.Column {
	return sparkclient.Lambda(1, func(v []sparkclient.Column) sparkclient.Column { return f(v[0]) })
}

func lambda2(f binary) sparkclient.Column {
	return sparkclient.Lambda(2, func(v []sparkclient.Column) sparkclient.Column { return f(v[0], v[1]) })
}

func lambda3(f ternary) sparkclient.Column {
	return sparkclient.Lambda(3, func(v []sparkclient.Column) sparkclient.Column { return f(v[0], v[1], v[2]) })
}

// Transform applies f to each element of an array.
func Transform(col any, f unary) sparkclient.Column {
	return sparkclient.Call("transform", sparkclient.Name(col), lambda1(f))
}

// TransformWithIndex applies f to each element of an array and its index.
func TransformWithIndex(col any, f binary) sparkclient.Column {
	return sparkclient.Call("transform", sparkclient.Name(col), lambda2(f))
}

// Filter keeps the elements of an array for which f is true.
func Filter(col any, f unary) sparkclient.Column {
	return sparkclient.Call("filter", sparkclient.Name(col), lambda1(f))
}

// FilterWithIndex keeps the elements of an array for which f, of the element
// and its index, is true.
func FilterWithIndex(col any, f binary) sparkclient.Column {
	return sparkclient.Call("filter", sparkclient.Name(col), lambda2(f))
}

// Exists is true when f is true for an element of an array.
func Exists(col any, f unary) sparkclient.Column {
	return sparkclient.Call("exists", sparkclient.Name(col), lambda1(f))
}

// Forall is true when f is true for all elements of an array.
func Forall(col any, f unary) sparkclient.Column {
	return sparkclient.Call("forall", sparkclient.Name(col), lambda1(f))
}

// Aggregate folds an array: merge joins what there is, at first initial, with
// each element; finish, where given, turns the end to the result.
func Aggregate(col, initial any, merge binary, finish ...unary) sparkclient.Column {
	return fold("aggregate", col, initial, merge, finish)
}

// Reduce is Aggregate.
func Reduce(col, initial any, merge binary, finish ...unary) sparkclient.Column {
	return fold("reduce", col, initial, merge, finish)
}

func fold(name string, col, initial any, merge binary, finish []unary) sparkclient.Column {
	args := []any{sparkclient.Name(col), sparkclient.Name(initial), lambda2(merge)}
	for _, f := range finish {
		args = append(args, lambda1(f))
	}
	return sparkclient.Call(name, args...)
}

// ArraySort sorts an array, upwards or as compare says, which is negative, zero
// or positive as its first argument goes before, with or after the second.
func ArraySort(col any, compare ...binary) sparkclient.Column {
	args := []any{sparkclient.Name(col)}
	for _, f := range compare {
		args = append(args, lambda2(f))
	}
	return sparkclient.Call("array_sort", args...)
}

// ZipWith joins two arrays, element by element.
func ZipWith(left, right any, f binary) sparkclient.Column {
	return sparkclient.Call("zip_with", sparkclient.Name(left), sparkclient.Name(right), lambda2(f))
}

// MapFilter keeps the entries of a map for which f, of key and value, is true.
func MapFilter(col any, f binary) sparkclient.Column {
	return sparkclient.Call("map_filter", sparkclient.Name(col), lambda2(f))
}

// MapZipWith joins two maps: f is given a key and its values in both.
func MapZipWith(col1, col2 any, f ternary) sparkclient.Column {
	return sparkclient.Call("map_zip_with", sparkclient.Name(col1), sparkclient.Name(col2), lambda3(f))
}

// TransformKeys replaces the keys of a map by f of key and value.
func TransformKeys(col any, f binary) sparkclient.Column {
	return sparkclient.Call("transform_keys", sparkclient.Name(col), lambda2(f))
}

// TransformValues replaces the values of a map by f of key and value.
func TransformValues(col any, f binary) sparkclient.Column {
	return sparkclient.Call("transform_values", sparkclient.Name(col), lambda2(f))
}
