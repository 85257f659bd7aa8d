package sparkclient_test

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"strings"
	"testing"

	"gospark/sparkclient"
	F "gospark/sparkclient/functions"
)

// derby is the address of a database in the test server's memory.
func derby(t testing.TB, spark *sparkclient.Session) string {
	return "jdbc:derby:memory:" + tableName(t, spark) + ";create=true"
}

// TestFormats writes and reads each format by its own method.
func TestFormats(t *testing.T) {
	spark, ctx, dir := open(t), t.Context(), t.TempDir()
	text := spark.Range(4).Select(F.Col("id").Cast("string").As("value")).Coalesce(1)
	for format, f := range map[string]struct {
		write func(*sparkclient.Writer, context.Context, string) error
		read  func(*sparkclient.Reader, ...string) *sparkclient.DataFrame
	}{
		"csv": {(*sparkclient.Writer).CSV, (*sparkclient.Reader).CSV}, "json": {(*sparkclient.Writer).JSON, (*sparkclient.Reader).JSON},
		"orc": {(*sparkclient.Writer).ORC, (*sparkclient.Reader).ORC}, "text": {(*sparkclient.Writer).Text, (*sparkclient.Reader).Text},
		"parquet": {(*sparkclient.Writer).Parquet, (*sparkclient.Reader).Parquet}, "xml": {(*sparkclient.Writer).XML, (*sparkclient.Reader).XML},
	} {
		options := map[string]any{"rowTag": "row", "header": false}
		check(t, f.write(text.Write().Options(options), ctx, dir+"/"+format))
		if n, err := f.read(spark.Read().Options(options), dir+"/"+format).Count(ctx); err != nil || n != 4 {
			t.Errorf("%s: %d rows, %v", format, n, err)
		}
	}
	if spark.Read().CSV().Err() == nil || spark.Read().Schema(7).Load().Err() == nil {
		t.Error("no path, or a schema that is none: no error")
	}
}

func TestJDBC(t *testing.T) {
	spark, ctx := open(t), t.Context()
	url, driver := derby(t, spark), map[string]string{"driver": "org.apache.derby.jdbc.EmbeddedDriver"}
	check(t, spark.Range(5).Write().Mode("append").JDBC(ctx, url, "numbers", driver))
	if n, err := spark.Read().JDBC(url, "numbers", driver).Count(ctx); err != nil || n != 5 {
		t.Errorf("%d rows, %v", n, err)
	}
	if n, err := spark.Read().JDBC(url, "numbers", driver, `"id" < 2`, `"id" >= 4`).Count(ctx); err != nil || n != 3 {
		t.Errorf("two parts: %d rows, %v", n, err)
	}
}

func TestTablesOfASession(t *testing.T) {
	spark, ctx := open(t), t.Context()
	bucketed, clustered := tableName(t, spark), tableName(t, spark)
	df := spark.Range(8).Select("id", F.Col("id").Mod(2).As("odd"))
	check(t, df.Write().BucketBy(2, "odd").SortBy("id").SaveAsTable(ctx, bucketed))
	check(t, df.Write().ClusterBy("odd").SaveAsTable(ctx, clustered))
	check(t, df.Write().InsertInto(ctx, bucketed, true))
	if n, err := spark.Read().Table(bucketed).Count(ctx); err != nil || n != 8 {
		t.Errorf("%d rows, %v", n, err)
	}
	_, err := spark.Read().Changes(bucketed).Collect(ctx)
	refused(t, "changes of a table that keeps none", err, "UNSUPPORTED_FEATURE")
	if spark.Read().Schema("a INT").Changes(bucketed).Err() == nil {
		t.Error("changes with a schema: no error")
	}
}

// TestWriterV2 works on a catalog of a database in memory, and where that lacks
// something the refusal shows that it was understood.
func TestWriterV2(t *testing.T) {
	spark, ctx := open(t), t.Context()
	catalog := tableName(t, spark)
	for key, value := range map[string]string{"": "org.apache.spark.sql.execution.datasources.v2.jdbc.JDBCTableCatalog", ".url": derby(t, spark), ".driver": "org.apache.derby.jdbc.EmbeddedDriver"} {
		check(t, spark.Conf().Set(ctx, "spark.sql.catalog."+catalog+key, value))
	}
	table := catalog + ".APP.numbers"
	df := spark.Range(5)
	check(t, df.WriteTo(table).Option("truncate", true).Options(map[string]any{"batchsize": 10}).Create(ctx))
	check(t, df.WriteTo(table).Append(ctx))
	if n, err := spark.Table(table).Count(ctx); err != nil || n != 10 {
		t.Errorf("after Create and Append: %d rows, %v", n, err)
	}
	check(t, df.Limit(2).WriteTo(table).Overwrite(ctx, F.Lit(true)))
	if n, err := spark.Table(table).Count(ctx); err != nil || n != 2 {
		t.Errorf("after Overwrite: %d rows, %v", n, err)
	}
	check(t, df.WriteTo(table).CreateOrReplace(ctx))
	check(t, df.Limit(3).WriteTo(table).Replace(ctx))
	if n, err := spark.Table(table).Count(ctx); err != nil || n != 3 {
		t.Errorf("after Replace: %d rows, %v", n, err)
	}
	refused(t, "Create of what is there", df.WriteTo(table).Create(ctx), "ALREADY_EXISTS")
	refused(t, "OverwritePartitions", df.WriteTo(table).OverwritePartitions(ctx), "UNSUPPORTED")
	refused(t, "evolution", df.WriteTo(catalog+".APP.nothing").WithSchemaEvolution().Append(ctx), "TABLE_OR_VIEW_NOT_FOUND")
	if err := df.WriteTo(table).Overwrite(ctx, F.Col("id").IsIn(df)); err == nil {
		t.Error("a subquery as the condition: no error")
	}
	for name, transform := range map[string]sparkclient.Column{"years": F.Years("t"), "months": F.Months("t"), "days": F.Days("t"), "hours": F.Hours("t"), "bucket": F.Bucket(4, "t")} {
		err := spark.SQL(ctx, "select timestamp'2013-01-01' as t, 1 as n").WriteTo(tableName(t, spark)).Using("parquet").TableProperty("k", "v").PartitionedBy(transform).Create(ctx)
		if name == "bucket" {
			check(t, err)
		} else {
			refused(t, name, err, "UNSUPPORTED")
		}
	}
	check(t, df.Select("id", F.Lit(1).As("one")).WriteTo(tableName(t, spark)).Using("parquet").PartitionedBy("one").Create(ctx))
	check(t, df.Select("id", F.Lit(1).As("one")).WriteTo(tableName(t, spark)).Using("parquet").ClusterBy("id").Create(ctx))
}

// TestMergeInto has Spark read every kind of action: none of the catalogs that
// come with Spark can merge, and its refusal comes after it resolved them all.
func TestMergeInto(t *testing.T) {
	spark, ctx := open(t), t.Context()
	table := tableName(t, spark)
	check(t, spark.Range(3).Select("id", F.Lit("a").As("v")).Write().SaveAsTable(ctx, table))
	source := spark.Range(2, 5).Select("id", F.Lit("b").As("v")).Alias("s")
	on := F.Expr(table + ".id = s.id")
	all := source.MergeInto(table, on).WithSchemaEvolution().
		WhenMatched("s.id > 2").Update(map[string]any{"v": F.Col("s.v")}).WhenMatched(F.Expr("s.id = 2")).Delete().WhenMatched().UpdateAll().
		WhenNotMatched("s.id > 3").Insert(map[string]any{"id": F.Col("s.id"), "v": "new"}).WhenNotMatched().InsertAll().
		WhenNotMatchedBySource(F.Expr(table + ".id = 0")).Delete().WhenNotMatchedBySource().Update(map[string]any{"v": "gone"})
	refused(t, "all actions", all.Merge(ctx), "MERGE")
	refused(t, "update all by source", source.MergeInto(table, on).WhenNotMatchedBySource().UpdateAll().Merge(ctx), "")
	for what, m := range map[string]*sparkclient.MergeIntoWriter{
		"a condition that is none": source.MergeInto(table, 7).WhenMatched().Delete(),
		"a value that is none":     source.MergeInto(table, on).WhenMatched().Update(map[string]any{"v": make(chan int)}),
	} {
		var e *sparkclient.Error
		if err := m.Merge(ctx); err == nil || errors.As(err, &e) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestCheckpoints(t *testing.T) {
	spark, ctx := open(t), t.Context()
	df := spark.Range(10).Filter("id > 3")
	keepTwo(t, df)
	runtime.GC() // nothing refers to them: the next one gives them back
	for _, eager := range []bool{true, false} {
		if n, err := df.Checkpoint(ctx, eager).Count(ctx); err != nil || n != 6 {
			t.Errorf("checkpoint: %d rows, %v", n, err)
		}
	}
	if df.LocalCheckpoint(ctx, true, "SOMEWHERE").Err() == nil {
		t.Error("an unknown level: no error")
	}
	check(t, df.LocalCheckpoint(ctx, true).Err())
}

// keepTwo keeps the rows of a DataFrame twice and lets go of them.
func keepTwo(t *testing.T, df *sparkclient.DataFrame) {
	t.Helper()
	ctx := t.Context()
	kept := df.LocalCheckpoint(ctx, true, sparkclient.MemoryOnly)
	check(t, kept.Err())
	if got := values(t, kept.Agg(F.Count("*"), F.Max("id"))); got[0] != "{6, 9}" {
		t.Errorf("kept: %v", got)
	}
	lazy := df.LocalCheckpoint(ctx, false)
	if n, err := lazy.Union(kept).Count(ctx); err != nil || n != 12 {
		t.Errorf("both: %d rows, %v", n, err)
	}
}

// TestStorageLevels persists at every level.
func TestStorageLevels(t *testing.T) {
	spark, ctx := open(t), t.Context()
	for i, level := range []sparkclient.StorageLevel{
		sparkclient.StorageNone, sparkclient.DiskOnly, sparkclient.DiskOnly2, sparkclient.DiskOnly3, sparkclient.MemoryOnly, sparkclient.MemoryOnly2,
		sparkclient.MemoryAndDisk, sparkclient.MemoryAndDisk2, sparkclient.MemoryAndDiskDeser, sparkclient.OffHeap,
	} {
		df := spark.Range(int64(100+i)).Persist(ctx, level)
		check(t, df.Err())
		if got, err := df.StorageLevel(ctx); err != nil || got != level {
			t.Errorf("got %s, %v, want %s", got, err, level)
		}
		check(t, df.Unpersist(ctx).Err())
	}
}

func TestCatalog(t *testing.T) {
	spark, ctx := open(t), t.Context()
	cat, db, dir := spark.Catalog(), tableName(t, spark), t.TempDir()
	check(t, cat.CreateDatabase(ctx, db, true, map[string]string{"owner": "me"}))
	defer cat.DropDatabase(ctx, db, sparkclient.IfExists, sparkclient.Cascade)
	if is, err := cat.DatabaseExists(ctx, db); err != nil || !is {
		t.Errorf("database: %v, %v", is, err)
	}
	if d, err := cat.GetDatabase(ctx, db); err != nil || d.Name != db {
		t.Errorf("database: %v, %v", d, err)
	}
	check(t, cat.SetCurrentDatabase(ctx, db))
	check(t, cat.SetCurrentCatalog(ctx, "spark_catalog"))
	if list, err := cat.ListCatalogs(ctx, "spark*"); err != nil || len(list) != 1 {
		t.Errorf("catalogs: %v, %v", list, err)
	}
	table := cat.CreateTable(ctx, db+".t", sparkclient.TableSpec{Source: "parquet", Schema: "id BIGINT, p INT", Description: "a table", Options: map[string]any{"compression": "zstd"}})
	if n, err := table.Count(ctx); err != nil || n != 0 {
		t.Errorf("a new table: %d rows, %v", n, err)
	}
	check(t, spark.Range(3).Select("id", F.Lit(1).As("p")).Write().PartitionBy("p").SaveAsTable(ctx, db+".parts"))
	check(t, spark.Range(3).Write().Parquet(ctx, dir+"/x"))
	if n, err := cat.CreateTable(ctx, db+".outside", sparkclient.TableSpec{Path: dir + "/x", Source: "parquet"}).Count(ctx); err != nil || n != 3 {
		t.Errorf("a table outside: %d rows, %v", n, err)
	}
	if cat.CreateTable(ctx, db+".u", sparkclient.TableSpec{Schema: 7}).Err() == nil {
		t.Error("a schema that is none was taken")
	}
	if parts, err := cat.ListPartitions(ctx, db+".parts"); err != nil || !slices.Equal(parts, []string{"p=1"}) {
		t.Errorf("partitions: %v, %v", parts, err)
	}
	check(t, cat.RecoverPartitions(ctx, db+".parts"))
	check(t, cat.AnalyzeTable(ctx, db+".parts", true))
	if properties, err := cat.GetTableProperties(ctx, db+".t"); err != nil || properties == nil {
		t.Errorf("properties: %v, %v", properties, err)
	}
	if text, err := cat.GetCreateTableString(ctx, db+".t"); err != nil || !strings.Contains(text, "CREATE TABLE") {
		t.Errorf("create table: %s, %v", text, err)
	}
	if info, err := cat.GetTable(ctx, db+".t"); err != nil || *info.Description != "a table" || info.TableType != "MANAGED" {
		t.Errorf("table: %+v, %v", info, err)
	}
	if tables, err := cat.ListTables(ctx, db, "par*"); err != nil || len(tables) != 1 {
		t.Errorf("tables: %v, %v", tables, err)
	}
	caches(t, spark, db+".parts", dir+"/x")
	check(t, spark.SQL(ctx, "create view "+db+".w as select 1 as one").Err())
	if views, err := cat.ListViews(ctx, db, "w"); err != nil || len(views) != 1 {
		t.Errorf("views: %v, %v", views, err)
	}
	check(t, cat.DropView(ctx, db+".w"))
	refused(t, "no view", cat.DropView(ctx, db+".w"), "NOT_FOUND")
	check(t, cat.TruncateTable(ctx, db+".parts"))
	check(t, cat.DropTable(ctx, db+".parts", sparkclient.Purge))
	check(t, cat.DropTable(ctx, db+".parts", sparkclient.IfExists))
	if is, err := cat.FunctionExists(ctx, "abs"); err != nil || !is {
		t.Errorf("function: %v, %v", is, err)
	}
	if f, err := cat.GetFunction(ctx, "abs"); err != nil || f.Name != "abs" {
		t.Errorf("function: %v, %v", f, err)
	}
	check(t, cat.SetCurrentDatabase(ctx, "default"))
	if all, err := spark.Conf().GetAll(ctx); err != nil || len(all) == 0 {
		t.Errorf("configuration: %d, %v", len(all), err)
	}
}

// caches keeps a table and lets it go.
func caches(t *testing.T, spark *sparkclient.Session, table, path string) {
	t.Helper()
	ctx, cat := t.Context(), spark.Catalog()
	check(t, cat.CacheTable(ctx, table, sparkclient.DiskOnly))
	if is, err := cat.IsCached(ctx, table); err != nil || !is {
		t.Errorf("cached: %v, %v", is, err)
	}
	check(t, cat.UncacheTable(ctx, table))
	if err := cat.CacheTable(ctx, table, "SOMEWHERE"); err == nil {
		t.Error("an unknown level was taken")
	}
	check(t, cat.RefreshTable(ctx, table))
	check(t, cat.RefreshByPath(ctx, path))
	check(t, cat.ClearCache(ctx))
}
