"""What the kernel's sockets bear: round trips, floods of output and of requests, and many kernels at once."""
import contextlib
import time

import footprint
import sides
from frontend import FrontEnd
from raw import Raw

LINES = 100_000
MEGABYTES = 10
REQUESTS = 1_000
KERNELS = 20


def traffic(table, runtime, folder: str, rounds: int) -> None:
    """One pair of notebooks, by turns: a magic that does next to nothing, floods, requests that nobody waits for."""
    with contextlib.ExitStack() as opened:
        pairs = []
        for side in sides.BOTH:
            notebook = opened.enter_context(FrontEnd(runtime.env, folder, side.kernel))
            notebook.ok(side.lines(1))  # compiled, and the worker is there
            pairs.append((side, opened.enter_context(Raw(notebook.client))))
        for _ in range(30 * rounds):
            for side, notebook in pairs:
                table.add("no-op magic", side.name, timed(notebook.run, "%env GOSPARK_BENCH=1"))
        for _ in range(rounds):
            for side, notebook in pairs:
                table.add(f"{LINES:,} printed lines", side.name, timed(notebook.run, side.lines(LINES)))
                table.add(f"{MEGABYTES} MB in one print", side.name, timed(notebook.run, side.block(MEGABYTES << 20)))
                table.add(f"{REQUESTS:,} requests at once", side.name, timed(flood, notebook))


def timed(call, *arguments) -> float:
    started = time.perf_counter()
    call(*arguments)
    return 1000 * (time.perf_counter() - started)


def flood(notebook: Raw) -> None:
    """Sends all requests before it reads; every one must get its reply and its idle, in order."""
    notebook.wait([notebook.send("kernel_info_request", {}) for _ in range(REQUESTS)])


def many(table, runtime, folder: str, rounds: int) -> None:
    """Starts kernels without waiting for one another, then asks each; afterwards sums up what they hold."""
    for _ in range(rounds):
        for side in sides.BOTH:
            with contextlib.ExitStack() as opened:
                started = time.perf_counter()
                kernels = [opened.enter_context(Started(runtime.env, folder, side.kernel)) for _ in range(KERNELS)]
                spawned = time.perf_counter()
                for one in kernels:
                    one.ready()
                table.add(f"{KERNELS} kernels: spawn all", side.name, 1000 * (spawned - started))
                table.add(f"{KERNELS} kernels: answer all", side.name, 1000 * (time.perf_counter() - spawned))
                table.add(f"{KERNELS} kernels: memory", side.name, sum(map(footprint.megabytes, kernels)), "MB")


class Started(FrontEnd):
    """A front end that does not wait for its kernel until it is told to."""

    def connect(self) -> None:
        self.client.start_channels(hb=False)
        self.asked = self.client.kernel_info()

    def ready(self) -> None:
        self.reply_of(self.asked, time.monotonic() + 60)
