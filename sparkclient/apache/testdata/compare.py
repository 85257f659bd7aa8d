"""One task of the comparison in compare_test.go, by PySpark Connect: prints the seconds of each round."""
import os
import sys
import time
import warnings

warnings.simplefilter("ignore")

from pyspark.sql import SparkSession  # noqa: E402

task, query, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3])
spark = SparkSession.builder.remote(os.environ["GOSPARK_COMPARE"]).getOrCreate()
spark.sql("select 1").collect()
data = None
if task == "create":
    import numpy
    import pandas

    ids = numpy.arange(1_000_000)
    data = pandas.DataFrame({"ID": ids, "F": ids * 0.5, "S": [f"row {i}" for i in ids], "B": ids % 2 == 0})

for n in range(rounds):
    start = time.perf_counter()
    if task == "select":
        spark.sql("select 1").collect()
    elif task == "stream":
        rows = spark.sql(query).toArrow().num_rows
    elif task == "collect":
        rows = len(spark.sql(query).collect())
    elif task == "create":
        data.loc[0, "ID"] = n  # what was uploaded before is not sent again
        rows = spark.createDataFrame(data).count()
        assert rows == 1_000_000
    print(time.perf_counter() - start, flush=True)
spark.stop()
