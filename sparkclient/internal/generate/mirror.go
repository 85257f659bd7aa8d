package main

import (
	"bytes"
	"fmt"
	"go/format"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
)

// What the light mirror has of the protos: everything that these messages lead
// to. Encoded ones get a method append, decoded ones a method decode.
var (
	encoded = []string{"Plan", "AnalyzePlanRequest", "ConfigRequest.Operation", "DataType", "Expression.Literal"}
	decoded = []string{"ExecutePlanResponse", "AnalyzePlanResponse", "ConfigResponse", "DataType"}
)

// left lists what is left out, beside everything deprecated: a message (all of
// it, and the fields of its type) or one field.
var left = map[string]string{
	"google.protobuf.Any":                          "extensions of other people's servers",
	"Origin":                                       "call sites of Python and Scala programs",
	"ExpressionCommon":                             "holds nothing but an Origin",
	"PythonUDF":                                    "carries pickled Python",
	"PythonUDTF":                                   "carries pickled Python",
	"PythonDataSource":                             "carries pickled Python",
	"ScalarScalaUDF":                               "carries serialized Scala",
	"TypedAggregateExpression":                     "carries serialized Scala",
	"CommonInlineUserDefinedTableFunction":         "carries pickled Python",
	"CommonInlineUserDefinedDataSource":            "carries pickled Python",
	"MapPartitions":                                "runs Python or Scala functions",
	"GroupMap":                                     "runs Python or Scala functions",
	"CoGroupMap":                                   "runs Python or Scala functions",
	"ApplyInPandasWithState":                       "runs Python functions",
	"StreamingForeachFunction":                     "runs Python or Scala functions",
	"MlRelation":                                   "machine learning is not offered",
	"MlCommand":                                    "machine learning is not offered",
	"MlCommandResult":                              "machine learning is not offered",
	"PipelineCommand":                              "pipelines are not offered",
	"PipelineCommandResult":                        "pipelines are not offered",
	"PipelineEventResult":                          "pipelines are not offered",
	"PipelineQueryFunctionExecutionSignal":         "pipelines are not offered",
	"StreamingQueryManagerCommand.add_listener":    "listeners are objects of the JVM there; ours are on the listener bus",
	"StreamingQueryManagerCommand.remove_listener": "listeners are objects of the JVM there; ours are on the listener bus",
	"Unknown":                                      "exists for Spark's own tests",
	"FetchErrorDetailsResponse.BreakingChangeInfo": "advice on moving between versions of Spark",
	"FetchErrorDetailsResponse.QueryContext":       "aggregates on the way have no text; the engine makes other errors",
	"FetchErrorDetailsResponse.StackTraceElement":  "aggregates on the way have no text; the engine makes other errors",
	"UserContext":                                  "the engine fills it in",
	"Plan.compressed_operation":                    "the engine may compress",
	"AnalyzePlanRequest.session_id":                "the engine fills it in",
	"AnalyzePlanRequest.client_type":               "the engine fills it in",
	"ExecutePlanResponse.ArrowBatch":               "the engine reads rows",
	"ExecutePlanResponse.ExecutionProgress":        "the engine reports progress",
	"ExecutePlanResponse.ResultComplete":           "the engine reattaches",
	"ExecutePlanResponse.schema":                   "the engine reads rows",
	"AnalyzePlanRequest.client_observed_server_side_session_id": "the engine fills it in",
}

// raw names what crosses undecoded: a message, which gets a field Raw that is
// written before the others, or a field, whose type becomes []byte.
var raw = map[string]bool{
	"Relation": true,
	"ExecutePlanResponse.SqlCommandResult.relation": true,
}

// chosen names the oneofs that become one field of an interface type, which the
// messages in it implement: all its members are messages, each of another type,
// that are only encoded. A struct then has one word or two where it had one for each
// member, and mentions none of them. Cells gain by that: the compiler reads each type
// that a cell names with all that it mentions.
var chosen = map[string]bool{
	"AnalyzePlanRequest.analyze": true,
	"Catalog.cat_type":           true,
	"Command.command_type":       true,
	"Expression.expr_type":       true,
	"Relation.rel_type":          true,
}

// mirror writes internal/plan below root from the protos.
func mirror(root string) error {
	files, err := describe(filepath.Join(root, "proto"))
	if err != nil {
		return err
	}
	m := &mirrorer{out: map[string]*bytes.Buffer{}}
	encode, err := m.closure(files, encoded)
	if err != nil {
		return err
	}
	decode, err := m.closure(files, decoded)
	if err != nil {
		return err
	}
	for _, d := range m.sorted(encode, decode) {
		m.structure(d)
		if encode[d] {
			m.appendMethod(d)
		}
		if decode[d] {
			m.decodeMethod(d)
		}
	}
	m.enums()
	return m.write(filepath.Join(root, "internal", "plan"))
}

// describe compiles the protos to descriptors.
func describe(dir string) (map[string]protoreflect.MessageDescriptor, error) {
	set, err := os.CreateTemp("", "gospark-descriptors-")
	if err != nil {
		return nil, err
	}
	set.Close()
	defer os.Remove(set.Name())
	if err := run(dir, nil, "protoc", "-I", ".", "--include_imports", "--descriptor_set_out="+set.Name(), "spark/connect/base.proto"); err != nil {
		return nil, err
	}
	text, err := os.ReadFile(set.Name())
	if err != nil {
		return nil, err
	}
	var fds descriptorpb.FileDescriptorSet
	if err := proto.Unmarshal(text, &fds); err != nil {
		return nil, err
	}
	files, err := protodesc.NewFiles(&fds)
	if err != nil {
		return nil, err
	}
	all := map[string]protoreflect.MessageDescriptor{}
	var walk func(ms protoreflect.MessageDescriptors)
	walk = func(ms protoreflect.MessageDescriptors) {
		for i := range ms.Len() {
			all[short(ms.Get(i))] = ms.Get(i)
			walk(ms.Get(i).Messages())
		}
	}
	files.RangeFiles(func(f protoreflect.FileDescriptor) bool {
		walk(f.Messages())
		return true
	})
	return all, nil
}

type set = map[protoreflect.MessageDescriptor]bool

// mirrorer collects the generated text, a buffer for each proto file.
type mirrorer struct {
	out map[string]*bytes.Buffer
	all set
}

// closure finds the messages that the roots lead to.
func (m *mirrorer) closure(all map[string]protoreflect.MessageDescriptor, roots []string) (set, error) {
	found := set{}
	var visit func(d protoreflect.MessageDescriptor)
	visit = func(d protoreflect.MessageDescriptor) {
		if found[d] {
			return
		}
		found[d] = true
		for _, f := range fields(d) {
			if f.IsMap() {
				f = f.MapValue()
			}
			if f.Message() != nil && !raw[short(f)] {
				visit(f.Message())
			}
		}
	}
	for _, name := range roots {
		d := all[name]
		if d == nil {
			return nil, fmt.Errorf("no message %s in the protos", name)
		}
		visit(d)
	}
	return found, nil
}

func (m *mirrorer) sorted(sets ...set) []protoreflect.MessageDescriptor {
	m.all = set{}
	for _, s := range sets {
		for d := range s {
			m.all[d] = true
		}
	}
	var list []protoreflect.MessageDescriptor
	for d := range m.all {
		list = append(list, d)
	}
	slices.SortFunc(list, func(a, b protoreflect.MessageDescriptor) int { return strings.Compare(short(a), short(b)) })
	return list
}

// buffer is where d's code goes: one file for each proto, cut in two methods'
// worth so that none is long.
func (m *mirrorer) buffer(d protoreflect.Descriptor, part string) *bytes.Buffer {
	name := strings.TrimSuffix(filepath.Base(d.ParentFile().Path()), ".proto") + part
	if m.out[name] == nil {
		m.out[name] = &bytes.Buffer{}
	}
	return m.out[name]
}

func (m *mirrorer) write(dir string) error {
	old, err := filepath.Glob(filepath.Join(dir, "*.gen.go"))
	if err != nil {
		return err
	}
	for _, path := range old {
		if err := os.Remove(path); err != nil {
			return err
		}
	}
	for name, body := range m.out {
		text, err := format.Source(append([]byte("// Code generated by sparkclient/internal/generate from Spark's protos. DO NOT EDIT.\n\npackage plan\n\n"), body.Bytes()...))
		if err != nil {
			return fmt.Errorf("%s: %w\n%s", name, err, body.Bytes())
		}
		if err := os.WriteFile(filepath.Join(dir, name+".gen.go"), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// fields are a message's fields without those left out.
func fields(d protoreflect.MessageDescriptor) []protoreflect.FieldDescriptor {
	var list []protoreflect.FieldDescriptor
	for i := range d.Fields().Len() {
		f := d.Fields().Get(i)
		value := f
		if f.IsMap() {
			value = f.MapValue()
		}
		options, _ := f.Options().(*descriptorpb.FieldOptions)
		switch {
		case options.GetDeprecated(), left[short(f)] != "":
		case value.Message() != nil && left[short(value.Message())] != "":
		default:
			list = append(list, f)
		}
	}
	return list
}

// short is a descriptor's name without Spark's package.
func short(d protoreflect.Descriptor) string {
	return strings.TrimPrefix(string(d.FullName()), protoPackage+".")
}
