package sparkclient

import (
	"errors"
	"fmt"
	"time"

	"github.com/cockroachdb/apd/v3"

	"gospark/sparkclient/internal/plan"
)

// literalValue is the value of a constant that the server sent, as in the table
// at [DataType].
func literalValue(l *plan.ExpressionLiteral) (any, error) {
	switch {
	case l.Null != nil:
		return nil, nil
	case l.Boolean != nil:
		return *l.Boolean, nil
	case l.String != nil:
		return *l.String, nil
	case l.Binary != nil:
		return l.Binary, nil
	case l.Byte != nil:
		return int8(*l.Byte), nil
	case l.Short != nil:
		return int16(*l.Short), nil
	case l.Integer != nil:
		return *l.Integer, nil
	case l.Long != nil:
		return *l.Long, nil
	case l.Float != nil:
		return *l.Float, nil
	case l.Double != nil:
		return *l.Double, nil
	case l.Decimal != nil:
		d, _, err := apd.NewFromString(l.Decimal.Value)
		return d, err
	}
	if v := literalTime(l); v != nil {
		return v, nil
	}
	return literalParts(l)
}

func literalTime(l *plan.ExpressionLiteral) any {
	switch {
	case l.Date != nil:
		return Date(*l.Date)
	case l.Timestamp != nil:
		return time.UnixMicro(*l.Timestamp)
	case l.TimestampNtz != nil:
		return TimestampNTZ{time.UnixMicro(*l.TimestampNtz).UTC()}
	case l.Time != nil:
		return TimeOfDay(l.Time.Nano)
	case l.YearMonthInterval != nil:
		return YearMonthInterval(*l.YearMonthInterval)
	case l.DayTimeInterval != nil:
		return DayTimeInterval(*l.DayTimeInterval)
	case l.CalendarInterval != nil:
		return CalendarInterval{l.CalendarInterval.Months, l.CalendarInterval.Days, l.CalendarInterval.Microseconds}
	}
	return nil
}

// literalParts reads arrays, maps and structs.
func literalParts(l *plan.ExpressionLiteral) (any, error) {
	switch {
	case l.Array != nil:
		return literalValues(l.Array.Elements)
	case l.Map != nil:
		keys, err := literalValues(l.Map.Keys)
		values, err2 := literalValues(l.Map.Values)
		if err := firstError(err, err2); err != nil || len(keys) != len(values) {
			return nil, firstError(err, errAnswer("the value of a key"))
		}
		m := make(Map, len(keys))
		for i := range keys {
			m[i] = MapEntry{keys[i], values[i]}
		}
		return m, nil
	case l.Struct != nil:
		values, err := literalValues(l.Struct.Elements)
		return literalRow(values, l.DataType), err
	case l.SpecializedArray != nil:
		return specialized(l.SpecializedArray), nil
	}
	return nil, errors.New("the server sent a constant that this client does not know")
}

// literalRow is a struct; fields whose names did not come are called col1, col2, …
func literalRow(values []any, t *plan.DataType) Row {
	schema := &StructType{}
	for i := range values {
		field := StructField{Name: fmt.Sprintf("col%d", i+1), Type: NullType{}, Nullable: true}
		if t != nil && t.Struct != nil && i < len(t.Struct.Fields) {
			field.Name = t.Struct.Fields[i].Name
			if known, err := typeFromPlan(t.Struct.Fields[i].DataType); err == nil {
				field.Type = known
			}
		}
		schema.Fields = append(schema.Fields, field)
	}
	return NewRow(schema, values)
}

func literalValues(list []*plan.ExpressionLiteral) ([]any, error) {
	values := make([]any, len(list))
	for i, l := range list {
		var err error
		if values[i], err = literalValue(l); err != nil {
			return nil, err
		}
	}
	return values, nil
}

func specialized(a *plan.ExpressionLiteralSpecializedArray) []any {
	switch {
	case a.Bools != nil:
		return anySlice(a.Bools.Values)
	case a.Ints != nil:
		return anySlice(a.Ints.Values)
	case a.Longs != nil:
		return anySlice(a.Longs.Values)
	case a.Floats != nil:
		return anySlice(a.Floats.Values)
	case a.Doubles != nil:
		return anySlice(a.Doubles.Values)
	case a.Strings != nil:
		return anySlice(a.Strings.Values)
	}
	return []any{}
}

func anySlice[T any](list []T) []any {
	values := make([]any, len(list))
	for i, v := range list {
		values[i] = v
	}
	return values
}
