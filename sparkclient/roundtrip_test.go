package sparkclient_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/apd/v3"

	"gospark/sparkclient"
	F "gospark/sparkclient/functions"
)

type place struct {
	Name string `spark:"name"`
	At   []float64
}

// everything has a field for each kind of column that local data may have.
type everything struct {
	B      bool
	I8     int8
	I16    int16
	I32    int32
	I64    int64
	I      int
	U16    uint16
	F32    float32
	F64    float64
	S      string
	Bin    []byte
	Dec    *sparkclient.Decimal
	Day    sparkclient.Date
	At     time.Time
	Local  sparkclient.TimestampNTZ
	Span   time.Duration
	Months sparkclient.YearMonthInterval
	List   []string
	Lists  [][]int64
	Map    map[string]float64
	Place  place
	Places []place
	Maybe  *string
	PMaybe *place
	Skip   func() `spark:"-"`
}

func some[T any](v T) *T { return &v }

// TestCreateDataFrame sends Go values of every type to the server and back.
func TestCreateDataFrame(t *testing.T) {
	spark := open(t)
	dec, _, _ := apd.NewFromString("12345.678900000000000000")
	at := time.Date(2013, 7, 4, 12, 30, 15, 123456000, time.UTC)
	want := []everything{{
		true, -8, -16, -32, 1 << 40, 7, 65535, 1.5, 2.5, "é", []byte{0, 255}, dec, sparkclient.NewDate(1582, 10, 4), at, sparkclient.TimestampNTZ{Time: at},
		-90 * time.Minute, 14, []string{"a", ""}, [][]int64{{1}, {}}, map[string]float64{"x": 1}, place{"JFK", []float64{40.6, -73.8}},
		[]place{{"EWR", []float64{}}}, some("x"), &place{"LGA", nil}, nil,
	}, {
		Dec: dec, Bin: []byte{}, At: at, Local: sparkclient.TimestampNTZ{Time: at}, List: []string{}, Lists: [][]int64{}, Map: map[string]float64{}, Places: []place{},
	}}
	df := spark.CreateDataFrame(t.Context(), want)
	schema, err := df.Schema(t.Context())
	check(t, err)
	if !strings.Contains(schema.DDL(), "Places ARRAY<STRUCT<name: STRING NOT NULL, At: ARRAY<DOUBLE>> NOT NULL>") &&
		!strings.Contains(schema.DDL(), "Places ARRAY<STRUCT<name: STRING NOT NULL, At: ARRAY<DOUBLE>>>") {
		t.Errorf("schema %s", schema.DDL())
	}
	got, err := sparkclient.Collect[everything](t.Context(), df)
	check(t, err)
	for i := range want {
		g, w := reflect.ValueOf(got[i]), reflect.ValueOf(want[i])
		for f := range g.NumField() {
			a, b := g.Field(f).Interface(), w.Field(f).Interface()
			if same(a, b) || fmt.Sprint(a) == fmt.Sprint(b) && g.Field(f).Kind() == reflect.Struct {
				continue
			}
			t.Errorf("row %d, %s: got %#v, want %#v", i, g.Type().Field(f).Name, a, b)
		}
	}
}

func same(a, b any) bool {
	if x, ok := a.(*sparkclient.Decimal); ok {
		return x.Cmp(b.(*sparkclient.Decimal)) == 0
	}
	if x, ok := a.(time.Time); ok {
		return x.Equal(b.(time.Time))
	}
	return reflect.DeepEqual(a, b)
}

// TestLooseData makes DataFrames of what is no slice of structs.
func TestLooseData(t *testing.T) {
	spark, ctx := open(t), t.Context()
	rows, err := spark.SQL(ctx, "select 1 as id, map(1.5, array('x')) as m").Collect(ctx)
	check(t, err)
	for name, test := range map[string]struct {
		df   *sparkclient.DataFrame
		want string
	}{
		"values":   {spark.CreateDataFrame(ctx, []int{3, 4}).Agg(F.Sum("value")), "{7}"},
		"pointers": {spark.CreateDataFrame(ctx, []*string{some("a"), nil}), "{a} {NULL}"},
		"maps":     {spark.CreateDataFrame(ctx, []map[string]any{{"a": 1}, {"b": "x"}}), "{1, NULL} {NULL, x}"},
		"lists":    {spark.CreateDataFrame(ctx, [][]any{{1, nil}, {2, "x"}}, "n SMALLINT, s STRING"), "{1, NULL} {2, x}"},
		"rows":     {spark.CreateDataFrame(ctx, rows), "{1, {1.5 -> [x]}}"},
		"empty":    {spark.CreateDataFrame(ctx, []place{}).Agg(F.Count("*")), "{0}"},
	} {
		if got := strings.Join(values(t, test.df), " "); got != test.want {
			t.Errorf("%s: got %s, want %s", name, got, test.want)
		}
	}
	for name, df := range map[string]*sparkclient.DataFrame{
		"not a slice": spark.CreateDataFrame(ctx, 3), "no type": spark.CreateDataFrame(ctx, []any{}), "a channel": spark.CreateDataFrame(ctx, []chan int{nil}),
		"too big": spark.CreateDataFrame(ctx, []int{300}, "v TINYINT"), "null": spark.CreateDataFrame(ctx, []*int{nil}, "v INT NOT NULL"),
		"names": spark.CreateDataFrame(ctx, []place{}, []string{"a"}), "ragged": spark.CreateDataFrame(ctx, [][]any{{1}, {1, 2}}),
	} {
		if df.Err() == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// TestTypes reads a value of every Spark type as the Go value that the table at
// DataType names.
func TestTypes(t *testing.T) {
	spark, ctx := open(t), t.Context()
	check(t, spark.Conf().Set(ctx, "spark.sql.timeType.enabled", true))
	check(t, spark.Conf().Set(ctx, "spark.sql.session.timeZone", "America/New_York"))
	for sql, want := range map[string]string{
		"true": "bool true", "1Y": "int8 1", "1S": "int16 1", "1": "int32 1", "1L": "int64 1", "1.5F": "float32 1.5", "1.5D": "float64 1.5",
		"1.50BD": "*apd.Decimal 1.50", "'x'": "string x", "X'0a'": "[]uint8 [10]", "date'0001-01-01'": "sparkclient.Date 0001-01-01",
		"timestamp'2013-01-01 05:15:00'":     "time.Time 2013-01-01 05:15:00 -0500 EST",
		"timestamp_ntz'2013-01-01 05:15:00'": "sparkclient.TimestampNTZ 2013-01-01 05:15:00",
		"time'05:15:00.5'":                   "sparkclient.TimeOfDay 05:15:00.5", "interval '1-2' year to month": "sparkclient.YearMonthInterval 1-2",
		"interval '1 02:03:04.5' day to second": "sparkclient.DayTimeInterval 1 02:03:04.5", "make_interval(1,2,0,3)": "sparkclient.CalendarInterval 1 years 2 months 3 days",
		"array(1, null)": "[]interface {} [1 <nil>]", "map(X'01', 1)": "sparkclient.Map {[01] -> 1}", "named_struct('a', 1, 'a', 2)": "sparkclient.Row {1, 2}",
		"null": "<nil> <nil>", "array()": "[]interface {} []", "map()": "sparkclient.Map {}", "parse_json('1')": "sparkclient.Variant 1",
	} {
		row, err := spark.SQL(ctx, "select "+sql).First(ctx)
		if err != nil {
			t.Errorf("%s: %v", sql, err)
			continue
		}
		if got := fmt.Sprintf("%T %v", row.At(0), row.At(0)); got != want {
			t.Errorf("%s: got %s, want %s", sql, got, want)
		}
	}
}
