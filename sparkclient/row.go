package sparkclient

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Row is one record of a result, or a struct value within one. Its values are
// as in the table at [DataType].
type Row struct {
	schema *StructType
	values []any
}

// NewRow makes a row; there are as many values as the schema has fields.
func NewRow(schema *StructType, values []any) Row {
	return Row{schema: schema, values: values}
}

// Schema describes the row's fields.
func (r Row) Schema() *StructType { return r.schema }

// Len is the number of fields.
func (r Row) Len() int { return len(r.values) }

// At is the value of field i, nil for null.
func (r Row) At(i int) any { return r.values[i] }

// Values are all values in order.
func (r Row) Values() []any { return slices.Clone(r.values) }

// Get is the value of the field of that name, as [StructType.Index] finds it;
// nil for null and for a field that is not there.
func (r Row) Get(name string) any {
	v, _ := r.Lookup(name)
	return v
}

// Lookup is Get that tells null from absent.
func (r Row) Lookup(name string) (any, bool) {
	if r.schema == nil {
		return nil, false
	}
	i := r.schema.Index(name)
	if i < 0 || i >= len(r.values) {
		return nil, false
	}
	return r.values[i], true
}

// Map is the fields by their names, structs within as maps too. Of fields with
// the same name the last one counts.
func (r Row) Map() map[string]any {
	m := make(map[string]any, len(r.values))
	for i, v := range r.values {
		m[r.schema.Fields[i].Name] = mapped(v)
	}
	return m
}

func mapped(v any) any {
	switch v := v.(type) {
	case Row:
		return v.Map()
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = mapped(v[i])
		}
		return list
	case Map:
		m := make(Map, len(v))
		for i, e := range v {
			m[i] = MapEntry{mapped(e.Key), mapped(e.Value)}
		}
		return m
	}
	return v
}

// String is {value, …} as Spark shows a struct.
func (r Row) String() string {
	parts := make([]string, len(r.values))
	for i, v := range r.values {
		parts[i] = text(v)
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// MarshalJSON is an object with the fields in their order.
func (r Row) MarshalJSON() ([]byte, error) {
	b := []byte{'{'}
	for i, v := range r.values {
		if i > 0 {
			b = append(b, ',')
		}
		name, err := json.Marshal(r.schema.Fields[i].Name)
		if err != nil {
			return nil, fmt.Errorf("row as JSON: %w", err)
		}
		value, err := json.Marshal(v)
		if err != nil {
			return nil, fmt.Errorf("row as JSON: field %s: %w", name, err)
		}
		b = append(append(append(b, name...), ':'), value...)
	}
	return append(b, '}'), nil
}
