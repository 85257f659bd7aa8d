package sparkclient

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"reflect"
	"time"
)

// Collect runs the plan and returns its rows as values of T.
//
// Where T is a struct, each exported field takes the column of its name or of
// its tag `spark:"name"`, in upper or lower case and with or without
// underscores; `spark:"-"` leaves a field alone. Every field needs a column and
// a column that may be null needs a pointer. Any other T takes the one column
// of the result; map[string]any and [Row] take all. Values are converted where
// nothing is lost, and decimals to float64 where a field asks for it.
func Collect[T any](ctx context.Context, df *DataFrame) ([]T, error) {
	var list []T
	for v, err := range Rows[T](ctx, df) {
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, nil
}

// Rows is [Collect] as a stream with bounded memory. Leaving the loop early
// interrupts the operation.
func Rows[T any](ctx context.Context, df *DataFrame) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		m := &mapper{}
		for b, err := range results(ctx, df) {
			var fill func(int, reflect.Value) error
			if err == nil {
				fill, err = m.batch(reflect.TypeFor[T](), b)
			}
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for i := range b.Len() {
				var v T
				err := fill(i, reflect.ValueOf(&v).Elem())
				if !yield(v, err) || err != nil {
					return
				}
			}
		}
	}
}

// mapper fills Go values from rows. It keeps what it found out about types.
type mapper struct {
	fields map[fieldsKey][]matched
}

type fieldsKey struct {
	t reflect.Type
	s *StructType
}

func (m *mapper) match(t reflect.Type, s *StructType) ([]matched, error) {
	key := fieldsKey{t, s}
	if list, ok := m.fields[key]; ok {
		return list, nil
	}
	list, err := match(t, s)
	if err != nil {
		return nil, err
	}
	if m.fields == nil {
		m.fields = map[fieldsKey][]matched{}
	}
	m.fields[key] = list
	return list, nil
}

// plainStruct says whether values of t take a column for each field.
func plainStruct(t reflect.Type) bool {
	return t.Kind() == reflect.Struct && special(t) == nil && t != reflect.TypeFor[Row]()
}

// batch makes the function that fills a value of type t from row i of b.
func (m *mapper) batch(t reflect.Type, b result) (func(i int, to reflect.Value) error, error) {
	cols := b.Columns()
	if t.Kind() == reflect.Pointer && plainStruct(t.Elem()) {
		fill, err := m.batch(t.Elem(), b)
		return func(i int, to reflect.Value) error {
			to.Set(reflect.New(t.Elem()))
			return fill(i, to.Elem())
		}, err
	}
	if !plainStruct(t) {
		return m.whole(t, b, cols)
	}
	list, err := m.match(t, b.schema)
	if err != nil {
		return nil, err
	}
	fills := make([]func(int, reflect.Value) error, len(list))
	for i, f := range list {
		fills[i] = m.column(cols[f.column], f.typ)
	}
	return func(i int, to reflect.Value) error {
		for n, f := range list {
			at := to.Field(f.index[0])
			for _, x := range f.index[1:] {
				at = at.Field(x)
			}
			if err := fills[n](i, at); err != nil {
				return fmt.Errorf("column %s: %w", b.schema.Fields[f.column].Name, err)
			}
		}
		return nil
	}, nil
}

// whole fills values that are no plain structs.
func (m *mapper) whole(t reflect.Type, b result, cols []Vector) (func(int, reflect.Value) error, error) {
	row := func(i int) Row {
		values := make([]any, len(cols))
		for c, col := range cols {
			values[c] = col.Value(i)
		}
		return Row{b.schema, values}
	}
	switch {
	case t == reflect.TypeFor[Row](), t == reflect.TypeFor[map[string]any]():
		return func(i int, to reflect.Value) error { return m.assign(row(i), to) }, nil
	case len(cols) == 1:
		return m.column(cols[0], t), nil
	}
	return nil, fmt.Errorf("a result of %d columns does not fit a Go %s: use a struct, map[string]any or Row", len(cols), t)
}

// column makes the function that fills a value from row i of a column; the
// common types go without an allocation.
func (m *mapper) column(v Vector, t reflect.Type) func(int, reflect.Value) error {
	set := func(i int, to reflect.Value) error { return m.assign(v.Value(i), to) }
	if special(t) != nil {
		return set
	}
	switch typed := v.(type) {
	case Int64Vector:
		if reflect.Int <= t.Kind() && t.Kind() <= reflect.Int64 {
			set = func(i int, to reflect.Value) error { return assignInt(typed.Int64(i), to) }
		}
	case Float64Vector:
		if t.Kind() == reflect.Float64 {
			set = func(i int, to reflect.Value) error { to.SetFloat(typed.Float64(i)); return nil } //nolint:unparam // one of several setters
		}
	case StringVector:
		if t.Kind() == reflect.String {
			set = func(i int, to reflect.Value) error { to.SetString(typed.Text(i)); return nil } //nolint:unparam // one of several setters
		}
	case BoolVector:
		if t.Kind() == reflect.Bool {
			set = func(i int, to reflect.Value) error { to.SetBool(typed.Bool(i)); return nil } //nolint:unparam // one of several setters
		}
	}
	return func(i int, to reflect.Value) error {
		if v.IsNull(i) {
			return assignNull(to)
		}
		return set(i, to)
	}
}

var errNull = errors.New("null where the Go type has no place for it: use a pointer")

func assignNull(to reflect.Value) error {
	if !nullable(to.Type()) {
		return fmt.Errorf("%w to %s", errNull, to.Type())
	}
	to.SetZero()
	return nil
}

func assignInt(n int64, to reflect.Value) error {
	if to.OverflowInt(n) {
		return fmt.Errorf("%d does not fit a Go %s", n, to.Type())
	}
	to.SetInt(n)
	return nil
}

// assign stores a value of the table at [DataType] in the Go value that to
// points to.
func assign(value any, to any) error {
	return (&mapper{}).assign(value, reflect.ValueOf(to).Elem())
}

func (m *mapper) assign(value any, to reflect.Value) error {
	if value == nil {
		return assignNull(to)
	}
	v := reflect.ValueOf(value)
	t := to.Type()
	switch {
	case v.Type() == t, t.Kind() == reflect.Interface && v.Type().Implements(t):
		to.Set(v)
		return nil
	case t.Kind() == reflect.Pointer:
		p := reflect.New(t.Elem())
		to.Set(p)
		return m.assign(value, p.Elem())
	}
	if done, err := m.assignParts(value, to); done || err != nil {
		return err
	}
	if done, err := assignNumber(v, to); done || err != nil {
		return err
	}
	if assignTime(value, to) {
		return nil
	}
	return fmt.Errorf("a %s does not fit a Go %s", v.Type(), t)
}

// assignParts stores arrays, maps and structs.
func (m *mapper) assignParts(value any, to reflect.Value) (bool, error) {
	switch value := value.(type) {
	case []any:
		if to.Kind() != reflect.Slice {
			return false, nil
		}
		to.Set(reflect.MakeSlice(to.Type(), len(value), len(value)))
		for i, e := range value {
			if err := m.assign(e, to.Index(i)); err != nil {
				return false, fmt.Errorf("element %d: %w", i, err)
			}
		}
		return true, nil
	case Map:
		return m.assignMap(value, to)
	case Row:
		return m.assignRow(value, to)
	}
	return false, nil
}

func (m *mapper) assignMap(entries Map, to reflect.Value) (bool, error) {
	if to.Kind() != reflect.Map {
		return false, nil
	}
	t := to.Type()
	to.Set(reflect.MakeMapWithSize(t, len(entries)))
	for _, e := range entries {
		k, v := reflect.New(t.Key()).Elem(), reflect.New(t.Elem()).Elem()
		if err := firstError(m.assign(e.Key, k), m.assign(e.Value, v)); err != nil {
			return false, fmt.Errorf("key %v: %w", e.Key, err)
		}
		if !k.Comparable() {
			return false, fmt.Errorf("key %v cannot be a key of a Go map", e.Key)
		}
		to.SetMapIndex(k, v)
	}
	return true, nil
}

func (m *mapper) assignRow(row Row, to reflect.Value) (bool, error) {
	if t := to.Type(); t == reflect.TypeFor[map[string]any]() {
		all := make(map[string]any, row.Len())
		for i, f := range row.schema.Fields {
			all[f.Name] = row.values[i]
		}
		to.Set(reflect.ValueOf(all))
		return true, nil
	}
	if !plainStruct(to.Type()) {
		return false, nil
	}
	list, err := m.match(to.Type(), row.schema)
	if err != nil {
		return false, err
	}
	for _, f := range list {
		if err := m.assign(row.values[f.column], to.FieldByIndex(f.index)); err != nil {
			return false, fmt.Errorf("field %s: %w", f.name, err)
		}
	}
	return true, nil
}

// assignNumber converts between numbers, and strings and bytes of named types.
func assignNumber(v, to reflect.Value) (bool, error) {
	if s := special(to.Type()); s != nil {
		return false, nil
	}
	switch {
	case v.CanInt() && to.CanInt() && special(v.Type()) == nil:
		return true, assignInt(v.Int(), to)
	case v.CanInt() && to.CanUint() && special(v.Type()) == nil:
		if v.Int() < 0 || to.OverflowUint(uint64(v.Int())) {
			return false, fmt.Errorf("%d does not fit a Go %s", v.Int(), to.Type())
		}
		to.SetUint(uint64(v.Int()))
	case v.CanInt() && to.CanFloat() && special(v.Type()) == nil:
		to.SetFloat(float64(v.Int()))
	case v.CanFloat() && to.CanFloat():
		to.SetFloat(v.Float())
	case v.Kind() == to.Kind() && v.CanConvert(to.Type()):
		to.Set(v.Convert(to.Type()))
	default:
		return assignDecimal(v, to)
	}
	return true, nil
}

func assignDecimal(v, to reflect.Value) (bool, error) {
	d, ok := v.Interface().(*Decimal)
	if !ok {
		return false, nil
	}
	switch {
	case to.CanFloat():
		f, err := d.Float64()
		to.SetFloat(f)
		return true, err
	case to.CanInt():
		n, err := d.Int64()
		if err != nil {
			return false, fmt.Errorf("%s does not fit a Go %s", d.Text('f'), to.Type())
		}
		return true, assignInt(n, to)
	case to.Kind() == reflect.String:
		to.SetString(d.Text('f'))
		return true, nil
	}
	return false, nil
}

// assignTime converts between the types for days, times and intervals.
func assignTime(value any, to reflect.Value) bool {
	switch out := to.Addr().Interface().(type) {
	case *time.Time:
		switch v := value.(type) {
		case Date:
			*out = v.Time()
		case TimestampNTZ:
			*out = v.Time
		default:
			return false
		}
	case *time.Duration:
		switch v := value.(type) {
		case DayTimeInterval:
			d, fits := v.Duration()
			*out = d
			return fits
		case TimeOfDay:
			*out = v.Duration()
		default:
			return false
		}
	case *Decimal:
		d, ok := value.(*Decimal)
		if ok {
			out.Set(d)
		}
		return ok
	case *string:
		s, ok := value.(fmt.Stringer)
		if ok {
			*out = s.String()
		}
		return ok
	default:
		return false
	}
	return true
}
