package connect

import (
	"fmt"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"gospark/sparkclient"
)

// newNested is a column of values with parts.
func newNested(t sparkclient.DataType, a arrow.Array, n nulls) (sparkclient.Vector, error) {
	switch t := t.(type) {
	case sparkclient.ArrayType:
		switch a := a.(type) {
		case *array.List:
			return newList(t, a, n)
		case *array.LargeList:
			return newList(t, a, n)
		}
	case sparkclient.MapType:
		if m, ok := a.(*array.Map); ok {
			return newMap(t, m, n)
		}
	case *sparkclient.StructType:
		if s, ok := a.(*array.Struct); ok {
			return newStruct(t, s, n)
		}
	case sparkclient.VariantType:
		return newPair(a, "value", "metadata", func(value, metadata sparkclient.Vector, i int) any {
			return sparkclient.Variant{Value: bytesAt(value, i), Metadata: bytesAt(metadata, i)}
		}, sparkclient.BinaryType{}, n)
	case sparkclient.GeometryType:
		return newPair(a, "srid", "wkb", func(srid, wkb sparkclient.Vector, i int) any {
			return sparkclient.Geometry{SRID: int32At(srid, i), WKB: bytesAt(wkb, i)}
		}, sparkclient.IntegerType{}, n)
	case sparkclient.GeographyType:
		return newPair(a, "srid", "wkb", func(srid, wkb sparkclient.Vector, i int) any {
			return sparkclient.Geography{SRID: int32At(srid, i), WKB: bytesAt(wkb, i)}
		}, sparkclient.IntegerType{}, n)
	}
	return nil, nil
}

// bounds says where each list of a column begins and ends among the elements.
type bounds func(i int) (start, end int64)

func newBounds(a array.ListLike) (bounds, error) {
	for i := range a.Len() {
		start, end := a.ValueOffsets(i)
		if start < 0 || start > end || end > int64(a.ListValues().Len()) {
			return nil, fmt.Errorf("list %d is from %d to %d of %d elements", i, start, end, a.ListValues().Len())
		}
	}
	return a.ValueOffsets, nil
}

type listVector struct {
	nulls
	bounds   bounds
	elements sparkclient.Vector
}

func newList(t sparkclient.ArrayType, a array.ListLike, n nulls) (sparkclient.Vector, error) {
	b, err := newBounds(a)
	if err != nil {
		return nil, err
	}
	elements, err := newVector(t.ElementType, a.ListValues())
	if err != nil {
		return nil, fmt.Errorf("elements: %w", err)
	}
	return listVector{n, b, elements}, nil
}

func (v listVector) Value(i int) any {
	if v.IsNull(i) {
		return nil
	}
	start, end := v.bounds(i)
	values := make([]any, 0, end-start)
	for ; start < end; start++ {
		values = append(values, v.elements.Value(int(start)))
	}
	return values
}

type mapVector struct {
	nulls
	bounds       bounds
	keys, values sparkclient.Vector
}

func newMap(t sparkclient.MapType, a *array.Map, n nulls) (sparkclient.Vector, error) {
	b, err := newBounds(a)
	if err != nil {
		return nil, err
	}
	entries := a.ListValues().Len()
	if a.Keys().Len() < entries || a.Items().Len() < entries {
		return nil, fmt.Errorf("%d keys and %d values for %d entries", a.Keys().Len(), a.Items().Len(), entries)
	}
	keys, err := newVector(t.KeyType, a.Keys())
	if err != nil {
		return nil, fmt.Errorf("keys: %w", err)
	}
	values, err := newVector(t.ValueType, a.Items())
	if err != nil {
		return nil, fmt.Errorf("values: %w", err)
	}
	return mapVector{n, b, keys, values}, nil
}

func (v mapVector) Value(i int) any {
	if v.IsNull(i) {
		return nil
	}
	start, end := v.bounds(i)
	entries := make(sparkclient.Map, 0, end-start)
	for ; start < end; start++ {
		entries = append(entries, sparkclient.MapEntry{Key: v.keys.Value(int(start)), Value: v.values.Value(int(start))})
	}
	return entries
}

type structVector struct {
	nulls
	schema *sparkclient.StructType
	fields []sparkclient.Vector
}

func newStruct(t *sparkclient.StructType, a *array.Struct, n nulls) (sparkclient.Vector, error) {
	if a.NumField() != len(t.Fields) {
		return nil, fmt.Errorf("%d fields for %d", a.NumField(), len(t.Fields))
	}
	v := structVector{n, t, make([]sparkclient.Vector, len(t.Fields))}
	for i, field := range t.Fields {
		if a.Field(i).Len() < a.Len() {
			return nil, fmt.Errorf("field %s has %d values for %d", field.Name, a.Field(i).Len(), a.Len())
		}
		var err error
		if v.fields[i], err = newVector(field.Type, a.Field(i)); err != nil {
			return nil, fmt.Errorf("field %s: %w", field.Name, err)
		}
	}
	return v, nil
}

func (v structVector) Value(i int) any {
	if v.IsNull(i) {
		return nil
	}
	values := make([]any, len(v.fields))
	for f, field := range v.fields {
		values[f] = field.Value(i)
	}
	return sparkclient.NewRow(v.schema, values)
}

// pairVector is a type that Arrow carries as a struct of two fields, the second
// of which is binary.
type pairVector struct {
	nulls
	first, second sparkclient.Vector
	make          func(first, second sparkclient.Vector, i int) any
}

func newPair(
	a arrow.Array, first, second string,
	make func(first, second sparkclient.Vector, i int) any,
	firstType sparkclient.DataType, n nulls,
) (sparkclient.Vector, error) {
	s, ok := a.(*array.Struct)
	if !ok {
		return nil, nil
	}
	v := pairVector{nulls: n, make: make}
	for _, part := range []struct {
		name string
		t    sparkclient.DataType
		to   *sparkclient.Vector
	}{{first, firstType, &v.first}, {second, sparkclient.BinaryType{}, &v.second}} {
		i, found := s.DataType().(*arrow.StructType).FieldIdx(part.name)
		if !found || s.Field(i).Len() < s.Len() {
			return nil, fmt.Errorf("no field %s in %s", part.name, s.DataType())
		}
		var err error
		if *part.to, err = newVector(part.t, s.Field(i)); err != nil {
			return nil, fmt.Errorf("field %s: %w", part.name, err)
		}
	}
	return v, nil
}

func (v pairVector) Value(i int) any {
	if v.IsNull(i) {
		return nil
	}
	return v.make(v.first, v.second, i)
}

func bytesAt(v sparkclient.Vector, i int) []byte {
	b, _ := v.Value(i).([]byte)
	return b
}

func int32At(v sparkclient.Vector, i int) int32 {
	n, _ := v.Value(i).(int32)
	return n
}
