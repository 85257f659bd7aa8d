package sparkclient

import (
	"fmt"
	"math"
	"reflect"
	"time"

	"github.com/cockroachdb/apd/v3"

	"gospark/sparkclient/internal/plan"
)

// Lit is a constant. Go values become the Spark values of the table at
// [DataType]; besides, int becomes INT when it fits and BIGINT otherwise,
// unsigned numbers the next wider type, time.Duration a day-time interval,
// slices ARRAY, maps MAP and nil pointers NULL. A Column is returned as it is.
// Other values make a column that carries an error.
func Lit(value any) Column {
	if c, ok := value.(Column); ok {
		return c
	}
	if l := literal(value); l != nil {
		return Column{expr: &plan.Expression{ExprType: l}}
	}
	return composite(value)
}

// constant is the constant that an expression is, or nil.
func constant(e *plan.Expression) *plan.ExpressionLiteral {
	l, _ := e.ExprType.(*plan.ExpressionLiteral)
	return l
}

// literal is the constant for a value without parts, or nil.
func literal(value any) *plan.ExpressionLiteral {
	switch v := value.(type) {
	case nil:
		return &plan.ExpressionLiteral{Null: &plan.DataType{Null: &plan.DataTypeNull{}}}
	case bool:
		return &plan.ExpressionLiteral{Boolean: &v}
	case string:
		return &plan.ExpressionLiteral{String: &v}
	case float32:
		return &plan.ExpressionLiteral{Float: &v}
	case float64:
		return &plan.ExpressionLiteral{Double: &v}
	case []byte:
		if v == nil {
			return literal(nil)
		}
		return &plan.ExpressionLiteral{Binary: v}
	case apd.Decimal:
		return decimalLiteral(&v)
	case *apd.Decimal:
		return decimalLiteral(v)
	}
	if l := integerLiteral(value); l != nil {
		return l
	}
	return timeLiteral(value)
}

func integerLiteral(value any) *plan.ExpressionLiteral {
	small := func(v int32) *plan.ExpressionLiteral { return &plan.ExpressionLiteral{Integer: &v} }
	long := func(v int64) *plan.ExpressionLiteral { return &plan.ExpressionLiteral{Long: &v} }
	switch v := value.(type) {
	case int:
		if v == int(int32(v)) {
			return small(int32(v))
		}
		return long(int64(v))
	case int8:
		return &plan.ExpressionLiteral{Byte: new(int32(v))}
	case int16:
		return &plan.ExpressionLiteral{Short: new(int32(v))}
	case uint8:
		return &plan.ExpressionLiteral{Short: new(int32(v))}
	case int32:
		return small(v)
	case uint16:
		return small(int32(v))
	case int64:
		return long(v)
	case uint32:
		return long(int64(v))
	case uint:
		return unsignedLiteral(uint64(v))
	case uint64:
		return unsignedLiteral(v)
	}
	return nil
}

func unsignedLiteral(v uint64) *plan.ExpressionLiteral {
	if v <= math.MaxInt64 {
		return &plan.ExpressionLiteral{Long: new(int64(v))}
	}
	return &plan.ExpressionLiteral{Decimal: &plan.ExpressionLiteralDecimal{Value: fmt.Sprint(v), Precision: ptr32(20), Scale: ptr32(0)}}
}

func timeLiteral(value any) *plan.ExpressionLiteral {
	switch v := value.(type) {
	case Date:
		return &plan.ExpressionLiteral{Date: new(int32(v))}
	case time.Time:
		return &plan.ExpressionLiteral{Timestamp: new(v.UnixMicro())}
	case TimestampNTZ:
		return &plan.ExpressionLiteral{TimestampNtz: new(v.UnixMicro())}
	case TimeOfDay:
		return &plan.ExpressionLiteral{Time: &plan.ExpressionLiteralTime{Nano: int64(v)}}
	case time.Duration:
		return &plan.ExpressionLiteral{DayTimeInterval: new(v.Microseconds())}
	case DayTimeInterval:
		return &plan.ExpressionLiteral{DayTimeInterval: new(int64(v))}
	case YearMonthInterval:
		return &plan.ExpressionLiteral{YearMonthInterval: new(int32(v))}
	case CalendarInterval:
		return &plan.ExpressionLiteral{CalendarInterval: &plan.ExpressionLiteralCalendarInterval{Months: v.Months, Days: v.Days, Microseconds: v.Microseconds}}
	}
	return nil
}

func decimalLiteral(d *apd.Decimal) *plan.ExpressionLiteral {
	if d == nil {
		return literal(nil)
	}
	precision, scale := decimalSize(d)
	return &plan.ExpressionLiteral{Decimal: &plan.ExpressionLiteralDecimal{
		Value: d.Text('f'), Precision: ptr32(precision), Scale: ptr32(scale)}}
}

// decimalSize is the smallest precision and scale that hold d.
func decimalSize(d *apd.Decimal) (precision, scale int) {
	scale = max(0, -int(d.Exponent))
	precision = int(d.NumDigits()) + max(0, int(d.Exponent))
	return max(precision, scale, 1), scale
}

// composite is the column for values with parts, which the server puts
// together from the parts, and for named Go types.
func composite(value any) Column {
	switch v := value.(type) {
	case Row:
		args := make([]any, 0, 2*v.Len())
		for i, field := range v.Schema().Fields {
			args = append(args, field.Name, v.At(i))
		}
		return Call("named_struct", args...)
	case Map:
		args := make([]any, 0, 2*len(v))
		for _, e := range v {
			args = append(args, e.Key, e.Value)
		}
		return Call("map", args...)
	case *DataFrame:
		return Column{err: fmt.Errorf("a DataFrame is no value: use df.Scalar() for a subquery")}
	}
	return reflected(reflect.ValueOf(value))
}

// basic is the predeclared type that a value of a named type turns to, or nil.
func basic(k reflect.Kind) reflect.Type {
	return map[reflect.Kind]reflect.Type{
		reflect.Bool:    reflect.TypeFor[bool](),
		reflect.Int:     reflect.TypeFor[int](),
		reflect.Int8:    reflect.TypeFor[int8](),
		reflect.Int16:   reflect.TypeFor[int16](),
		reflect.Int32:   reflect.TypeFor[int32](),
		reflect.Int64:   reflect.TypeFor[int64](),
		reflect.Uint:    reflect.TypeFor[uint](),
		reflect.Uint8:   reflect.TypeFor[uint8](),
		reflect.Uint16:  reflect.TypeFor[uint16](),
		reflect.Uint32:  reflect.TypeFor[uint32](),
		reflect.Uint64:  reflect.TypeFor[uint64](),
		reflect.Float32: reflect.TypeFor[float32](),
		reflect.Float64: reflect.TypeFor[float64](),
		reflect.String:  reflect.TypeFor[string](),
	}[k]
}

func reflected(v reflect.Value) Column {
	if to := basic(v.Kind()); to != nil && to != v.Type() {
		return Lit(v.Convert(to).Interface())
	}
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return Lit(nil)
		}
		return Lit(v.Elem().Interface())
	case reflect.Slice, reflect.Array:
		if v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8 {
			return Lit(v.Bytes())
		}
		args := make([]any, v.Len())
		for i := range args {
			args[i] = v.Index(i).Interface()
		}
		return typed(v.Type(), Call("array", args...), len(args))
	case reflect.Map:
		var args []any
		for key, value := range v.Seq2() {
			args = append(args, key.Interface(), value.Interface())
		}
		return typed(v.Type(), Call("map", args...), len(args))
	}
	return Column{err: fmt.Errorf("a Go %s is no Spark value", v.Type())}
}

// typed gives an empty array or map the type that its Go type tells.
func typed(t reflect.Type, c Column, n int) Column {
	if n > 0 {
		return c
	}
	if spark, err := typeOf(t); err == nil {
		return c.Cast(spark)
	}
	return c
}
