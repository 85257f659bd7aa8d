"""Measures the installed kernel beside ipykernel, in one run, the two sides by turns. Prints medians and ratios.

    make bench                     everything, about fifteen minutes
    make bench ARGS=--quick        fewer rounds
    make bench ARGS="--only cells" start | traffic | many | cells | assist | spark | table | cancel | memory | programs | clients
"""
import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time
import unittest.mock

import zmq
from jupyter_client.launcher import launch_kernel

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "test/e2e"))

from conftest import Runtime  # noqa: E402  (a private Spark server, ended by its id)
from frontend import FrontEnd  # noqa: E402

import footprint  # noqa: E402
import gonb  # noqa: E402
import queries  # noqa: E402
import sides  # noqa: E402
import traffic  # noqa: E402
from raw import Raw  # noqa: E402
from traffic import timed  # noqa: E402

# What the project promises, in milliseconds or MB, on a quiet machine with two cores.
TARGETS = {
    "spawn → kernel_info": 40,
    "no-op magic": 1,
    f"{traffic.LINES:,} printed lines": 500,
    f"{traffic.REQUESTS:,} requests at once": 500,
    f"{traffic.KERNELS} kernels: answer all": 1000,
    f"{traffic.KERNELS} kernels: memory": 500,
    "Go cell, new text": 200,
    "completion of strings.To": 20,
    "completion in 2,000 lines": 20,
    "completion of a column in SQL": 50,
    "cell 300 ÷ cell 1": 1.5,
    "memory of a cell": 1.5,
    "Go cell, unchanged": 5,
    "interrupt → no task runs": 1000,
    "second notebook → first Spark result": 600,
    "memory after Go and Spark cells": 60,
}


class Table:
    """Collects samples by row and side."""

    def __init__(self) -> None:
        self.samples: dict[str, dict[str, list[float]]] = {}
        self.units: dict[str, str] = {}

    def add(self, row: str, side: str, value: float, unit: str = "ms") -> None:
        self.samples.setdefault(row, {}).setdefault(side, []).append(value)
        self.units[row] = unit

    def print(self) -> None:
        print(f"\n{'':38} {'gospark':>12} {'the other':>12} {'':9} {'ratio':>7} {'target':>9}   (medians)")
        for row, by_side in self.samples.items():
            unit, target = self.units[row], TARGETS.get(row)
            ours = statistics.median(by_side["gospark"])
            name = next((side for side in by_side if side != "gospark"), "")
            theirs = statistics.median(by_side[name]) if name else None
            other = f"{theirs:9.1f} {unit:2} {name:9} {ours / theirs:7.2f}" if theirs else f"{'–':>9} {'':2} {'':9} {'':7}"
            verdict = "" if target is None else f"{'≤' if ours <= target else '>'} {target} {unit}"
            print(f"{row:38} {ours:9.1f} {unit:2} {other} {verdict:>9}".rstrip())


class Prompt(FrontEnd):
    """A front end that asks at once and again every few milliseconds, where jupyter_client's own waits longer."""

    spawned = 0.0  # when jupyter_client started the process: what it does before is the same for all kernels

    def __init__(self, *arguments):
        def launch(*command, **options):
            self.spawned = time.perf_counter()
            return launch_kernel(*command, **options)

        with unittest.mock.patch("jupyter_client.provisioning.local_provisioner.launch_kernel", launch):
            super().__init__(*arguments)

    def connect(self) -> None:
        self.client.context = zmq.Context()
        self.client.context.RECONNECT_IVL = 2
        self.client.start_channels(hb=False)
        self.reply_of(self.client.kernel_info(), time.monotonic() + 30)

    def answer(self, code: str) -> None:
        """Runs a cell up to its reply; iopub may not be subscribed yet."""
        reply = self.reply_of(self.start(code), time.monotonic() + 60)
        assert reply["status"] == "ok", reply

    def close(self) -> None:
        super().close()
        self.client.context.destroy()


def cold(table: Table, runtime: Runtime, folder: str) -> FrontEnd:
    """Opens the notebook that starts the server; it stays open, so that the server does."""
    started = time.perf_counter()
    notebook = FrontEnd(runtime.env, folder, "gospark")
    notebook.ok("%%sql\nselect 1")
    table.add("no server yet → first Spark result", "gospark", 1000 * (time.perf_counter() - started))
    return notebook


def start(table: Table, runtime: Runtime, folder: str, rounds: int) -> None:
    """Spawn → kernel_info → first cell, by turns."""
    for _ in range(rounds):
        for side in sides.BOTH:
            with Prompt(runtime.env, folder, side.kernel) as notebook:
                started = notebook.spawned
                table.add("spawn → kernel_info", side.name, 1000 * (time.perf_counter() - started))
                notebook.answer(side.trivial(0))
                table.add("spawn → first cell", side.name, 1000 * (time.perf_counter() - started))


def cells(table: Table, runtime: Runtime, folder: str, rounds: int) -> None:
    """Trivial cells with a new text, and the same text again."""
    with FrontEnd(runtime.env, folder, "gospark") as ours, FrontEnd(runtime.env, folder, "python3") as theirs:
        pairs = list(zip(sides.BOTH, (ours, theirs)))
        for side, notebook in pairs:
            notebook.ok(side.trivial(0))
        for n in range(1, rounds + 1):
            for side, notebook in pairs:
                table.add("Go cell, new text", side.name, timed(notebook.ok, side.trivial(n)))
                table.add("Go cell, unchanged", side.name, timed(notebook.ok, side.trivial(n)))


def assist(table: Table, runtime: Runtime, folder: str, rounds: int) -> None:
    """Completion, and what hundreds of cells do to time and memory; GoNB's new cells beside ours."""
    other = gonb.installed()
    os.environ.update(other)  # jupyter_client looks for kernels in this process's environment
    with FrontEnd(runtime.env, folder, "gospark") as ours, FrontEnd(runtime.env | other, folder, "gonb") as theirs:
        ours.ok(sides.BOTH[0].trivial(0))
        for n in range(1, rounds + 1):
            table.add("Go cell that prints", "gospark", timed(ours.ok, f"fmt.Println({n})"))
            table.add("Go cell that prints", "GoNB", timed(theirs.ok, f"%%\nfmt.Println({n})"))
        ours.ok("%%sql\ncreate or replace temp view bench_flights as select 1 as carrier, 2 as delay")
        with Raw(ours.client) as raw:
            for _ in range(5 * rounds):
                table.add("completion of strings.To", "gospark", timed(raw.complete, "x := 1\nstrings.To"))
                table.add("completion in 2,000 lines", "gospark", timed(raw.complete, sides.LONG + "v7."))
                table.add("completion of a column in SQL", "gospark", timed(raw.complete, "%%sql\nselect * from bench_flights where carr"))
        before = footprint.megabytes(ours)
        early = [timed(ours.ok, f"v{n} := {n}\nv{n} + 1") for n in range(30)]
        late = [timed(ours.ok, f"v{n} := {n}\nv{n} + 1") for n in range(30, CELLS)][-30:]
        table.add(f"cell {CELLS} ÷ cell 1", "gospark", statistics.median(late) / statistics.median(early), "×")
        table.add("memory of a cell", "gospark", (footprint.megabytes(ours) - before) / CELLS, "MB")


def spark(table: Table, runtime: Runtime, folder: str, rounds: int) -> None:
    """Queries on one server: ours by %%sql and in Go, theirs by PySpark Connect."""
    with FrontEnd(runtime.env, folder, "gospark") as ours, FrontEnd(runtime.env, folder, "python3") as theirs:
        connect = sides.connect(runtime)
        theirs.ok(connect)
        for n in range(rounds):
            table.add("select 1", "gospark", timed(ours.ok, "%%sql\nselect 1"))
            table.add("select 1", "ipykernel", timed(theirs.ok, sides.PYSPARK_ONE))
            table.add("Spark cell, new text", "gospark", timed(ours.ok, sides.go_count(n)))
            table.add("Spark cell, new text", "ipykernel", timed(theirs.ok, sides.pyspark_count(n)))
        second(table, runtime, folder, connect, max(2, rounds // 4))


def second(table: Table, runtime: Runtime, folder: str, connect: str, rounds: int) -> None:
    """One more notebook, from its start to a result, while the server runs."""
    for _ in range(rounds):
        for side, code in (("gospark", "%%sql\nselect 1"), ("ipykernel", f"{connect}\n{sides.PYSPARK_ONE}")):
            started = time.perf_counter()
            with Prompt(runtime.env, folder, "gospark" if side == "gospark" else "python3") as notebook:
                notebook.answer(code)
                elapsed = 1000 * (time.perf_counter() - started)
            table.add("second notebook → first Spark result", side, elapsed)


def memory(table: Table, runtime: Runtime, folder: str, _: int) -> None:
    """PSS of a notebook's processes: idle, and after Go and Spark cells."""
    with FrontEnd(runtime.env, folder, "gospark") as ours, FrontEnd(runtime.env, folder, "python3") as theirs:
        for side, notebook in (("gospark", ours), ("ipykernel", theirs)):
            table.add("memory idle", side, footprint.megabytes(notebook), "MB")
        ours.ok("%%sql\nselect 1")
        ours.ok(sides.go_count(0))
        theirs.ok(f"{sides.connect(runtime)}\n{sides.PYSPARK_ONE}")
        for side, notebook in (("gospark", ours), ("ipykernel", theirs)):
            table.add("memory after Go and Spark cells", side, footprint.megabytes(notebook), "MB")


def clients(_table, _runtime, _folder: str, rounds: int) -> None:
    """The Go client beside PySpark Connect and apache/spark-connect-go, each in a process of its own; prints its table at once."""
    command = ["go", "test", "./sparkclient/apache", "-run", "TestCompare", "-compare", "-v", "-count=1", "-timeout=60m", f"-turns={rounds}"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as test:
        for line in test.stdout:
            if not line.startswith(("===", "---", "PASS", "ok")):
                print(line, end="", flush=True)
    if test.returncode:
        raise SystemExit("the comparison of the clients failed")


def programs(_table, _runtime, _folder: str, rounds: int) -> None:
    """Programs that only compute, as cells beside what `go build` makes of them."""
    command = ["go", "test", "./cell", "-run", "^$", "-bench", "Programs", "-count=1", f"-benchtime={rounds}x"]
    out = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout
    for one in out.replace("\n", "\t").split("\t"):
        ratio, _, name = one.strip().partition(" ")
        if name.endswith("-x"):
            print(f"{name.removesuffix('-x'):16} {float(ratio):.2f} × go build")


CELLS = 300

PARTS = {  # what it does, rounds, rounds when it must be quick
    "start": (start, 10, 3),
    "traffic": (traffic.traffic, 5, 1),
    "many": (traffic.many, 3, 1),
    "cells": (cells, 30, 5),
    "assist": (assist, 20, 5),
    "spark": (spark, 30, 5),
    "table": (queries.table, 15, 3),
    "cancel": (queries.cancel, 5, 3),
    "memory": (memory, 1, 1),
    "programs": (programs, 10, 3),
    "clients": (clients, 3, 1),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    parser.add_argument("--only", choices=PARTS, help="one part")
    options = parser.parse_args()
    table, runtime = Table(), Runtime()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}: trust the ratios", file=sys.stderr)
    try:
        with tempfile.TemporaryDirectory() as folder, cold(table, runtime, folder):
            for name, (part, rounds, few) in PARTS.items():
                if options.only in (None, name):
                    print(f"→ {name}", file=sys.stderr)
                    part(table, runtime, folder, few if options.quick else rounds)
    finally:
        runtime.close()
    table.print()


if __name__ == "__main__":
    main()
