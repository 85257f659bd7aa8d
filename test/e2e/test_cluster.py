"""The quickstart on a Spark standalone cluster, named by a profile: the same numbers, also when a machine is lost."""
import re

import nbformat
import pytest

import expected
import tables
from cluster import Cluster
from frontend import FrontEnd
from places import EXAMPLES, QUICKSTART

PROFILE = """default = "cluster"

[profile.cluster]
master = "{master}"

[profile.cluster.conf]
"spark.driver.memory" = "1g"
"spark.executor.memory" = "512m"
"spark.executor.cores" = 1
"spark.sql.shuffle.partitions" = 4
"spark.dynamicAllocation.enabled" = true
"spark.dynamicAllocation.shuffleTracking.enabled" = true
"spark.dynamicAllocation.minExecutors" = 1
"""

# Cells that show a table, with how exactly it is known.
TABLES = {"count": 0, "airlines": 0.0500001, "window": 0, "frame": 1e-9, "weather": 0.0500001, "parameter": 0}


@pytest.fixture
def cluster(own_runtime, tmp_path):
    with Cluster(own_runtime.env) as running:
        configuration = tmp_path / "config" / "gospark" / "profiles.toml"
        configuration.parent.mkdir(parents=True)
        configuration.write_text(PROFILE.format(master=running.master))
        own_runtime.env["XDG_CONFIG_HOME"] = str(configuration.parent.parent)
        yield running
        own_runtime.gospark("server", "stop", "-f")


def test_quickstart_on_a_cluster_that_loses_a_worker(cluster, own_runtime):
    cells = {c.id: c.source for c in nbformat.read(QUICKSTART, as_version=4).cells if c.cell_type == "code"}
    with FrontEnd(own_runtime.env, EXAMPLES) as notebook:
        for name, source in cells.items():
            if name == "error":
                assert not notebook.run(source, timeout=300).ok
                continue
            ran = notebook.ok(source, timeout=300)
            if name in TABLES:
                tables.agree(tables.first(ran.html), getattr(expected, name)(), TABLES[name])
        assert cluster.master in notebook.ok("%spark").text

        # A query that takes long enough to lose a machine in its middle.
        long = notebook.start("%%sql\nSELECT count(*), sum(c) FROM (SELECT id % 1000 AS k, count(*) AS c"
                              " FROM range(0, 400000000, 1, 32) GROUP BY id % 1000)")
        cluster.workers[0].kill()
        ran = notebook.wait(long, timeout=300)
        assert ran.ok and re.search(r"1000\D+400000000", ran.plain), ran.text
        tables.agree(tables.first(notebook.ok(cells["count"], timeout=300).html), expected.count(), 0)
