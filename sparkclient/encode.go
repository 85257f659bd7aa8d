package sparkclient

import (
	"fmt"
	"math"
	"reflect"
	"strconv"
	"time"

	"github.com/cockroachdb/apd/v3"
)

// rowEncoder makes the function that turns a Go value of type t to the values
// of a row. Its result is reused by the next call.
func rowEncoder(t reflect.Type, st *StructType) (func(reflect.Value) ([]any, error), error) {
	row := make([]any, len(st.Fields))
	inner := element(t)
	if inner.Kind() == reflect.Struct && special(inner) == nil && inner != reflect.TypeFor[Row]() {
		index, err := places(inner, st)
		if err != nil {
			return nil, err
		}
		return func(v reflect.Value) ([]any, error) {
			if v.Kind() == reflect.Pointer {
				if v.IsNil() {
					return nil, fmt.Errorf("a nil %s", t)
				}
				v = v.Elem()
			}
			for i, at := range index {
				if at == nil {
					row[i] = nil
				} else if err := encodeInto(&row[i], v.FieldByIndex(at), st.Fields[i]); err != nil {
					return nil, err
				}
			}
			return row, nil
		}, nil
	}
	return func(v reflect.Value) ([]any, error) { return row, looseRow(row, v, st) }, nil
}

// places finds, for each column, the field of the struct that fills it.
func places(t reflect.Type, st *StructType) ([][]int, error) {
	index := make([][]int, len(st.Fields))
	fields := goFields(t)
	for i, f := range fields {
		at := f.columnOf(st)
		if at < 0 && len(fields) == len(st.Fields) {
			at = i // renamed by position
		}
		if at < 0 {
			return nil, fmt.Errorf("the schema has no column for field %s", f.name)
		}
		index[at] = f.index
	}
	return index, nil
}

// looseRow fills row from a Row, a map, a list or a single value.
func looseRow(row []any, v reflect.Value, st *StructType) error {
	for v.Kind() == reflect.Interface || v.Kind() == reflect.Pointer && special(v.Type().Elem()) == nil {
		v = v.Elem()
	}
	if !v.IsValid() {
		return encodeInto(&row[0], v, st.Fields[0])
	}
	get := func(i int) reflect.Value { return v }
	switch r, isRow := v.Interface().(Row); {
	case isRow && r.Len() == len(row):
		get = func(i int) reflect.Value { return reflect.ValueOf(r.At(i)) }
	case v.Kind() == reflect.Map && v.Type().Key().Kind() == reflect.String:
		get = func(i int) reflect.Value {
			return v.MapIndex(reflect.ValueOf(st.Fields[i].Name).Convert(v.Type().Key()))
		}
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Interface && v.Len() == len(row):
		get = v.Index
	case len(row) != 1:
		return fmt.Errorf("a Go %s does not make a row of %d columns", v.Type(), len(row))
	}
	for i := range row {
		if err := encodeInto(&row[i], get(i), st.Fields[i]); err != nil {
			return err
		}
	}
	return nil
}

func encodeInto(to *any, v reflect.Value, f StructField) error {
	value, err := encodeValue(v, f.Type)
	if err != nil {
		return fmt.Errorf("column %s: %w", f.Name, err)
	}
	if value == nil && !f.Nullable {
		return fmt.Errorf("column %s: null where none is allowed", f.Name)
	}
	*to = value
	return nil
}

// encodeValue turns a Go value to the one that the table at [DataType] has for
// the type.
func encodeValue(v reflect.Value, t DataType) (any, error) {
	for v.Kind() == reflect.Interface || v.Kind() == reflect.Pointer && v.Type() != reflect.TypeFor[*Decimal]() {
		v = v.Elem()
	}
	if !v.IsValid() || nullable(v.Type()) && v.IsNil() {
		return nil, nil
	}
	var out any
	switch t := t.(type) {
	case ByteType, ShortType, IntegerType, LongType:
		out = encodeInteger(v, t)
	case FloatType, DoubleType:
		out = encodeFloat(v, t)
	case StringType, CharType, VarcharType:
		if v.Kind() == reflect.String {
			out = v.String()
		}
	case BooleanType:
		if v.Kind() == reflect.Bool {
			out = v.Bool()
		}
	case BinaryType:
		if v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8 {
			out = v.Bytes()
		}
	case ArrayType:
		return encodeArray(v, t)
	case MapType:
		return encodeMap(v, t)
	case *StructType:
		return encodeStruct(v, t)
	default:
		out = encodeTime(v.Interface(), t)
	}
	if out == nil {
		return nil, misfit(v, t)
	}
	return out, nil
}

func misfit(v reflect.Value, t DataType) error {
	return fmt.Errorf("a Go %s does not fit %s", v.Type(), t.SimpleString())
}

func encodeInteger(v reflect.Value, t DataType) any {
	var n int64
	switch {
	case v.CanInt():
		n = v.Int()
	case v.CanUint() && v.Uint() <= math.MaxInt64:
		n = int64(v.Uint())
	default:
		return nil
	}
	switch t.(type) {
	case ByteType:
		if n == int64(int8(n)) {
			return int8(n)
		}
	case ShortType:
		if n == int64(int16(n)) {
			return int16(n)
		}
	case IntegerType:
		if n == int64(int32(n)) {
			return int32(n)
		}
	default:
		return n
	}
	return nil
}

func encodeFloat(v reflect.Value, t DataType) any {
	var f float64
	switch {
	case v.CanFloat():
		f = v.Float()
	case v.CanInt():
		f = float64(v.Int())
	case v.CanUint():
		f = float64(v.Uint())
	default:
		return nil
	}
	if _, ok := t.(FloatType); ok {
		return float32(f)
	}
	return f
}

// encodeTime converts among the Go types for decimals, times and intervals.
func encodeTime(v any, t DataType) any {
	switch t.(type) {
	case DecimalType:
		return encodeDecimal(v)
	case DateType:
		switch v := v.(type) {
		case Date:
			return v
		case time.Time:
			return DateOf(v)
		}
	case TimestampType:
		if v, ok := v.(time.Time); ok {
			return v
		}
	case TimestampNTZType:
		switch v := v.(type) {
		case TimestampNTZ:
			return v
		case time.Time:
			y, m, d := v.Date()
			return TimestampNTZ{time.Date(y, m, d, v.Hour(), v.Minute(), v.Second(), v.Nanosecond(), time.UTC)}
		}
	case TimeType:
		switch v := v.(type) {
		case TimeOfDay:
			return v
		case time.Duration:
			return TimeOfDay(v)
		}
	case DayTimeIntervalType:
		switch v := v.(type) {
		case DayTimeInterval:
			return v
		case time.Duration:
			return DayTimeInterval(v.Microseconds())
		}
	}
	return encodeSame(v, t)
}

// encodeSame lets through what is already the value for the type.
func encodeSame(v any, t DataType) any {
	var ok bool
	switch t.(type) {
	case YearMonthIntervalType:
		_, ok = v.(YearMonthInterval)
	case CalendarIntervalType:
		_, ok = v.(CalendarInterval)
	case VariantType:
		_, ok = v.(Variant)
	case GeometryType:
		_, ok = v.(Geometry)
	case GeographyType:
		_, ok = v.(Geography)
	}
	if !ok {
		return nil
	}
	return v
}

func encodeDecimal(v any) any {
	switch v := v.(type) {
	case *Decimal:
		return v
	case Decimal:
		return &v
	}
	r := reflect.ValueOf(v)
	switch {
	case r.CanInt():
		return apd.New(r.Int(), 0)
	case r.CanUint():
		d, _, err := apd.NewFromString(strconv.FormatUint(r.Uint(), 10))
		if err == nil {
			return d
		}
	}
	return nil
}

func encodeArray(v reflect.Value, t ArrayType) (any, error) {
	if k := v.Kind(); k != reflect.Slice && k != reflect.Array {
		return nil, misfit(v, t)
	}
	list := make([]any, v.Len())
	for i := range list {
		e, err := encodeValue(v.Index(i), t.ElementType)
		if err != nil {
			return nil, err
		}
		list[i] = e
	}
	return list, nil
}

func encodeMap(v reflect.Value, t MapType) (any, error) {
	var m Map
	add := func(key, value reflect.Value) error {
		k, err := encodeValue(key, t.KeyType)
		if err != nil {
			return err
		}
		e, err := encodeValue(value, t.ValueType)
		m = append(m, MapEntry{k, e})
		return err
	}
	if given, ok := v.Interface().(Map); ok {
		for _, e := range given {
			if err := add(reflect.ValueOf(e.Key), reflect.ValueOf(e.Value)); err != nil {
				return nil, err
			}
		}
		return m, nil
	}
	if v.Kind() != reflect.Map {
		return nil, misfit(v, t)
	}
	for key, value := range v.Seq2() {
		if err := add(key, value); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func encodeStruct(v reflect.Value, t *StructType) (any, error) {
	to, err := rowEncoder(v.Type(), t)
	if err != nil {
		return nil, err
	}
	values, err := to(v)
	return Row{t, values}, err
}
