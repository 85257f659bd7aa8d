package connect

import (
	"bytes"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"gospark/sparkclient"
)

// mixed is an Arrow stream of all shapes of columns, and its Spark schema.
func mixed(t testing.TB) ([]byte, *sparkclient.StructType) {
	t.Helper()
	inner := &sparkclient.StructType{Fields: []sparkclient.StructField{{Name: "x", Type: sparkclient.StringType{}, Nullable: true}}}
	var fields []sparkclient.StructField
	for _, c := range []sparkclient.DataType{
		sparkclient.LongType{}, sparkclient.BooleanType{}, sparkclient.StringType{}, sparkclient.BinaryType{}, sparkclient.DoubleType{},
		sparkclient.DecimalType{Precision: 38, Scale: 2}, sparkclient.TimestampType{}, sparkclient.CalendarIntervalType{}, sparkclient.NullType{},
		sparkclient.ArrayType{ElementType: inner, ContainsNull: true},
		sparkclient.MapType{KeyType: sparkclient.StringType{}, ValueType: sparkclient.ArrayType{ElementType: sparkclient.IntegerType{}}, ValueContainsNull: true},
		inner, sparkclient.VariantType{}, sparkclient.GeometryType{SRID: 0},
	} {
		fields = append(fields, sparkclient.StructField{Name: "c", Type: c, Nullable: true})
	}
	schema := &sparkclient.StructType{Fields: fields}
	x := sparkclient.NewRow(inner, []any{"x"})
	row := []any{
		int64(1), true, "text", []byte{1, 2}, 0.5, decimalOf("1.25"), timeOf(t, "2024-01-02 03:04:05", "UTC"), sparkclient.CalendarInterval{Months: 1}, nil,
		[]any{x, nil}, sparkclient.Map{{Key: "k", Value: []any{int32(1)}}}, x, sparkclient.Variant{Value: []byte{1}, Metadata: []byte{2}}, sparkclient.Geometry{WKB: point()},
	}
	data, err := encodeRows(schema, func(yield func([]any) bool) {
		_ = yield(row) && yield(make([]any, len(row))) && yield(row)
	})
	if err != nil {
		t.Fatal(err)
	}
	return data, schema
}

// readAll touches every value in every way.
func readAll(b *batch) {
	for _, column := range b.Columns() {
		for i := range min(b.Len(), 1000) { // a column of nulls may claim any length
			_, _ = column.Value(i), column.IsNull(i)
			switch v := column.(type) {
			case sparkclient.Int64Vector:
				_ = v.Int64(i)
			case sparkclient.Float64Vector:
				_ = v.Float64(i)
			case sparkclient.StringVector:
				_ = strings.Clone(v.Text(i))
			case sparkclient.BoolVector:
				_ = v.Bool(i)
			}
		}
	}
}

// Whatever the bytes are, decoding says so or gives a batch that can be read.
func FuzzDecodeBatch(f *testing.F) {
	data, schema := mixed(f)
	f.Add(data, true)
	f.Add(data, false)
	f.Add(numbers(1, 2, 3), false)
	f.Fuzz(func(t *testing.T, data []byte, known bool) {
		as := schema
		if !known {
			as = nil
		}
		if b, err := decodeBatch(as, data); err == nil {
			readAll(b)
		}
	})
}

// Every byte of a real batch is changed in turn: the fuzzer's beginning.
func TestDecodeDamagedBatches(t *testing.T) {
	data, schema := mixed(t)
	for i := range data {
		for _, flip := range []byte{0xff, 0x80, 0x01} {
			damaged := bytes.Clone(data)
			damaged[i] ^= flip
			for _, as := range []*sparkclient.StructType{schema, nil} {
				if b, err := decodeBatch(as, damaged); err == nil {
					readAll(b)
				}
			}
		}
	}
	for n := range data {
		if b, err := decodeBatch(schema, data[:n]); err == nil {
			readAll(b)
		}
	}
}

func TestDecodeMixed(t *testing.T) {
	data, schema := mixed(t)
	b, err := decodeBatch(schema, data)
	if err != nil {
		t.Fatal(err)
	}
	if b.Len() != 3 || b.Columns()[2].Value(2) != "text" || b.Columns()[2].Value(1) != nil {
		t.Errorf("%d rows", b.Len())
	}
	for i, column := range b.Columns() {
		if !column.IsNull(1) {
			t.Errorf("column %d is not null", i)
		}
	}
}

// Several records in one stream are one batch.
func TestDecodeSeveralRecords(t *testing.T) {
	schema := arrow.NewSchema([]arrow.Field{{Name: "n", Type: arrow.PrimitiveTypes.Int64, Nullable: true}}, nil)
	var out bytes.Buffer
	w := ipc.NewWriter(&out, ipc.WithSchema(schema), ipc.WithZstd())
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	for _, values := range [][]int64{{1, 2}, {}, {3}} {
		b.Field(0).(*array.Int64Builder).AppendValues(values, nil)
		if err := w.Write(b.NewRecord()); err != nil {
			t.Fatal(err)
		}
	}
	b.Field(0).AppendNull()
	if err := w.Write(b.NewRecord()); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	got, err := decodeBatch(nil, out.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	n := got.Columns()[0]
	if got.Len() != 4 || n.Value(0) != int64(1) || n.Value(2) != int64(3) || !n.IsNull(3) || n.Value(3) != nil {
		t.Errorf("%d rows: %v", got.Len(), n.Value(2))
	}
}

func TestColumnsOfAnotherType(t *testing.T) {
	for _, as := range []sparkclient.DataType{
		sparkclient.IntegerType{}, sparkclient.StringType{}, sparkclient.DateType{}, sparkclient.VariantType{}, sparkclient.NullType{},
		sparkclient.ArrayType{ElementType: sparkclient.LongType{}}, &sparkclient.StructType{}, sparkclient.UnparsedType{Text: "x"},
	} {
		schema := &sparkclient.StructType{Fields: []sparkclient.StructField{{Name: "n", Type: as}}}
		if _, err := decodeBatch(schema, numbers(1)); err == nil || !strings.Contains(err.Error(), "column n") {
			t.Errorf("%s: %v", as.SimpleString(), err)
		}
	}
	if _, err := decodeBatch(&sparkclient.StructType{}, numbers(1)); err == nil {
		t.Error("a column too many")
	}
	udt := &sparkclient.StructType{Fields: []sparkclient.StructField{{Name: "n", Type: sparkclient.UserDefinedType{SQLType: sparkclient.LongType{}}}}}
	if b, err := decodeBatch(udt, numbers(7)); err != nil || b.Columns()[0].Value(0) != int64(7) {
		t.Errorf("a user-defined type: %v", err)
	}
}

func TestLocation(t *testing.T) {
	for name, want := range map[string]int{"UTC": 0, "Etc/UTC": 0, "+01:00": 3600, "-05:30": -19800, "GMT+2": 7200, "UTC+02": 7200, "GMT+05:30": 19800, "Mars/Olympus": 0} {
		at := timeOf(t, "2024-01-01 00:00:00", "UTC").In(location(name))
		if _, offset := at.Zone(); offset != want {
			t.Errorf("%s: %d, want %d", name, offset, want)
		}
	}
}
