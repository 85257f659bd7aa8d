"""What a stranger types first: the preflight that names all that is missing, and `make lab`."""
import os
import re
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

import pytest

from places import ROOT


def preflight(**env: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [ROOT / "scripts/preflight"], env=os.environ | env, capture_output=True, text=True, timeout=60, check=False
    )


def only(tmp_path, *commands: str) -> str:
    """A PATH with a few commands."""
    for command in commands:
        found = subprocess.run(["which", command], capture_output=True, text=True, check=True).stdout.strip()
        (tmp_path / command).symlink_to(found)
    return str(tmp_path)


def test_this_machine_has_everything():
    done = preflight()
    assert done.returncode == 0, done.stdout
    assert "✗" not in done.stdout


def test_names_all_that_is_missing(tmp_path):
    tools = ("bash", "env", "dirname", "uname", "awk", "sed", "sort", "head", "df", "id")
    done = preflight(PATH=only(tmp_path, *tools), JAVA_HOME="", CC="")
    assert done.returncode == 1
    for what in ("✗ Go", "✗ Python", "✗ Java", "✗ C linker", "To get what is missing:"):
        assert what in done.stdout, done.stdout


def test_a_wrong_java_home_is_named():
    done = preflight(JAVA_HOME="/nowhere")
    assert done.returncode == 1
    assert "unset JAVA_HOME" in done.stdout


@pytest.fixture
def lab(runtime):
    """make lab without a browser, asked for a port that is taken; its process group ends with the test."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        env = runtime.env | {"PORT": str(taken.getsockname()[1]), "NO_BROWSER": "1"}
        process = subprocess.Popen(
            ["make", "--no-print-directory", "lab"], cwd=ROOT, env=env,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
        )  # fmt: skip
        yield process
        os.killpg(process.pid, signal.SIGTERM)
        process.communicate(timeout=30)


def test_make_lab_prints_an_address_that_opens_the_quickstart(lab):
    said = ""
    for line in lab.stdout:
        said += line
        if found := re.search(r"http://127\.0\.0\.1:\d+/lab/tree/quickstart\.ipynb\?token=\w+", line):
            break
    else:
        pytest.fail(f"no address:\n{said}")
    assert b"JupyterLab" in opened(found[0])


def opened(url: str) -> bytes:
    """What a browser gets; the address is printed a moment before the server listens."""
    deadline = time.monotonic() + 30
    while True:
        try:
            with urllib.request.urlopen(url, timeout=30) as page:
                return page.read()
        except urllib.error.URLError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
