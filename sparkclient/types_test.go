package sparkclient_test

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"gospark/sparkclient"
	"gospark/sparkclient/connect/pb"
)

func TestTypeText(t *testing.T) {
	st := &sparkclient.StructType{Fields: []sparkclient.StructField{
		{Name: "a b", Type: sparkclient.IntegerType{}},
		{Name: "c", Type: sparkclient.StringType{Collation: "UNICODE_CI"}, Nullable: true},
	}}
	for _, test := range []struct {
		t           sparkclient.DataType
		simple, ddl string
	}{
		{sparkclient.DecimalType{Precision: 10, Scale: 2}, "decimal(10,2)", "x DECIMAL(10,2)"},
		{sparkclient.MapType{KeyType: sparkclient.StringType{}, ValueType: sparkclient.ArrayType{ElementType: sparkclient.LongType{}}}, "map<string,array<bigint>>", "x MAP<STRING, ARRAY<BIGINT>>"},
		{st, "struct<`a b`:int,c:string collate UNICODE_CI>", "x STRUCT<`a b`: INT NOT NULL, c: STRING COLLATE UNICODE_CI>"},
		{sparkclient.TimestampType{}, "timestamp", "x TIMESTAMP"},
		{sparkclient.TimestampNTZType{Precision: 9}, "timestamp_ntz(9)", "x TIMESTAMP_NTZ(9)"},
		{sparkclient.DayTimeIntervalType{Start: 0, End: 3}, "interval day to second", "x INTERVAL DAY TO SECOND"},
		{sparkclient.YearMonthIntervalType{Start: 1, End: 1}, "interval month", "x INTERVAL MONTH"},
		{sparkclient.GeometryType{SRID: -1}, "geometry(any)", "x GEOMETRY(ANY)"},
	} {
		if got := test.t.SimpleString(); got != test.simple {
			t.Errorf("got %s, want %s", got, test.simple)
		}
		schema := sparkclient.StructType{Fields: []sparkclient.StructField{{Name: "x", Type: test.t, Nullable: true}}}
		if got := schema.DDL(); got != test.ddl {
			t.Errorf("got %s, want %s", got, test.ddl)
		}
	}
}

// TestTypeCodec reads every kind that the protos have, filled by reflection, and
// writes it back.
func TestTypeCodec(t *testing.T) {
	kinds := (&pb.DataType{}).ProtoReflect().Descriptor().Oneofs().ByName("kind").Fields()
	for i := range kinds.Len() {
		p := &pb.DataType{}
		m := p.ProtoReflect()
		m.Set(kinds.Get(i), m.NewField(kinds.Get(i)))
		long := &pb.DataType{Kind: &pb.DataType_Long_{Long: &pb.DataType_Long{}}}
		switch k := p.Kind.(type) {
		case *pb.DataType_Array_:
			k.Array.ElementType = long
		case *pb.DataType_Map_:
			k.Map.KeyType, k.Map.ValueType = long, long
		case *pb.DataType_Udt:
			k.Udt.SqlType = long
		}
		b, err := proto.Marshal(p)
		check(t, err)
		dt, err := sparkclient.DecodeDataType(b)
		if err != nil {
			t.Errorf("%s: %v", kinds.Get(i).Name(), err)
			continue
		}
		again, err := sparkclient.DecodeDataType(sparkclient.EncodeDataType(dt))
		if udt, ok := dt.(sparkclient.UserDefinedType); ok {
			dt = udt.SQLType
		}
		if err != nil || !reflect.DeepEqual(dt, again) {
			t.Errorf("%s: %#v became %#v, %v", kinds.Get(i).Name(), dt, again, err)
		}
	}
}

func FuzzDecodeDataType(f *testing.F) {
	f.Add(sparkclient.EncodeDataType(&sparkclient.StructType{Fields: []sparkclient.StructField{
		{Name: "a", Type: sparkclient.MapType{KeyType: sparkclient.StringType{}, ValueType: sparkclient.DecimalType{Precision: 38, Scale: 18}}},
		{Name: "b", Type: sparkclient.ArrayType{ElementType: sparkclient.DayTimeIntervalType{End: 3}}},
	}}))
	f.Add([]byte{0xa2, 0x01, 0x80})
	f.Fuzz(func(t *testing.T, b []byte) {
		dt, err := sparkclient.DecodeDataType(b)
		if err != nil {
			return
		}
		_ = dt.SimpleString()
		if _, err := sparkclient.DecodeDataType(sparkclient.EncodeDataType(dt)); err != nil {
			t.Errorf("%#v does not come back: %v", dt, err)
		}
	})
}

func TestValueText(t *testing.T) {
	at := sparkclient.TimestampNTZ{Time: time.Date(2013, 1, 2, 3, 4, 5, 600, time.UTC)}
	for want, v := range map[string]interface{ String() string }{
		"1969-12-31": sparkclient.Date(-1), "0001-01-01": sparkclient.NewDate(1, 1, 1), "9999-12-31": sparkclient.NewDate(9999, 12, 31),
		"-1-1": sparkclient.YearMonthInterval(-13), "-106751991 04:00:54.775808": sparkclient.DayTimeInterval(-1 << 63),
		"0 seconds": sparkclient.CalendarInterval{}, "2013-01-02 03:04:05.0000006": at,
		"1 months -1 days 1.5 seconds": sparkclient.CalendarInterval{Months: 1, Days: -1, Microseconds: 1500000},
	} {
		if got := v.String(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	row := sparkclient.NewRow(&sparkclient.StructType{Fields: []sparkclient.StructField{{Name: "b"}, {Name: "a"}}}, []any{sparkclient.Date(0), at})
	b, err := json.Marshal(row)
	if got, want := string(b), `{"b":"1970-01-01","a":"2013-01-02 03:04:05.0000006"}`; err != nil || got != want {
		t.Errorf("got %s, %v, want %s", got, err, want)
	}
}

func TestMapGet(t *testing.T) {
	m := sparkclient.Map{{Key: []byte{1}, Value: "bytes"}, {Key: 1.5, Value: "float"}, {Key: []any{int32(1)}, Value: "list"}}
	for _, e := range m {
		if v, ok := m.Get(e.Key); !ok || v != e.Value {
			t.Errorf("key %v: %v", e.Key, v)
		}
	}
	if _, ok := m.Get("no"); ok {
		t.Error("found a key that is not there")
	}
}
