"""Writes catalogue.tsv: the properties that Spark documents, asked from Spark itself.

Run by go generate with a Python that has pyspark. Columns: key, category,
default, first sentence of the description.
"""
import re
import sys

from pyspark.sql import SparkSession

# Objects whose properties are registered only once somebody touches them.
OBJECTS = """
org.apache.spark.internal.config.package$ org.apache.spark.internal.config.UI$
org.apache.spark.internal.config.History$ org.apache.spark.internal.config.Kryo$
org.apache.spark.internal.config.Network$ org.apache.spark.internal.config.R$
org.apache.spark.internal.config.Python$ org.apache.spark.internal.config.Status$
org.apache.spark.internal.config.Streaming$ org.apache.spark.internal.config.Tests$
org.apache.spark.internal.config.Worker$ org.apache.spark.internal.config.Deploy$
org.apache.spark.deploy.k8s.Config$ org.apache.spark.deploy.yarn.config.package$
org.apache.spark.sql.connect.config.Connect$ org.apache.spark.sql.internal.SQLConf$
org.apache.spark.sql.internal.StaticSQLConf$ org.apache.spark.sql.hive.HiveUtils$
org.apache.spark.streaming.StreamingConf$
""".split()

# The first prefix that fits gives the category, as Spark's own pages have it.
CATEGORIES = [
    ("spark.sql.streaming.", "Structured streaming"), ("spark.sql.hive.", "Hive"),
    ("spark.sql.adaptive.", "SQL: adaptive execution"), ("spark.sql.parquet.", "SQL: files"),
    ("spark.sql.orc.", "SQL: files"), ("spark.sql.files.", "SQL: files"), ("spark.sql.avro.", "SQL: files"),
    ("spark.sql.csv.", "SQL: files"), ("spark.sql.json.", "SQL: files"), ("spark.sql.xml.", "SQL: files"),
    ("spark.sql.sources.", "SQL: files"), ("spark.sql.execution.arrow.", "SQL: Arrow and Python"),
    ("spark.sql.execution.python", "SQL: Arrow and Python"), ("spark.sql.pyspark.", "SQL: Arrow and Python"),
    ("spark.sql.", "SQL"), ("spark.connect.", "Spark Connect"), ("spark.api.", "Spark Connect"),
    ("spark.kubernetes.", "Kubernetes"), ("spark.yarn.", "YARN"), ("spark.dynamicAllocation.", "Dynamic allocation"),
    ("spark.shuffle.", "Shuffle"), ("spark.reducer.", "Shuffle"), ("spark.ui.", "Web UI"), ("spark.history.", "History server"),
    ("spark.eventLog.", "Event log"), ("spark.memory.", "Memory"), ("spark.storage.", "Storage"),
    ("spark.driver.", "Driver"), ("spark.executor.", "Executors"), ("spark.resources.", "Executors"),
    ("spark.task.", "Scheduling"), ("spark.scheduler.", "Scheduling"), ("spark.speculation", "Scheduling"),
    ("spark.locality.", "Scheduling"), ("spark.barrier.", "Scheduling"), ("spark.stage.", "Scheduling"),
    ("spark.excludeOnFailure.", "Scheduling"), ("spark.decommission", "Scheduling"),
    ("spark.network.", "Network"), ("spark.rpc.", "Network"), ("spark.port.", "Network"), ("spark.ssl", "Security"),
    ("spark.authenticate", "Security"), ("spark.acls.", "Security"), ("spark.admin.", "Security"),
    ("spark.modify.", "Security"), ("spark.kerberos.", "Security"), ("spark.security.", "Security"),
    ("spark.user.", "Security"), ("spark.redaction.", "Security"), ("spark.io.", "Compression and serialization"),
    ("spark.kryo", "Compression and serialization"), ("spark.serializer", "Compression and serialization"),
    ("spark.broadcast.", "Execution"), ("spark.rdd.", "Execution"), ("spark.default.", "Execution"), ("spark.files", "Execution"),
    ("spark.hadoop.", "Execution"), ("spark.cleaner.", "Execution"), ("spark.checkpoint", "Execution"),
    ("spark.jars", "Libraries"), ("spark.archives", "Libraries"), ("spark.pyspark.", "Python and R"),
    ("spark.python.", "Python and R"), ("spark.r.", "Python and R"), ("spark.streaming.", "Streaming"),
    ("spark.metrics.", "Metrics"), ("spark.log", "Logging"), ("spark.worker.", "Standalone cluster"),
    ("spark.master.", "Standalone cluster"), ("spark.deploy.", "Standalone cluster"), ("spark.plugins", "Application"),
]
# Properties that Spark documents without an entry of its own.
EXTRA = [
    ("spark.jars.packages", "", "Maven coordinates of jars for the driver and the executors."),
    ("spark.jars.repositories", "", "More Maven repositories for spark.jars.packages."),
    ("spark.jars.excludes", "", "What is left out of spark.jars.packages."),
    ("spark.jars.ivy", "", "The folder of Ivy's cache for spark.jars.packages."),
    ("spark.jars.ivySettings", "", "An Ivy settings file for spark.jars.packages."),
    ("spark.submit.pyFiles", "", "Python files for the executors."),
    ("spark.executor.instances", "2", "How many executors there are without dynamic allocation."),
    ("spark.app.name", "", "The application's name."),
    ("spark.master", "", "The cluster to connect to."),
]


def sentence(doc):
    doc = re.sub(r"<[^>]+>", "", re.sub(r"\s+", " ", doc or "")).strip()
    m = re.match(r"(.{20,}?[.!?])(\s|$)", doc)
    doc = m.group(1) if m else doc
    return doc if len(doc) <= 240 else doc[:239].rsplit(" ", 1)[0] + " …"


def main():
    spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
    jvm = spark._jvm
    loader = jvm.java.lang.Thread.currentThread().getContextClassLoader()
    for name in OBJECTS:
        try:
            jvm.java.lang.Class.forName(name, True, loader)
        except Exception as e:  # another Spark may lack one
            print("no", name, str(e).splitlines()[0], file=sys.stderr)
    rows = {k: (d, doc) for k, d, doc in EXTRA}
    entries = jvm.org.apache.spark.internal.config.ConfigEntry.listAllEntries()
    for e in entries.toArray():
        key = e.key()
        if key.startswith("spark.") and e.isPublic() and ".test" not in key:
            default = re.sub(r"\s+", " ", e.defaultValueString())
            rows.setdefault(key, ("" if default == "<undefined>" else default, sentence(e.doc())))
    print(f"# Spark {spark.version}. Made by generate.py; do not edit.")
    for key in sorted(rows):
        category = next((c for p, c in CATEGORIES if key.startswith(p)), "Application")
        print("\t".join((key, category, *rows[key])))


main()
