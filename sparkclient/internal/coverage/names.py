"""Prints the public names of PySpark's Connect API, a line each: the area, a tab, the name.

    .venv/bin/python sparkclient/internal/coverage/names.py

TestNamesOfPySpark compares them with pyspark.tsv.
"""
import inspect
import warnings

warnings.simplefilter("ignore")

import pyspark  # noqa: E402
import pyspark.sql.functions  # noqa: E402
import pyspark.sql.types  # noqa: E402
from pyspark.sql.connect import avro, catalog, column, conf, dataframe, group, merge, observation, protobuf  # noqa: E402
from pyspark.sql.connect import readwriter, session, table_arg, tvf, udf, udtf, window  # noqa: E402
from pyspark.sql.connect.avro import functions as _avro  # noqa: E402,F401
from pyspark.sql.connect.protobuf import functions as _protobuf  # noqa: E402,F401
from pyspark.sql.connect.streaming import query, readwriter as streams  # noqa: E402
from pyspark.sql.streaming import listener  # noqa: E402

CLASSES = {
    "SparkSession": [session.SparkSession, session.SparkSession.Builder],
    "DataFrame": [dataframe.DataFrame],
    "DataFrameNaFunctions": [dataframe.DataFrameNaFunctions],
    "DataFrameStatFunctions": [dataframe.DataFrameStatFunctions],
    "GroupedData": [group.GroupedData],
    "Column": [column.Column],
    "Window": [window.Window, window.WindowSpec],
    "DataFrameReader": [readwriter.DataFrameReader],
    "DataFrameWriter": [readwriter.DataFrameWriter],
    "DataFrameWriterV2": [readwriter.DataFrameWriterV2],
    "MergeIntoWriter": [merge.MergeIntoWriter, merge.MergeIntoWriter.WhenMatched, merge.MergeIntoWriter.WhenNotMatched,
                        merge.MergeIntoWriter.WhenNotMatchedBySource],
    "Catalog": [catalog.Catalog],
    "RuntimeConf": [conf.RuntimeConf],
    "Observation": [observation.Observation],
    "TableValuedFunction": [tvf.TableValuedFunction, table_arg.TableArg],
    "UDFRegistration": [udf.UDFRegistration, udtf.UDTFRegistration],
    "Streaming": [streams.DataStreamReader, streams.DataStreamWriter, query.StreamingQuery, query.StreamingQueryManager],
    "StreamingQueryListener": [listener.StreamingQueryListener, listener.QueryStartedEvent, listener.QueryProgressEvent,
                               listener.QueryIdleEvent, listener.QueryTerminatedEvent, listener.StreamingQueryProgress,
                               listener.StateOperatorProgress, listener.SourceProgress, listener.SinkProgress],
    "Row and types": [pyspark.sql.types.Row, pyspark.sql.types.StructType, pyspark.sql.types.VariantVal, pyspark.StorageLevel],
}

# What every Python class has, or what makes no operator.
MACHINERY = {
    "__bool__", "__class__", "__class_getitem__", "__delattr__", "__dict__", "__dir__", "__doc__", "__eq__", "__format__", "__ge__",
    "__getattribute__", "__getstate__", "__gt__", "__hash__", "__init__", "__init_subclass__", "__iter__", "__le__", "__lt__",
    "__module__", "__ne__", "__new__", "__nonzero__", "__reduce__", "__reduce_ex__", "__repr__", "__setattr__", "__setstate__",
    "__sizeof__", "__slots__", "__str__", "__subclasshook__", "__weakref__", "__annotations__", "__firstlineno__",
    "__static_attributes__", "__contains__", "__getnewargs__", "__div__", "__rdiv__", "__nonzero__",
}
COMPARISONS = {"__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__"}


def public(cls: type) -> list[str]:
    names = {n for n in dir(cls) if not n.startswith("_")}
    if cls is column.Column:
        names |= {n for n in dir(cls) if n.startswith("__") and n not in MACHINERY} | COMPARISONS
    for base in (tuple, dict):
        if issubclass(cls, base):
            names -= set(dir(base))
    return sorted(names - {"fromJObject"})  # made of objects of the JVM, which Connect has not


def main() -> None:
    for area, classes in CLASSES.items():
        for cls in classes:
            for name in public(cls):
                print(area, f"{cls.__name__}.{name}", sep="\t")
    for name in sorted(set(pyspark.sql.types.__all__)):
        print("Row and types", name, sep="\t")
    for name in sorted(set(pyspark.sql.functions.__all__)):
        print("functions", name, sep="\t")
    for module in (avro, protobuf):
        for name, value in sorted(vars(module.functions).items()):
            if inspect.isfunction(value) and not name.startswith("_") and value.__module__ == module.functions.__name__:
                print("functions", f"{module.__name__.rpartition('.')[2]}.{name}", sep="\t")


if __name__ == "__main__":
    main()
