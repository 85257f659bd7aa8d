package connect

import (
	"fmt"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"gospark/sparkclient"
)

// newVector reads an Arrow column as a Spark type. It checks everything that the
// vector relies on later, so that reading a value cannot fail.
func newVector(t sparkclient.DataType, a arrow.Array) (sparkclient.Vector, error) {
	nulls, err := newNulls(a)
	if err != nil {
		return nil, err
	}
	if udt, ok := t.(sparkclient.UserDefinedType); ok && udt.SQLType != nil {
		return newVector(udt.SQLType, a)
	}
	var v sparkclient.Vector
	switch t := t.(type) {
	case *sparkclient.StructType, sparkclient.ArrayType, sparkclient.MapType,
		sparkclient.VariantType, sparkclient.GeometryType, sparkclient.GeographyType:
		v, err = newNested(t, a, nulls)
	case sparkclient.StringType, sparkclient.CharType, sparkclient.VarcharType, sparkclient.BinaryType, sparkclient.NullType:
		v, err = newBytes(t, a, nulls)
	case sparkclient.DateType, sparkclient.TimestampType, sparkclient.TimestampNTZType, sparkclient.TimeType,
		sparkclient.YearMonthIntervalType, sparkclient.DayTimeIntervalType, sparkclient.CalendarIntervalType:
		v = newTemporal(t, a, nulls)
	default:
		v = newNumber(t, a, nulls)
	}
	if err == nil && v == nil {
		err = fmt.Errorf("the server sent %s for %s", a.DataType(), t.SimpleString())
	}
	return v, err
}

// nulls are the validity bits of a column.
type nulls struct{ arrow.Array }

func newNulls(a arrow.Array) (nulls, error) {
	data := a.Data()
	if data.Len() < 0 || data.Offset() < 0 {
		return nulls{}, fmt.Errorf("a column of %d values from %d", data.Len(), data.Offset())
	}
	if bits := a.NullBitmapBytes(); len(bits) > 0 && len(bits)*8 < data.Offset()+data.Len() {
		return nulls{}, fmt.Errorf("%d bytes say which of %d values are null", len(bits), data.Len())
	}
	return nulls{a}, nil
}

// nullVector is a column of nulls only.
type nullVector struct{}

func (nullVector) IsNull(int) bool { return true }
func (nullVector) Value(int) any   { return nil }

// newNumber is a column of truth values or numbers.
func newNumber(t sparkclient.DataType, a arrow.Array, n nulls) sparkclient.Vector {
	switch a := a.(type) {
	case *array.Boolean:
		if is[sparkclient.BooleanType](t) {
			if a.Len() > 0 { // Arrow does not look whether there are bits for all
				_ = a.Data().Buffers()[1].Bytes()[:(a.Data().Offset()+a.Len()+7)/8]
			}
			return boolVector{n, a}
		}
	case *array.Int8:
		if is[sparkclient.ByteType](t) {
			return intVector[int8]{n, a.Int8Values()}
		}
	case *array.Int16:
		if is[sparkclient.ShortType](t) {
			return intVector[int16]{n, a.Int16Values()}
		}
	case *array.Int32:
		if is[sparkclient.IntegerType](t) {
			return intVector[int32]{n, a.Int32Values()}
		}
	case *array.Int64:
		if is[sparkclient.LongType](t) {
			return intVector[int64]{n, a.Int64Values()}
		}
	case *array.Float32:
		if is[sparkclient.FloatType](t) {
			return floatVector[float32]{n, a.Float32Values()}
		}
	case *array.Float64:
		if is[sparkclient.DoubleType](t) {
			return floatVector[float64]{n, a.Float64Values()}
		}
	case *array.Decimal128:
		if is[sparkclient.DecimalType](t) {
			return decimalVector{n, a, -a.DataType().(*arrow.Decimal128Type).Scale}
		}
	}
	return nil
}

func is[T sparkclient.DataType](t sparkclient.DataType) bool {
	_, ok := t.(T)
	return ok
}

type boolVector struct {
	nulls
	values *array.Boolean
}

func (v boolVector) Bool(i int) bool { return v.values.Value(i) }

func (v boolVector) Value(i int) any {
	if v.IsNull(i) {
		return nil
	}
	return v.values.Value(i)
}

type intVector[T int8 | int16 | int32 | int64] struct {
	nulls
	values []T
}

func (v intVector[T]) Int64(i int) int64 { return int64(v.values[i]) }

func (v intVector[T]) Value(i int) any {
	if v.IsNull(i) {
		return nil
	}
	return v.values[i]
}

type floatVector[T float32 | float64] struct {
	nulls
	values []T
}

func (v floatVector[T]) Float64(i int) float64 { return float64(v.values[i]) }

func (v floatVector[T]) Value(i int) any {
	if v.IsNull(i) {
		return nil
	}
	return v.values[i]
}

type decimalVector struct {
	nulls
	values   *array.Decimal128
	exponent int32
}

func (v decimalVector) Value(i int) any {
	if v.IsNull(i) {
		return nil
	}
	n := v.values.Value(i)
	d := &sparkclient.Decimal{Exponent: v.exponent}
	if n.HighBits() == int64(n.LowBits())>>63 { // fits 64 bits
		d.SetFinite(int64(n.LowBits()), v.exponent)
		return d
	}
	d.Negative = n.Sign() < 0
	d.Coeff.SetMathBigInt(n.Abs().BigInt())
	return d
}
