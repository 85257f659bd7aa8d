package render

import (
	"fmt"
	"reflect"
	"slices"

	"gospark/display"
)

// recordsTable shows a slice of structs, of pointers to structs, or of maps
// with string keys as a table.
func recordsTable(r reflect.Value) (display.Bundle, bool) {
	if r.Kind() != reflect.Slice && r.Kind() != reflect.Array || r.Len() == 0 {
		return display.Bundle{}, false
	}
	elem := r.Type().Elem()
	record := elem
	if record.Kind() == reflect.Pointer {
		record = record.Elem()
	}
	if showsItself(elem) || showsItself(record) {
		return display.Bundle{}, false
	}
	o := TableOptions{Total: int64(r.Len()), Hint: fmt.Sprintf("display.Show(x[%d:])", min(r.Len(), DefaultRows))}
	shown := addressable(r).Slice(0, min(r.Len(), DefaultRows))
	switch {
	case record.Kind() == reflect.Struct && record.NumField() > 0:
		columns, rows := structRows(record, shown)
		return Table(columns, rows, o), true
	case record.Kind() == reflect.Map && record.Key().Kind() == reflect.String:
		columns, rows := mapRows(shown)
		return Table(columns, rows, o), len(columns) > 0
	}
	return display.Bundle{}, false
}

// showsItself reports whether values of a type are text, not records.
func showsItself(t reflect.Type) bool {
	if t.Kind() == reflect.Pointer || t.Name() == "" {
		return tellsItself(reflect.Zero(t).Interface())
	}
	return tellsItself(reflect.New(t).Interface())
}

func structRows(t reflect.Type, records reflect.Value) ([]Column, [][]any) {
	var columns []Column
	var fields []int
	for i := range t.NumField() {
		if f := t.Field(i); f.Name != "_" {
			columns = append(columns, Column{Name: f.Name, Type: fieldType(f.Type)})
			fields = append(fields, i)
		}
	}
	rows := make([][]any, records.Len())
	for i := range rows {
		record := exposed(records.Index(i))
		if record.Kind() == reflect.Pointer {
			if record.IsNil() {
				continue
			}
			record = record.Elem()
		}
		for _, f := range fields {
			rows[i] = append(rows[i], exposed(record.Field(f)).Interface())
		}
	}
	return columns, rows
}

// fieldType is a field's type as a column's head says it: short, and without
// the pointer that only means "may be missing".
func fieldType(t reflect.Type) string {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return typeName(t)
}

func mapRows(records reflect.Value) ([]Column, [][]any) {
	var names []string
	seen := map[string]bool{}
	for i := range records.Len() {
		record := reflect.Indirect(exposed(records.Index(i)))
		if !record.IsValid() {
			continue
		}
		for _, k := range record.MapKeys() {
			if !seen[k.String()] {
				seen[k.String()] = true
				names = append(names, k.String())
			}
		}
	}
	slices.Sort(names)
	columns := make([]Column, len(names))
	for i, name := range names {
		columns[i].Name = name
	}
	rows := make([][]any, records.Len())
	for i := range rows {
		rows[i] = mapRow(reflect.Indirect(exposed(records.Index(i))), names)
	}
	return columns, rows
}

func mapRow(record reflect.Value, names []string) []any {
	row := make([]any, len(names))
	if !record.IsValid() {
		return row
	}
	for i, name := range names {
		key := reflect.ValueOf(name).Convert(record.Type().Key())
		if v := record.MapIndex(key); v.IsValid() {
			row[i] = exposed(v).Interface()
		}
	}
	return row
}
