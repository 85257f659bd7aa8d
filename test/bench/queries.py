"""What an analyst waits for: a table of many rows, and the end of a query that was interrupted."""
import json
import time
import urllib.request

import sides
from frontend import FrontEnd

ROWS = 10_000
QUERY = (
    f"SELECT id, id * 1.5 AS half, concat('name ', id) AS name, date_add(DATE'2013-01-01', CAST(id % 365 AS INT)) AS day, "
    f"id % 2 = 0 AS even FROM range({ROWS})"
)
LONG = "SELECT max(hash(id)) AS most FROM range(0, 100000000000, 1, 400)"  # Spark asks whether to go on every 1,000 rows
PATIENCE = 15  # seconds after which an interrupted query counts as one that goes on

# The same table: every row, in HTML, without a limit on what is shown.
PANDAS = f"""import pandas as pd
pd.set_option("display.max_rows", None)
spark.sql({QUERY!r}).toPandas()"""


def table(results, runtime, folder: str, rounds: int) -> None:
    """Runs a cell up to its idle, when the front end has the whole table."""
    with FrontEnd(runtime.env, folder, "gospark") as ours, FrontEnd(runtime.env, folder, "python3") as theirs:
        ours.ok("%%sql\nselect 1")
        theirs.ok(sides.connect(runtime))
        row = f"{ROWS:,} rows → table"
        for warm in [False] * 2 + [True] * rounds:
            for side, notebook, code in (("gospark", ours, f"%%sql -n {ROWS}\n{QUERY}"), ("ipykernel", theirs, PANDAS)):
                started = time.perf_counter()
                ran = notebook.ok(code)
                elapsed = 1000 * (time.perf_counter() - started)
                shown = ran.html.count("<tr>") + ran.html.count('<tr style="text-align: right;">') - 1
                assert shown >= ROWS, f"{side} shows {shown} rows"
                if warm:
                    results.add(row, side, elapsed)


def cancel(results, runtime, folder: str, rounds: int) -> None:
    """From the interrupt to the moment at which Spark runs no task any more, as its Web UI tells."""
    with FrontEnd(runtime.env, folder, "gospark") as ours, FrontEnd(runtime.env, folder, "python3") as theirs:
        ours.ok("%%sql\nselect 1")
        theirs.ok(sides.connect(runtime))
        tasks = Tasks(runtime)
        for _ in range(rounds):
            for side, notebook, code in (
                ("gospark", ours, f"%%sql\n{LONG}"),
                ("ipykernel", theirs, f"spark.sql({LONG!r}).collect()"),
            ):
                cell = notebook.start(code)
                tasks.wait(True, 60)
                started = time.perf_counter()
                notebook.manager.interrupt_kernel()
                gone = tasks.wait(False, PATIENCE)
                elapsed = time.perf_counter() - started
                notebook.wait(cell)
                results.add("interrupt → no task runs", side, 1000 * elapsed)
                if not gone:
                    notebook.ok("%spark cancel all" if side == "gospark" else "spark.interruptAll()")
                    assert tasks.wait(False, 60), f"the tasks of {side} never end"


class Tasks:
    """Asks Spark's REST interface how many tasks run now."""

    def __init__(self, runtime):
        server = json.loads(next(runtime.folder.rglob("server.json")).read_text())
        self.base = server["api"] + "/api/v1/applications"
        self.base += "/" + self.get("")[0]["id"]

    def get(self, path: str):
        with urllib.request.urlopen(self.base + path, timeout=60) as answer:
            return json.load(answer)

    def running(self) -> int:
        return sum(executor["activeTasks"] for executor in self.get("/executors"))

    def wait(self, some: bool, seconds: float) -> bool:
        """Waits until some tasks run, or none."""
        deadline = time.perf_counter() + seconds
        while (self.running() > 0) != some:
            if time.perf_counter() > deadline:
                return False
            time.sleep(0.01)
        return True
