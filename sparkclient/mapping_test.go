package sparkclient_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/apd/v3"

	"gospark/sparkclient"
)

// oneRow is a DataFrame with a single row of the given columns.
func oneRow(names []string, values ...any) (*scripted, *sparkclient.DataFrame) {
	st := &sparkclient.StructType{}
	for _, name := range names {
		st.Fields = append(st.Fields, sparkclient.StructField{Name: name, Type: sparkclient.VariantType{}, Nullable: true})
	}
	e := &scripted{schema: st, rows: [][]any{values}}
	return e, e.session().Range(1)
}

type Base struct{ ID int64 }

type embedding struct {
	Base
	DepDelay *float64
	Renamed  string   `spark:"other_name"`
	Skipped  chan int `spark:"-"`
}

func TestRowsToStructs(t *testing.T) {
	_, df := oneRow([]string{"OTHER_NAME", "id", "dep_delay", "more"}, "x", int64(7), 2.5, "unused")
	got, err := sparkclient.Collect[embedding](t.Context(), df)
	check(t, err)
	if len(got) != 1 || got[0].ID != 7 || got[0].Renamed != "x" || *got[0].DepDelay != 2.5 {
		t.Errorf("got %+v", got)
	}
	pointers, err := sparkclient.Collect[*embedding](t.Context(), df)
	check(t, err)
	if pointers[0].ID != 7 {
		t.Errorf("got %+v", pointers[0])
	}
	_, missing := oneRow([]string{"id", "dep_delay"}, int64(7), 2.5)
	_, err = sparkclient.Collect[embedding](t.Context(), missing)
	if err == nil || !strings.Contains(err.Error(), "no column for field other_name") {
		t.Errorf("missing column: %v", err)
	}
}

func TestMapping(t *testing.T) {
	dec, _, _ := apd.NewFromString("12.50")
	inner := &sparkclient.StructType{Fields: []sparkclient.StructField{{Name: "id", Type: sparkclient.LongType{}}}}
	day := sparkclient.NewDate(2013, 1, 2)
	for name, test := range map[string]struct {
		value, want any
	}{
		"widen": {int8(5), int64(5)}, "int": {int64(5), 5}, "narrow": {int64(5), uint8(5)}, "int to float": {int32(5), 5.0}, "float32": {float32(1.5), 1.5},
		"decimal to float": {dec, 12.5}, "decimal to string": {dec, "12.50"}, "date to time": {day, day.Time()}, "date to string": {day, "2013-01-02"},
		"interval": {sparkclient.DayTimeInterval(1500), 1500 * time.Microsecond}, "time": {sparkclient.TimeOfDay(7), time.Duration(7)},
		"bytes": {[]byte("x"), []byte("x")}, "slice": {[]any{int32(1), int32(2)}, []int{1, 2}}, "slice of pointers": {[]any{nil}, []*int{nil}},
		"map": {sparkclient.Map{{"a", int64(1)}}, map[string]int{"a": 1}}, "struct": {sparkclient.NewRow(inner, []any{int64(3)}), Base{3}},
		"structs": {[]any{sparkclient.NewRow(inner, []any{int64(3)})}, []Base{{3}}}, "string": {"x", "x"}, "bool": {true, true},
		"struct as map": {sparkclient.NewRow(inner, []any{int64(3)}), map[string]any{"id": int64(3)}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := collectAs(t, reflect.TypeOf(test.want), test.value)
			if err != nil || !reflect.DeepEqual(got, test.want) {
				t.Errorf("got %#v, %v, want %#v", got, err, test.want)
			}
		})
	}
	for name, test := range map[string]struct {
		value, like any
	}{
		"null": {nil, 1}, "overflow": {int64(300), int8(0)}, "negative": {int64(-1), uint(0)}, "string to int": {"5", 1}, "int to string": {int64(65), "x"},
		"null element": {[]any{nil}, []int{}}, "date to int": {day, int64(1)}, "int to date": {int64(1), day}, "float to int": {1.5, 1}, "decimal to int": {dec, 1},
		"wide interval": {sparkclient.DayTimeInterval(math.MaxInt64), time.Duration(0)}, "bytes as key": {sparkclient.Map{{[]byte{1}, 1}}, map[any]int{}},
	} {
		t.Run(name, func(t *testing.T) {
			if got, err := collectAs(t, reflect.TypeOf(test.like), test.value); err == nil {
				t.Errorf("no error, got %#v", got)
			}
		})
	}
}

// collectAs reads one value into a field of the type.
func collectAs(t *testing.T, typ reflect.Type, value any) (any, error) {
	t.Helper()
	_, df := oneRow([]string{"v"}, value)
	switch typ {
	case reflect.TypeFor[int]():
		return single[int](t, df)
	case reflect.TypeFor[int8]():
		return single[int8](t, df)
	case reflect.TypeFor[int64]():
		return single[int64](t, df)
	case reflect.TypeFor[uint]():
		return single[uint](t, df)
	case reflect.TypeFor[uint8]():
		return single[uint8](t, df)
	case reflect.TypeFor[float64]():
		return single[float64](t, df)
	case reflect.TypeFor[string]():
		return single[string](t, df)
	case reflect.TypeFor[bool]():
		return single[bool](t, df)
	case reflect.TypeFor[time.Time]():
		return single[time.Time](t, df)
	case reflect.TypeFor[time.Duration]():
		return single[time.Duration](t, df)
	case reflect.TypeFor[sparkclient.Date]():
		return single[sparkclient.Date](t, df)
	case reflect.TypeFor[[]byte]():
		return single[[]byte](t, df)
	case reflect.TypeFor[[]int]():
		return single[[]int](t, df)
	case reflect.TypeFor[[]*int]():
		return single[[]*int](t, df)
	case reflect.TypeFor[[]Base]():
		return single[[]Base](t, df)
	case reflect.TypeFor[map[string]int]():
		return single[map[string]int](t, df)
	case reflect.TypeFor[map[any]int]():
		return single[map[any]int](t, df)
	case reflect.TypeFor[map[string]any](), reflect.TypeFor[Base]():
		return nested(t, typ, value)
	}
	return nil, fmt.Errorf("the test does not know %s", typ)
}

// single collects a struct with one field, so that structs and maps are values
// of a column and not the row.
func single[T any](t *testing.T, df *sparkclient.DataFrame) (T, error) {
	t.Helper()
	list, err := sparkclient.Collect[struct{ V T }](t.Context(), df)
	if err != nil {
		var none T
		return none, err
	}
	return list[0].V, nil
}

func nested(t *testing.T, typ reflect.Type, value any) (any, error) {
	t.Helper()
	_, df := oneRow([]string{"v"}, value)
	if typ == reflect.TypeFor[Base]() {
		return single[Base](t, df)
	}
	return single[map[string]any](t, df)
}

func TestLeavingEarly(t *testing.T) {
	e, df := oneRow([]string{"v"}, int64(1))
	e.rows = append(e.rows, []any{int64(2)})
	for v, err := range sparkclient.Rows[int64](t.Context(), df) {
		check(t, err)
		if v != 1 {
			t.Errorf("got %d", v)
		}
		break
	}
	if e.closed != 1 {
		t.Errorf("the stream was closed %d times", e.closed)
	}
}

func TestSessionLost(t *testing.T) {
	opened := 0
	e := &scripted{err: fmt.Errorf("restarted: %w", sparkclient.ErrSessionLost)}
	s := sparkclient.New(func(context.Context) (sparkclient.Engine, error) { opened++; return e, nil })
	if _, err := s.Range(1).Collect(t.Context()); !errors.Is(err, sparkclient.ErrSessionLost) {
		t.Errorf("got %v", err)
	}
	e.err = nil
	if _, err := s.Range(1).Collect(t.Context()); err != nil || opened != 2 {
		t.Errorf("got %v after %d openings", err, opened)
	}
	if _, err := sparkclient.Default().Range(1).Count(t.Context()); !errors.Is(err, sparkclient.ErrNoSession) {
		t.Errorf("default: %v", err)
	}
}

func TestFailures(t *testing.T) {
	ctx, failures := sparkclient.WithFailures(t.Context())
	e := &scripted{err: errors.New("no such table")}
	s := e.session()
	df := s.SQL(ctx, "insert into x values (1)")
	if err := failures.Unseen(); err == nil || err.Error() != "no such table" {
		t.Errorf("a dropped failure: %v", err)
	}
	if _, err := df.Filter("x > 1").Count(ctx); err == nil || failures.Unseen() != nil {
		t.Errorf("seen by an action: %v, unseen %v", err, failures.Unseen())
	}
	if err := s.SQL(ctx, "drop table x").Err(); err == nil || failures.Unseen() != nil {
		t.Errorf("seen by Err: %v, unseen %v", err, failures.Unseen())
	}
}
