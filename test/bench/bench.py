"""Measures the installed kernel beside ipykernel, in one run, the two sides by turns. Prints medians and ratios.

    make bench                     everything, about three minutes
    make bench ARGS=--quick        fewer rounds
    make bench ARGS="--only cells" start | cells | spark | memory
"""
import argparse
import os
import pathlib
import statistics
import sys
import tempfile
import time
import unittest.mock

import zmq
from jupyter_client.launcher import launch_kernel

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))

from conftest import Runtime  # noqa: E402  (a private Spark server, ended by its id)
from frontend import FrontEnd  # noqa: E402

import footprint  # noqa: E402
import sides  # noqa: E402

# What issue 3 asks for, in milliseconds or MB, on a quiet machine.
TARGETS = {
    "spawn → kernel_info": 40,
    "Go cell, new text": 250,
    "Go cell, unchanged": 10,
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
        print(f"\n{'':38} {'gospark':>12} {'ipykernel':>12} {'ratio':>7} {'target':>9}   (medians)")
        for row, by_side in self.samples.items():
            unit, target = self.units[row], TARGETS.get(row)
            ours = statistics.median(by_side["gospark"])
            theirs = statistics.median(by_side["ipykernel"]) if "ipykernel" in by_side else None
            other = f"{theirs:9.1f} {unit:2} {ours / theirs:7.2f}" if theirs else f"{'–':>9} {'':2} {'':7}"
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


def timed(call, *arguments) -> float:
    started = time.perf_counter()
    call(*arguments)
    return 1000 * (time.perf_counter() - started)


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


PARTS = {"start": (start, 10, 3), "cells": (cells, 30, 5), "spark": (spark, 30, 5), "memory": (memory, 1, 1)}


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
