package main

import (
	"fmt"
	"slices"
	"strings"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// camel turns a proto name, or a path of them, into a Go name.
func camel(name string) string {
	var b strings.Builder
	for _, part := range strings.FieldsFunc(name, func(r rune) bool { return r == '_' || r == '.' }) {
		if part == strings.ToUpper(part) {
			part = strings.ToLower(part)
		}
		b.WriteString(strings.ToUpper(part[:1]) + part[1:])
	}
	return b.String()
}

// scalars: the Go type and the helper's suffix (appendX, r.x) of each kind.
var scalars = map[protoreflect.Kind][2]string{
	protoreflect.BoolKind:   {"bool", "Bool"},
	protoreflect.Int32Kind:  {"int32", "Int32"},
	protoreflect.Uint32Kind: {"uint32", "Uint32"},
	protoreflect.Int64Kind:  {"int64", "Int64"},
	protoreflect.FloatKind:  {"float32", "Float"},
	protoreflect.DoubleKind: {"float64", "Double"},
	protoreflect.StringKind: {"string", "String"},
	protoreflect.BytesKind:  {"[]byte", "Bytes"},
}

// element is the Go type of one value of a field.
func element(f protoreflect.FieldDescriptor) string {
	switch {
	case raw[short(f)]:
		return "[]byte"
	case f.Message() != nil:
		return "*" + camel(short(f.Message()))
	case f.Enum() != nil:
		return camel(short(f.Enum()))
	}
	s, ok := scalars[f.Kind()]
	if !ok {
		panic(fmt.Sprintf("field %s has kind %s, which the generator does not know", f.FullName(), f.Kind()))
	}
	return s[0]
}

// present says whether a field tells unset from zero, by a pointer.
func present(f protoreflect.FieldDescriptor) bool {
	return f.HasPresence() && f.Message() == nil && f.Kind() != protoreflect.BytesKind
}

func (m *mirrorer) structure(d protoreflect.MessageDescriptor) {
	b := m.buffer(d, "")
	name := camel(short(d))
	fmt.Fprintf(b, "// %s mirrors message %s.\ntype %s struct {\n", name, d.FullName(), name)
	if raw[short(d)] {
		fmt.Fprintf(b, "Raw []byte // encoded; the other fields are laid over it\n")
	}
	var choices []protoreflect.OneofDescriptor
	for _, f := range fields(d) {
		if o := choice(f); o != nil {
			if !slices.Contains(choices, o) {
				choices = append(choices, o)
				fmt.Fprintf(b, "%s %s\n", camel(string(o.Name())), camel(short(o)))
			}
			continue
		}
		fmt.Fprintf(b, "%s ", camel(string(f.Name())))
		switch {
		case f.IsMap():
			fmt.Fprintf(b, "map[%s]%s", element(f.MapKey()), element(f.MapValue()))
		case f.IsList():
			fmt.Fprintf(b, "[]%s", element(f))
		case present(f):
			fmt.Fprintf(b, "*%s", element(f))
		default:
			fmt.Fprint(b, element(f))
		}
		if o := f.ContainingOneof(); o != nil && !o.IsSynthetic() {
			fmt.Fprintf(b, " // oneof %s", o.Name())
		}
		fmt.Fprintln(b)
	}
	fmt.Fprint(b, "}\n\n")
	for _, o := range choices {
		m.choice(o)
	}
}

// choice is the chosen oneof that f is a member of, or nil.
func choice(f protoreflect.FieldDescriptor) protoreflect.OneofDescriptor {
	if o := f.ContainingOneof(); o != nil && chosen[short(o)] {
		return o
	}
	return nil
}

// choice writes the interface of a chosen oneof, and the methods by which its members
// tell their tags.
func (m *mirrorer) choice(o protoreflect.OneofDescriptor) {
	name, method := camel(short(o)), "tagOf"+camel(short(o))
	fmt.Fprintf(m.buffer(o, ""), "// %s is a member of the oneof %s.\ntype %s interface {\nencoder\n%s() uint64\n}\n\n", name, o.FullName(), name, method)
	for _, f := range fields(o.Parent().(protoreflect.MessageDescriptor)) {
		if choice(f) == o {
			fmt.Fprintf(m.buffer(o, "_append"), "func (*%s) %s() uint64 { return %d }\n", camel(short(f.Message())), method, tag(f, wireType(f)))
		}
	}
	fmt.Fprintln(m.buffer(o, "_append"))
}

func tag(f protoreflect.FieldDescriptor, t protowire.Type) uint64 {
	return protowire.EncodeTag(f.Number(), t)
}

func wireType(f protoreflect.FieldDescriptor) protowire.Type {
	switch f.Kind() {
	case protoreflect.DoubleKind:
		return protowire.Fixed64Type
	case protoreflect.FloatKind:
		return protowire.Fixed32Type
	case protoreflect.StringKind, protoreflect.BytesKind, protoreflect.MessageKind:
		return protowire.BytesType
	}
	return protowire.VarintType
}

// appendMethod writes the encoder.
func (m *mirrorer) appendMethod(d protoreflect.MessageDescriptor) {
	b := m.buffer(d, "_append")
	fmt.Fprintf(b, "func (m *%s) append(b []byte) []byte {\n", camel(short(d)))
	if raw[short(d)] {
		fmt.Fprintf(b, "b = append(b, m.Raw...)\n")
	}
	var written protoreflect.OneofDescriptor
	for _, f := range fields(d) {
		v := "m." + camel(string(f.Name()))
		switch o := choice(f); {
		case o != nil && o == written:
		case o != nil:
			written = o
			v = "m." + camel(string(o.Name()))
			fmt.Fprintf(b, "if %s != nil { b = appendMessage(b, %s.tagOf%s(), %s) }\n", v, v, camel(short(o)), v)
		case f.IsMap():
			fmt.Fprintf(b, "b = appendMap(b, %d, %s, func(b []byte, v %s) []byte { %s })\n",
				tag(f, protowire.BytesType), v, element(f.MapValue()), "return "+encodeOne(f.MapValue(), "v"))
		case f.IsList() && wireType(f) != protowire.BytesType:
			fmt.Fprintf(b, "b = appendPacked(b, %d, %s, %s)\n", tag(f, protowire.BytesType), v, bare(f))
		case f.IsList():
			fmt.Fprintf(b, "for _, v := range %s { b = %s }\n", v, encodeOne(f, "v"))
		case present(f):
			fmt.Fprintf(b, "if %s != nil { b = %s }\n", v, encodeOne(f, "*"+v))
		case f.Message() != nil || f.HasPresence():
			fmt.Fprintf(b, "if %s != nil { b = %s }\n", v, encodeOne(f, v))
		case f.Kind() == protoreflect.BytesKind || f.Kind() == protoreflect.StringKind:
			fmt.Fprintf(b, "if len(%s) > 0 { b = %s }\n", v, encodeOne(f, v))
		case f.Kind() == protoreflect.BoolKind:
			fmt.Fprintf(b, "if %s { b = %s }\n", v, encodeOne(f, v))
		default:
			fmt.Fprintf(b, "if %s != 0 { b = %s }\n", v, encodeOne(f, v))
		}
	}
	fmt.Fprint(b, "return b\n}\n\n")
}

// encodeOne appends tag and value.
func encodeOne(f protoreflect.FieldDescriptor, v string) string {
	t := tag(f, wireType(f))
	switch {
	case raw[short(f)]:
		return fmt.Sprintf("appendBytes(appendVarint(b, %d), %s)", t, v)
	case f.Message() != nil:
		return fmt.Sprintf("appendMessage(b, %d, %s)", t, v)
	case f.Enum() != nil:
		return fmt.Sprintf("appendInt32(appendVarint(b, %d), int32(%s))", t, v)
	}
	return fmt.Sprintf("append%s(appendVarint(b, %d), %s)", scalars[f.Kind()][1], t, v)
}

func bare(f protoreflect.FieldDescriptor) string {
	if f.Enum() != nil {
		panic("a list of enums: the generator does not know it yet")
	}
	return "append" + scalars[f.Kind()][1]
}

// decodeMethod writes the decoder.
func (m *mirrorer) decodeMethod(d protoreflect.MessageDescriptor) {
	b := m.buffer(d, "_decode")
	fmt.Fprintf(b, "func (m *%s) decode(r *reader) {\nfor r.next() {\nswitch r.tag {\n", camel(short(d)))
	for _, f := range fields(d) {
		v := "m." + camel(string(f.Name()))
		fmt.Fprintf(b, "case %d:\n", tag(f, wireType(f)))
		switch {
		case f.IsMap():
			fmt.Fprintf(b, "decodeMap(r, &%s, func(r *reader) %s { %s })\n", v, element(f.MapValue()), decodeOne(f.MapValue(), "", "return v"))
		case f.IsList():
			fmt.Fprintln(b, decodeOne(f, "", v+" = append("+v+", v)"))
			if t := wireType(f); t != protowire.BytesType {
				fmt.Fprintf(b, "case %d:\nr.packed(func() { %s })\n", tag(f, protowire.BytesType), decodeOne(f, "", v+" = append("+v+", v)"))
			}
		case present(f):
			fmt.Fprintln(b, decodeOne(f, "", v+" = &v"))
		default:
			fmt.Fprintln(b, decodeOne(f, v, v+" = v"))
		}
	}
	fmt.Fprint(b, "default:\nr.skip()\n}\n}\n}\n\n")
}

// decodeOne reads a value into v and then does what the statement says. A
// message that comes again is merged into the one at old.
func decodeOne(f protoreflect.FieldDescriptor, old, then string) string {
	switch {
	case raw[short(f)]:
		return "v := r.bytes(); " + then
	case f.Message() != nil && old != "":
		return fmt.Sprintf("v := %s; if v == nil { v = new(%s) }; r.message(v); %s", old, camel(short(f.Message())), then)
	case f.Message() != nil:
		return fmt.Sprintf("v := new(%s); r.message(v); %s", camel(short(f.Message())), then)
	case f.Enum() != nil:
		return fmt.Sprintf("v := %s(r.int32()); %s", camel(short(f.Enum())), then)
	}
	suffix := scalars[f.Kind()][1]
	return fmt.Sprintf("v := r.%s(); %s", strings.ToLower(suffix[:1])+suffix[1:], then)
}

// enums writes the enums that the mirrored messages use.
func (m *mirrorer) enums() {
	done := map[protoreflect.EnumDescriptor]bool{}
	for _, d := range m.sorted(m.all) {
		for _, f := range fields(d) {
			e := f.Enum()
			if e == nil || done[e] {
				continue
			}
			done[e] = true
			b := m.buffer(d, "")
			name := camel(short(e))
			fmt.Fprintf(b, "// %s mirrors enum %s.\ntype %s int32\n\nconst (\n", name, e.FullName(), name)
			for i := range e.Values().Len() {
				v := e.Values().Get(i)
				fmt.Fprintf(b, "%s %s = %d\n", camel(string(v.Name())), name, v.Number())
			}
			fmt.Fprint(b, ")\n\n")
		}
	}
}
