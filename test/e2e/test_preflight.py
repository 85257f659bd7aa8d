"""scripts/preflight: everything that is missing, at once, with the command that gets it."""
import os
import subprocess

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
