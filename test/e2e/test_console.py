"""`jupyter console --kernel gospark` in a terminal, driven as a person types."""
import re

import pexpect
import pytest

from places import VENV

SCREEN = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07]*\x07|\x1b[=>]|\r")


@pytest.fixture
def console(runtime, tmp_path):
    child = pexpect.spawn(
        str(VENV / "bin/jupyter-console"),
        ["--kernel", "gospark", "--simple-prompt"],
        env=runtime.env | {"TERM": "dumb", "PYTHONUNBUFFERED": "1"},
        cwd=str(tmp_path), encoding="utf-8", timeout=90, dimensions=(40, 120),
    )  # fmt: skip
    yield child
    child.sendeof()
    child.close(force=True)


def enter(console, code: str, answer: str) -> None:
    console.expect(r"In \[\d*\]: ")
    console.sendline(code)
    console.expect(answer)


def test_console(console):
    enter(console, "x := 20", "\n")
    enter(console, "2*x + 2", "42")
    enter(console, 'fmt.Println("hello, " + "terminal")', "hello, terminal")
    enter(console, 'spark.SQL(ctx, "select 6 * 7 as answer")', r"answer[\s\S]*42")
    enter(console, "1 / 0", "division by zero|divide by zero")
    enter(console, "x", "20")
