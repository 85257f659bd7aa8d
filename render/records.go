package render

import (
	"fmt"
	"reflect"
	"slices"

	"gospark/display"
)

// recordsTable shows a slice of structs, of pointers to structs, or of maps
// with string keys as a table; and a map to structs, with its key as a column.
func recordsTable(r reflect.Value) (display.Bundle, bool) {
	if r.Kind() == reflect.Map && r.Len() > 0 {
		return keyedTable(r)
	}
	if r.Kind() != reflect.Slice && r.Kind() != reflect.Array || r.Len() == 0 {
		return display.Bundle{}, false
	}
	record, ok := recordType(r.Type())
	if !ok {
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

// recordType is what a slice or map holds, without the pointer; false where that is
// text, not a record.
func recordType(t reflect.Type) (reflect.Type, bool) {
	record := t.Elem()
	if record.Kind() == reflect.Pointer {
		record = record.Elem()
	}
	return record, !showsItself(t.Elem()) && !showsItself(record)
}

// keyedTable shows a map to structs, or pointers to structs, whose keys are words,
// numbers or text of themselves.
func keyedTable(r reflect.Value) (display.Bundle, bool) {
	record, ok := recordType(r.Type())
	key := r.Type().Key()
	if !ok || record.Kind() != reflect.Struct || record.NumField() == 0 || !isCell(key) {
		return display.Bundle{}, false
	}
	keys := sortedKeys(r)
	o := TableOptions{Total: int64(len(keys))}
	keys = keys[:min(len(keys), DefaultRows)]
	records := reflect.MakeSlice(reflect.SliceOf(r.Type().Elem()), 0, len(keys))
	for _, k := range keys {
		records = reflect.Append(records, exposed(r.MapIndex(k)))
	}
	columns, rows := structRows(record, records)
	columns = append([]Column{{Name: "key", Type: typeName(key)}}, columns...)
	for i, k := range keys {
		if rows[i] == nil {
			rows[i] = make([]any, len(columns)-1)
		}
		rows[i] = append([]any{exposed(k).Interface()}, rows[i]...)
	}
	return Table(columns, rows, o), true
}

// isCell says whether keys of a type are one word in a table.
func isCell(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Struct, reflect.Array, reflect.Interface, reflect.Pointer, reflect.Chan:
		return showsItself(t)
	}
	return true
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
