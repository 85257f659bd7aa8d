package sparkclient

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// jsonField is a field in Spark's JSON form of schemas.
type jsonField struct {
	Name     string          `json:"name"`
	Type     json.RawMessage `json:"type"`
	Nullable bool            `json:"nullable"`
	Metadata json.RawMessage `json:"metadata"`
}

// MarshalJSON is the schema in Spark's JSON form, which its files and other
// programs use.
func (t *StructType) MarshalJSON() ([]byte, error) {
	fields := make([]jsonField, len(t.Fields))
	for i, f := range t.Fields {
		typ, err := typeJSON(f.Type)
		if err != nil {
			return nil, fmt.Errorf("field %s: %w", f.Name, err)
		}
		fields[i] = jsonField{f.Name, typ, f.Nullable, json.RawMessage("{}")}
		if f.Metadata != "" {
			fields[i].Metadata = json.RawMessage(f.Metadata)
		}
	}
	return json.Marshal(map[string]any{"type": "struct", "fields": fields})
}

func typeJSON(t DataType) (json.RawMessage, error) {
	switch t := t.(type) {
	case *StructType:
		return json.Marshal(t)
	case ArrayType:
		element, err := typeJSON(t.ElementType)
		if err != nil {
			return nil, err
		}
		return json.Marshal(map[string]any{"type": "array", "elementType": element, "containsNull": t.ContainsNull})
	case MapType:
		key, err := typeJSON(t.KeyType)
		if err != nil {
			return nil, err
		}
		value, err := typeJSON(t.ValueType)
		if err != nil {
			return nil, err
		}
		return json.Marshal(map[string]any{"type": "map", "keyType": key, "valueType": value, "valueContainsNull": t.ValueContainsNull})
	case UserDefinedType, UnparsedType:
		return nil, fmt.Errorf("the type %s has no JSON form here", t.SimpleString())
	}
	return json.Marshal(typeName(t))
}

// longNames are the types whose name in JSON and in trees is not that in SQL.
var longNames = map[string]DataType{
	"byte": ByteType{}, "short": ShortType{}, "integer": IntegerType{}, "long": LongType{},
}

// typeName is a type without parts as JSON and trees name it.
func typeName(t DataType) string {
	for name, known := range longNames {
		if known == t {
			return name
		}
	}
	return t.SimpleString()
}

// plainTypes are the types that are told by their name alone.
func plainTypes() map[string]DataType {
	all := map[string]DataType{}
	for _, t := range []DataType{
		NullType{}, BooleanType{}, FloatType{}, DoubleType{}, StringType{}, BinaryType{}, DateType{}, TimestampType{}, TimestampNTZType{},
		CalendarIntervalType{}, VariantType{}, ByteType{}, ShortType{}, IntegerType{}, LongType{},
	} {
		all[typeName(t)] = t
	}
	for start := range IntervalSecond + 1 {
		for end := start; end <= IntervalSecond; end++ {
			t := DayTimeIntervalType{start, end}
			all[t.SimpleString()] = t
		}
	}
	for _, t := range []YearMonthIntervalType{{IntervalYear, IntervalYear}, {IntervalYear, IntervalMonth}, {IntervalMonth, IntervalMonth}} {
		all[t.SimpleString()] = t
	}
	all["null"] = NullType{} // as older versions wrote it
	return all
}

// UnmarshalJSON reads a schema in Spark's JSON form.
func (t *StructType) UnmarshalJSON(text []byte) error {
	var read struct {
		Type   string
		Fields []jsonField
	}
	if err := json.Unmarshal(text, &read); err != nil {
		return fmt.Errorf("schema in JSON: %w", err)
	}
	if read.Type != "struct" {
		return fmt.Errorf("schema in JSON: the type is %q, not struct", read.Type)
	}
	t.Fields = make([]StructField, len(read.Fields))
	for i, f := range read.Fields {
		typ, err := typeFromJSON(f.Type)
		if err != nil {
			return fmt.Errorf("field %s: %w", f.Name, err)
		}
		t.Fields[i] = StructField{Name: f.Name, Type: typ, Nullable: f.Nullable}
		if m := string(f.Metadata); m != "" && m != "{}" && m != "null" {
			t.Fields[i].Metadata = m
		}
	}
	return nil
}

func typeFromJSON(text json.RawMessage) (DataType, error) {
	var name string
	if json.Unmarshal(text, &name) == nil {
		return typeFromName(name)
	}
	var read struct {
		Type                            string
		ElementType, KeyType, ValueType json.RawMessage
		ContainsNull, ValueContainsNull bool
	}
	if err := json.Unmarshal(text, &read); err != nil {
		return nil, fmt.Errorf("a type in JSON: %w", err)
	}
	switch read.Type {
	case "struct":
		t := &StructType{}
		return t, t.UnmarshalJSON(text)
	case "array":
		element, err := typeFromJSON(read.ElementType)
		return ArrayType{element, read.ContainsNull}, err
	case "map":
		key, err := typeFromJSON(read.KeyType)
		if err != nil {
			return nil, err
		}
		value, err := typeFromJSON(read.ValueType)
		return MapType{key, value, read.ValueContainsNull}, err
	}
	return nil, fmt.Errorf("a type in JSON: unknown kind %q", read.Type)
}

// parameters are a type's name with numbers in parentheses.
var parameters = regexp.MustCompile(`^(\w+)\((-?\d+|any)(?:,\s*(-?\d+))?\)$`)

func typeFromName(name string) (DataType, error) {
	if t, ok := plainTypes()[name]; ok {
		return t, nil
	}
	if collation, ok := strings.CutPrefix(name, "string collate "); ok {
		return StringType{collation}, nil
	}
	m := parameters.FindStringSubmatch(name)
	if m == nil {
		return nil, fmt.Errorf("unknown type %q", name)
	}
	a, err := strconv.Atoi(strings.Replace(m[2], "any", "-1", 1))
	b, _ := strconv.Atoi(m[3])
	if err != nil {
		return nil, fmt.Errorf("type %q: %w", name, err)
	}
	switch m[1] {
	case "decimal":
		return DecimalType{a, b}, nil
	case "char":
		return CharType{a}, nil
	case "varchar":
		return VarcharType{a}, nil
	case "time":
		return TimeType{a}, nil
	case "timestamp":
		return TimestampType{a}, nil
	case "timestamp_ntz":
		return TimestampNTZType{a}, nil
	case "geometry":
		return GeometryType{a}, nil
	case "geography":
		return GeographyType{a}, nil
	}
	return nil, fmt.Errorf("unknown type %q", name)
}
