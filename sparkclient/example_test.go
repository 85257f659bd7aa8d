package sparkclient_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"

	"gospark/sparkclient"
	"gospark/sparkclient/connect"
	F "gospark/sparkclient/functions"
	"gospark/sparkclient/window"
)

// In a notebook spark and ctx are there already; here they stand for them.
func notebook() (context.Context, *sparkclient.Session) {
	return context.Background(), sparkclient.New(func(context.Context) (sparkclient.Engine, error) {
		remote, err := server.Start()
		if err != nil {
			return nil, err
		}
		o, err := connect.Parse(remote)
		if err != nil {
			return nil, err
		}
		return connect.Open(o)
	})
}

type Flight struct {
	Carrier  string
	DepDelay *float64 // null when the flight was cancelled
	Distance int
}

func some64(f float64) *float64 { return &f }

func sample() []Flight {
	return []Flight{{"UA", some64(70), 1400}, {"UA", some64(2), 719}, {"AA", some64(61), 1089}, {"B6", nil, 1576}}
}

func Example() {
	ctx, spark := notebook()
	defer spark.Close(ctx)

	flights := spark.CreateDataFrame(ctx, sample())
	late := flights.Filter(F.Col("DepDelay").Gt(60)).GroupBy("Carrier").Agg(F.Avg("DepDelay").As("late")).OrderBy(F.Desc("late"))
	if err := late.Show(ctx); err != nil {
		log.Fatal(err)
	}
	// Output:
	// +-------+----+
	// |Carrier|late|
	// +-------+----+
	// |     UA|70.0|
	// |     AA|61.0|
	// +-------+----+
}

func ExampleSession_SQL() {
	ctx, spark := notebook()
	defer spark.Close(ctx)

	df := spark.SQL(ctx, "SELECT Carrier, count(*) AS n FROM flights WHERE Distance > :far GROUP BY Carrier ORDER BY Carrier",
		sparkclient.Named{"far": 1000, "flights": spark.CreateDataFrame(ctx, sample())})
	rows, err := df.Collect(ctx)
	if err != nil {
		log.Fatal(err)
	}
	for _, row := range rows {
		fmt.Println(row.Get("carrier"), row.Get("n"))
	}
	// Output:
	// AA 1
	// B6 1
	// UA 1
}

func ExampleCollect() {
	ctx, spark := notebook()
	defer spark.Close(ctx)

	df := spark.CreateDataFrame(ctx, sample()).OrderBy("Distance")
	flights, err := sparkclient.Collect[Flight](ctx, df)
	if err != nil {
		log.Fatal(err)
	}
	sum := 0
	for _, f := range flights {
		sum += f.Distance
	}
	fmt.Println(len(flights), "flights,", sum, "miles")
	// Output: 4 flights, 4784 miles
}

func ExampleRows() {
	ctx, spark := notebook()
	defer spark.Close(ctx)

	sum := int64(0)
	for n, err := range sparkclient.Rows[int64](ctx, spark.Range(100_000)) {
		if err != nil {
			log.Fatal(err)
		}
		sum += n
	}
	fmt.Println(sum)
	// Output: 4999950000
}

func ExampleColumn_Over() {
	ctx, spark := notebook()
	defer spark.Close(ctx)

	byDistance := window.PartitionBy("Carrier").OrderBy(F.Desc("Distance"))
	df := spark.CreateDataFrame(ctx, sample()).Select("Carrier", "Distance", F.RowNumber().Over(byDistance).As("rank")).Filter("rank = 1").OrderBy("Carrier")
	if err := df.Show(ctx); err != nil {
		log.Fatal(err)
	}
	// Output:
	// +-------+--------+----+
	// |Carrier|Distance|rank|
	// +-------+--------+----+
	// |     AA|    1089|   1|
	// |     B6|    1576|   1|
	// |     UA|    1400|   1|
	// +-------+--------+----+
}

func ExampleError() {
	ctx, spark := notebook()
	defer spark.Close(ctx)

	_, err := spark.Table("flihgts").Count(ctx)
	var e *sparkclient.Error
	if errors.As(err, &e) {
		fmt.Println(e.Class, e.SQLState)
	}
	// Output: TABLE_OR_VIEW_NOT_FOUND 42P01
}

func ExampleDataFrame_Write() {
	ctx, spark := notebook()
	defer spark.Close(ctx)

	dir, err := os.MkdirTemp("", "flights")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	if err := spark.CreateDataFrame(ctx, sample()).Write().Mode("overwrite").PartitionBy("Carrier").Parquet(ctx, dir); err != nil {
		log.Fatal(err)
	}
	n, err := spark.Read().Parquet(dir).Filter("Carrier = 'UA'").Count(ctx)
	fmt.Println(n, err)
	// Output: 2 <nil>
}

func ExampleDataFrame_Observe() {
	ctx, spark := notebook()
	defer spark.Close(ctx)

	seen := sparkclient.NewObservation()
	known := spark.CreateDataFrame(ctx, sample()).Observe(seen, F.Count("*").As("rows"), F.CountIf(F.Col("DepDelay").IsNull()).As("nulls")).DropNa()
	n, err := known.Count(ctx)
	if err != nil {
		log.Fatal(err)
	}
	values, err := seen.Get(ctx)
	fmt.Println(n, values["rows"], values["nulls"], err)
	// Output: 3 4 1 <nil>
}

func ExampleDataFrame_WriteStream() {
	ctx, spark := notebook()
	defer spark.Close(ctx)

	q, err := spark.ReadStream().Format("rate-micro-batch").Option("rowsPerBatch", 5).Load().
		WriteStream().Format("memory").QueryName("numbers").Trigger(sparkclient.Once()).Start(ctx)
	if err != nil {
		log.Fatal(err)
	}
	if _, err := q.AwaitTermination(ctx); err != nil {
		log.Fatal(err)
	}
	n, err := spark.Table("numbers").Count(ctx)
	fmt.Println(q.Name(), n, err)
	// Output: numbers 5 <nil>
}

func ExampleDataFrame_LateralJoin() {
	ctx, spark := notebook()
	defer spark.Close(ctx)

	lists := spark.SQL(ctx, "select 'a' as k, array(1, 2) as l")
	df := lists.LateralJoin(spark.TVF().Explode(F.Col("l").Outer()).ToDF("e"), nil).Select("k", "e").OrderBy("e")
	rows, err := df.Collect(ctx)
	fmt.Println(rows, err)
	// Output: [{a, 1} {a, 2}] <nil>
}

func ExampleSession_Streams() {
	ctx, spark := notebook()
	defer spark.Close(ctx)

	batches := make(chan int64, 10)
	l := &sparkclient.StreamingQueryListener{OnQueryProgress: func(e sparkclient.QueryProgressEvent) { batches <- e.Progress.NumInputRows }}
	if err := spark.Streams().AddListener(ctx, l); err != nil {
		log.Fatal(err)
	}
	q, err := spark.ReadStream().Format("rate-micro-batch").Option("rowsPerBatch", 5).Load().
		WriteStream().Format("noop").Trigger(sparkclient.Once()).Start(ctx)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(<-batches, "rows")
	if _, err := q.AwaitTermination(ctx); err != nil {
		log.Fatal(err)
	}
	fmt.Println(spark.Streams().RemoveListener(ctx, l))
	// Output:
	// 5 rows
	// <nil>
}
