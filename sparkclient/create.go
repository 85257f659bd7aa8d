package sparkclient

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
)

// CreateDataFrame makes a DataFrame of local data: a slice of structs (one
// column for each exported field, named by the field or its tag
// `spark:"name"`; pointers may be null), of [Row], of map[string]any, of []any,
// or of single values, which make a column value. The schema, where Go's types
// do not tell it or names are missing, is DDL text, a *[StructType] or a slice
// of names. The data is copied.
func (s *Session) CreateDataFrame(ctx context.Context, data any, schema ...any) *DataFrame {
	v := reflect.ValueOf(data)
	if k := v.Kind(); k != reflect.Slice && k != reflect.Array {
		return s.failed(fmt.Errorf("a DataFrame is made of a slice, not of a Go %T", data))
	}
	st, err := localSchema(ctx, s, v, schema)
	if err != nil {
		return s.failed(err)
	}
	return s.FromIPC(ctx, st, encodedParts(ctx, s, st, v))
}

// localSchema is the schema given, or that of the data.
func localSchema(ctx context.Context, s *Session, v reflect.Value, schema []any) (*StructType, error) {
	if len(schema) == 0 {
		return inferSchema(v, nil)
	}
	if names, ok := schema[0].([]string); ok {
		return inferSchema(v, names)
	}
	return s.schemaOf(ctx, schema[0])
}

// schemaOf reads a schema as people give it.
func (s *Session) schemaOf(ctx context.Context, schema any) (*StructType, error) {
	switch given := schema.(type) {
	case *StructType:
		return given, nil
	case string:
		return s.ParseDDL(ctx, given)
	}
	return nil, fmt.Errorf("a schema is DDL text or a *StructType, not a Go %T", schema)
}

// EmptyDataFrame is a DataFrame without rows.
func (s *Session) EmptyDataFrame(ctx context.Context, schema any) *DataFrame {
	return s.CreateDataFrame(ctx, []Row{}, schema)
}

// inferSchema reads the schema off the type of the slice's elements or, where
// that does not tell, off the first value of each column.
func inferSchema(v reflect.Value, names []string) (*StructType, error) {
	var st *StructType
	var err error
	switch t := element(v.Type().Elem()); {
	case t == reflect.TypeFor[Row]() && v.Len() > 0:
		st = v.Index(0).Interface().(Row).Schema()
	case t.Kind() == reflect.Map && t.Key().Kind() == reflect.String && t.Elem().Kind() == reflect.Interface:
		st, err = inferMaps(v)
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Interface:
		st, err = inferLists(v, names)
	case t.Kind() == reflect.Interface || t == reflect.TypeFor[Row]():
		return nil, errors.New("the schema of the data is not known: give one")
	default:
		var dt DataType
		dt, err = typeOf(t)
		st, _ = dt.(*StructType)
		if st == nil && err == nil {
			st = &StructType{Fields: []StructField{{Name: "value", Type: dt, Nullable: nullable(v.Type().Elem())}}}
		}
	}
	if err != nil || names == nil {
		return st, err
	}
	return renamed(st, names)
}

func renamed(st *StructType, names []string) (*StructType, error) {
	if len(names) != len(st.Fields) {
		return nil, fmt.Errorf("%d names for %d columns", len(names), len(st.Fields))
	}
	fields := slices.Clone(st.Fields)
	for i := range fields {
		fields[i].Name = names[i]
	}
	return &StructType{Fields: fields}, nil
}

func inferMaps(v reflect.Value) (*StructType, error) {
	st := &StructType{}
	for i := range v.Len() {
		keys := v.Index(i).MapKeys()
		slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
		for _, key := range keys {
			value := v.Index(i).MapIndex(key).Elem()
			at := slices.IndexFunc(st.Fields, func(f StructField) bool { return f.Name == key.String() })
			if at < 0 {
				at = len(st.Fields)
				st.Fields = append(st.Fields, StructField{Name: key.String(), Type: NullType{}, Nullable: true})
			}
			if err := settle(&st.Fields[at], value); err != nil {
				return nil, err
			}
		}
	}
	return st, nil
}

func inferLists(v reflect.Value, names []string) (*StructType, error) {
	st := &StructType{}
	for i := range v.Len() {
		for c := range v.Index(i).Len() {
			if c == len(st.Fields) {
				name := fmt.Sprintf("_%d", c+1)
				if c < len(names) {
					name = names[c]
				}
				st.Fields = append(st.Fields, StructField{Name: name, Type: NullType{}, Nullable: true})
			}
			if err := settle(&st.Fields[c], v.Index(i).Index(c).Elem()); err != nil {
				return nil, err
			}
		}
	}
	return st, nil
}

// settle gives a field the type of its first value that is not null.
func settle(f *StructField, value reflect.Value) error {
	if _, open := f.Type.(NullType); !open || !value.IsValid() {
		return nil
	}
	t, err := typeOf(value.Type())
	if err != nil {
		return fmt.Errorf("column %s: %w", f.Name, err)
	}
	f.Type = t
	return nil
}

// special is the Spark type of a Go type that is not told by its kind, or nil.
func special(t reflect.Type) DataType {
	switch t {
	case reflect.TypeFor[time.Time]():
		return TimestampType{}
	case reflect.TypeFor[TimestampNTZ]():
		return TimestampNTZType{}
	case reflect.TypeFor[Date]():
		return DateType{}
	case reflect.TypeFor[TimeOfDay]():
		return TimeType{Precision: 6}
	case reflect.TypeFor[time.Duration](), reflect.TypeFor[DayTimeInterval]():
		return DayTimeIntervalType{IntervalDay, IntervalSecond}
	case reflect.TypeFor[YearMonthInterval]():
		return YearMonthIntervalType{IntervalYear, IntervalMonth}
	case reflect.TypeFor[CalendarInterval]():
		return CalendarIntervalType{}
	case reflect.TypeFor[Decimal]():
		return DecimalType{38, 18}
	case reflect.TypeFor[Variant]():
		return VariantType{}
	}
	return nil
}

// typeOf is the Spark type that holds the values of a Go type.
func typeOf(t reflect.Type) (DataType, error) {
	if dt := special(t); dt != nil {
		return dt, nil
	}
	switch t.Kind() {
	case reflect.Bool:
		return BooleanType{}, nil
	case reflect.Int8:
		return ByteType{}, nil
	case reflect.Int16, reflect.Uint8:
		return ShortType{}, nil
	case reflect.Int32, reflect.Uint16:
		return IntegerType{}, nil
	case reflect.Int, reflect.Int64, reflect.Uint32:
		return LongType{}, nil
	case reflect.Uint, reflect.Uint64:
		return DecimalType{20, 0}, nil
	case reflect.Float32:
		return FloatType{}, nil
	case reflect.Float64:
		return DoubleType{}, nil
	case reflect.String:
		return StringType{}, nil
	}
	return compositeOf(t)
}

func compositeOf(t reflect.Type) (DataType, error) {
	switch t.Kind() {
	case reflect.Pointer:
		return typeOf(t.Elem())
	case reflect.Slice, reflect.Array:
		if t.Elem().Kind() == reflect.Uint8 {
			return BinaryType{}, nil
		}
		e, err := typeOf(t.Elem())
		return ArrayType{e, nullable(t.Elem())}, err
	case reflect.Map:
		k, err := typeOf(t.Key())
		if err != nil {
			return nil, err
		}
		v, err := typeOf(t.Elem())
		return MapType{k, v, nullable(t.Elem())}, err
	case reflect.Struct:
		st := &StructType{}
		for _, f := range goFields(t) {
			dt, err := typeOf(f.typ)
			if err != nil {
				return nil, fmt.Errorf("field %s: %w", f.name, err)
			}
			st.Fields = append(st.Fields, StructField{Name: f.name, Type: dt, Nullable: nullable(f.typ)})
		}
		if len(st.Fields) > 0 {
			return st, nil
		}
	}
	return nil, fmt.Errorf("a Go %s has no Spark type", t)
}

func nullable(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Interface:
		return true
	}
	return false
}

func element(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer {
		return t.Elem()
	}
	return t
}
