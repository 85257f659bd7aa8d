package sparkclient

import (
	"fmt"
	"slices"
	"strings"
)

// Add is the schema with one more field, which may be null.
func (t *StructType) Add(name string, typ DataType) *StructType {
	return &StructType{Fields: append(slices.Clone(t.Fields), StructField{Name: name, Type: typ, Nullable: true})}
}

// ToNullable is the schema with everything in it nullable.
func (t *StructType) ToNullable() *StructType {
	fields := slices.Clone(t.Fields)
	for i := range fields {
		fields[i].Nullable, fields[i].Type = true, nullableType(fields[i].Type)
	}
	return &StructType{Fields: fields}
}

func nullableType(t DataType) DataType {
	switch t := t.(type) {
	case *StructType:
		return t.ToNullable()
	case ArrayType:
		return ArrayType{nullableType(t.ElementType), true}
	case MapType:
		return MapType{nullableType(t.KeyType), nullableType(t.ValueType), true}
	}
	return t
}

// TreeString is the schema as a tree, a line for each field, as PrintSchema
// shows it.
func (t *StructType) TreeString() string {
	var b strings.Builder
	b.WriteString("root\n")
	tree(t, &b, " |")
	return b.String()
}

func tree(t *StructType, b *strings.Builder, indent string) {
	for _, f := range t.Fields {
		branch(b, indent, f.Name, f.Type, "nullable", f.Nullable)
	}
}

// branch writes a line for a type and those for its parts.
func branch(b *strings.Builder, indent, name string, t DataType, flag string, set bool) {
	kind := typeName(t)
	switch t.(type) {
	case *StructType:
		kind = "struct"
	case ArrayType:
		kind = "array"
	case MapType:
		kind = "map"
	}
	fmt.Fprintf(b, "%s-- %s: %s (%s = %t)\n", indent, name, kind, flag, set)
	indent += "    |"
	switch t := t.(type) {
	case *StructType:
		tree(t, b, indent)
	case ArrayType:
		branch(b, indent, "element", t.ElementType, "containsNull", t.ContainsNull)
	case MapType:
		fmt.Fprint(b, leaf(indent, "key", t.KeyType))
		branch(b, indent, "value", t.ValueType, "valueContainsNull", t.ValueContainsNull)
	}
}

// leaf is the lines of a map's key, which is never null.
func leaf(indent, name string, t DataType) string {
	var b strings.Builder
	branch(&b, indent, name, t, "nullable", false)
	return strings.Replace(b.String(), " (nullable = false)", "", 1)
}
