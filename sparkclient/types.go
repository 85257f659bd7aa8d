package sparkclient

import (
	"fmt"
	"strings"
)

// DataType is a Spark type. The types and the Go values that go with them:
//
//	BooleanType                      bool
//	ByteType, ShortType              int8, int16
//	IntegerType, LongType            int32, int64
//	FloatType, DoubleType            float32, float64
//	DecimalType                      *Decimal (exact, with the column's scale)
//	StringType, CharType, VarcharType  string
//	BinaryType                       []byte
//	DateType                         Date
//	TimestampType                    time.Time (an instant, in the session's time zone)
//	TimestampNTZType                 TimestampNTZ
//	TimeType                         TimeOfDay
//	YearMonthIntervalType            YearMonthInterval
//	DayTimeIntervalType              DayTimeInterval
//	CalendarIntervalType             CalendarInterval
//	ArrayType                        []any
//	MapType                          Map
//	StructType                       Row
//	VariantType                      Variant
//	GeometryType, GeographyType      Geometry, Geography
//	NullType, and null in any type   nil
//
// A user-defined type's values are those of its SQL type.
type DataType interface {
	// SimpleString is the type as Spark prints it, for example
	// map<string,decimal(10,2)>. Spark parses it back in a cast or a schema.
	SimpleString() string
}

// The types without parameters.
type (
	NullType             struct{}
	BooleanType          struct{}
	ByteType             struct{}
	ShortType            struct{}
	IntegerType          struct{}
	LongType             struct{}
	FloatType            struct{}
	DoubleType           struct{}
	BinaryType           struct{}
	DateType             struct{}
	CalendarIntervalType struct{}
	VariantType          struct{}
)

// StringType is text; Collation is empty for the default, UTF8_BINARY.
type StringType struct{ Collation string }

// CharType is text padded to Length.
type CharType struct{ Length int }

// VarcharType is text of at most Length.
type VarcharType struct{ Length int }

// DecimalType is an exact number of Precision digits, Scale of them after the
// point.
type DecimalType struct{ Precision, Scale int }

// TimestampType is an instant. Precision is 0 for the usual microseconds, or 7
// to 9 digits of a second.
type TimestampType struct{ Precision int }

// TimestampNTZType is a date and time of day without a zone. Precision is as in
// [TimestampType].
type TimestampNTZType struct{ Precision int }

// TimeType is a time of day with Precision digits of a second.
type TimeType struct{ Precision int }

// YearMonthIntervalType runs from field Start to field End, [IntervalYear] to
// [IntervalMonth].
type YearMonthIntervalType struct{ Start, End int }

// DayTimeIntervalType runs from field Start to field End, [IntervalDay] to
// [IntervalSecond].
type DayTimeIntervalType struct{ Start, End int }

// The fields of interval types.
const (
	IntervalYear  = 0
	IntervalMonth = 1

	IntervalDay    = 0
	IntervalHour   = 1
	IntervalMinute = 2
	IntervalSecond = 3
)

// ArrayType is a list.
type ArrayType struct {
	ElementType  DataType
	ContainsNull bool
}

// MapType maps keys, which are never null, to values.
type MapType struct {
	KeyType, ValueType DataType
	ValueContainsNull  bool
}

// GeometryType is a flat shape; SRID is -1 for mixed ones.
type GeometryType struct{ SRID int }

// GeographyType is a shape on the globe; SRID is -1 for mixed ones.
type GeographyType struct{ SRID int }

// UserDefinedType is a type made by a program on the JVM or in Python.
type UserDefinedType struct {
	Class   string // JVM or Python class
	SQLType DataType
}

// UnparsedType is a type as text, which the server parses.
type UnparsedType struct{ Text string }

func (NullType) SimpleString() string             { return "void" }
func (BooleanType) SimpleString() string          { return "boolean" }
func (ByteType) SimpleString() string             { return "tinyint" }
func (ShortType) SimpleString() string            { return "smallint" }
func (IntegerType) SimpleString() string          { return "int" }
func (LongType) SimpleString() string             { return "bigint" }
func (FloatType) SimpleString() string            { return "float" }
func (DoubleType) SimpleString() string           { return "double" }
func (BinaryType) SimpleString() string           { return "binary" }
func (DateType) SimpleString() string             { return "date" }
func (CalendarIntervalType) SimpleString() string { return "interval" }
func (VariantType) SimpleString() string          { return "variant" }
func (t CharType) SimpleString() string           { return fmt.Sprintf("char(%d)", t.Length) }
func (t VarcharType) SimpleString() string        { return fmt.Sprintf("varchar(%d)", t.Length) }
func (t TimeType) SimpleString() string           { return fmt.Sprintf("time(%d)", t.Precision) }
func (t GeometryType) SimpleString() string       { return "geometry(" + srid(t.SRID) + ")" }
func (t GeographyType) SimpleString() string      { return "geography(" + srid(t.SRID) + ")" }
func (t UnparsedType) SimpleString() string       { return t.Text }

func (t StringType) SimpleString() string {
	if t.Collation == "" || t.Collation == "UTF8_BINARY" {
		return "string"
	}
	return "string collate " + t.Collation
}

func (t DecimalType) SimpleString() string {
	return fmt.Sprintf("decimal(%d,%d)", t.Precision, t.Scale)
}

func (t TimestampType) SimpleString() string {
	return "timestamp" + fraction(t.Precision)
}

func (t TimestampNTZType) SimpleString() string {
	if t.Precision == 0 {
		return "timestamp_ntz"
	}
	return fmt.Sprintf("timestamp_ntz(%d)", t.Precision)
}

func fraction(precision int) string {
	if precision == 0 {
		return ""
	}
	return fmt.Sprintf("(%d)", precision)
}

func srid(id int) string {
	if id < 0 {
		return "any"
	}
	return fmt.Sprint(id)
}

func (t YearMonthIntervalType) SimpleString() string {
	return interval([]string{"year", "month"}, t.Start, t.End)
}

func (t DayTimeIntervalType) SimpleString() string {
	return interval([]string{"day", "hour", "minute", "second"}, t.Start, t.End)
}

func interval(fields []string, start, end int) string {
	from, to := fields[min(max(start, 0), len(fields)-1)], fields[min(max(end, 0), len(fields)-1)]
	if from == to {
		return "interval " + from
	}
	return "interval " + from + " to " + to
}

func (t ArrayType) SimpleString() string {
	return "array<" + t.ElementType.SimpleString() + ">"
}

func (t MapType) SimpleString() string {
	return "map<" + t.KeyType.SimpleString() + "," + t.ValueType.SimpleString() + ">"
}

func (t UserDefinedType) SimpleString() string {
	if t.SQLType == nil {
		return "udt"
	}
	return t.SQLType.SimpleString()
}

// StructType is a list of named fields: a nested record, or the schema of a
// DataFrame. Names may repeat.
type StructType struct {
	Fields []StructField
}

// StructField is one field of a [StructType].
type StructField struct {
	Name     string
	Type     DataType
	Nullable bool
	Metadata string // JSON, or empty
}

// SimpleString is struct<name:type,…>.
func (t *StructType) SimpleString() string {
	parts := make([]string, len(t.Fields))
	for i, f := range t.Fields {
		parts[i] = identifier(f.Name) + ":" + f.Type.SimpleString()
	}
	return "struct<" + strings.Join(parts, ",") + ">"
}

// DDL is the schema as in CREATE TABLE: name TYPE NOT NULL, …
func (t *StructType) DDL() string {
	parts := make([]string, len(t.Fields))
	for i, f := range t.Fields {
		parts[i] = identifier(f.Name) + " " + ddl(f.Type)
		if !f.Nullable {
			parts[i] += " NOT NULL"
		}
	}
	return strings.Join(parts, ", ")
}

// ddl prints a type in capitals, except the names of nested fields and of
// collations.
func ddl(t DataType) string {
	switch t := t.(type) {
	case ArrayType:
		return "ARRAY<" + ddl(t.ElementType) + ">"
	case MapType:
		return "MAP<" + ddl(t.KeyType) + ", " + ddl(t.ValueType) + ">"
	case *StructType:
		parts := make([]string, len(t.Fields))
		for i, f := range t.Fields {
			parts[i] = identifier(f.Name) + ": " + ddl(f.Type)
			if !f.Nullable {
				parts[i] += " NOT NULL"
			}
		}
		return "STRUCT<" + strings.Join(parts, ", ") + ">"
	case StringType:
		if s := t.SimpleString(); s != "string" {
			return "STRING COLLATE " + t.Collation
		}
	case UnparsedType:
		return t.Text
	case UserDefinedType:
		if t.SQLType != nil {
			return ddl(t.SQLType)
		}
	}
	return strings.ToUpper(t.SimpleString())
}

// Names are the fields' names in order.
func (t *StructType) Names() []string {
	names := make([]string, len(t.Fields))
	for i, f := range t.Fields {
		names[i] = f.Name
	}
	return names
}

// Index finds a field: by its exact name, else without regard to case as
// Spark does by default; -1 when there is none. Of several it is the first.
func (t *StructType) Index(name string) int {
	folded := -1
	for i, f := range t.Fields {
		if f.Name == name {
			return i
		}
		if folded < 0 && strings.EqualFold(f.Name, name) {
			folded = i
		}
	}
	return folded
}

// identifier quotes a name that Spark would not read as one.
func identifier(name string) string {
	plain := name != ""
	for i, r := range name {
		letter := r == '_' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
		if !letter && (i == 0 || r < '0' || r > '9') {
			plain = false
		}
	}
	if plain {
		return name
	}
	return "`" + strings.ReplaceAll(name, "`", "``") + "`"
}
