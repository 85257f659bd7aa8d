package sparkclient_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/apd/v3"

	"gospark/sparkclient"
	F "gospark/sparkclient/functions"
	"gospark/sparkclient/window"
)

type flight struct {
	Carrier  string `spark:"carrier"`
	DepDelay *float64
	ArrDelay *float64
	Distance int64
}

func number(f float64) *float64 { return &f }

func flights(t testing.TB, spark *sparkclient.Session) *sparkclient.DataFrame {
	t.Helper()
	df := spark.CreateDataFrame(t.Context(), []flight{
		{"UA", number(2), number(11), 1400},
		{"UA", number(70), number(80), 1416},
		{"AA", number(61), number(33), 1089},
		{"B6", number(-1), number(-18), 1576},
		{"AA", nil, nil, 1089},
		{"UA", number(100), number(120), 719},
	}, []string{"carrier", "dep_delay", "arr_delay", "distance"})
	check(t, df.Err())
	return df
}

// values are the rows of a DataFrame as text, in its order.
func values(t testing.TB, df *sparkclient.DataFrame) []string {
	t.Helper()
	rows, err := df.Collect(t.Context())
	check(t, err)
	list := make([]string, len(rows))
	for i, row := range rows {
		list[i] = row.String()
	}
	return list
}

func TestChain(t *testing.T) {
	spark := open(t)
	check(t, flights(t, spark).CreateOrReplaceTempView(t.Context(), "flights"))
	df := spark.Table("flights").Filter(F.Col("dep_delay").Gt(60)).GroupBy("carrier").Agg(F.Avg("arr_delay").As("late")).OrderBy(F.Desc("late"))
	if got, want := values(t, df), []string{"{UA, 100}", "{AA, 33}"}; !slices.Equal(got, want) {
		t.Errorf("chain: %v, want %v", got, want)
	}
	schema, err := df.Schema(t.Context())
	check(t, err)
	if got, want := schema.DDL(), "carrier STRING NOT NULL, late DOUBLE"; got != want {
		t.Errorf("schema: %s, want %s", got, want)
	}
}

// TestTransformations runs each transformation on the real server.
func TestTransformations(t *testing.T) {
	spark := open(t)
	df := flights(t, spark)
	names := spark.CreateDataFrame(t.Context(), [][]any{{"UA", "United"}, {"AA", "American"}, {"DL", "Delta"}}, []string{"carrier", "name"})
	n := spark.Range(1, 5)
	by := window.PartitionBy("carrier").OrderBy("distance")
	for _, test := range []struct {
		name string
		df   *sparkclient.DataFrame
		want string
	}{
		{"select", df.Select("carrier", F.Col("distance").Add(1).As("d")).Limit(1), "{UA, 1401}"},
		{"select star", n.Select("*", F.Lit("x")).Limit(1), "{1, x}"},
		{"select slice", n.Select([]string{"id", "id"}).Limit(1), "{1, 1}"},
		{"select expr", n.SelectExpr("id * 2 as d").Where("d > 6"), "{8}"},
		{"offset", n.Offset(3), "{4}"},
		{"distinct", df.Select("carrier").Distinct().OrderBy("carrier"), "{AA} {B6} {UA}"},
		{"drop duplicates", df.DropDuplicates("carrier").Select("carrier").Sort("carrier"), "{AA} {B6} {UA}"},
		{"drop", names.Drop("name", "nothing").Limit(1), "{UA}"},
		{"drop column", names.Drop(names.Col("carrier")).Limit(1), "{United}"},
		{"with column", n.WithColumn("half", F.Col("id").Div(2)).Limit(1), "{1, 0.5}"},
		{"with columns", n.WithColumns(map[string]any{"b": 2, "a": F.Col("id")}).Limit(1), "{1, 1, 2}"},
		{"rename", n.WithColumnRenamed("id", "n").Select("n").Limit(1), "{1}"},
		{"to df", names.ToDF("a", "b").Select("b").Limit(1), "{United}"},
		{"union", n.Union(n).Agg(F.Count("*")), "{8}"},
		{"union by name", names.UnionByName(names.Select("name"), true).Filter("carrier is null").Agg(F.Count("*")), "{3}"},
		{"intersect", n.Intersect(spark.Range(3, 9)).OrderBy("id"), "{3} {4}"},
		{"except", n.Except(spark.Range(3, 9)).OrderBy("id"), "{1} {2}"},
		{"join using", names.Join(df.GroupBy("carrier").Count(), "carrier").OrderBy("name"), "{AA, American, 2} {UA, United, 3}"},
		{"join left", names.Join(df.GroupBy("carrier").Count(), []string{"carrier"}, "left").OrderBy("name"), "{AA, American, 2} {DL, Delta, NULL} {UA, United, 3}"},
		{"join anti", names.Join(df, "carrier", "left_anti"), "{DL, Delta}"},
		{"join condition", names.Join(df, names.Col("carrier").Eq(df.Col("carrier")).And(df.Col("distance").Gt(1400)), "inner").Select(names.Col("name")), "{United}"},
		{"self join", n.Alias("a").Join(n.Alias("b"), F.Col("a.id").Eq(F.Col("b.id").Add(3))).Select("a.id", "b.id"), "{4, 1}"},
		{"cross join", n.CrossJoin(n.Limit(2)).Agg(F.Count("*")), "{8}"},
		{"group", df.GroupBy("carrier").Sum("distance").OrderBy("carrier"), "{AA, 2178} {B6, 1576} {UA, 3535}"},
		{"group map", df.GroupBy().Agg(map[string]string{"distance": "max"}), "{1576}"},
		{"pivot", df.GroupBy().Pivot("carrier", "AA", "UA").Count(), "{2, 3}"},
		{"pivot open", df.GroupBy().Pivot("carrier").Max("distance"), "{1089, 1576, 1416}"},
		{"rollup", df.Rollup("carrier").Count().OrderBy("carrier"), "{NULL, 6} {AA, 2} {B6, 1} {UA, 3}"},
		{"cube", df.Cube("carrier").Count().Agg(F.Sum("count")), "{12}"},
		{"grouping sets", df.GroupingSets([][]any{{"carrier"}, {}}, "carrier").Count().OrderBy("carrier"), "{NULL, 6} {AA, 2} {B6, 1} {UA, 3}"},
		{"window", df.Select("carrier", F.Rank().Over(by).As("r")).Filter("carrier = 'UA'").OrderBy("r"), "{UA, 1} {UA, 2} {UA, 3}"},
		{"window rows", n.Select(F.Sum("id").Over(window.OrderBy("id").RowsBetween(-1, window.CurrentRow))).Sort(F.Col("sum(id) OVER (ORDER BY id ASC NULLS FIRST ROWS BETWEEN -1 FOLLOWING AND CURRENT ROW)")).Limit(0), ""},
		{"window frame", n.Select(F.Sum("id").Over(window.OrderBy("id").RowsBetween(-1, window.CurrentRow)).As("s")).OrderBy("s"), "{1} {3} {5} {7}"},
		{"fill", df.Na().Fill(0.0).Filter("dep_delay = 0").Select("carrier"), "{AA}"},
		{"fill map", df.Na().Fill(map[string]any{"dep_delay": 7}).Filter("dep_delay = 7").Select("arr_delay"), "{NULL}"},
		{"drop na", df.Na().Drop().Agg(F.Count("*")), "{5}"},
		{"replace", names.Na().Replace(map[any]any{"Delta": "δ"}).Filter("carrier = 'DL'"), "{DL, δ}"},
		{"describe", df.Describe("distance").Filter("summary = 'max'"), "{max, 1576}"},
		{"summary", df.Select("distance").Summary("count"), "{count, 6}"},
		{"crosstab", names.Stat().Crosstab("carrier", "name").Agg(F.Count("*")), "{3}"},
		{"hint", n.Hint("broadcast").Join(n, "id").Agg(F.Count("*")), "{4}"},
		{"sample", n.Sample(1.0, 7).Agg(F.Count("*")), "{4}"},
		{"repartition", n.Repartition(3, "id").Coalesce(1).Repartition(2).Agg(F.Count("*")), "{4}"},
		{"range partition", n.RepartitionByRange(2, F.Desc("id")).SortWithinPartitions("id").Agg(F.Count("*")), "{4}"},
		{"json", n.ToJSON().Limit(1), `{{"id":1}}`},
		{"transform", n.Transform(func(df *sparkclient.DataFrame) *sparkclient.DataFrame { return df.Limit(1) }), "{1}"},
		{"table function", spark.TableFunction("explode", []int{7, 8}), "{7} {8}"},
		{"to schema", n.To(&sparkclient.StructType{Fields: []sparkclient.StructField{{Name: "id", Type: sparkclient.StringType{}, Nullable: true}}}).Limit(1), "{1}"},
		{"scalar subquery", n.Filter(F.Col("id").Eq(n.Agg(F.Max("id")).Scalar())), "{4}"},
		{"in subquery", n.Filter(F.Col("id").IsIn(n.Limit(2))).OrderBy("id"), "{1} {2}"},
		{"exists", n.Filter(names.Filter("name = 'Delta'").Exists()).Agg(F.Count("*")), "{4}"},
		{"unpivot", names.Limit(1).Unpivot([]any{"carrier"}, nil, "k", "v"), "{UA, name, United}"},
		{"transpose", n.Select(F.Lit("a").As("k"), "id").Limit(1).Transpose(), "{id, 1}"},
		{"metadata", n.WithMetadata("id", `{"unit":"m"}`).Limit(1), "{1}"},
		{"col regex", names.Select(names.ColRegex("`na.*`")).Limit(1), "{United}"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := strings.Join(values(t, test.df), " "); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
	parts := n.RandomSplit([]float64{1, 1}, 3)
	if got := len(values(t, parts[0])) + len(values(t, parts[1])); got != 4 {
		t.Errorf("random split: %d rows, want 4", got)
	}
}

// TestColumns evaluates each operator and kind of constant on the real server.
func TestColumns(t *testing.T) {
	spark := open(t)
	check(t, spark.Conf().Set(t.Context(), "spark.sql.timeType.enabled", true))
	one := spark.SQL(t.Context(), "select 7 as i, 'Spark' as s, named_struct('a', 1, 'b', 'x') as st, array(10, 20) as l, map('k', 5) as m, cast(null as int) as n")
	i, s := F.Col("i"), F.Col("s")
	day := time.Date(2013, 1, 1, 5, 15, 0, 123456000, time.UTC)
	dec, _, _ := apd.NewFromString("1234567890.0123456789")
	for _, test := range []struct {
		name string
		col  sparkclient.Column
		want string
	}{
		{"add", i.Add(1).Sub(2).Mul(3), "18"},
		{"div", i.Div(2), "3.5"}, {"mod", i.Mod(4), "3"}, {"pow", i.Pow(2), "49"}, {"neg", i.Neg(), "-7"},
		{"bits", i.BitwiseAND(3).BitwiseOR(8).BitwiseXOR(1), "10"},
		{"eq", i.Eq(7), "true"}, {"ne", i.Ne(7), "false"}, {"lt", i.Lt(8), "true"}, {"le", i.Le(7), "true"}, {"ge", i.Ge(8), "false"},
		{"null safe", F.Col("n").EqNullSafe(nil), "true"}, {"null", F.Col("n").IsNull(), "true"}, {"not null", i.IsNotNull(), "true"},
		{"nan", F.Lit(math.NaN()).IsNaN(), "true"},
		{"logic", i.Gt(1).And(s.Eq("x")).Or(i.Lt(0).Not()), "true"},
		{"in", i.IsIn(1, 7), "true"}, {"in slice", s.IsIn([]string{"a", "b"}), "false"}, {"between", i.Between(7, 8), "true"},
		{"like", s.Like("Sp%"), "true"}, {"ilike", s.ILike("sp%"), "true"}, {"rlike", s.RLike("^S.a"), "true"},
		{"contains", s.Contains("par"), "true"}, {"starts", s.StartsWith("Sp"), "true"}, {"ends", s.EndsWith("x"), "false"},
		{"substr", s.Substr(2, 3), "par"},
		{"field", F.Col("st").GetField("b"), "x"}, {"item", F.Col("l").GetItem(1), "20"}, {"key", F.Col("m").GetItem("k"), "5"},
		{"with field", F.Col("st").WithField("c", 9).DropFields("a"), "{x, 9}"},
		{"cast", i.Cast("string"), "7"}, {"cast type", i.Cast(sparkclient.DecimalType{Precision: 5, Scale: 2}), "7.00"}, {"try cast", s.TryCast("int"), "NULL"},
		{"when", F.When(i.Gt(9), "big").When(i.Gt(5), "middle").Otherwise("small"), "middle"},
		{"when without else", F.When(i.Gt(9), "big"), "NULL"},
		{"decimal", F.Lit(dec), "1234567890.0123456789"}, {"timestamp", F.Lit(day).Cast("string"), "2013-01-01 05:15:00.123456"},
		{"date", F.Lit(sparkclient.DateOf(day)), "2013-01-01"}, {"ntz", F.Lit(sparkclient.TimestampNTZ{Time: day}), "2013-01-01 05:15:00.123456"},
		{"time", F.Lit(sparkclient.TimeOfDay(3*time.Hour + 4000)), "03:00:00.000004"}, {"duration", F.Lit(90 * time.Minute), "0 01:30:00"},
		{"months", F.Lit(sparkclient.YearMonthInterval(14)), "1-2"}, {"binary", F.Lit([]byte{1, 0xab}), "[01 AB]"},
		{"big", F.Lit(uint64(math.MaxUint64)), "18446744073709551615"}, {"long", F.Lit(int64(1) << 40), "1099511627776"},
		{"tiny", F.Lit(int8(-3)), "-3"}, {"float", F.Lit(float32(1.5)), "1.5"}, {"array", F.Lit([]int{1, 2}), "[1, 2]"},
		{"empty array", F.Lit([]string{}), "[]"}, {"map", F.Lit(map[string]int{"a": 1}), "{a -> 1}"}, {"nil pointer", F.Lit((*int)(nil)), "NULL"},
		{"higher order", F.Transform("l", func(x sparkclient.Column) sparkclient.Column { return x.Add(i) }), "[17, 27]"},
		{"nested lambdas", F.Transform("l", func(x sparkclient.Column) sparkclient.Column {
			return F.Aggregate(F.Col("l"), F.Lit(0), func(a, y sparkclient.Column) sparkclient.Column { return a.Add(y).Add(x) })
		}), "[50, 70]"},
		{"sort lambda", F.ArraySort("l", func(a, b sparkclient.Column) sparkclient.Column { return b.Sub(a) }), "[20, 10]"},
		{"from json", F.FromJSON(F.Lit(`{"a": 3}`), "a INT", map[string]string{"mode": "FAILFAST"}).GetField("a"), "3"},
		{"concat ws", F.ConcatWs("-", "s", F.Lit("x")), "Spark-x"}, {"trim", F.Trim(F.Lit(" x ")), "x"}, {"trim chars", F.Trim("s", F.Lit("Sk")), "par"},
		{"date format", F.DateFormat(F.Lit(day), "yyyy/MM"), "2013/01"}, {"log base", F.Log(2.0, F.Lit(8.0)), "3"},
		{"count distinct", F.CountDistinct("i", "s"), "1"}, {"call", F.CallFunction("upper", s), "SPARK"},
		{"regexp", F.RegexpReplace("s", "[aeiou]", "*"), "Sp*rk"}, {"split", F.Split(s, "a"), "[Sp, rk]"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := strings.Join(values(t, one.Select(test.col.As("c"))), " ")
			if want := "{" + test.want + "}"; got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

func TestSQL(t *testing.T) {
	spark, ctx := open(t), t.Context()
	if got := values(t, spark.SQL(ctx, "select ? + ? as a, ? as b", 1, 2, "it's")); got[0] != "{3, it's}" {
		t.Errorf("positional: %v", got)
	}
	df := spark.SQL(ctx, "select id * :f as x from r where id in (:a, :b) order by id", sparkclient.Named{"f": 10, "a": 1, "b": 3, "r": spark.Range(5)})
	if got := values(t, df); !slices.Equal(got, []string{"{10}", "{30}"}) {
		t.Errorf("named: %v", got)
	}
	check(t, spark.SQL(ctx, "create temporary view v as select 42 as x").Err())
	if got := values(t, spark.Table("v")); got[0] != "{42}" {
		t.Errorf("view: %v", got)
	}
	if got := values(t, spark.SQL(ctx, "show views")); len(got) != 1 {
		t.Errorf("a command's result: %v", got)
	}
	if got := values(t, spark.SQL(ctx, "select x from v").Filter("x = 42").Select(F.Col("x").Add(1))); got[0] != "{43}" {
		t.Errorf("a query goes on: %v", got)
	}
}

func TestErrors(t *testing.T) {
	spark, ctx := open(t), t.Context()
	_, err := spark.Table("nowhere").Filter("x > 1").Count(ctx)
	var e *sparkclient.Error
	if !errors.As(err, &e) || e.Class != "TABLE_OR_VIEW_NOT_FOUND" || e.SQLState != "42P01" {
		t.Errorf("unknown table: %#v", err)
	}
	_, err = spark.SQL(ctx, "select * frm x").Schema(ctx)
	if !errors.As(err, &e) || e.Class != "PARSE_SYNTAX_ERROR" {
		t.Errorf("syntax: %v", err)
	}
	_, err = spark.SQL(ctx, "select 1/0 as a").Collect(ctx)
	if !errors.As(err, &e) || e.Class != "DIVIDE_BY_ZERO" || len(e.Contexts) != 1 || e.Contexts[0].Fragment != "1/0" {
		t.Errorf("division: %#v", err)
	}
	_, err = spark.Range(3).Select(F.Lit(make(chan int))).OrderBy("x").Count(ctx)
	if err == nil || err.Error() != "a Go chan int is no Spark value" {
		t.Errorf("bad constant: %v", err)
	}
	for name, df := range map[string]*sparkclient.DataFrame{
		"join kind": spark.Range(1).Join(spark.Range(1), "id", "lft"), "sessions": spark.Range(1).Union(open(t).Range(1)),
		"nil": spark.Range(1).Union(nil), "aggregate": spark.Range(1).Agg(), "pivot": spark.Range(1).Rollup("id").Pivot("id").Count(),
		"when": spark.Range(1).Select(F.Col("id").When(F.Lit(true), 1)), "empty": spark.Range(1).Select(sparkclient.Column{}),
	} {
		if df.Err() == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestActions(t *testing.T) {
	spark, ctx := open(t), t.Context()
	n := spark.Range(10)
	if count, err := n.Count(ctx); err != nil || count != 10 {
		t.Errorf("count: %d, %v", count, err)
	}
	if row, err := n.First(ctx); err != nil || row.Get("ID") != int64(0) {
		t.Errorf("first: %v, %v", row, err)
	}
	if _, err := n.Limit(0).First(ctx); !errors.Is(err, sparkclient.ErrNoRows) {
		t.Errorf("first of nothing: %v", err)
	}
	if rows, err := n.Tail(ctx, 2); err != nil || fmt.Sprint(rows) != "[{8} {9}]" {
		t.Errorf("tail: %v, %v", rows, err)
	}
	if empty, err := n.IsEmpty(ctx); err != nil || empty {
		t.Errorf("empty: %v, %v", empty, err)
	}
	if s, err := n.ShowString(ctx, 1, 20, false); err != nil || !strings.Contains(s, "| id|") {
		t.Errorf("show: %s, %v", s, err)
	}
	if s, err := n.TreeString(ctx); err != nil || !strings.Contains(s, "|-- id: long") {
		t.Errorf("tree: %s, %v", s, err)
	}
	for _, mode := range []string{"simple", "extended", "codegen", "cost", "formatted"} {
		if s, err := n.ExplainString(ctx, mode); err != nil || !strings.Contains(s, "Range") {
			t.Errorf("explain %s: %s, %v", mode, s, err)
		}
	}
	if types, err := n.DTypes(ctx); err != nil || types[0] != (sparkclient.DType{Name: "id", Type: "bigint"}) {
		t.Errorf("types: %v, %v", types, err)
	}
	if same, err := n.SameSemantics(ctx, spark.Range(10)); err != nil || !same {
		t.Errorf("same: %v, %v", same, err)
	}
	cached := n.Filter("id > 3").Persist(ctx, sparkclient.MemoryOnly)
	if level, err := cached.StorageLevel(ctx); err != nil || level != sparkclient.MemoryOnly {
		t.Errorf("storage: %v, %v", level, err)
	}
	check(t, cached.Unpersist(ctx, true).Err())
	corr, err := n.Select("id", F.Col("id").Mul(2).As("d")).Stat().Corr(ctx, "id", "d")
	if err != nil || math.Abs(corr-1) > 1e-9 {
		t.Errorf("correlation: %v, %v", corr, err)
	}
	quantiles, err := n.Stat().ApproxQuantile(ctx, []string{"id"}, []float64{0, 1}, 0)
	if err != nil || !reflect.DeepEqual(quantiles, [][]float64{{0, 9}}) {
		t.Errorf("quantiles: %v, %v", quantiles, err)
	}
}

func TestReadWrite(t *testing.T) {
	spark, ctx, dir := open(t), t.Context(), t.TempDir()
	df := flights(t, spark)
	for _, format := range []string{"parquet", "json", "orc", "csv"} {
		path := dir + "/" + format
		check(t, df.Coalesce(1).Write().Format(format).Option("header", true).Save(ctx, path))
		read := spark.Read().Format(format).Option("header", "true").Option("inferSchema", true).Load(path)
		if got := values(t, read.Agg(F.Sum("distance"), F.Count("*"))); got[0] != "{7289, 6}" {
			t.Errorf("%s: %v", format, got)
		}
	}
	err := df.Write().CSV(ctx, dir+"/csv")
	var e *sparkclient.Error
	if !errors.As(err, &e) || e.Class != "PATH_ALREADY_EXISTS" {
		t.Errorf("writing twice: %v", err)
	}
	check(t, df.Write().Mode("overwrite").PartitionBy("carrier").Parquet(ctx, dir+"/parquet"))
	if got := values(t, spark.Read().Parquet(dir+"/parquet/carrier=UA").Agg(F.Count("*"))); got[0] != "{3}" {
		t.Errorf("partition: %v", got)
	}
	csv := spark.Read().Schema("carrier STRING, dep DOUBLE").Option("header", true).CSV(dir + "/csv")
	if names, err := csv.Columns(ctx); err != nil || !slices.Equal(names, []string{"carrier", "dep"}) {
		t.Errorf("schema given: %v, %v", names, err)
	}
	table := "t_" + strings.ReplaceAll(spark.ID(), "-", "_")
	check(t, df.Write().SaveAsTable(ctx, table))
	defer spark.SQL(ctx, "drop table "+table)
	check(t, df.Write().InsertInto(ctx, table))
	if got := values(t, spark.Table(table).Agg(F.Count("*"))); got[0] != "{12}" {
		t.Errorf("table: %v", got)
	}
	if exists, err := spark.Catalog().TableExists(ctx, table); err != nil || !exists {
		t.Errorf("exists: %v, %v", exists, err)
	}
	columns, err := spark.Catalog().ListColumns(ctx, table)
	if err != nil || len(columns) != 4 || columns[3].DataType != "bigint" {
		t.Errorf("columns: %v, %v", columns, err)
	}
}

func TestSession(t *testing.T) {
	spark, ctx := open(t), t.Context()
	if v, err := spark.Version(ctx); err != nil || v != "4.3.0" {
		t.Errorf("version %s, %v", v, err)
	}
	conf := spark.Conf()
	check(t, conf.Set(ctx, "spark.sql.shuffle.partitions", 7))
	if v, err := conf.Get(ctx, "spark.sql.shuffle.partitions"); err != nil || v != "7" {
		t.Errorf("conf: %s, %v", v, err)
	}
	if v, err := conf.Get(ctx, "no.such.key", "d"); err != nil || v != "d" {
		t.Errorf("conf default: %s, %v", v, err)
	}
	if _, err := conf.Get(ctx, "no.such.key"); err == nil {
		t.Error("conf: no error for a key without a value")
	}
	if all, err := conf.All(ctx); err != nil || all["spark.sql.shuffle.partitions"] != "7" {
		t.Errorf("conf all: %d, %v", len(all), err)
	}
	if ok, err := conf.IsModifiable(ctx, "spark.sql.warehouse.dir"); err != nil || ok {
		t.Errorf("modifiable: %v, %v", ok, err)
	}
	if keys, err := conf.Modifiable(ctx, "spark.sql.warehouse.dir", "spark.sql.ansi.enabled", "no.such.key"); err != nil || len(keys) != 1 || keys[0] != "spark.sql.ansi.enabled" {
		t.Errorf("modifiable: %q, %v", keys, err)
	}
	check(t, conf.Unset(ctx, "spark.sql.shuffle.partitions"))
	check(t, spark.Range(1).CreateTempView(ctx, "mine"))
	clone, err := spark.CloneSession(ctx)
	check(t, err)
	defer clone.Close(ctx)
	other := spark.NewSession()
	defer other.Close(ctx)
	if n, err := clone.Table("mine").Count(ctx); err != nil || n != 1 {
		t.Errorf("clone: %d, %v", n, err)
	}
	if _, err := other.Table("mine").Count(ctx); err == nil {
		t.Error("a new session sees the view of another")
	}
	cat := spark.Catalog()
	if db, err := cat.CurrentDatabase(ctx); err != nil || db != "default" {
		t.Errorf("database: %s, %v", db, err)
	}
	if c, err := cat.CurrentCatalog(ctx); err != nil || c != "spark_catalog" {
		t.Errorf("catalog: %s, %v", c, err)
	}
	tables, err := cat.ListTables(ctx)
	if err != nil || !slices.ContainsFunc(tables, func(t sparkclient.CatalogTable) bool { return t.Name == "mine" && t.IsTemporary }) {
		t.Errorf("tables: %v, %v", tables, err)
	}
	if dbs, err := cat.ListDatabases(ctx); err != nil || dbs[0].Name != "default" {
		t.Errorf("databases: %v, %v", dbs, err)
	}
	if list, err := cat.ListFunctions(ctx); err != nil || len(list) < 300 {
		t.Errorf("functions: %d, %v", len(list), err)
	}
	if was, err := cat.DropTempView(ctx, "mine"); err != nil || !was {
		t.Errorf("drop: %v, %v", was, err)
	}
	if s, err := spark.ParseDDL(ctx, "a INT NOT NULL, b STRUCT<c: ARRAY<DATE>>"); err != nil || s.DDL() != "a INT NOT NULL, b STRUCT<c: ARRAY<DATE>>" {
		t.Errorf("DDL: %v, %v", s, err)
	}
}

func TestInterrupt(t *testing.T) {
	spark := open(t)
	_, err := spark.Version(t.Context())
	check(t, err)
	slow := func() *sparkclient.DataFrame {
		return spark.Range(1 << 40).Select(F.Sum(F.SHA2(F.Col("id").Cast("string"), 512).RLike("^0000").Cast("int")))
	}
	ctx, cancel := context.WithCancel(t.Context())
	ctx = sparkclient.WithProgress(ctx, func(p sparkclient.Progress) {
		if p.InFlight > 0 {
			cancel()
		}
	})
	if _, err := slow().Collect(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	tagged := sparkclient.WithTags(t.Context(), "cell-1")
	tagged = sparkclient.WithProgress(tagged, func(p sparkclient.Progress) {
		if p.InFlight > 0 {
			go spark.InterruptTag(t.Context(), "cell-1")
		}
	})
	_, err = slow().Collect(tagged)
	var e *sparkclient.Error
	if !errors.As(err, &e) || e.Class != "OPERATION_CANCELED" {
		t.Errorf("interrupted: %v", err)
	}
}
