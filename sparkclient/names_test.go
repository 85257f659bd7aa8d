package sparkclient_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gospark/sparkclient"
	"gospark/sparkclient/connect"
	F "gospark/sparkclient/functions"
	"gospark/sparkclient/window"
)

// refused checks that Spark refused something for the reason that is meant: the
// request was understood, and the test's server cannot do it.
func refused(t testing.TB, what string, err error, class string) {
	t.Helper()
	var e *sparkclient.Error
	if !errors.As(err, &e) || !strings.Contains(e.Class+" "+e.Message, class) {
		t.Errorf("%s: got %v, want %s", what, err, class)
	}
}

// TestMoreTransformations runs transformations that are used less often.
func TestMoreTransformations(t *testing.T) {
	spark, ctx := open(t), t.Context()
	n := spark.Range(1, 5)
	twice := n.UnionAll(n)
	pairs := spark.SQL(ctx, "select * from values ('a', 1, 10.0D), ('b', 2, 30.0D), (null, null, null) as t(k, x, y)")
	check(t, pairs.Err())
	byID := window.OrderBy("id")
	for _, test := range []struct {
		name string
		df   *sparkclient.DataFrame
		want string
	}{
		{"intersect all", twice.IntersectAll(twice).Agg(F.Count("*")), "{8}"},
		{"except all", twice.ExceptAll(n).Agg(F.Count("*")), "{4}"},
		{"subtract", n.Subtract(spark.Range(3, 9)).OrderBy("id"), "{1} {2}"},
		{"zip with index", n.Coalesce(1).ZipWithIndex().Filter("index = 2"), "{3, 2}"},
		{"zip with index named", n.Coalesce(1).ZipWithIndex("i").Filter("i = 0"), "{1, 0}"},
		{"zip", n.Select("id").Zip(n.Select(F.Col("id").Mul(2).As("two"))).Filter("id = 3"), "{3, 6}"},
		{"lateral explode", pairs.Select("k", F.Array("x", F.Lit(7)).As("l")).Filter("k = 'a'").LateralJoin(spark.TVF().Explode(F.Col("l").Outer()).ToDF("e"), nil).Select("k", "e").OrderBy("e"), "{a, 1} {a, 7}"},
		{"nearest", n.Filter("id = 2").NearestByJoin(spark.Range(10, 13).ToDF("far"), F.Abs(F.Col("id").Sub(F.Col("far"))), 1, true, true), "{2, 10}"},
		{"nearest left", n.Filter("id = 2").NearestByJoin(spark.Range(10, 13).ToDF("far"), F.Col("far"), 1, false, false, "leftouter"), "{2, 12}"},
		{"repartition by id", n.RepartitionByID(3, F.Col("id").Mod(3).Cast("int")).Select("id", F.SparkPartitionID()).OrderBy("id").Limit(2), "{1, 1} {2, 2}"},
		{"sample with replacement", n.SampleWithReplacement(0, 7).Agg(F.Count("*")), "{0}"},
		{"melt", pairs.Limit(1).Melt([]any{"k"}, []any{"x"}, "name", "value"), "{a, x, 1}"},
		{"columns renamed", pairs.WithColumnsRenamed(map[string]string{"k": "key", "x": "n"}).Select("key", "n").Limit(1), "{a, 1}"},
		{"fill na", pairs.FillNa(0).Filter("x = 0").Select("k", "x", "y"), "{NULL, 0, 0}"},
		{"drop na", pairs.DropNa("k").Agg(F.Count("*")), "{2}"},
		{"drop na all", pairs.Na().DropAll().Agg(F.Count("*")), "{2}"},
		{"drop na thresh", pairs.Na().DropThresh(2).Agg(F.Count("*")), "{2}"},
		{"replace", pairs.Replace(map[any]any{1: 100}, "x").Filter("k = 'a'").Select("x"), "{100}"},
		{"crosstab", pairs.DropNa().Crosstab("k", "x").OrderBy("k_x"), "{a, 1, 0} {b, 0, 1}"},
		{"freq items", pairs.DropNa().FreqItems([]string{"k"}, 0.4).Select(F.Size("k_freqItems")), "{2}"},
		{"freq items of stat", pairs.DropNa().Stat().FreqItems([]string{"x"}, 0.4).Select(F.Size("x_freqItems")), "{2}"},
		{"sample by", pairs.SampleBy("k", map[any]float64{"a": 1, "b": 0}, 3).Select("k"), "{a}"},
		{"sample by of stat", pairs.Stat().SampleBy("k", map[any]float64{"b": 1}, 3).Select("k"), "{b}"},
		{"group avg", pairs.GroupBy().Avg("y"), "{20}"}, {"group mean", pairs.GroupBy().Mean("y"), "{20}"}, {"group min", pairs.GroupBy().Min("x", "y"), "{1, 10}"},
		{"range between", n.Select(F.Sum("id").Over(byID.RangeBetween(-1, 1)).As("s")).OrderBy("s").Limit(1), "{3}"},
		{"window range", n.Select(F.Count("*").Over(window.RangeBetween(window.UnboundedPreceding, window.UnboundedFollowing)).As("s")).Limit(1), "{4}"},
		{"window rows", n.Select(F.Count("*").Over(window.RowsBetween(window.UnboundedPreceding, window.UnboundedFollowing)).As("s")).Limit(1), "{4}"},
		{"partition", n.Select(F.Max("id").Over(window.OrderBy("id").PartitionBy(F.Col("id").Mod(2)).RowsBetween(window.CurrentRow, window.UnboundedFollowing)).As("m")).OrderBy("m"), "{3} {3} {4} {4}"},
		{"aliases", n.Select(F.Col("id").Alias("x").Transform(func(c sparkclient.Column) sparkclient.Column { return c.Add(1) })).Limit(1), "{2}"},
		{"reversed operands", n.Select(sparkclient.Lit(10).Sub(F.Col("id")), F.Lit(2).Pow("id")).Limit(0), ""},
		{"asc nulls", pairs.OrderBy(F.Col("x").AscNullsFirst()).Select("x").Limit(1), "{NULL}"},
		{"asc", pairs.OrderBy(F.Col("x").Asc()).Select("x").Limit(1), "{NULL}"},
		{"asc nulls last", pairs.OrderBy(F.Col("x").AscNullsLast()).Select("x").Limit(1), "{1}"},
		{"desc nulls first", pairs.OrderBy(F.Col("x").DescNullsFirst()).Select("x").Limit(1), "{NULL}"},
		{"desc", pairs.OrderBy(F.Col("x").Desc(), F.Col("k").DescNullsLast()).Select("x").Limit(1), "{2}"},
		{"grouping", pairs.DropNa().Cube("k").Agg(F.Grouping("k").As("g"), F.GroupingID("k").As("i"), F.Sum("x").As("s")).OrderBy("s").Select("g", "i", "s"), "{0, 0, 1} {0, 0, 2} {1, 1, 3}"},
		{"watermark", spark.SQL(ctx, "select timestamp'2013-01-01' as t").WithWatermark("t", "1 minute").DropDuplicates("t").Select(F.Year("t")), "{2013}"},
		{"broadcast", F.Broadcast(n).Join(n, "id").Agg(F.Count("*")), "{4}"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := strings.Join(values(t, test.df), " "); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
	_, err := n.DropDuplicatesWithinWatermark("id").Collect(ctx)
	refused(t, "duplicates within a watermark that is missing", err, "atermark")
	if n.Session() != spark {
		t.Error("another session")
	}
}

// TestMoreActions runs actions and questions that are used less often.
func TestMoreActions(t *testing.T) {
	spark, ctx, dir := open(t), t.Context(), t.TempDir()
	n := spark.Range(1, 5)
	pairs := n.Select(F.Col("id").As("x"), F.Col("id").Mul(2).As("y"))
	if rows, err := n.Take(ctx, 2); err != nil || len(rows) != 2 {
		t.Errorf("take: %v, %v", rows, err)
	}
	if rows, err := n.Head(ctx); err != nil || len(rows) != 1 {
		t.Errorf("head: %v, %v", rows, err)
	}
	count := 0
	for _, err := range n.ToLocalIterator(ctx) {
		check(t, err)
		count++
	}
	if count != 4 {
		t.Errorf("iterator: %d rows", count)
	}
	if c, err := pairs.Corr(ctx, "x", "y"); err != nil || c < 0.999 {
		t.Errorf("corr: %v, %v", c, err)
	}
	for name, cov := range map[string]func(context.Context, string, string) (float64, error){"frame": pairs.Cov, "stat": pairs.Stat().Cov} {
		if c, err := cov(ctx, "x", "y"); err != nil || c < 3.33 || c > 3.34 {
			t.Errorf("cov of %s: %v, %v", name, c, err)
		}
	}
	if q, err := pairs.ApproxQuantile(ctx, []string{"x"}, []float64{0, 1}, 0); err != nil || q[0][1] != 4 {
		t.Errorf("quantile: %v, %v", q, err)
	}
	refused(t, "numbers as text", n.Write().Text(ctx, dir+"/x"), "UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE")
}

func TestQuestions(t *testing.T) {
	spark, ctx, dir := open(t), t.Context(), t.TempDir()
	n := spark.Range(1, 5)
	check(t, n.Explain(ctx))
	check(t, n.PrintSchema(ctx))
	check(t, n.Show(ctx))
	check(t, n.Write().Parquet(ctx, dir+"/p"))
	if files, err := spark.Read().Parquet(dir + "/p").InputFiles(ctx); err != nil || len(files) == 0 || !strings.Contains(files[0], dir) {
		t.Errorf("files: %v, %v", files, err)
	}
	if local, err := spark.CreateDataFrame(ctx, []int{1}).IsLocal(ctx); err != nil || !local {
		t.Errorf("local: %v, %v", local, err)
	}
	a, err := n.SemanticHash(ctx)
	b, err2 := spark.Range(1, 5).SemanticHash(ctx)
	if err != nil || err2 != nil || a != b {
		t.Errorf("hashes: %d %d, %v %v", a, b, err, err2)
	}
	cached := n.Filter("id > 1").Cache(ctx)
	if is, err := cached.IsCached(ctx); err != nil || !is {
		t.Errorf("cached: %v, %v", is, err)
	}
	check(t, cached.Unpersist(ctx).Err())
	view := "v_" + strings.TrimPrefix(tableName(t, spark), "t_")
	check(t, n.CreateGlobalTempView(ctx, view))
	refused(t, "a view twice", n.CreateGlobalTempView(ctx, view), "TEMP_TABLE_OR_VIEW_ALREADY_EXISTS")
	check(t, n.CreateOrReplaceGlobalTempView(ctx, view))
	if was, err := spark.Catalog().DropGlobalTempView(ctx, view); err != nil || !was {
		t.Errorf("drop a global view: %v, %v", was, err)
	}
	_, err = spark.Read().Parquet(dir + "/p").Select(n.Col("id")).Collect(ctx)
	refused(t, "a column of another DataFrame", err, "CANNOT_RESOLVE_DATAFRAME_COLUMN")
	files := spark.Read().Parquet(dir + "/p")
	if rows := values(t, files.Select(files.MetadataColumn("_metadata").GetField("file_size").Gt(0)).Limit(1)); rows[0] != "{true}" {
		t.Errorf("metadata column: %v", rows)
	}
}

func TestSessionNames(t *testing.T) {
	spark, ctx := open(t), t.Context()
	before := sparkclient.Default()
	sparkclient.SetDefault(spark)
	if sparkclient.Default() != spark {
		t.Error("the default is another session")
	}
	sparkclient.SetDefault(before)
	check(t, spark.EmptyDataFrame(ctx, "a INT, b STRING").Err())
	if n, err := spark.EmptyDataFrame(ctx, "a INT, b STRING").Count(ctx); err != nil || n != 0 {
		t.Errorf("empty: %d, %v", n, err)
	}
	spark.AddTag("one")
	spark.AddTag("two")
	spark.RemoveTag("one")
	if tags := spark.Tags(); !slices.Equal(tags, []string{"two"}) {
		t.Errorf("tags %v", tags)
	}
	var heard, once []string
	spark.RegisterProgressHandler(func(p sparkclient.Progress) { heard = append(heard, p.OperationID) })
	remove := spark.RegisterProgressHandler(func(p sparkclient.Progress) { once = append(once, p.OperationID) })
	_, err := spark.Range(3).Count(ctx)
	check(t, err)
	remove()
	_, err = spark.Range(3).Count(ctx)
	check(t, err)
	if len(once) == 0 || len(heard) <= len(once) {
		t.Errorf("progress: %d and %d", len(heard), len(once))
	}
	spark.ClearProgressHandlers()
	spark.ClearTags()
	for name, interrupt := range map[string]func() ([]string, error){
		"all": func() ([]string, error) { return spark.InterruptAll(ctx) },
		"tag": func() ([]string, error) { return spark.InterruptTag(ctx, "two") },
		"operation": func() ([]string, error) {
			return spark.InterruptOperation(ctx, "6f2d3b1e-0b0c-4b8e-9d4a-3c1f0e6d5a10")
		},
	} {
		if ids, err := interrupt(); err != nil || len(ids) != 0 {
			t.Errorf("interrupt %s: %v, %v", name, ids, err)
		}
	}
	remote, err := connect.Remote(server.Remote(t))
	check(t, err)
	if _, err := remote.Version(ctx); err != nil || remote.IsStopped() {
		t.Errorf("remote: %v", err)
	}
	check(t, remote.Stop(ctx))
	if !remote.IsStopped() {
		t.Error("a stopped session is not stopped")
	}
	if _, err := connect.Remote("http://x"); err == nil {
		t.Error("an address that is none was taken")
	}
	options, err := connect.Parse(server.Remote(t))
	check(t, err)
	engine, err := connect.Open(options)
	check(t, err)
	check(t, engine.Release(ctx))
}

func TestArtifacts(t *testing.T) {
	spark, ctx, dir := open(t), t.Context(), t.TempDir()
	for name, text := range map[string]string{"big.txt": strings.Repeat("0123456789", 100_000), "empty.txt": "", "not.jar": "this is no jar", "a.zip": "PK\x05\x06" + strings.Repeat("\x00", 18)} {
		check(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	check(t, spark.AddArtifacts(ctx, sparkclient.File(dir+"/big.txt"), sparkclient.File(dir+"/empty.txt"), sparkclient.Archive(dir+"/a.zip", "unpacked")))
	check(t, spark.AddArtifacts(ctx, sparkclient.File(dir+"/big.txt"))) // the same again is nothing new
	check(t, spark.AddArtifact(ctx, dir+"/not.jar"))
	check(t, spark.AddArtifacts(ctx, sparkclient.Class("a.b.C", dir+"/empty.txt")))
	engine, err := spark.Engine(ctx)
	check(t, err)
	there, err := engine.ArtifactExists(ctx, []string{"files/big.txt", "files/other.txt"})
	if err != nil || there["files/other.txt"] {
		t.Errorf("artifacts: %v, %v", there, err)
	}
	for what, err := range map[string]error{
		"a file that is missing": spark.AddArtifacts(ctx, sparkclient.File(dir+"/missing")),
		"a folder":               spark.AddArtifacts(ctx, sparkclient.File(dir)),
		"a jar by its name":      spark.AddArtifact(ctx, dir+"/big.txt"),
		"a path that is none":    spark.CopyFromLocalToFS(ctx, dir+"/big.txt", "there"),
	} {
		if err == nil {
			t.Errorf("%s: no error", what)
		}
	}
	check(t, spark.CopyFromLocalToFS(ctx, dir+"/big.txt", dir+"/copied.txt"))
	if info, err := os.Stat(dir + "/copied.txt"); err != nil || info.Size() != 1_000_000 {
		t.Errorf("copied: %v, %v", info, err)
	}
}

func TestUDF(t *testing.T) {
	spark, ctx := open(t), t.Context()
	udf := spark.UDF()
	refused(t, "a class that is missing", udf.RegisterJavaFunction(ctx, "f", "a.b.Missing", "INT"), "Can not load class a.b.Missing")
	refused(t, "a class that is no function", udf.RegisterJavaFunction(ctx, "f", "java.lang.String", sparkclient.IntegerType{}), "UDF")
	refused(t, "an aggregate that is missing", udf.RegisterJavaUDAF(ctx, "g", "a.b.Missing"), "Can not load class a.b.Missing")
	if err := udf.RegisterJavaFunction(ctx, "f", "a.b.C", 7); err == nil {
		t.Error("a type that is none was taken")
	}
}

func TestTableFunctions(t *testing.T) {
	spark := open(t)
	tvf := spark.TVF()
	list, structs := F.Array(F.Lit(7), F.Lit(8)), F.Array(F.Struct(F.Lit(1).As("a"), F.Lit("x").As("b")))
	variant := F.ParseJSON(F.Lit(`{"a": 1}`))
	for _, test := range []struct {
		name string
		df   *sparkclient.DataFrame
		want string
	}{
		{"range", tvf.Range(1, 3), "{1} {2}"},
		{"explode", tvf.Explode(list), "{7} {8}"}, {"explode outer", tvf.ExplodeOuter(F.Array()), "{NULL}"},
		{"posexplode", tvf.Posexplode(list), "{0, 7} {1, 8}"}, {"posexplode outer", tvf.PosexplodeOuter(list), "{0, 7} {1, 8}"},
		{"inline", tvf.Inline(structs), "{1, x}"}, {"inline outer", tvf.InlineOuter(structs), "{1, x}"},
		{"json tuple", tvf.JSONTuple(F.Lit(`{"a": "1"}`), "a", "b"), "{1, NULL}"},
		{"stack", tvf.Stack(2, 1, 2, 3, 4), "{1, 2} {3, 4}"},
		{"collations", tvf.Collations().Filter("NAME = 'UTF8_BINARY'").Agg(F.Count("*")), "{1}"},
		{"keywords", tvf.SQLKeywords().Filter("keyword = 'SELECT'").Agg(F.Count("*")), "{1}"},
		{"variant", tvf.VariantExplode(variant).Select("key", F.VariantGet("value", "$", "int")), "{a, 1}"},
		{"variant outer", tvf.VariantExplodeOuter(variant).Select("key"), "{a}"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := strings.Join(values(t, test.df), " "); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
	if tvf.JSONTuple(F.Lit("{}")).Err() == nil {
		t.Error("no field: no error")
	}
	table := spark.Range(3).AsTable()
	for what, arg := range map[string]sparkclient.TableArg{
		"plain": table, "partitioned": table.PartitionBy("id").OrderBy(F.Desc("id")), "single": table.WithSinglePartition().OrderBy("id"),
	} {
		_, err := spark.TableFunction("no_such_function", arg).Collect(t.Context())
		refused(t, what, err, "UNRESOLVABLE_TABLE_VALUED_FUNCTION")
	}
	for what, arg := range map[string]sparkclient.TableArg{
		"order first": table.OrderBy("id"), "twice": table.PartitionBy("id").PartitionBy("id"), "both": table.PartitionBy("id").WithSinglePartition(),
	} {
		var e *sparkclient.Error
		if err := spark.TableFunction("f", arg).Err(); err == nil || errors.As(err, &e) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestSchemas(t *testing.T) {
	spark, ctx := open(t), t.Context()
	check(t, spark.Conf().Set(ctx, "spark.sql.timeType.enabled", true))
	const ddl = "a INT NOT NULL, b STRUCT<c: ARRAY<DATE>, d: MAP<STRING, DECIMAL(10,2)>>, e TIMESTAMP_NTZ, f INTERVAL DAY TO SECOND, g VARIANT, " +
		"h BINARY, i BIGINT, j SMALLINT, k TINYINT, l DOUBLE, m TIME(6), n CHAR(3), o VARCHAR(4), p INTERVAL YEAR TO MONTH, q VOID"
	st, err := spark.ParseDDL(ctx, ddl)
	check(t, err)
	text, err := json.Marshal(st)
	check(t, err)
	read := &sparkclient.StructType{}
	check(t, read.UnmarshalJSON(text))
	if read.DDL() != st.DDL() {
		t.Errorf("JSON: %s, want %s", read.DDL(), st.DDL())
	}
	again, err := read.MarshalJSON()
	if err != nil || string(again) != string(text) {
		t.Errorf("JSON again: %s, %v", again, err)
	}
	tree, err := spark.EmptyDataFrame(ctx, "a INT NOT NULL, b STRUCT<c: ARRAY<DATE>, d: MAP<STRING, DECIMAL(10,2)>>").TreeString(ctx)
	check(t, err)
	small := &sparkclient.StructType{Fields: st.Fields[:2]}
	if got := small.TreeString(); strings.TrimSpace(got) != strings.TrimSpace(tree) {
		t.Errorf("tree:\n%s\nwant\n%s", got, tree)
	}
	if got := small.ToNullable().Add("z", sparkclient.LongType{}).DDL(); !strings.HasPrefix(got, "a INT, b STRUCT") || !strings.HasSuffix(got, ", z BIGINT") {
		t.Errorf("nullable and longer: %s", got)
	}
	if names, simple := small.Names(), small.SimpleString(); names[1] != "b" || !strings.HasPrefix(simple, "struct<a:int,b:") {
		t.Errorf("names %v, %s", names, simple)
	}
	for _, wrong := range []string{`{`, `{"type":"array"}`, `{"type":"struct","fields":[{"name":"a","type":"int9"}]}`, `{"type":"struct","fields":[{"name":"a","type":{"type":"list"}}]}`} {
		if new(sparkclient.StructType).UnmarshalJSON([]byte(wrong)) == nil {
			t.Errorf("%s was taken", wrong)
		}
	}
}

// TestVariants decodes what the server encodes.
func TestVariants(t *testing.T) {
	spark, ctx := open(t), t.Context()
	for _, text := range []string{
		`{"a":1,"b":[true,false,null],"c":{"d":"x","e":1.25}}`, `[]`, `{}`, `123456789012`, `-7`, `"` + strings.Repeat("long ", 40) + `"`, `1.5E300`, `12345678901234567890.5`,
		`[` + strings.Repeat("1,", 300) + `1]`,
	} {
		row, err := spark.Range(1).Select(F.ParseJSON(F.Lit(text))).First(ctx)
		check(t, err)
		v, ok := row.At(0).(sparkclient.Variant)
		if !ok {
			t.Fatalf("a %T", row.At(0))
		}
		got, err := v.JSON()
		if err != nil || got != strings.Replace(text, "1.5E300", "1.5e+300", 1) {
			t.Errorf("got %s, %v, want %s", got, err, text)
		}
	}
	row, err := spark.SQL(ctx, "select to_variant_object(named_struct('d', date'2013-01-02', 't', timestamp'2013-01-02 03:04:05', 'n', timestamp_ntz'2013-01-02 03:04:05', 'f', 1.5F, 'b', X'01', 's', 3S)) as v").First(ctx)
	check(t, err)
	value, err := row.At(0).(sparkclient.Variant).Decode()
	fields, ok := value.(map[string]any)
	if err != nil || !ok || fields["d"] != sparkclient.NewDate(2013, 1, 2) || fields["f"] != float32(1.5) {
		t.Errorf("got %#v, %v", value, err)
	}
	if m := row.Map(); len(m) != 1 {
		t.Errorf("row as a map: %v", m)
	}
	for _, damaged := range []sparkclient.Variant{{}, {Value: []byte{3}, Metadata: []byte{1}}, {Value: []byte{2, 1, 9, 0, 0}, Metadata: []byte{1, 0, 0}}, {Value: []byte{63 << 2}, Metadata: []byte{1}}} {
		if _, err := damaged.Decode(); err == nil {
			t.Errorf("%v was decoded", damaged)
		}
	}
}
