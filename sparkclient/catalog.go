package sparkclient

import (
	"context"
	"fmt"
	"reflect"
	"slices"

	"gospark/sparkclient/internal/plan"
)

// Catalog is the session's tables, views, functions and databases. A pattern
// has * for any characters and | between alternatives.
type Catalog struct{ session *Session }

// Catalog is the session's tables, views, functions and databases.
func (s *Session) Catalog() Catalog { return Catalog{s} }

// CatalogMetadata describes a catalog.
type CatalogMetadata struct {
	Name        string
	Description *string
}

// CatalogDatabase describes a database.
type CatalogDatabase struct {
	Name        string
	Catalog     *string
	Description *string
	LocationURI *string `spark:"locationUri"`
}

// CatalogTable describes a table or view.
type CatalogTable struct {
	Name        string
	Catalog     *string
	Namespace   []string
	Description *string
	TableType   string
	IsTemporary bool
}

// CatalogFunction describes a function.
type CatalogFunction struct {
	Name        string
	Catalog     *string
	Namespace   []string
	Description *string
	ClassName   *string
	IsTemporary bool
}

// CatalogColumn describes a column of a table or view.
type CatalogColumn struct {
	Name        string
	Description *string
	DataType    string
	Nullable    bool
	IsPartition bool
	IsBucket    bool
	IsCluster   bool
}

// query runs a catalog relation and maps its rows by the positions of their
// columns: servers call them by different names.
func query[T any](ctx context.Context, c Catalog, cat plan.Catalog) ([]T, error) {
	var list []T
	m := &mapper{}
	for row, err := range c.session.frame(&plan.Relation{RelType: &cat}).Rows(ctx) {
		if err != nil {
			return nil, err
		}
		var v T
		to := reflect.ValueOf(&v).Elem()
		if plainStruct(to.Type()) {
			row.schema = positions(to.Type(), row.schema)
			err = m.assign(row, to)
		} else {
			err = m.assign(row.At(0), to)
		}
		if err != nil {
			return nil, fmt.Errorf("read the catalog's answer: %w", err)
		}
		list = append(list, v)
	}
	return list, nil
}

// positions is a schema with the names of a struct's fields.
func positions(t reflect.Type, s *StructType) *StructType {
	named := &StructType{Fields: slices.Clone(s.Fields)}
	for i, f := range goFields(t) {
		if i < len(named.Fields) {
			named.Fields[i].Name = f.name
		}
	}
	return named
}

// one runs a catalog relation that answers with a single row.
func one[T any](ctx context.Context, c Catalog, cat plan.Catalog) (T, error) {
	list, err := query[T](ctx, c, cat)
	if err == nil && len(list) != 1 {
		err = errAnswer("a row")
	}
	if err != nil {
		var none T
		return none, err
	}
	return list[0], nil
}

// do runs a catalog relation for what it does.
func (c Catalog) do(ctx context.Context, cat plan.Catalog) error {
	_, err := c.session.frame(&plan.Relation{RelType: &cat}).Collect(ctx)
	return err
}

func maybe(list []string) *string {
	if len(list) == 0 {
		return nil
	}
	return &list[0]
}

// CurrentCatalog is the catalog of names without one.
func (c Catalog) CurrentCatalog(ctx context.Context) (string, error) {
	return one[string](ctx, c, plan.Catalog{CatType: &plan.CurrentCatalog{}})
}

// SetCurrentCatalog chooses it.
func (c Catalog) SetCurrentCatalog(ctx context.Context, name string) error {
	return c.do(ctx, plan.Catalog{CatType: &plan.SetCurrentCatalog{CatalogName: name}})
}

// ListCatalogs lists the catalogs in use.
func (c Catalog) ListCatalogs(ctx context.Context, pattern ...string) ([]CatalogMetadata, error) {
	return query[CatalogMetadata](ctx, c, plan.Catalog{CatType: &plan.ListCatalogs{Pattern: maybe(pattern)}})
}

// CurrentDatabase is the database of names without one.
func (c Catalog) CurrentDatabase(ctx context.Context) (string, error) {
	return one[string](ctx, c, plan.Catalog{CatType: &plan.CurrentDatabase{}})
}

// SetCurrentDatabase chooses it.
func (c Catalog) SetCurrentDatabase(ctx context.Context, name string) error {
	return c.do(ctx, plan.Catalog{CatType: &plan.SetCurrentDatabase{DbName: name}})
}

// ListDatabases lists the databases of the current catalog.
func (c Catalog) ListDatabases(ctx context.Context, pattern ...string) ([]CatalogDatabase, error) {
	return query[CatalogDatabase](ctx, c, plan.Catalog{CatType: &plan.ListDatabases{Pattern: maybe(pattern)}})
}

// GetDatabase describes a database.
func (c Catalog) GetDatabase(ctx context.Context, name string) (CatalogDatabase, error) {
	return one[CatalogDatabase](ctx, c, plan.Catalog{CatType: &plan.GetDatabase{DbName: name}})
}

// DatabaseExists says whether there is a database of that name.
func (c Catalog) DatabaseExists(ctx context.Context, name string) (bool, error) {
	return one[bool](ctx, c, plan.Catalog{CatType: &plan.DatabaseExists{DbName: name}})
}

// ListTables lists the tables and views of the current database, temporary
// views included, or of the one given; a pattern may follow.
func (c Catalog) ListTables(ctx context.Context, databaseAndPattern ...string) ([]CatalogTable, error) {
	database, pattern := databasePattern(databaseAndPattern)
	return query[CatalogTable](ctx, c, plan.Catalog{CatType: &plan.ListTables{DbName: database, Pattern: pattern}})
}

// GetTable describes a table or view.
func (c Catalog) GetTable(ctx context.Context, name string) (CatalogTable, error) {
	return one[CatalogTable](ctx, c, plan.Catalog{CatType: &plan.GetTable{TableName: name}})
}

// TableExists says whether there is a table or view of that name.
func (c Catalog) TableExists(ctx context.Context, name string) (bool, error) {
	return one[bool](ctx, c, plan.Catalog{CatType: &plan.TableExists{TableName: name}})
}

// ListColumns lists the columns of a table or view.
func (c Catalog) ListColumns(ctx context.Context, table string) ([]CatalogColumn, error) {
	return query[CatalogColumn](ctx, c, plan.Catalog{CatType: &plan.ListColumns{TableName: table}})
}

// ListFunctions lists the functions of the current database, Spark's own
// included.
func (c Catalog) ListFunctions(ctx context.Context, pattern ...string) ([]CatalogFunction, error) {
	return query[CatalogFunction](ctx, c, plan.Catalog{CatType: &plan.ListFunctions{Pattern: maybe(pattern)}})
}

// GetFunction describes a function.
func (c Catalog) GetFunction(ctx context.Context, name string) (CatalogFunction, error) {
	return one[CatalogFunction](ctx, c, plan.Catalog{CatType: &plan.GetFunction{FunctionName: name}})
}

// FunctionExists says whether there is a function of that name.
func (c Catalog) FunctionExists(ctx context.Context, name string) (bool, error) {
	return one[bool](ctx, c, plan.Catalog{CatType: &plan.FunctionExists{FunctionName: name}})
}

// DropTempView removes a temporary view and says whether there was one.
func (c Catalog) DropTempView(ctx context.Context, name string) (bool, error) {
	return one[bool](ctx, c, plan.Catalog{CatType: &plan.DropTempView{ViewName: name}})
}

// DropGlobalTempView removes a global temporary view and says whether there
// was one.
func (c Catalog) DropGlobalTempView(ctx context.Context, name string) (bool, error) {
	return one[bool](ctx, c, plan.Catalog{CatType: &plan.DropGlobalTempView{ViewName: name}})
}

// IsCached says whether a table is kept.
func (c Catalog) IsCached(ctx context.Context, table string) (bool, error) {
	return one[bool](ctx, c, plan.Catalog{CatType: &plan.IsCached{TableName: table}})
}

// CacheTable marks a table to be kept, in memory and on disk unless another
// level is given.
func (c Catalog) CacheTable(ctx context.Context, table string, level ...StorageLevel) error {
	cache := &plan.CacheTable{TableName: table}
	if len(level) > 0 {
		l, ok := levels()[level[0]]
		if !ok {
			return fmt.Errorf("unknown storage level %q", level[0])
		}
		cache.StorageLevel = &l
	}
	return c.do(ctx, plan.Catalog{CatType: cache})
}

// UncacheTable ends what CacheTable began.
func (c Catalog) UncacheTable(ctx context.Context, table string) error {
	return c.do(ctx, plan.Catalog{CatType: &plan.UncacheTable{TableName: table}})
}

// ClearCache forgets all that is kept.
func (c Catalog) ClearCache(ctx context.Context) error {
	return c.do(ctx, plan.Catalog{CatType: &plan.ClearCache{}})
}

// RefreshTable makes Spark look at a table's files again.
func (c Catalog) RefreshTable(ctx context.Context, table string) error {
	return c.do(ctx, plan.Catalog{CatType: &plan.RefreshTable{TableName: table}})
}

// RefreshByPath makes Spark look at the files below a path again.
func (c Catalog) RefreshByPath(ctx context.Context, path string) error {
	return c.do(ctx, plan.Catalog{CatType: &plan.RefreshByPath{Path: path}})
}

// RecoverPartitions finds the partitions of a table in its folder.
func (c Catalog) RecoverPartitions(ctx context.Context, table string) error {
	return c.do(ctx, plan.Catalog{CatType: &plan.RecoverPartitions{TableName: table}})
}
