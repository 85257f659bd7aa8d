package sparkclient

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"gospark/sparkclient/internal/plan"
)

// TableSpec describes a table for [Catalog.CreateTable]. Everything may be left
// out: the schema where a source tells it, the path for a table that Spark
// manages.
type TableSpec struct {
	Path        string
	Source      string // parquet, csv, …; empty: as spark.sql.sources.default says
	Schema      any    // DDL text or *StructType
	Description string
	Options     map[string]any
}

// CreateTable makes a table at once and returns its rows; an error is carried.
func (c Catalog) CreateTable(ctx context.Context, name string, spec TableSpec) *DataFrame {
	s := c.session
	table := &plan.CreateTable{TableName: name, Options: map[string]string{},
		Path: some(spec.Path), Source: some(spec.Source), Description: some(spec.Description)}
	for key, value := range spec.Options {
		table.Options[key] = fmt.Sprint(value)
	}
	if spec.Schema != nil {
		st, err := s.schemaOf(ctx, spec.Schema)
		if err != nil {
			return s.commandFailed(ctx, err)
		}
		table.Schema = typeToPlan(st)
	}
	if err := c.do(ctx, plan.Catalog{CatType: table}); err != nil {
		return s.commandFailed(ctx, err)
	}
	return s.Table(name)
}

// some is the optional form of a text.
func some(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// A DropOption says how something is dropped.
type DropOption int

// The options of dropping.
const (
	IfExists DropOption = iota + 1 // nothing to drop is no error
	Cascade                        // the tables of a database too
	Purge                          // not into a trash
)

// DropTable removes a table.
func (c Catalog) DropTable(ctx context.Context, name string, options ...DropOption) error {
	return c.do(ctx, plan.Catalog{CatType: &plan.DropTable{
		TableName: name, IfExists: slices.Contains(options, IfExists), Purge: slices.Contains(options, Purge)}})
}

// DropView removes a view that is no temporary one.
func (c Catalog) DropView(ctx context.Context, name string, options ...DropOption) error {
	return c.do(ctx, plan.Catalog{CatType: &plan.DropView{ViewName: name, IfExists: slices.Contains(options, IfExists)}})
}

// CreateDatabase makes a database; with ifNotExists it may be there already.
func (c Catalog) CreateDatabase(ctx context.Context, name string, ifNotExists bool, properties map[string]string) error {
	return c.do(ctx, plan.Catalog{CatType: &plan.CreateDatabase{
		DbName: name, IfNotExists: ifNotExists, Properties: maps.Clone(properties)}})
}

// DropDatabase removes a database, which must be empty unless Cascade is given.
func (c Catalog) DropDatabase(ctx context.Context, name string, options ...DropOption) error {
	return c.do(ctx, plan.Catalog{CatType: &plan.DropDatabase{
		DbName: name, IfExists: slices.Contains(options, IfExists), Cascade: slices.Contains(options, Cascade)}})
}

// TruncateTable removes all rows of a table.
func (c Catalog) TruncateTable(ctx context.Context, name string) error {
	return c.do(ctx, plan.Catalog{CatType: &plan.TruncateTable{TableName: name}})
}

// AnalyzeTable counts a table's rows and bytes for the optimizer; with noScan
// only the bytes.
func (c Catalog) AnalyzeTable(ctx context.Context, name string, noScan ...bool) error {
	return c.do(ctx, plan.Catalog{CatType: &plan.AnalyzeTable{TableName: name, NoScan: len(noScan) > 0 && noScan[0]}})
}

// ListPartitions lists the partitions of a table, for example year=2013/month=1.
func (c Catalog) ListPartitions(ctx context.Context, table string) ([]string, error) {
	return query[string](ctx, c, plan.Catalog{CatType: &plan.ListPartitions{TableName: table}})
}

// ListViews lists the views of the current database, temporary ones included,
// or of the one given; a pattern may follow.
func (c Catalog) ListViews(ctx context.Context, databaseAndPattern ...string) ([]CatalogTable, error) {
	database, pattern := databasePattern(databaseAndPattern)
	return query[CatalogTable](ctx, c, plan.Catalog{CatType: &plan.ListViews{DbName: database, Pattern: pattern}})
}

// databasePattern reads up to two optional arguments.
func databasePattern(list []string) (database, pattern *string) {
	if len(list) > 1 {
		pattern = &list[1]
	}
	return maybe(list), pattern
}

// GetTableProperties are the properties of a table.
func (c Catalog) GetTableProperties(ctx context.Context, table string) (map[string]string, error) {
	rows, err := c.session.frame(&plan.Relation{RelType: &plan.Catalog{CatType: &plan.GetTableProperties{TableName: table}}}).Collect(ctx)
	if err != nil {
		return nil, err
	}
	properties := make(map[string]string, len(rows))
	for _, row := range rows {
		properties[text(row.At(0))] = text(row.At(1))
	}
	return properties, nil
}

// GetCreateTableString is the statement that makes a table like this one; with
// asSerde in Hive's form.
func (c Catalog) GetCreateTableString(ctx context.Context, table string, asSerde ...bool) (string, error) {
	return one[string](ctx, c, plan.Catalog{CatType: &plan.GetCreateTableString{
		TableName: table, AsSerde: len(asSerde) > 0 && asSerde[0]}})
}
