package sparkclient

import (
	"fmt"
	"reflect"
	"strings"
)

// field is an exported field of a Go struct that stands for a column.
type field struct {
	name   string // of the column, from the tag or the field itself
	tagged bool
	index  []int
	typ    reflect.Type
}

// goFields lists the fields of a struct type that stand for columns: the
// exported ones, those of embedded structs among them, without those tagged
// `spark:"-"`.
func goFields(t reflect.Type) []field {
	var list []field
	for _, f := range reflect.VisibleFields(t) {
		tag, tagged := f.Tag.Lookup("spark")
		embedded := f.Anonymous && f.Type.Kind() == reflect.Struct && !tagged && special(f.Type) == nil
		if !f.IsExported() || embedded || tag == "-" || throughPointer(t, f.Index) {
			continue
		}
		if tag == "" {
			tag = f.Name
		}
		list = append(list, field{tag, tagged, f.Index, f.Type})
	}
	return list
}

// throughPointer says whether the way to a field leads through an embedded
// pointer, which may be nil.
func throughPointer(t reflect.Type, index []int) bool {
	for _, i := range index[:len(index)-1] {
		f := t.Field(i)
		if t = f.Type; t.Kind() != reflect.Struct || special(t) != nil {
			return true
		}
	}
	return false
}

// columnOf finds the column of a field: by exact name, without regard to case
// and, for a field without a tag, without regard to underscores, so that
// DepDelay finds dep_delay.
func (f field) columnOf(s *StructType) int {
	if i := s.Index(f.name); i >= 0 || f.tagged {
		return i
	}
	for i, c := range s.Fields {
		if strings.EqualFold(strings.ReplaceAll(c.Name, "_", ""), strings.ReplaceAll(f.name, "_", "")) {
			return i
		}
	}
	return -1
}

// matched pairs a field of a Go struct with a column.
type matched struct {
	field
	column int
}

// match finds a column for every field.
func match(t reflect.Type, s *StructType) ([]matched, error) {
	var list []matched
	for _, f := range goFields(t) {
		i := f.columnOf(s)
		if i < 0 {
			return nil, fmt.Errorf("no column for field %s of %s; the columns are %s", f.name, t, strings.Join(s.Names(), ", "))
		}
		list = append(list, matched{f, i})
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("%s has no exported fields to hold columns", t)
	}
	return list, nil
}
