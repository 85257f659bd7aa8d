package connect

import (
	"bytes"
	"fmt"
	"iter"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"gospark/sparkclient"
)

// recordRows is how many rows one record of an encoded stream has.
const recordRows = 8192

// EncodeRows writes rows as one Arrow IPC stream; see [sparkclient.Engine]. It
// accepts, beside the types of the table at [sparkclient.DataType], any Go
// number that fits the column's type.
func (s *Session) EncodeRows(schema *sparkclient.StructType, rows iter.Seq[[]any]) ([]byte, error) {
	return encodeRows(schema, rows)
}

func encodeRows(schema *sparkclient.StructType, rows iter.Seq[[]any]) ([]byte, error) {
	fields, err := arrowFields(schema)
	if err != nil {
		return nil, err
	}
	e := &rowEncoder{schema: schema, builder: array.NewRecordBuilder(memory.DefaultAllocator, arrow.NewSchema(fields, nil))}
	defer e.builder.Release()
	e.writer = ipc.NewWriter(&e.out, ipc.WithSchema(e.builder.Schema()))
	for i, field := range schema.Fields {
		put, err := newAppender(field.Type, e.builder.Field(i))
		if err != nil {
			return nil, fmt.Errorf("column %s: %w", field.Name, err)
		}
		e.puts = append(e.puts, put)
	}
	for row := range rows {
		if err := e.add(row); err != nil {
			return nil, err
		}
	}
	return e.finish()
}

// rowEncoder collects rows into records.
type rowEncoder struct {
	schema  *sparkclient.StructType
	builder *array.RecordBuilder
	puts    []appender
	writer  *ipc.Writer
	out     bytes.Buffer
	rows    int // in all
	pending int // in the builder
}

func (e *rowEncoder) add(row []any) error {
	if len(row) != len(e.puts) {
		return fmt.Errorf("row %d has %d values for %d columns", e.rows, len(row), len(e.puts))
	}
	for i, put := range e.puts {
		if row[i] == nil && !e.schema.Fields[i].Nullable {
			return fmt.Errorf("row %d, column %s: null in a column without nulls", e.rows, e.schema.Fields[i].Name)
		}
		if err := put(row[i]); err != nil {
			return fmt.Errorf("row %d, column %s: %w", e.rows, e.schema.Fields[i].Name, err)
		}
	}
	e.rows++
	if e.pending++; e.pending == recordRows {
		return e.flush()
	}
	return nil
}

// flush writes what is pending as a record.
func (e *rowEncoder) flush() error {
	e.pending = 0
	record := e.builder.NewRecord()
	defer record.Release()
	if err := e.writer.Write(record); err != nil {
		return fmt.Errorf("encode rows: %w", err)
	}
	return nil
}

func (e *rowEncoder) finish() ([]byte, error) {
	if e.pending > 0 || e.rows == 0 {
		if err := e.flush(); err != nil {
			return nil, err
		}
	}
	if err := e.writer.Close(); err != nil {
		return nil, fmt.Errorf("encode rows: %w", err)
	}
	return e.out.Bytes(), nil
}

func arrowFields(schema *sparkclient.StructType) ([]arrow.Field, error) {
	fields := make([]arrow.Field, len(schema.Fields))
	names := distinct(schema.Names())
	for i, f := range schema.Fields {
		t, err := arrowType(f.Type)
		if err != nil {
			return nil, fmt.Errorf("column %s: %w", f.Name, err)
		}
		fields[i] = arrow.Field{Name: names[i], Type: t, Nullable: f.Nullable}
	}
	return fields, nil
}

// distinct makes repeated names a_0, a_1, … as Spark does in Arrow schemas, where
// it finds fields by name.
func distinct(names []string) []string {
	count, next := map[string]int{}, map[string]int{}
	for _, name := range names {
		count[name]++
	}
	for i, name := range names {
		if count[name] > 1 {
			names[i] = fmt.Sprintf("%s_%d", name, next[name])
			next[name]++
		}
	}
	return names
}

// arrowType is the Arrow type that Spark expects for one of its own.
func arrowType(t sparkclient.DataType) (arrow.DataType, error) {
	switch t := t.(type) {
	case sparkclient.DecimalType:
		return &arrow.Decimal128Type{Precision: int32(t.Precision), Scale: int32(t.Scale)}, nil
	case sparkclient.ArrayType:
		element, err := arrowType(t.ElementType)
		if err != nil {
			return nil, fmt.Errorf("elements: %w", err)
		}
		return arrow.ListOfField(arrow.Field{Name: "element", Type: element, Nullable: t.ContainsNull}), nil
	case sparkclient.MapType:
		return arrowMap(t)
	case *sparkclient.StructType:
		fields, err := arrowFields(t)
		return arrow.StructOf(fields...), err
	case sparkclient.VariantType:
		return pairType("value", arrow.BinaryTypes.Binary, "metadata", map[string]string{"variant": "true"}), nil
	case sparkclient.GeometryType:
		return pairType("srid", arrow.PrimitiveTypes.Int32, "wkb", map[string]string{"geometry": "true", "srid": fmt.Sprint(t.SRID)}), nil
	case sparkclient.GeographyType:
		return pairType("srid", arrow.PrimitiveTypes.Int32, "wkb", map[string]string{"geography": "true", "srid": fmt.Sprint(t.SRID)}), nil
	case sparkclient.UserDefinedType:
		if t.SQLType != nil {
			return arrowType(t.SQLType)
		}
	}
	if simple := simpleArrowType(t); simple != nil {
		return simple, nil
	}
	return nil, fmt.Errorf("values of type %s cannot be sent", t.SimpleString())
}

func simpleArrowType(t sparkclient.DataType) arrow.DataType {
	switch t := t.(type) {
	case sparkclient.NullType:
		return arrow.Null
	case sparkclient.BooleanType:
		return arrow.FixedWidthTypes.Boolean
	case sparkclient.ByteType:
		return arrow.PrimitiveTypes.Int8
	case sparkclient.ShortType:
		return arrow.PrimitiveTypes.Int16
	case sparkclient.IntegerType:
		return arrow.PrimitiveTypes.Int32
	case sparkclient.LongType:
		return arrow.PrimitiveTypes.Int64
	case sparkclient.FloatType:
		return arrow.PrimitiveTypes.Float32
	case sparkclient.DoubleType:
		return arrow.PrimitiveTypes.Float64
	case sparkclient.StringType, sparkclient.CharType, sparkclient.VarcharType:
		return arrow.BinaryTypes.String
	case sparkclient.BinaryType:
		return arrow.BinaryTypes.Binary
	case sparkclient.DateType:
		return arrow.FixedWidthTypes.Date32
	case sparkclient.TimestampType:
		return &arrow.TimestampType{Unit: timestampUnit(t.Precision), TimeZone: "UTC"}
	case sparkclient.TimestampNTZType:
		return &arrow.TimestampType{Unit: timestampUnit(t.Precision)}
	case sparkclient.TimeType:
		return arrow.FixedWidthTypes.Time64ns
	case sparkclient.YearMonthIntervalType:
		return arrow.FixedWidthTypes.MonthInterval
	case sparkclient.DayTimeIntervalType:
		return arrow.FixedWidthTypes.Duration_us
	case sparkclient.CalendarIntervalType:
		return arrow.FixedWidthTypes.MonthDayNanoInterval
	}
	return nil
}

// timestampUnit is the unit of timestamps with that many digits of a second.
func timestampUnit(precision int) arrow.TimeUnit {
	if precision > 6 {
		return arrow.Nanosecond
	}
	return arrow.Microsecond
}

func arrowMap(t sparkclient.MapType) (arrow.DataType, error) {
	key, err := arrowType(t.KeyType)
	if err != nil {
		return nil, fmt.Errorf("keys: %w", err)
	}
	value, err := arrowType(t.ValueType)
	if err != nil {
		return nil, fmt.Errorf("values: %w", err)
	}
	m := arrow.MapOf(key, value)
	m.SetItemNullable(t.ValueContainsNull)
	return m, nil
}

// pairType is how Spark sends types of its own: two fields, the second of which
// is marked.
func pairType(first string, firstType arrow.DataType, second string, mark map[string]string) arrow.DataType {
	return arrow.StructOf(
		arrow.Field{Name: first, Type: firstType},
		arrow.Field{Name: second, Type: arrow.BinaryTypes.Binary, Metadata: arrow.MetadataFrom(mark)},
	)
}
