package connect

import (
	"fmt"
	"reflect"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/decimal128"
	"github.com/cockroachdb/apd/v3"

	"gospark/sparkclient"
)

// appender puts one value, nil for null, at the end of a column.
type appender func(value any) error

// newAppender is the appender of a column of type t.
func newAppender(t sparkclient.DataType, b array.Builder) (appender, error) {
	put, err := newValueAppender(t, b)
	if err != nil {
		return nil, err
	}
	return func(value any) error {
		if value == nil {
			b.AppendNull()
			return nil
		}
		return put(value)
	}, nil
}

func newValueAppender(t sparkclient.DataType, b array.Builder) (appender, error) {
	switch b := b.(type) {
	case *array.Int8Builder:
		return integer(t, b.Append), nil
	case *array.Int16Builder:
		return integer(t, b.Append), nil
	case *array.Int32Builder:
		return integer(t, b.Append), nil
	case *array.Int64Builder:
		return integer(t, b.Append), nil
	case *array.Float32Builder:
		return float(t, b.Append), nil
	case *array.Float64Builder:
		return float(t, b.Append), nil
	case *array.BooleanBuilder:
		return exactly(t, b.Append), nil
	case *array.StringBuilder:
		return exactly(t, b.Append), nil
	case *array.BinaryBuilder:
		return exactly(t, b.Append), nil
	case *array.NullBuilder:
		return func(v any) error { return mismatch(v, t) }, nil
	case *array.Decimal128Builder:
		return decimal(t, b), nil
	case *array.ListBuilder, *array.MapBuilder, *array.StructBuilder:
		return newNestedAppender(t, b)
	}
	if put := newTimeAppender(t, b); put != nil {
		return put, nil
	}
	return nil, fmt.Errorf("values of type %s cannot be sent", t.SimpleString())
}

func newTimeAppender(t sparkclient.DataType, b array.Builder) appender {
	switch b := b.(type) {
	case *array.Date32Builder:
		return exactly(t, func(d sparkclient.Date) { b.Append(arrow.Date32(d)) })
	case *array.TimestampBuilder:
		if is[sparkclient.TimestampNTZType](t) {
			return timestamps(t, b, func(v sparkclient.TimestampNTZ) time.Time { return wall(v.Time) })
		}
		return timestamps(t, b, func(v time.Time) time.Time { return v })
	case *array.Time64Builder:
		return exactly(t, func(v sparkclient.TimeOfDay) { b.Append(arrow.Time64(v)) })
	case *array.MonthIntervalBuilder:
		return exactly(t, func(v sparkclient.YearMonthInterval) { b.Append(arrow.MonthInterval(v)) })
	case *array.DurationBuilder:
		return exactly(t, func(v sparkclient.DayTimeInterval) { b.Append(arrow.Duration(v)) })
	case *array.MonthDayNanoIntervalBuilder:
		return func(value any) error {
			v, ok := value.(sparkclient.CalendarInterval)
			if !ok {
				return mismatch(value, t)
			}
			if v.Microseconds*1000/1000 != v.Microseconds {
				return fmt.Errorf("the interval %s is too long to be sent", v)
			}
			b.Append(arrow.MonthDayNanoInterval{Months: v.Months, Days: v.Days, Nanoseconds: v.Microseconds * 1000})
			return nil
		}
	}
	return nil
}

// timestamps appends instants in the unit of the column.
func timestamps[T any](t sparkclient.DataType, b *array.TimestampBuilder, instant func(T) time.Time) appender {
	nanos := b.Type().(*arrow.TimestampType).Unit == arrow.Nanosecond
	return func(value any) error {
		v, ok := value.(T)
		if !ok {
			return mismatch(value, t)
		}
		at := instant(v)
		if !nanos {
			b.Append(arrow.Timestamp(at.UnixMicro()))
			return nil
		}
		if !time.Unix(0, at.UnixNano()).Equal(at) {
			return fmt.Errorf("%v is too far from 1970 for a Spark %s", value, t.SimpleString())
		}
		b.Append(arrow.Timestamp(at.UnixNano()))
		return nil
	}
}

// wall is the instant at which a clock in UTC shows what t's clock shows.
func wall(t time.Time) time.Time {
	_, offset := t.Zone()
	return t.Add(time.Duration(offset) * time.Second)
}

func mismatch(value any, t sparkclient.DataType) error {
	return fmt.Errorf("a Go %T is not a Spark %s", value, t.SimpleString())
}

// exactly appends values of one Go type.
func exactly[T any](t sparkclient.DataType, put func(T)) appender {
	return func(value any) error {
		v, ok := value.(T)
		if !ok {
			return mismatch(value, t)
		}
		put(v)
		return nil
	}
}

// integer appends any Go integer that fits.
func integer[T int8 | int16 | int32 | int64](t sparkclient.DataType, put func(T)) appender {
	return func(value any) error {
		if v, ok := value.(T); ok {
			put(v)
			return nil
		}
		wide, ok := wideInt(value)
		if !ok {
			return mismatch(value, t)
		}
		if int64(T(wide)) != wide {
			return fmt.Errorf("%v does not fit a Spark %s", value, t.SimpleString())
		}
		put(T(wide))
		return nil
	}
}

func wideInt(value any) (int64, bool) {
	v := reflect.ValueOf(value)
	switch {
	case v.CanInt():
		return v.Int(), true
	case v.CanUint() && v.Uint() <= 1<<63-1:
		return int64(v.Uint()), true
	}
	return 0, false
}

// float appends Go floats and integers.
func float[T float32 | float64](t sparkclient.DataType, put func(T)) appender {
	return func(value any) error {
		if v, ok := value.(T); ok {
			put(v)
			return nil
		}
		v := reflect.ValueOf(value)
		if wide, ok := wideInt(value); ok {
			put(T(wide))
		} else if v.CanFloat() {
			put(T(v.Float()))
		} else {
			return mismatch(value, t)
		}
		return nil
	}
}

// decimal appends exact decimals that fit the column's precision and scale.
func decimal(t sparkclient.DataType, b *array.Decimal128Builder) appender {
	column, _ := t.(sparkclient.DecimalType)
	context := apd.Context{Precision: uint32(column.Precision), MaxExponent: apd.MaxExponent, MinExponent: apd.MinExponent, Rounding: apd.RoundHalfUp}
	return func(value any) error {
		var d *sparkclient.Decimal
		switch v := value.(type) {
		case *sparkclient.Decimal:
			d = v
		case sparkclient.Decimal:
			d = &v
		default:
			wide, ok := wideInt(value)
			if !ok {
				return mismatch(value, t)
			}
			d = apd.New(wide, 0)
		}
		var scaled sparkclient.Decimal
		condition, err := context.Quantize(&scaled, d, -int32(column.Scale))
		if err != nil || condition.Inexact() || scaled.Form != apd.Finite {
			return fmt.Errorf("%s does not fit a Spark %s", d, t.SimpleString())
		}
		n := scaled.Coeff.MathBigInt()
		if scaled.Negative {
			n.Neg(n)
		}
		b.Append(decimal128.FromBigInt(n))
		return nil
	}
}
