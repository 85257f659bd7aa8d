package sparkclient

import (
	"errors"
	"reflect"

	"gospark/sparkclient/internal/plan"
)

// Arguments are [Named] arguments on their way from the process that has the
// values to the one that runs the query.
type Arguments []byte

// errSubquery refuses what is more than a value.
var errSubquery = errors.New("only values can be handed over, no DataFrames and subqueries")

// Encode makes [Arguments] of n: a relation that is a query without a text,
// over which [Session.SQL] lays the text.
func (n Named) Encode() (Arguments, error) {
	values, refs, err := n.split()
	if err != nil {
		return nil, err
	}
	if len(refs) > 0 {
		return nil, errSubquery
	}
	return plan.Encode(&plan.Relation{RelType: &plan.Sql{NamedArguments: values}}), nil
}

func encodedArguments(args []any) (Arguments, bool) {
	if len(args) != 1 {
		return nil, false
	}
	encoded, ok := args[0].(Arguments)
	return encoded, ok
}

// argument is the constant for a query's argument. Spark takes no casts there,
// so that an empty array or map cannot say of what.
func argument(value any) Column {
	if v := reflect.ValueOf(value); v.IsValid() && v.Type() != reflect.TypeFor[[]byte]() {
		switch {
		case v.Kind() == reflect.Slice && v.Len() == 0:
			return Call("array")
		case v.Kind() == reflect.Map && v.Len() == 0:
			return Call("map")
		}
	}
	return Lit(value)
}
