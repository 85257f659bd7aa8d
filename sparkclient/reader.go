package sparkclient

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"gospark/sparkclient/internal/plan"
)

// Reader describes a source of data. Its methods change it and return it.
type Reader struct {
	session *Session
	format  *string
	schema  *string
	options map[string]string
	err     error
}

// Read begins a description of files or another source.
func (s *Session) Read() *Reader {
	return &Reader{session: s, options: map[string]string{}}
}

// Format names the kind of source: parquet, csv, json, orc, text, jdbc, …
func (r *Reader) Format(name string) *Reader {
	r.format = &name
	return r
}

// Option sets an option of the source, for example Option("header", true).
func (r *Reader) Option(key string, value any) *Reader {
	r.options[key] = fmt.Sprint(value)
	return r
}

// Options sets several options.
func (r *Reader) Options(options map[string]any) *Reader {
	for key, value := range options {
		r.Option(key, value)
	}
	return r
}

// Schema sets the columns, as DDL ("id BIGINT, name STRING") or *[StructType],
// and saves Spark from looking for them.
func (r *Reader) Schema(schema any) *Reader {
	switch s := schema.(type) {
	case string:
		r.schema = &s
	case *StructType:
		r.schema = new(s.DDL())
	default:
		r.err = fmt.Errorf("a schema is DDL text or a *StructType, not a Go %T", schema)
	}
	return r
}

// Load is the data at paths, or of a source without paths. Relative paths: see
// [Session.UseFolder].
func (r *Reader) Load(paths ...string) *DataFrame {
	return r.source(plan.ReadDataSource{Paths: r.session.paths(paths)})
}

func (r *Reader) source(d plan.ReadDataSource) *DataFrame {
	return r.read(&plan.Read{DataSource: &d})
}

// read is the DataFrame of a source, completed by what is set here, or of a
// table.
func (r *Reader) read(from *plan.Read) *DataFrame {
	if r.err != nil {
		return r.session.failed(r.err)
	}
	if d := from.DataSource; d != nil {
		d.Format, d.Schema, d.Options = r.format, r.schema, maps.Clone(r.options)
	}
	return r.session.frame(&plan.Relation{RelType: from})
}

func (r *Reader) files(format string, paths []string) *DataFrame {
	if len(paths) == 0 {
		return r.session.failed(errors.New("read " + format + ": no path is given"))
	}
	return r.Format(format).Load(paths...)
}

// CSV is the rows of comma-separated files.
func (r *Reader) CSV(paths ...string) *DataFrame { return r.files("csv", paths) }

// JSON is the rows of files with a JSON object on each line.
func (r *Reader) JSON(paths ...string) *DataFrame { return r.files("json", paths) }

// Parquet is the rows of Parquet files.
func (r *Reader) Parquet(paths ...string) *DataFrame { return r.files("parquet", paths) }

// ORC is the rows of ORC files.
func (r *Reader) ORC(paths ...string) *DataFrame { return r.files("orc", paths) }

// XML is the rows of XML files; the option rowTag names a row.
func (r *Reader) XML(paths ...string) *DataFrame { return r.files("xml", paths) }

// Text is the lines of files, in a column value.
func (r *Reader) Text(paths ...string) *DataFrame { return r.files("text", paths) }

// JDBC is a table of a database. With predicates each is a partition.
func (r *Reader) JDBC(url, table string, properties map[string]string, predicates ...string) *DataFrame {
	r.Format("jdbc").Option("url", url).Option("dbtable", table)
	for _, key := range slices.Sorted(maps.Keys(properties)) {
		r.Option(key, properties[key])
	}
	return r.source(plan.ReadDataSource{Predicates: predicates})
}

// Table is a table or view of a catalog.
func (r *Reader) Table(name string) *DataFrame {
	return r.read(&plan.Read{NamedTable: &plan.ReadNamedTable{UnparsedIdentifier: name, Options: maps.Clone(r.options)}})
}

// Changes is what changed in a table of a catalog that keeps track: see the
// options startingVersion, endingVersion, startingTimestamp and endingTimestamp.
func (r *Reader) Changes(table string) *DataFrame { return r.changes(table, false) }

func (r *Reader) changes(table string, streaming bool) *DataFrame {
	if r.schema != nil {
		r.err = errors.New("the changes of a table have their own schema")
	}
	if r.err != nil {
		return r.session.failed(r.err)
	}
	return r.session.frame(&plan.Relation{RelType: &plan.RelationChanges{
		UnparsedIdentifier: table, Options: maps.Clone(r.options), IsStreaming: streaming}})
}
