package sparkclient

import (
	"fmt"

	"gospark/sparkclient/internal/plan"
)

// DecodeDataType reads an encoded DataType message of Spark's protos. A type
// that this client does not know is an error, never a panic.
func DecodeDataType(encoded []byte) (DataType, error) {
	var p plan.DataType
	if err := plan.Decode(encoded, &p); err != nil {
		return nil, fmt.Errorf("read a type: %w", err)
	}
	return typeFromPlan(&p)
}

// EncodeDataType writes t as an encoded DataType message of Spark's protos.
func EncodeDataType(t DataType) []byte {
	return plan.Encode(typeToPlan(t))
}

func schemaFromPlan(p *plan.DataType) (*StructType, error) {
	t, err := typeFromPlan(p)
	if err != nil {
		return nil, err
	}
	s, ok := t.(*StructType)
	if !ok {
		return nil, fmt.Errorf("the schema is %s, not a struct", t.SimpleString())
	}
	return s, nil
}

func typeFromPlan(p *plan.DataType) (DataType, error) {
	if p == nil {
		return nil, fmt.Errorf("a type is missing")
	}
	if t := simpleFromPlan(p); t != nil {
		return t, nil
	}
	switch {
	case p.Array != nil:
		element, err := typeFromPlan(p.Array.ElementType)
		return ArrayType{element, p.Array.ContainsNull}, err
	case p.Map != nil:
		key, err := typeFromPlan(p.Map.KeyType)
		if err != nil {
			return nil, err
		}
		value, err := typeFromPlan(p.Map.ValueType)
		return MapType{key, value, p.Map.ValueContainsNull}, err
	case p.Struct != nil:
		return structFromPlan(p.Struct)
	case p.Udt != nil:
		sql, err := typeFromPlan(p.Udt.SqlType)
		class := deref(p.Udt.JvmClass, deref(p.Udt.PythonClass, p.Udt.Type))
		return UserDefinedType{class, sql}, err
	}
	return nil, fmt.Errorf("the server used a type that this client does not know")
}

func structFromPlan(p *plan.DataTypeStruct) (DataType, error) {
	s := &StructType{Fields: make([]StructField, len(p.Fields))}
	for i, f := range p.Fields {
		t, err := typeFromPlan(f.DataType)
		if err != nil {
			return nil, fmt.Errorf("field %s: %w", f.Name, err)
		}
		s.Fields[i] = StructField{Name: f.Name, Type: t, Nullable: f.Nullable, Metadata: deref(f.Metadata, "")}
	}
	return s, nil
}

// simpleFromPlan reads the types that contain no other; nil for the rest.
func simpleFromPlan(p *plan.DataType) DataType {
	switch {
	case p.Null != nil:
		return NullType{}
	case p.Binary != nil:
		return BinaryType{}
	case p.Boolean != nil:
		return BooleanType{}
	case p.Byte != nil:
		return ByteType{}
	case p.Short != nil:
		return ShortType{}
	case p.Integer != nil:
		return IntegerType{}
	case p.Long != nil:
		return LongType{}
	case p.Float != nil:
		return FloatType{}
	case p.Double != nil:
		return DoubleType{}
	case p.Decimal != nil:
		return DecimalType{number(p.Decimal.Precision, 10), number(p.Decimal.Scale, 0)}
	case p.String != nil:
		return StringType{p.String.Collation}
	case p.Char != nil:
		return CharType{int(p.Char.Length)}
	case p.VarChar != nil:
		return VarcharType{int(p.VarChar.Length)}
	case p.Variant != nil:
		return VariantType{}
	case p.Geometry != nil:
		return GeometryType{int(p.Geometry.Srid)}
	case p.Geography != nil:
		return GeographyType{int(p.Geography.Srid)}
	case p.Unparsed != nil:
		return UnparsedType{p.Unparsed.DataTypeString}
	}
	return timeFromPlan(p)
}

func timeFromPlan(p *plan.DataType) DataType {
	switch {
	case p.Date != nil:
		return DateType{}
	case p.Timestamp != nil:
		return TimestampType{}
	case p.TimestampLtzNanos != nil:
		return TimestampType{number(p.TimestampLtzNanos.Precision, 9)}
	case p.TimestampNtz != nil:
		return TimestampNTZType{}
	case p.TimestampNtzNanos != nil:
		return TimestampNTZType{number(p.TimestampNtzNanos.Precision, 9)}
	case p.Time != nil:
		return TimeType{number(p.Time.Precision, 6)}
	case p.CalendarInterval != nil:
		return CalendarIntervalType{}
	case p.YearMonthInterval != nil:
		i := p.YearMonthInterval
		start := number(i.StartField, IntervalYear)
		return YearMonthIntervalType{start, number(i.EndField, max(start, IntervalMonth))}
	case p.DayTimeInterval != nil:
		i := p.DayTimeInterval
		start := number(i.StartField, IntervalDay)
		return DayTimeIntervalType{start, number(i.EndField, max(start, IntervalSecond))}
	}
	return nil
}

func typeToPlan(t DataType) *plan.DataType {
	switch t := t.(type) {
	case *StructType:
		s := &plan.DataTypeStruct{}
		for _, f := range t.Fields {
			field := &plan.DataTypeStructField{Name: f.Name, DataType: typeToPlan(f.Type), Nullable: f.Nullable}
			if f.Metadata != "" {
				field.Metadata = &f.Metadata
			}
			s.Fields = append(s.Fields, field)
		}
		return &plan.DataType{Struct: s}
	case ArrayType:
		return &plan.DataType{Array: &plan.DataTypeArray{ElementType: typeToPlan(t.ElementType), ContainsNull: t.ContainsNull}}
	case MapType:
		return &plan.DataType{Map: &plan.DataTypeMap{KeyType: typeToPlan(t.KeyType), ValueType: typeToPlan(t.ValueType), ValueContainsNull: t.ValueContainsNull}}
	case UserDefinedType:
		return typeToPlan(t.SQLType)
	case UnparsedType:
		return &plan.DataType{Unparsed: &plan.DataTypeUnparsed{DataTypeString: t.Text}}
	}
	return simpleToPlan(t)
}

func simpleToPlan(t DataType) *plan.DataType {
	switch t := t.(type) {
	case BinaryType:
		return &plan.DataType{Binary: &plan.DataTypeBinary{}}
	case BooleanType:
		return &plan.DataType{Boolean: &plan.DataTypeBoolean{}}
	case ByteType:
		return &plan.DataType{Byte: &plan.DataTypeByte{}}
	case ShortType:
		return &plan.DataType{Short: &plan.DataTypeShort{}}
	case IntegerType:
		return &plan.DataType{Integer: &plan.DataTypeInteger{}}
	case LongType:
		return &plan.DataType{Long: &plan.DataTypeLong{}}
	case FloatType:
		return &plan.DataType{Float: &plan.DataTypeFloat{}}
	case DoubleType:
		return &plan.DataType{Double: &plan.DataTypeDouble{}}
	case DecimalType:
		return &plan.DataType{Decimal: &plan.DataTypeDecimal{Precision: ptr32(t.Precision), Scale: ptr32(t.Scale)}}
	case StringType:
		return &plan.DataType{String: &plan.DataTypeString{Collation: t.Collation}}
	case CharType:
		return &plan.DataType{Char: &plan.DataTypeChar{Length: int32(t.Length)}}
	case VarcharType:
		return &plan.DataType{VarChar: &plan.DataTypeVarChar{Length: int32(t.Length)}}
	case VariantType:
		return &plan.DataType{Variant: &plan.DataTypeVariant{}}
	case GeometryType:
		return &plan.DataType{Geometry: &plan.DataTypeGeometry{Srid: int32(t.SRID)}}
	case GeographyType:
		return &plan.DataType{Geography: &plan.DataTypeGeography{Srid: int32(t.SRID)}}
	}
	return timeToPlan(t)
}

func timeToPlan(t DataType) *plan.DataType {
	switch t := t.(type) {
	case DateType:
		return &plan.DataType{Date: &plan.DataTypeDate{}}
	case TimestampType:
		if t.Precision > 6 {
			return &plan.DataType{TimestampLtzNanos: &plan.DataTypeTimestampLTZNanos{Precision: ptr32(t.Precision)}}
		}
		return &plan.DataType{Timestamp: &plan.DataTypeTimestamp{}}
	case TimestampNTZType:
		if t.Precision > 6 {
			return &plan.DataType{TimestampNtzNanos: &plan.DataTypeTimestampNTZNanos{Precision: ptr32(t.Precision)}}
		}
		return &plan.DataType{TimestampNtz: &plan.DataTypeTimestampNTZ{}}
	case TimeType:
		return &plan.DataType{Time: &plan.DataTypeTime{Precision: ptr32(t.Precision)}}
	case CalendarIntervalType:
		return &plan.DataType{CalendarInterval: &plan.DataTypeCalendarInterval{}}
	case YearMonthIntervalType:
		return &plan.DataType{YearMonthInterval: &plan.DataTypeYearMonthInterval{StartField: ptr32(t.Start), EndField: ptr32(t.End)}}
	case DayTimeIntervalType:
		return &plan.DataType{DayTimeInterval: &plan.DataTypeDayTimeInterval{StartField: ptr32(t.Start), EndField: ptr32(t.End)}}
	}
	return &plan.DataType{Null: &plan.DataTypeNull{}}
}

func deref[T any](p *T, unset T) T {
	if p == nil {
		return unset
	}
	return *p
}

func number(p *int32, unset int) int { return int(deref(p, int32(unset))) }

func ptr32(v int) *int32 { return new(int32(v)) }
