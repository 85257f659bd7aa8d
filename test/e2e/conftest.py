"""What the end-to-end tests share: a private runtime folder, and the promise that nothing stays behind."""
import os
import pathlib
import shutil
import subprocess
import tempfile

import psutil
import pytest

from frontend import FrontEnd
from places import GOSPARK


class Runtime:
    """A folder for servers of the tests' own. close ends every process that was started for it, by its id."""

    def __init__(self) -> None:
        # Short, since unix sockets lie in it.
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="gospark-e2e-"))
        self.env = {k: v for k, v in os.environ.items() if not k.startswith(("GOSPARK_", "SPARK_", "JUPYTER"))}
        self.env["GOSPARK_RUNTIME_DIR"] = str(self.folder)

    def gospark(self, *arguments: str, timeout: float = 60) -> subprocess.CompletedProcess:
        return subprocess.run(
            [GOSPARK, *arguments], env=self.env, capture_output=True, text=True, timeout=timeout, check=False
        )

    def processes(self) -> list[psutil.Process]:
        """Every living process whose environment names this folder."""
        found = []
        for process in psutil.process_iter():
            try:
                if process.environ().get("GOSPARK_RUNTIME_DIR") == str(self.folder):
                    found.append(process)
            except psutil.Error:
                continue
        return found

    def close(self) -> None:
        self.gospark("server", "stop", "-f")
        _, left = psutil.wait_procs(self.processes(), timeout=60)
        names = [" ".join(p.cmdline()[:4]) for p in left if p.is_running()]
        for process in left:
            process.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
        assert not names, f"still running after `gospark server stop -f`: {names}"


@pytest.fixture(scope="session")
def runtime():
    """The runtime folder, and so the one Spark server, of all tests that can share it."""
    shared = Runtime()
    yield shared
    shared.close()


@pytest.fixture
def own_runtime():
    """A runtime folder, and so a Spark server, of one test alone."""
    own = Runtime()
    yield own
    own.close()


@pytest.fixture
def notebook(runtime, tmp_path):
    """A fresh notebook on the shared server."""
    with FrontEnd(runtime.env, tmp_path) as one:
        yield one


@pytest.fixture
def open_notebook(tmp_path):
    """Opens notebooks in any environment; all of them end with the test."""
    opened = []

    def open_one(env: dict, **options) -> FrontEnd:
        opened.append(FrontEnd(env, tmp_path, **options))
        return opened[-1]

    yield open_one
    for one in opened:
        one.close()


@pytest.fixture(scope="module")
def faults(lab):
    """What went wrong in the page of the module's lab without a word."""
    seen: list[str] = []
    lab.page.on("pageerror", lambda error: seen.append(str(error)))
    return seen


@pytest.fixture
def picture_of_a_failure(request, lab):
    """For modules with a lab: what it showed when a test failed."""
    before = request.session.testsfailed
    yield
    if request.session.testsfailed > before:
        lab.shot("failed-" + request.node.name)
