package connect

import (
	"fmt"

	"github.com/apache/arrow-go/v18/arrow/array"

	"gospark/sparkclient"
)

// newNestedAppender is the appender of values with parts.
func newNestedAppender(t sparkclient.DataType, b array.Builder) (appender, error) {
	if udt, ok := t.(sparkclient.UserDefinedType); ok {
		return newNestedAppender(udt.SQLType, b)
	}
	switch b := b.(type) {
	case *array.ListBuilder:
		return newListAppender(t, b)
	case *array.MapBuilder:
		return newMapAppender(t, b)
	case *array.StructBuilder:
		if schema, ok := t.(*sparkclient.StructType); ok {
			return newStructAppender(schema, b)
		}
		return newPairAppender(t, b), nil
	}
	return nil, fmt.Errorf("values of type %s cannot be sent", t.SimpleString())
}

func newListAppender(t sparkclient.DataType, b *array.ListBuilder) (appender, error) {
	list, ok := t.(sparkclient.ArrayType)
	if !ok {
		return nil, fmt.Errorf("%s is no array", t.SimpleString())
	}
	put, err := newAppender(list.ElementType, b.ValueBuilder())
	if err != nil {
		return nil, fmt.Errorf("elements: %w", err)
	}
	return func(value any) error {
		values, ok := value.([]any)
		if !ok {
			return mismatch(value, t)
		}
		b.Append(true)
		for i, v := range values {
			if v == nil && !list.ContainsNull {
				return fmt.Errorf("element %d: null in an array without nulls", i)
			}
			if err := put(v); err != nil {
				return fmt.Errorf("element %d: %w", i, err)
			}
		}
		return nil
	}, nil
}

func newMapAppender(t sparkclient.DataType, b *array.MapBuilder) (appender, error) {
	m, ok := t.(sparkclient.MapType)
	if !ok {
		return nil, fmt.Errorf("%s is no map", t.SimpleString())
	}
	putKey, err := newAppender(m.KeyType, b.KeyBuilder())
	if err != nil {
		return nil, fmt.Errorf("keys: %w", err)
	}
	putValue, err := newAppender(m.ValueType, b.ItemBuilder())
	if err != nil {
		return nil, fmt.Errorf("values: %w", err)
	}
	return func(value any) error {
		entries, ok := value.(sparkclient.Map)
		if !ok {
			return mismatch(value, t)
		}
		b.Append(true)
		for i, e := range entries {
			if e.Key == nil || e.Value == nil && !m.ValueContainsNull {
				return fmt.Errorf("entry %d: null in a map without nulls", i)
			}
			if err := putKey(e.Key); err != nil {
				return fmt.Errorf("key %d: %w", i, err)
			}
			if err := putValue(e.Value); err != nil {
				return fmt.Errorf("value %d: %w", i, err)
			}
		}
		return nil
	}, nil
}

func newStructAppender(t *sparkclient.StructType, b *array.StructBuilder) (appender, error) {
	puts := make([]appender, len(t.Fields))
	for i, f := range t.Fields {
		var err error
		if puts[i], err = newAppender(f.Type, b.FieldBuilder(i)); err != nil {
			return nil, fmt.Errorf("field %s: %w", f.Name, err)
		}
	}
	return func(value any) error {
		row, ok := value.(sparkclient.Row)
		if !ok || row.Len() != len(puts) {
			return mismatch(value, t)
		}
		b.Append(true)
		for i, put := range puts {
			if row.At(i) == nil && !t.Fields[i].Nullable {
				return fmt.Errorf("field %s: null in a field without nulls", t.Fields[i].Name)
			}
			if err := put(row.At(i)); err != nil {
				return fmt.Errorf("field %s: %w", t.Fields[i].Name, err)
			}
		}
		return nil
	}, nil
}

// newPairAppender is for the types that [pairType] carries.
func newPairAppender(t sparkclient.DataType, b *array.StructBuilder) appender {
	shape := func(srid int32, wkb []byte) {
		b.Append(true)
		b.FieldBuilder(0).(*array.Int32Builder).Append(srid)
		b.FieldBuilder(1).(*array.BinaryBuilder).Append(wkb)
	}
	switch t.(type) {
	case sparkclient.VariantType:
		return exactly(t, func(v sparkclient.Variant) {
			b.Append(true)
			b.FieldBuilder(0).(*array.BinaryBuilder).Append(v.Value)
			b.FieldBuilder(1).(*array.BinaryBuilder).Append(v.Metadata)
		})
	case sparkclient.GeometryType:
		return exactly(t, func(v sparkclient.Geometry) { shape(v.SRID, v.WKB) })
	default:
		return exactly(t, func(v sparkclient.Geography) { shape(v.SRID, v.WKB) })
	}
}
