package connect

import (
	"fmt"

	"github.com/apache/arrow-go/v18/arrow"

	"gospark/sparkclient"
)

// schemaOf is the Spark schema of an Arrow schema, for servers that send none
// of their own.
func schemaOf(s *arrow.Schema) (*sparkclient.StructType, error) {
	fields, err := fieldsOf(s.Fields())
	return &sparkclient.StructType{Fields: fields}, err
}

func fieldsOf(from []arrow.Field) ([]sparkclient.StructField, error) {
	fields := make([]sparkclient.StructField, len(from))
	for i, f := range from {
		t, err := typeOf(f.Type)
		if err != nil {
			return nil, fmt.Errorf("field %s: %w", f.Name, err)
		}
		fields[i] = sparkclient.StructField{Name: f.Name, Type: t, Nullable: f.Nullable}
	}
	return fields, nil
}

func typeOf(t arrow.DataType) (sparkclient.DataType, error) {
	switch t := t.(type) {
	case *arrow.Decimal128Type:
		return sparkclient.DecimalType{Precision: int(t.Precision), Scale: int(t.Scale)}, nil
	case *arrow.TimestampType:
		if t.TimeZone == "" {
			return sparkclient.TimestampNTZType{}, nil
		}
		return sparkclient.TimestampType{}, nil
	case *arrow.MapType:
		return mapOf(t)
	case *arrow.ListType:
		return arrayOf(t)
	case *arrow.LargeListType:
		return arrayOf(t)
	case *arrow.StructType:
		return structOf(t)
	}
	if simple, ok := simpleTypeOf(t.ID()); ok {
		return simple, nil
	}
	return nil, fmt.Errorf("%s is no type of Spark's", t)
}

func arrayOf(t arrow.ListLikeType) (sparkclient.DataType, error) {
	element, err := typeOf(t.Elem())
	return sparkclient.ArrayType{ElementType: element, ContainsNull: t.ElemField().Nullable}, err
}

func simpleTypeOf(id arrow.Type) (sparkclient.DataType, bool) {
	t, ok := map[arrow.Type]sparkclient.DataType{
		arrow.NULL: sparkclient.NullType{}, arrow.BOOL: sparkclient.BooleanType{},
		arrow.INT8: sparkclient.ByteType{}, arrow.INT16: sparkclient.ShortType{},
		arrow.INT32: sparkclient.IntegerType{}, arrow.INT64: sparkclient.LongType{},
		arrow.FLOAT32: sparkclient.FloatType{}, arrow.FLOAT64: sparkclient.DoubleType{},
		arrow.STRING: sparkclient.StringType{}, arrow.LARGE_STRING: sparkclient.StringType{},
		arrow.BINARY: sparkclient.BinaryType{}, arrow.LARGE_BINARY: sparkclient.BinaryType{},
		arrow.DATE32: sparkclient.DateType{}, arrow.TIME64: sparkclient.TimeType{Precision: 6},
		arrow.INTERVAL_MONTHS:         sparkclient.YearMonthIntervalType{Start: sparkclient.IntervalYear, End: sparkclient.IntervalMonth},
		arrow.DURATION:                sparkclient.DayTimeIntervalType{Start: sparkclient.IntervalDay, End: sparkclient.IntervalSecond},
		arrow.INTERVAL_MONTH_DAY_NANO: sparkclient.CalendarIntervalType{},
	}[id]
	return t, ok
}

func mapOf(t *arrow.MapType) (sparkclient.DataType, error) {
	key, err := typeOf(t.KeyType())
	if err != nil {
		return nil, fmt.Errorf("keys: %w", err)
	}
	value, err := typeOf(t.ItemType())
	return sparkclient.MapType{KeyType: key, ValueType: value, ValueContainsNull: t.ItemField().Nullable}, err
}

func structOf(t *arrow.StructType) (sparkclient.DataType, error) {
	for _, f := range t.Fields() {
		if _, ok := f.Metadata.GetValue("variant"); ok {
			return sparkclient.VariantType{}, nil
		}
	}
	fields, err := fieldsOf(t.Fields())
	return &sparkclient.StructType{Fields: fields}, err
}
