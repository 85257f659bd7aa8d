"""The same work in both kernels."""
import dataclasses
import json
from collections.abc import Callable


@dataclasses.dataclass(frozen=True)
class Side:
    name: str
    kernel: str
    trivial: Callable[[int], str]  # a small cell; each number is a new text
    lines: Callable[[int], str]  # prints so many lines
    block: Callable[[int], str]  # prints so many bytes at once


BOTH = (
    Side(
        "gospark",
        "gospark",
        lambda n: f"x := {n}\nx + 1",
        lambda n: f"for i := range {n} {{ fmt.Println(i) }}",
        lambda n: f'fmt.Print(strings.Repeat("0123456789abcde\\n", {n} / 16))',
    ),
    Side(
        "ipykernel",
        "python3",
        lambda n: f"x = {n}\nx + 1",
        lambda n: f"for i in range({n}): print(i)",
        lambda n: f'print("0123456789abcde\\n" * ({n} // 16), end="")',
    ),
)

LONG = "".join(
    f"""type T{n} struct{{ A, B int; Name string }}
func (t *T{n}) Sum() int {{ return t.A + t.B + len(t.Name) }}
func f{n}(n int) (out []string) {{
	for i := range n {{
		out = append(out, fmt.Sprint(i, strings.ToUpper("x")))
	}}
	return out
}}
v{n} := &T{n}{{A: {n}, Name: "n"}}
v{n}.B = v{n}.Sum() + len(f{n}(3))
"""
    for n in range(200)
)  # a cell of 2,000 lines, as cell/internal/testcell has it

PYSPARK_ONE = 'spark.sql("select 1").toPandas()'


def go_count(n: int) -> str:
    return f"spark.Range(0, 1000, 1).Filter(F.Col(\"id\").Gt({n})).Count(ctx)"


def pyspark_count(n: int) -> str:
    return f'spark.range(0, 1000, 1).filter("id > {n}").count()'


def connect(runtime) -> str:
    """Python that joins the shared server, whose token stands in its private registry file."""
    server = json.loads(next(runtime.folder.rglob("server.json")).read_text())
    port = server["address"].rpartition(":")[2]
    url = f"sc://localhost:{port}/;token={server['token']}"  # PySpark asks any other name for TLS
    return (
        "from pyspark.sql import SparkSession\n"
        f"spark = SparkSession.builder.remote({url!r}).create()"
    )
