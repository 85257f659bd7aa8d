package connect

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/apd/v3"

	"gospark/sparkclient"
	"gospark/sparkclient/connect/pb"
)

// literal is a value in SQL and in Go.
type literal struct {
	sql  string
	want any
}

func decimalOf(text string) *sparkclient.Decimal {
	d, _, err := apd.NewFromString(text)
	if err != nil {
		panic(err)
	}
	return d
}

func timeOf(t testing.TB, text, zone string) time.Time {
	t.Helper()
	location, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	at, err := time.ParseInLocation("2006-01-02 15:04:05", text, location)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func ntz(text string) sparkclient.TimestampNTZ {
	at, err := time.Parse("2006-01-02 15:04:05", text)
	if err != nil {
		panic(err)
	}
	return sparkclient.TimestampNTZ{Time: at}
}

// row is a struct value whose field types do not matter to the comparison.
type row []any

// plain turns rows into something that reflect.DeepEqual compares by value.
func plain(v any) any {
	switch v := v.(type) {
	case sparkclient.Row:
		values := row{}
		for i := range v.Len() {
			values = append(values, plain(v.At(i)))
		}
		return values
	case []any:
		values := make([]any, len(v))
		for i := range v {
			values[i] = plain(v[i])
		}
		return values
	case sparkclient.Map:
		entries := make(sparkclient.Map, len(v))
		for i, e := range v {
			entries[i] = sparkclient.MapEntry{Key: plain(e.Key), Value: plain(e.Value)}
		}
		return entries
	case *sparkclient.Decimal:
		return "decimal " + v.Text('f')
	case time.Time:
		return v.Format("2006-01-02 15:04:05.999999999 -0700 ") + v.Location().String()
	}
	return v
}

func literals(t testing.TB) []literal {
	berlin := "Europe/Berlin"
	return []literal{
		{"true", true},
		{"-128Y", int8(-128)},
		{"-32768S", int16(-32768)},
		{"2147483647", int32(1<<31 - 1)},
		{"-9223372036854775808L", int64(-1 << 63)},
		{"1.5F", float32(1.5)},
		{"-1.5e300D", -1.5e300},
		{"'grüße, 世界'", "grüße, 世界"},
		{"''", ""},
		{"cast('ab' as char(5))", "ab"},
		{"'a' collate UNICODE_CI", "a"},
		{"X'00FF10'", []byte{0, 255, 16}},
		{"X''", []byte{}},
		{"1.50BD", decimalOf("1.50")},
		{"-0.05BD", decimalOf("-0.05")},
		{"cast('12345678901234567890123456.789012345678' as decimal(38,12))", decimalOf("12345678901234567890123456.789012345678")},
		{"cast('-99999999999999999999999999999999999999' as decimal(38,0))", decimalOf("-99999999999999999999999999999999999999")},
		{"cast('-9223372036854775808' as decimal(19,0))", decimalOf("-9223372036854775808")},
		{"date'1582-10-15'", sparkclient.NewDate(1582, 10, 15)},
		{"date'9999-12-31'", sparkclient.NewDate(9999, 12, 31)},
		{"timestamp'2024-07-01 12:00:00.123456'", timeOf(t, "2024-07-01 12:00:00.123456", berlin)},
		{"timestamp'1900-01-01 00:00:00'", timeOf(t, "1900-01-01 00:00:00", berlin)},
		{"timestamp_ntz'2024-03-31 02:30:00.5'", ntz("2024-03-31 02:30:00.5")},
		{"cast('2024-07-01 12:00:00.123456789' as timestamp_ntz(9))", ntz("2024-07-01 12:00:00.123456789")},
		{"cast('2024-07-01 12:00:00.123456789' as timestamp_ltz(9))", timeOf(t, "2024-07-01 12:00:00.123456789", berlin)},
		{"time'23:59:59.999999'", sparkclient.TimeOfDay(24*time.Hour - time.Microsecond)},
		{"interval '-1-2' year to month", sparkclient.YearMonthInterval(-14)},
		{"interval '1 02:03:04.5' day to second", sparkclient.DayTimeInterval(93784500000)},
		{"make_interval(1,2,3,4,5,6,7.5)", sparkclient.CalendarInterval{Months: 14, Days: 25, Microseconds: 18367500000}},
		{"array(1, null, 3)", []any{int32(1), nil, int32(3)}},
		{"array()", []any{}},
		{"array(array('a'), array())", []any{[]any{"a"}, []any{}}},
		{"map(X'01', named_struct('x', 1.5BD))", sparkclient.Map{{Key: []byte{1}, Value: row{"decimal 1.5"}}}},
		{"map(array(1), map(struct(1), null))", sparkclient.Map{{Key: []any{int32(1)}, Value: sparkclient.Map{{Key: row{int32(1)}, Value: nil}}}}},
		{"map()", sparkclient.Map{}},
		{"named_struct('b', 1, 'a', 'x', 'b', null)", row{int32(1), "x", nil}},
		{"parse_json('1')", sparkclient.Variant{Value: []byte{12, 1}, Metadata: []byte{1, 0, 0}}},
		{"array(parse_json('1'), null)", []any{sparkclient.Variant{Value: []byte{12, 1}, Metadata: []byte{1, 0, 0}}, nil}},
		{"st_geomfromwkb(X'0101000000000000000000F03F0000000000000040')", sparkclient.Geometry{WKB: point()}},
		{"st_geogfromwkb(X'0101000000000000000000F03F0000000000000040')", sparkclient.Geography{SRID: 4326, WKB: point()}},
		{"null", nil},
		{"cast(null as decimal(5,2))", nil},
		{"cast(null as array<map<string,struct<a:int>>>)", nil},
		{"float('NaN') <=> float('NaN')", true},
	}
}

func point() []byte {
	return []byte{1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 0, 0, 0, 0, 0, 0, 0, 0x40}
}

// typed is a session in Berlin that has all types.
func typed(t testing.TB) *Session {
	s := open(t)
	for _, set := range []string{"set spark.sql.session.timeZone=Europe/Berlin", "set spark.sql.timeType.enabled=true", "set spark.sql.timestampNanosTypes.enabled=true"} {
		query(t, s, set)
	}
	return s
}

func TestEveryTypeArrives(t *testing.T) {
	s := typed(t)
	for _, l := range literals(t) {
		got := query(t, s, "select "+l.sql+" as v")
		if len(got.rows) != 1 || !reflect.DeepEqual(plain(got.rows[0][0]), plain(l.want)) {
			t.Errorf("%s: got %#v, want %#v", l.sql, got.rows, plain(l.want))
		}
	}
}

// What arrived can be sent back as local rows and arrives the same.
func TestEveryTypeGoesBack(t *testing.T) {
	s := typed(t)
	for _, l := range literals(t) {
		from := query(t, s, "select "+l.sql+" as v")
		nullable := *from.schema
		nullable.Fields = slices.Clone(nullable.Fields)
		nullable.Fields[0].Nullable = true
		rows := [][]any{from.rows[0], {nil}, from.rows[0]}
		back, err := run(t.Context(), s, localPlan(t, s, &nullable, rows))
		if err != nil {
			t.Errorf("%s: %v", l.sql, err)
			continue
		}
		for i, want := range rows {
			if !reflect.DeepEqual(plain(back.rows[i][0]), plain(want[0])) {
				t.Errorf("%s: row %d came back as %#v, want %#v", l.sql, i, plain(back.rows[i][0]), plain(want[0]))
			}
		}
	}
}

func localPlan(t testing.TB, s *Session, schema *sparkclient.StructType, rows [][]any) []byte {
	t.Helper()
	data, err := s.EncodeRows(schema, slices.Values(rows))
	if err != nil {
		t.Fatalf("encode: %v", err)
	}
	ddl := schema.DDL()
	return encodePlan(&pb.Plan{OpType: &pb.Plan_Root{Root: &pb.Relation{RelType: &pb.Relation_LocalRelation{
		LocalRelation: &pb.LocalRelation{Data: data, Schema: &ddl},
	}}}})
}

func TestWrongValuesAreNamed(t *testing.T) {
	s := &Session{}
	for _, c := range []struct {
		t     sparkclient.DataType
		value any
		want  string
	}{
		{sparkclient.ByteType{}, 300, "300 does not fit a Spark tinyint"},
		{sparkclient.LongType{}, uint64(1 << 63), "not a Spark bigint"},
		{sparkclient.LongType{}, "1", "a Go string is not a Spark bigint"},
		{sparkclient.StringType{}, 1, "a Go int is not a Spark string"},
		{sparkclient.DecimalType{Precision: 3, Scale: 1}, decimalOf("1.25"), "1.25 does not fit"},
		{sparkclient.DecimalType{Precision: 3, Scale: 1}, decimalOf("100.0"), "100.0 does not fit"},
		{sparkclient.DecimalType{Precision: 3, Scale: 1}, decimalOf("NaN"), "does not fit"},
		{sparkclient.ArrayType{ElementType: sparkclient.LongType{}}, []any{int64(1), nil}, "element 1: null in an array without nulls"},
		{sparkclient.UnparsedType{Text: "huh"}, 1, "cannot be sent"},
	} {
		schema := &sparkclient.StructType{Fields: []sparkclient.StructField{{Name: "c", Type: c.t, Nullable: true}}}
		_, err := s.EncodeRows(schema, slices.Values([][]any{{c.value}}))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s %v: got %v, want %s", c.t.SimpleString(), c.value, err, c.want)
		}
	}
}

func TestNumbersThatFitAreTaken(t *testing.T) {
	s := open(t)
	schema := &sparkclient.StructType{Fields: []sparkclient.StructField{
		{Name: "l", Type: sparkclient.LongType{}}, {Name: "d", Type: sparkclient.DoubleType{}}, {Name: "m", Type: sparkclient.DecimalType{Precision: 10, Scale: 2}},
	}}
	r, err := run(t.Context(), s, localPlan(t, s, schema, [][]any{{1, 2, 3}, {uint8(4), float32(0.5), decimalOf("6.5")}}))
	if err != nil {
		t.Fatal(err)
	}
	want := []any{[]any{int64(1), 2.0, "decimal 3.00"}, []any{int64(4), 0.5, "decimal 6.50"}}
	if got := []any{plain(r.rows[0]), plain(r.rows[1])}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
