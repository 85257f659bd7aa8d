package sparkclient_test

import (
	"reflect"
	"testing"

	"gospark/sparkclient"
)

// TestEveryTypeArrives asks for a value of each type and looks at the column's
// type and the Go value.
func TestEveryTypeArrives(t *testing.T) {
	spark, ctx := open(t), t.Context()
	for _, key := range []string{"spark.sql.timeType.enabled", "spark.sql.geospatial.enabled"} {
		if err := spark.Conf().Set(ctx, key, true); err != nil {
			t.Log(err)
		}
	}
	for _, test := range []struct {
		sql  string
		want sparkclient.DataType
		like any
	}{
		{"array(1)", sparkclient.ArrayType{ElementType: sparkclient.IntegerType{}}, []any{}},
		{"X'01'", sparkclient.BinaryType{}, []byte{}}, {"true", sparkclient.BooleanType{}, true}, {"1Y", sparkclient.ByteType{}, int8(0)},
		{"1S", sparkclient.ShortType{}, int16(0)}, {"1", sparkclient.IntegerType{}, int32(0)}, {"1L", sparkclient.LongType{}, int64(0)},
		{"1F", sparkclient.FloatType{}, float32(0)}, {"1D", sparkclient.DoubleType{}, 0.0}, {"1.5", sparkclient.DecimalType{Precision: 2, Scale: 1}, &sparkclient.Decimal{}},
		{"'x'", sparkclient.StringType{}, ""}, {"make_interval(1)", sparkclient.CalendarIntervalType{}, sparkclient.CalendarInterval{}},
		{"date'2013-01-01'", sparkclient.DateType{}, sparkclient.Date(0)}, {"interval '1' day", sparkclient.DayTimeIntervalType{}, sparkclient.DayTimeInterval(0)},
		{"interval '1' year", sparkclient.YearMonthIntervalType{}, sparkclient.YearMonthInterval(0)}, {"time'01:02:03'", sparkclient.TimeType{Precision: 6}, sparkclient.TimeOfDay(0)},
		{"timestamp_ntz'2013-01-01'", sparkclient.TimestampNTZType{}, sparkclient.TimestampNTZ{}}, {"map('a', 1)", sparkclient.MapType{KeyType: sparkclient.StringType{}, ValueType: sparkclient.IntegerType{}}, sparkclient.Map{}},
		{"named_struct('a', 1)", &sparkclient.StructType{Fields: []sparkclient.StructField{{Name: "a", Type: sparkclient.IntegerType{}}}}, sparkclient.Row{}},
		{"parse_json('1')", sparkclient.VariantType{}, sparkclient.Variant{}}, {"null", sparkclient.NullType{}, nil},
		{"st_geomfromwkb(unhex('0101000000000000000000f03f0000000000000040'))", sparkclient.GeometryType{}, sparkclient.Geometry{}},
		{"st_geogfromwkb(unhex('0101000000000000000000f03f0000000000000040'))", sparkclient.GeographyType{SRID: 4326}, sparkclient.Geography{}},
	} {
		df := spark.SQL(ctx, "select "+test.sql+" as v")
		row, err := df.First(ctx)
		if err != nil {
			t.Errorf("%s: %v", test.sql, err)
			continue
		}
		if got := row.Schema().Fields[0].Type; !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: a %#v, want %#v", test.sql, got, test.want)
		}
		if got := row.At(0); reflect.TypeOf(got) != reflect.TypeOf(test.like) {
			t.Errorf("%s: a Go %T, want %T", test.sql, got, test.like)
		}
	}
	row, err := spark.SQL(ctx, "select timestamp'2013-01-01' as v").First(ctx)
	if err != nil || row.Schema().Fields[0].Type != (sparkclient.TimestampType{}) {
		t.Errorf("timestamp: %v, %v", row, err)
	}
	st, err := spark.ParseDDL(ctx, "a CHAR(3), b VARCHAR(4)")
	if err != nil || st.Fields[0].Type != (sparkclient.CharType{Length: 3}) || st.Fields[1].Type != (sparkclient.VarcharType{Length: 4}) {
		t.Errorf("character types: %v, %v", st, err)
	}
	nested := sparkclient.NewRow(st, []any{"x", nil})
	var t1 sparkclient.DataType = st
	if nested.Len() != 2 || t1.SimpleString() != "struct<a:char(3),b:varchar(4)>" {
		t.Errorf("row %v of %s", nested, t1.SimpleString())
	}
}
