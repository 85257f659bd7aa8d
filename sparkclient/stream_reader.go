package sparkclient

import (
	"errors"
	"fmt"
	"maps"
	"strings"

	"gospark/sparkclient/internal/plan"
)

// StreamReader describes a source whose rows keep coming. Its methods change it
// and return it.
type StreamReader struct {
	reader *Reader
	name   *string
}

// ReadStream begins a description of a stream.
func (s *Session) ReadStream() *StreamReader { return &StreamReader{reader: s.Read()} }

// Format names the kind of source: rate, kafka, parquet, json, …
func (r *StreamReader) Format(name string) *StreamReader {
	r.reader.Format(name)
	return r
}

// Option sets an option of the source.
func (r *StreamReader) Option(key string, value any) *StreamReader {
	r.reader.Option(key, value)
	return r
}

// Options sets several options.
func (r *StreamReader) Options(options map[string]any) *StreamReader {
	r.reader.Options(options)
	return r
}

// Schema sets the columns, as DDL or *[StructType]; streams of files need it.
func (r *StreamReader) Schema(schema any) *StreamReader {
	r.reader.Schema(schema)
	return r
}

// Name names the source within its query, so that the query's checkpoint finds
// it again when sources are added or moved.
func (r *StreamReader) Name(source string) *StreamReader {
	if strings.Trim(strings.ToLower(source), "abcdefghijklmnopqrstuvwxyz0123456789_") != "" || source == "" {
		r.reader.err = fmt.Errorf("a source's name has letters, digits and underscores: %q has not", source)
	}
	r.name = &source
	return r
}

// Load is the stream of a folder's files, or of a source without a path.
func (r *StreamReader) Load(path ...string) *DataFrame {
	if len(path) > 1 {
		return r.reader.session.failed(errors.New("a stream reads one folder"))
	}
	return r.reader.read(&plan.Read{IsStreaming: true, DataSource: &plan.ReadDataSource{
		Paths: r.reader.session.paths(path), SourceName: r.name}})
}

func (r *StreamReader) files(format, path string) *DataFrame { return r.Format(format).Load(path) }

// CSV is the rows of the comma-separated files that come into a folder.
func (r *StreamReader) CSV(path string) *DataFrame { return r.files("csv", path) }

// JSON is the rows of the files of JSON objects that come into a folder.
func (r *StreamReader) JSON(path string) *DataFrame { return r.files("json", path) }

// Parquet is the rows of the Parquet files that come into a folder.
func (r *StreamReader) Parquet(path string) *DataFrame { return r.files("parquet", path) }

// ORC is the rows of the ORC files that come into a folder.
func (r *StreamReader) ORC(path string) *DataFrame { return r.files("orc", path) }

// XML is the rows of the XML files that come into a folder.
func (r *StreamReader) XML(path string) *DataFrame { return r.files("xml", path) }

// Text is the lines of the files that come into a folder, in a column value.
func (r *StreamReader) Text(path string) *DataFrame { return r.files("text", path) }

// Table is the rows that come into a table of a catalog.
func (r *StreamReader) Table(name string) *DataFrame {
	return r.reader.read(&plan.Read{IsStreaming: true, NamedTable: &plan.ReadNamedTable{
		UnparsedIdentifier: name, Options: maps.Clone(r.reader.options)}})
}

// Changes is the stream of what changes in a table: see [Reader.Changes].
func (r *StreamReader) Changes(table string) *DataFrame { return r.reader.changes(table, true) }
